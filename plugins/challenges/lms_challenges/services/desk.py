"""Verbs of the desk: look a problem through, ask its sender, give it an end, wake it up again.

Every verb takes the problem as it was read, and changes it only when nobody else has meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from lms.api import (
    SYSTEM,
    Actor,
    LocalisedText,
    active_among,
    closed_among,
    db,
    link_records,
    now,
    organisations_by_id,
    record,
    refused,
    search_key,
    withdraw_document,
    without,
)
from lms_challenges.clock import day_in
from lms_challenges.models import Challenge, Problem, Step, Voice
from lms_challenges.queries.challenges import OWN
from lms_challenges.queries.problems import ProblemFacts, problems_by_id
from lms_challenges.queries.seeing import may_triage
from lms_challenges.services.framing import FramingValues, frame
from lms_challenges.services.indexing import index_problem
from lms_challenges.states import PROBLEM_MOVES, PROBLEM_REASONED

SUBJECT = "challenges.problem"
ENDS = ("accepted", "answered_locally", "known_solution", "parked", "declined")
"""What the desk may give a problem; gathering it with another is a verb of its own."""
MOST_AT_ONCE = 500
LONGEST_REST = timedelta(days=730)
TAKEN_OUT = {"da": "[taget ud]", "sv": "[borttaget]", "en": "[taken out]"}
"""What stands where a passage was, in the language of the problem."""


class ChangedMeanwhile(Exception):
    """Somebody else did something with the problem first; `current` is how it stands now."""

    def __init__(self, current: ProblemFacts) -> None:
        super().__init__(f"problem {current.id} is {current.state} now")
        self.current = current


# --- looking through ----------------------------------------------------------------------------


def check(
    problem: ProblemFacts,
    actor: Actor,
    *,
    taken: Collection[str] = (),
    pictures: Collection[int] = (),
    release: bool = True,
) -> None:
    """Take passages out, wherever they stand in the problem and in what was said about it, and
    pictures (ids of documents); and (`release`) let others read it. A step tells the sender when
    something was taken out.

    Raises `Refused` for a passage that stands nowhere or leaves no words, `ChangedMeanwhile`.
    """
    _at_the_desk(problem, actor)
    values: dict[str, Any] = {}
    if taken:
        values |= _texts_without(problem, taken)
    if release:
        values |= {"checked_at": now(), "checked_by_id": actor.person_id}
    _change(problem, **values)
    if taken:
        _said_without(problem, taken)
    for document_id in pictures:
        withdraw_document(document_id)
    if taken or pictures:
        step = _step(problem, "taken_out", "", actor)
        _record("challenges.taken_out", problem, actor, step)
    if release:
        data = {"problem_id": problem.id}
        record("challenges.checked", SUBJECT, problem.id, actor=actor, data=data)


def _texts_without(problem: ProblemFacts, taken: Collection[str]) -> dict[str, str]:
    mark = TAKEN_OUT[problem.language]
    before = {"title": problem.title, "what": problem.what, "today": problem.today}
    after = {name: without(text, taken, mark) for name, text in before.items()}
    said = [one.text for one in _said_about(problem.id)]
    for words in taken:
        if all(without(text, [words], mark) == text for text in (*before.values(), *said)):
            raise refused(
                "others.missing",
                da=f"»{words}« står ikke i teksten. Skriv det, som det står.",
                sv=f"”{words}” står inte i texten. Skriv det som det står.",
                en=f"“{words}” is not in the text. Write it as it stands.",
            )
    after["title"] = after["title"][:160]
    if not after["what"].replace(mark, "").strip(" .,;:-\n"):
        raise refused(
            "others.nothing_left",
            da="Så er der ingen tekst tilbage. Lad problemet gå ikke videre i stedet.",
            sv="Då finns ingen text kvar. Låt problemet inte gå vidare i stället.",
            en="That leaves no text. Let the problem go no further instead.",
        )
    index_problem(problem.id, after["title"], f"{after['what']} {after['today']}", problem.language)
    text = f"{after['title']} {after['what']} {after['today']}"
    return {**after, "search_text": search_key(text)}


def _said_about(problem_id: int) -> Sequence[Step | Voice]:
    """What was said about a problem: questions, answers, reasons, and voices."""
    steps = db.session.scalars(select(Step).where(Step.problem_id == problem_id)).all()
    voices = db.session.scalars(select(Voice).where(Voice.problem_id == problem_id)).all()
    return [*steps, *voices]


def _said_without(problem: ProblemFacts, taken: Collection[str]) -> None:
    for said in _said_about(problem.id):
        said.text = without(said.text, taken, TAKEN_OUT[problem.language])
    db.session.flush()


# --- asking and answering -----------------------------------------------------------------------


def ask(problem: ProblemFacts, question: str, actor: Actor) -> None:
    """Ask the sender something; the problem rests with them until they answer. It is an answer by
    a human. Raises `Refused` when nobody is there to be asked, `ChangedMeanwhile`."""
    _at_the_desk(problem, actor)
    if not question.strip():
        raise refused(
            "question.missing",
            da="Skriv, hvad du vil vide.",
            sv="Skriv vad du vill veta.",
            en="Write what you want to know.",
        )
    if problem.sender_id not in active_among([problem.sender_id or 0]):
        raise refused(
            "question.nobody",
            da="Den, der skrev, er her ikke mere. Tag stilling ud fra det, der står.",
            sv="Den som skrev är inte kvar. Ta ställning utifrån det som står.",
            en="Whoever wrote it is no longer here. Decide by what it says.",
        )
    _check_move(problem, "clarifying")
    answered_at = problem.answered_at or now()
    _change(problem, state="clarifying", answered_at=answered_at, wake_on=None)
    step = _step(problem, "question", question.strip(), actor, new="clarifying")
    _record("challenges.asked", problem, actor, step)


def answer(problem: ProblemFacts, text: str, actor: Actor) -> None:
    """The sender answers what the desk asked. Raises `LookupError` for anybody else, `Refused`
    without words or when nothing is asked any more."""
    if problem.sender_id is None or problem.sender_id != actor.person_id:
        raise LookupError("only who sent it is asked")
    if problem.state != "clarifying":
        raise refused(
            "answer.over",
            da="Vi spørger ikke mere om det. Tak, fordi du ville svare.",
            sv="Vi frågar inte om det längre. Tack för att du ville svara.",
            en="We no longer ask about it. Thank you for wanting to answer.",
        )
    if not text.strip():
        raise refused(
            "answer.missing",
            da="Skriv dit svar.",
            sv="Skriv ditt svar.",
            en="Write your answer.",
        )
    _change(problem, state="received")
    asked_by_id = db.session.scalar(
        select(Step.by_id)
        .where(Step.problem_id == problem.id, Step.kind == "question")
        .order_by(Step.at.desc(), Step.id.desc())
        .limit(1)
    )
    step = _step(problem, "answer", text.strip(), actor, new="received")
    _record("challenges.answered", problem, actor, step, asked_by_id=asked_by_id)


# --- giving it an end ---------------------------------------------------------------------------


def move_problem(
    problem: ProblemFacts,
    new_state: str,
    actor: Actor,
    *,
    reason: str = "",
    known_url: str = "",
    wake_on: date | None = None,
    challenge_id: int | None = None,
) -> None:
    """Give a problem an end, or take it up again (`received`, from where somebody was asked or it
    was put off). `reason` is in plain words and is what the sender reads; `known_url` goes with
    `known_solution`, `wake_on` with `parked`, `challenge_id` with `accepted`.

    Raises `Refused` for a move that does not exist or lacks what belongs to it, `ChangedMeanwhile`.
    """
    _at_the_desk(problem, actor)
    _check_move(problem, new_state)
    _check_said(problem, new_state, reason, known_url, wake_on, challenge_id)
    _change(
        problem,
        state=new_state,
        reason=reason.strip(),
        known_url=known_url if new_state == "known_solution" else "",
        wake_on=wake_on if new_state == "parked" else None,
        challenge_id=challenge_id if new_state == "accepted" else problem.challenge_id,
        answered_at=problem.answered_at or now(),
    )
    step = _step(problem, "state", reason.strip(), actor, new=new_state)
    if known_url and new_state == "known_solution":
        step.data = {"known_url": known_url}
    if challenge_id is not None and new_state == "accepted":
        key = db.session.scalar(select(Challenge.key).where(Challenge.id == challenge_id))
        link_records(("problem", problem.key), ("challenge", str(key)), actor)
    _moved(problem, new_state, actor, step)


def accept_into_new(problem: ProblemFacts, title: str, actor: Actor, *, reason: str = "") -> str:
    """Write a new challenge that the problem's organisation owns, and make the problem part of it;
    the challenge's key. Its title is in the problem's language until somebody frames it. Raises
    `Refused` for who may not write challenges there, and as `frame` and `move_problem` do."""
    if not actor.may(OWN, problem.organisation_id):
        raise refused(
            "new_title.not_yours",
            da="Du kan ikke skrive udfordringer her. Vælg en, der findes.",
            sv="Du kan inte skriva utmaningar här. Välj en som finns.",
            en="You cannot write challenges here. Choose one that exists.",
        )
    words = LocalisedText.from_dict({problem.language: title.strip()})
    key = frame(FramingValues(title=words), problem.organisation_id, actor)
    challenge_id = db.session.scalar(select(Challenge.id).where(Challenge.key == key))
    move_problem(problem, "accepted", actor, reason=reason, challenge_id=challenge_id)
    return key


def wake_up() -> int:
    """Take up again what was put off until today or earlier; how many. Its clock does not begin
    anew: somebody has answered it, and it waits to be decided on."""
    latest = day_in(now(), "DK") + timedelta(days=1)
    rows = db.session.scalars(
        select(Problem.id)
        .where(Problem.state == "parked", Problem.wake_on <= latest)
        .order_by(Problem.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    woken = 0
    found = problems_by_id(rows)
    countries = organisations_by_id(one.organisation_id for one in found.values())
    for problem in found.values():
        day = day_in(now(), countries[problem.organisation_id].country)
        if problem.wake_on is None or problem.wake_on > day:
            continue
        _change(problem, state="received", reason="")
        step = _step(problem, "state", "", SYSTEM, new="received")
        _moved(problem, "received", SYSTEM, step)
        woken += 1
    return woken


def note_reminded(problem_ids: Sequence[int]) -> None:
    """The desk was reminded of these problems now. Their revision stays: whoever reads one of them
    just then is not told that it has changed."""
    moment = now()
    db.session.execute(
        update(Problem)
        .where(Problem.id.in_(problem_ids))
        .values(reminded_at=moment)
        .execution_options(synchronize_session=False)
    )
    for problem_id in problem_ids:
        data = {"problem_id": problem_id}
        record("challenges.reminded", SUBJECT, problem_id, actor=SYSTEM, data=data)


def _check_move(problem: ProblemFacts, new_state: str) -> None:
    allowed = PROBLEM_MOVES[problem.state] - {"clustered", "withdrawn"}
    if new_state not in allowed or problem.merged_into_id is not None:
        raise refused(
            "state",
            da="Problemet er et andet sted nu, så det kan ikke lade sig gøre.",
            sv="Problemet är på ett annat ställe nu, så det går inte.",
            en="The problem is somewhere else now, so that cannot be done.",
        )


def _check_said(
    problem: ProblemFacts,
    new_state: str,
    reason: str,
    known_url: str,
    wake_on: date | None,
    challenge_id: int | None,
) -> None:
    if new_state in PROBLEM_REASONED and not reason.strip():
        raise refused(
            "reason.missing",
            da="Skriv hvorfor, så den, der skrev, kan forstå det.",
            sv="Skriv varför, så att den som skrev kan förstå det.",
            en="Say why, so that whoever wrote it can follow.",
        )
    if new_state == "known_solution" and not known_url.startswith(("https://", "http://")):
        raise refused(
            "known_url.missing",
            da="Skriv adressen på løsningen. Den begynder med https://.",
            sv="Skriv adressen till lösningen. Den börjar med https://.",
            en="Write the address of the solution. It begins with https://.",
        )
    today = now().date()
    if new_state == "parked" and not (wake_on and today < wake_on <= today + LONGEST_REST):
        raise refused(
            "wake_on.when",
            da="Vælg en dag efter i dag, højst to år frem. Så tager vi det op igen.",
            sv="Välj en dag efter i dag, högst två år fram. Då tar vi upp det igen.",
            en="Choose a day after today, at most two years ahead. Then we take it up again.",
        )
    if new_state == "accepted" and challenge_id is None:
        raise refused(
            "challenge.missing",
            da="Vælg den udfordring, problemet hører til.",
            sv="Välj den utmaning som problemet hör till.",
            en="Choose the challenge that the problem belongs to.",
        )
    if new_state == "parked" and problem.organisation_id in closed_among([problem.organisation_id]):
        raise refused(
            "wake_on.closed",
            da="Organisationen er lukket, så ingen tager det op igen. Giv problemet et andet svar.",
            sv="Organisationen är stängd, så ingen tar upp det igen. Ge problemet ett annat svar.",
            en="The organisation is closed, so nobody takes it up again. Give another answer.",
        )


# --- what they share ----------------------------------------------------------------------------


def _at_the_desk(problem: ProblemFacts, actor: Actor) -> None:
    if not may_triage(actor, problem.organisation_id):
        raise LookupError("not at the desk of this organisation")


def _change(problem: ProblemFacts, **values: Any) -> None:
    """Write values when the problem still is as it was read."""
    changed = db.session.execute(
        update(Problem)
        .where(Problem.id == problem.id, Problem.revision == problem.revision)
        .values(revision=Problem.revision + 1, **values)
        .returning(Problem.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        raise ChangedMeanwhile(problems_by_id([problem.id])[problem.id])


def _step(
    problem: ProblemFacts, kind: str, text: str, actor: Actor, *, new: str | None = None
) -> Step:
    step = Step(
        problem_id=problem.id,
        kind=kind,
        old=problem.state,
        new=new or problem.state,
        text=text,
        data={},
        at=now(),
        by_id=actor.person_id,
    )
    db.session.add(step)
    db.session.flush()
    return step


def _moved(problem: ProblemFacts, new_state: str, actor: Actor, step: Step) -> None:
    data = {"from": problem.state, "to": new_state}
    _record("challenges.moved", problem, actor, step, **data)


def _record(verb: str, problem: ProblemFacts, actor: Actor, step: Step, **data: Any) -> None:
    db.session.flush()
    data = {"problem_id": problem.id, "step_id": step.id, **data}
    record(verb, SUBJECT, problem.id, actor=actor, data=data)
