"""Verbs on learning agreements: proposed, adjusted, signed by both, mirrored twelve weeks after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import SYSTEM, Actor, EnrolmentFacts
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.models import Agreement
from lms.core.learning.queries.agreeing import (
    SIGNABLE,
    AgreementFacts,
    Part,
    agreement_of,
    agreements_of,
    managers_to_ask,
    part_of,
    unanswered,
)
from lms.core.learning.services.judging import held_enrolment
from lms.core.learning.services.outline import EditedMeanwhile
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused, refused
from lms.db import db, now
from lms.jobs import enqueue
from lms.journal import record
from lms.work import Conflict

FOLLOW_UP_AFTER = timedelta(weeks=12)
PAUSE = timedelta(days=7)
REMINDERS = 2
USED = range(5)
ASK = "learning.ask_follow_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementWords:
    """What two people agree on; `minutes_promised` is working time for the task."""

    goal: str
    task: str
    minutes_promised: int
    task_until: date | None = None


def write_agreement(
    enrolment_id: int, words: AgreementWords, actor: Actor, *, revision: int = 0, sign: bool = True
) -> AgreementFacts:
    """Propose the agreement (revision 0) or change its words, which takes both signatures away;
    who writes signs in the same go unless told not to.

    Raises `Refused` for who is neither employee nor manager and once it is decided,
    `EditedMeanwhile` when the words are no longer at this revision.
    """
    enrolment = held_enrolment(enrolment_id)
    part = _part(enrolment, actor)
    before = agreement_of(enrolment_id)
    if revision != (before.revision if before else 0):
        raise EditedMeanwhile(before)
    values = {name: getattr(words, name) for name in AgreementWords.__slots__}
    if before is None:
        _propose(enrolment, values)
        record(
            "learning.agreement_proposed",
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"run": enrolment.run_id, "by": part},
        )
    elif any(getattr(before, name) != value for name, value in values.items()):
        _write(
            before,
            **values,
            revision=before.revision + 1,
            state="proposed",
            employee_signed_at=None,
            manager_signed_at=None,
        )
        record(
            "learning.agreement_changed",
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"run": enrolment.run_id, "by": part},
            payload={"before": _as_json(before), "after": _as_json(words)},
        )
    if sign:
        _sign(enrolment, part, actor)
    reassess([enrolment_id], actor)
    return _now(enrolment_id)


def sign_agreement(enrolment_id: int, actor: Actor, *, revision: int) -> AgreementFacts:
    """Sign the words that the page showed. Raises as `write_agreement` does."""
    enrolment = held_enrolment(enrolment_id, states=SIGNABLE)
    part = _part(enrolment, actor)
    before = agreement_of(enrolment_id)
    if before is None or before.revision != revision:
        raise EditedMeanwhile(before)
    _sign(enrolment, part, actor)
    reassess([enrolment_id], actor)
    return _now(enrolment_id)


def schedule_follow_ups(enrolment_ids: Sequence[int]) -> None:
    """Completed: the mirror is due twelve weeks after the run's end, whatever becomes of the run
    or of what paid for it; without a known end, twelve weeks from now."""
    ends = {
        row.id: row.ends_at
        for row in db.session.execute(
            select(Agreement.id, Run.ends_at)
            .join(Enrolment, Enrolment.id == Agreement.enrolment_id)
            .join(Run, Run.id == Enrolment.run_id)
            .where(
                Agreement.enrolment_id.in_(enrolment_ids),
                Agreement.state == "agreed",
                Agreement.follow_up_at.is_(None),
            )
        )
    }
    for id_, ends_at in ends.items():
        moment = (ends_at or now()) + FOLLOW_UP_AFTER
        db.session.execute(update(Agreement).where(Agreement.id == id_).values(follow_up_at=moment))


def answer_follow_up(enrolment_id: int, used: int, words: str, actor: Actor) -> AgreementFacts:
    """Say how much came into use at work (0 to 4) and a sentence about it. A later answer
    replaces the first. Raises `Refused` for anybody else, and before it is asked."""
    enrolment = held_enrolment(enrolment_id, states=("completed",))
    part = _part(enrolment, actor)
    before = agreement_of(enrolment_id)
    if before is None or before.follow_up_at is None or before.follow_up_at > now():
        raise _not_asked()
    if used not in USED:
        raise ValueError(f"used is 0 to 4, not {used}")
    answers = {"employee": before.employee_used, "manager": before.manager_used, part: used}
    both = all(answer is not None for answer in answers.values())
    _write(
        before,
        **{f"{part}_used": used, f"{part}_words": words},
        state="followed_up" if both else before.state,
    )
    record(
        "learning.follow_up_answered",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"run": enrolment.run_id, "by": part, "used": used},
        payload={"words": words} if words else None,
    )
    return _now(enrolment_id)


def ask_due_follow_ups(moment: datetime | None = None, *, limit: int = 500) -> int:
    """Have those asked whose mirror is due, and reminded a week and two weeks later; how many
    questions were put in the queue. Asking again asks nobody twice."""
    moment = moment or now()
    last = PAUSE * (REMINDERS + 1)
    asked = 0
    for agreement in unanswered(moment - last, moment, limit=limit):
        if agreement.follow_up_at is None:
            continue
        turn = (moment - agreement.follow_up_at) // PAUSE
        args = {"enrolment": agreement.enrolment_id, "turn": turn}
        key = f"learning.follow_up:{agreement.id}:{turn}"
        asked += enqueue(ASK, args, unique_key=key) is not None
    return asked


def ask_follow_up(enrolment_id: int, turn: int) -> int:
    """Write down that the two are asked what came of their agreement, except who has answered;
    how many people are. `turn` 0 is the question, 1 and 2 are reminders."""
    agreement = agreements_of([enrolment_id]).get(enrolment_id)
    if agreement is None or agreement.state != "agreed":
        return 0
    enrolment = enrolments_by_id([enrolment_id])[enrolment_id]
    people = [] if agreement.answered_by("employee") else [enrolment.person_id]
    if not agreement.answered_by("manager"):
        people += managers_to_ask(enrolment)
    if people:
        record(
            "learning.follow_up_asked",
            "enrolment",
            enrolment_id,
            actor=SYSTEM,
            data={"run": enrolment.run_id, "people": people, "turn": turn},
        )
    return len(people)


def _part(enrolment: EnrolmentFacts, actor: Actor) -> Part:
    part = part_of(enrolment, actor)
    if part is None:
        raise refused(
            "not_yours",
            da="Aftalen er mellem deltageren og lederen.",
            sv="Avtalet är mellan deltagaren och chefen.",
            en="The agreement is between the participant and the manager.",
        )
    return part


def _propose(enrolment: EnrolmentFacts, values: dict[str, object]) -> None:
    try:
        db.session.execute(
            insert(Agreement).values(
                **values,
                enrolment_id=enrolment.id,
                manager_id=enrolment.manager_id,
                state="proposed",
                proposed_at=now(),
            )
        )
    except IntegrityError as error:
        raise Conflict("one agreement was proposed twice at once") from error


def _sign(enrolment: EnrolmentFacts, part: Part, actor: Actor) -> None:
    agreement = _now(enrolment.id)
    if agreement.signed_by(part):
        return
    other: Part = "manager" if part == "employee" else "employee"
    both = agreement.signed_by(other)
    values: dict[str, object] = {f"{part}_signed_at": now()}
    if both:
        values["state"] = "agreed"
    if part == "manager":
        managers = [enrolment.manager_id, actor.person_id]
        values["manager_id"] = next((one for one in managers if one is not None), None)
    _write(agreement, **values)
    asked = [enrolment.person_id] if part == "manager" else list(managers_to_ask(enrolment))
    record(
        "learning.agreement_signed",
        "enrolment",
        enrolment.id,
        actor=actor,
        data={
            "run": enrolment.run_id,
            "by": part,
            "agreed": both,
            "people": [] if both else asked,
        },
    )
    if both and enrolment.state == "completed":
        schedule_follow_ups([enrolment.id])


def _write(agreement: AgreementFacts, **values: object) -> None:
    db.session.execute(update(Agreement).where(Agreement.id == agreement.id).values(**values))


def _now(enrolment_id: int) -> AgreementFacts:
    return agreements_of([enrolment_id])[enrolment_id]


def _as_json(words: AgreementWords | AgreementFacts) -> dict[str, object]:
    until = words.task_until
    return {
        "goal": words.goal,
        "task": words.task,
        "minutes_promised": words.minutes_promised,
        "task_until": until.isoformat() if until else None,
    }


def _not_asked() -> Refused:
    return refused(
        "not_asked",
        da="Der spørges først tolv uger efter, at holdet er slut.",
        sv="Frågan ställs först tolv veckor efter att omgången är slut.",
        en="The question is asked twelve weeks after the run is over.",
    )
