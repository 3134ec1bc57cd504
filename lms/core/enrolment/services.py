"""Verbs on enrolments. Every move goes through `_move`: guarded, written to the timeline, told to
plugins in the same transaction, recorded in the journal.

Verbs that end in a seat, in the queue or out of either hold the run (`lock_run`) before they touch
an enrolment that others can see. What they read after that nobody changes until they commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, EnrolmentRequest, LocalisedText, Refusal, RunFacts
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services import give_back_seat, lock_run, next_place_in_queue, take_seat
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.queries import employment_of, enrolments_by_id, has_live, somebody_waits
from lms.core.enrolment.states import LIVE, REASON_NEEDED, WITH_SEAT, check_move
from lms.core.refused import Refused
from lms.db import db, new_key, now
from lms.host import current_host
from lms.journal import record
from lms.work import Conflict

TIME_TO_ANSWER = timedelta(days=10)
TIME_TO_ACCEPT = timedelta(days=3)
ALREADY = "already"
"""Code of the refusal when the person has a live enrolment in the run."""
TAKES_SEATS = frozenset({"open", "closed"})
"""States of a run in which a yes may still lead to a seat or the waiting list."""


def _refusal(code: str, da: str, sv: str, en: str) -> Refusal:
    return Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en))


CHANGED = _refusal(
    "changed",
    "Det er ændret imens. Se siden igen, og vælg på ny.",
    "Det har ändrats under tiden. Läs om sidan och välj på nytt.",
    "This changed in the meantime. Look at the page again and choose anew.",
)


def run_refusals(run: RunFacts) -> list[Refusal]:
    """Why nobody can ask for a seat in this run just now."""
    reasons = []
    if run.course_type not in current_host().course_types():
        reasons.append(
            _refusal(
                "type_missing",
                "Den slags forløb er ude af drift lige nu. Prøv igen senere.",
                "Den här typen av kurs är ur drift just nu. Försök igen senare.",
                "This kind of course is out of order just now. Try again later.",
            )
        )
    if run.state != "open" or (run.enrol_until is not None and run.enrol_until < now()):
        reasons.append(
            _refusal(
                "not_open",
                "Holdet tager ikke imod tilmeldinger nu. Find et andet hold i kataloget.",
                "Omgången tar inte emot anmälningar nu. Hitta en annan omgång i katalogen.",
                "This run takes no requests now. Find another run in the catalogue.",
            )
        )
    return reasons


def core_refusals(request: EnrolmentRequest) -> list[Refusal]:
    """The core's own reasons why this request cannot be taken; asked again under the lock."""
    reasons = run_refusals(request.run)
    if has_live(request.person_id, request.run.id):
        reasons.append(
            _refusal(
                ALREADY,
                "Du er allerede tilmeldt eller i kø. Se din plads på holdets side.",
                "Du är redan anmäld eller i kö. Se din plats på omgångens sida.",
                "You have already asked for a seat here. See your seat on the page of the run.",
            )
        )
    return reasons


def refusals(requests: Sequence[EnrolmentRequest]) -> list[Refusal]:
    """All reasons, from the core and every plugin, before any lock is taken."""
    found = [
        Refusal(code=reason.code, message=reason.message, index=index)
        for index, request in enumerate(requests)
        for reason in core_refusals(request)
    ]
    return found + current_host().check("lms_check_enrolments", requests=tuple(requests))


def ask_for_seat(
    person_id: int,
    run_id: int,
    actor: Actor,
    *,
    goal: str = "",
    answers: Mapping[str, str] | None = None,
    source: str = "open",
) -> int:
    """Ask for a seat: to the manager where the course type wants one, else straight to a seat or
    the waiting list. Where the type collects requests it rests until `answer_requests`. Returns
    the enrolment's id. Raises `Refused`, or `Conflict` when the same request arrived twice at
    once."""
    run = runs_by_id([run_id])[run_id]
    job = employment_of(person_id)
    request = EnrolmentRequest(
        person_id=person_id,
        run=run,
        employer_id=job.organisation_id,
        goal=goal,
        answers=dict(answers or {}),
    )
    if reasons := core_refusals(request):
        raise Refused(*reasons)
    moment = now()
    try:
        enrolment_id: int = db.session.execute(
            insert(Enrolment)
            .values(
                key=new_key(),
                run_id=run_id,
                person_id=person_id,
                state="requested",
                source=source,
                employer_id=job.organisation_id,
                unit_id=job.unit_id,
                manager_id=job.manager_id,
                function_id=job.function_id,
                goal=goal,
                answers=dict(answers or {}),
                created_at=moment,
                changed_at=moment,
            )
            .returning(Enrolment.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("the same person asked twice at once") from error
    _note_step(enrolment_id, None, "requested", actor, "")
    record("enrolment.requested", "enrolment", enrolment_id, actor=actor, data={"run": run_id})
    # Whoever closes, begins or cancels the run does not see this request before it is committed.
    _insist(lock_run(run_id) == "open")
    if not current_host().course_types()[run.course_type].item.collects_requests:
        _pass_on(enrolment_id, run, actor)
    return enrolment_id


def answer_requests(run: RunFacts, actor: Actor) -> int:
    """The run is closed for requests: pass on those that were collected, in the order they came.
    Returns how many. Those of a course type that is out of order go on resting."""
    if run.course_type not in current_host().course_types():
        return 0
    collected = _in_states(run.id, frozenset({"requested"}))
    for enrolment_id, _state in collected:
        _pass_on(enrolment_id, run, actor)
    return len(collected)


def _pass_on(enrolment_id: int, run: RunFacts, actor: Actor) -> None:
    if current_host().course_types()[run.course_type].item.manager_decides:
        due = now() + TIME_TO_ANSWER
        _move(enrolment_id, "requested", "awaiting_approval", actor, answer_due=due)
    else:
        _seat_or_queue(enrolment_id, run.id, "requested", actor)


def say_yes(enrolment_id: int, actor: Actor, *, goal: str | None = None) -> str:
    """The manager agrees (and may adjust the goal); returns the new state."""
    _insist(_hold_run_of(enrolment_id) in TAKES_SEATS)
    enrolment = enrolments_by_id([enrolment_id])[enrolment_id]
    _insist(enrolment.state == "awaiting_approval")
    if goal is not None and goal != enrolment.goal:
        db.session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(goal=goal))
        record(
            "enrolment.goal_adjusted",
            "enrolment",
            enrolment_id,
            actor=actor,
            payload={"before": enrolment.goal, "after": goal},
        )
    return _seat_or_queue(enrolment_id, enrolment.run_id, "awaiting_approval", actor)


def say_no(enrolment_id: int, actor: Actor, reason: str) -> None:
    """The manager declines, with a reason the employee reads; `ValueError` without one."""
    if "declined" in REASON_NEEDED and not reason.strip():
        raise ValueError("a no needs a reason")
    _hold_run_of(enrolment_id)
    _move(enrolment_id, "awaiting_approval", "declined", actor, reason=reason)


def accept_offer(enrolment_id: int, actor: Actor) -> None:
    """Take the seat that was offered."""
    _hold_run_of(enrolment_id)
    _move(enrolment_id, "offered", "seated", actor)


def decline_offer(enrolment_id: int, actor: Actor, reason: str = "") -> None:
    """Say no to the seat that was offered, and leave; it is offered to the next at once."""
    _hold_run_of(enrolment_id)
    enrolment = enrolments_by_id([enrolment_id])[enrolment_id]
    _insist(enrolment.state == "offered")
    withdraw(enrolment_id, actor, reason)


def withdraw(enrolment_id: int, actor: Actor, reason: str = "") -> None:
    """Withdraw from any live state; a seat held goes on to the next in the queue at once."""
    _hold_run_of(enrolment_id)
    enrolment = enrolments_by_id([enrolment_id])[enrolment_id]
    _insist(enrolment.state in LIVE)
    _move(enrolment_id, enrolment.state, "withdrawn", actor, reason=reason)
    if enrolment.state in WITH_SEAT:
        give_back_seat(enrolment.run_id)
        offer_free_seats(enrolment.run_id, actor)


def finish(enrolment_id: int, new: str, actor: Actor, reason: str = "") -> None:
    """End an active enrolment as completed, not_completed or no_show."""
    _move(enrolment_id, "active", new, actor, reason=reason)


def lapse_overdue(actor: Actor, *, limit: int = 200) -> int:
    """Let requests and offers lapse whose time is over; free seats move on. Returns how many."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.run_id, Enrolment.state)
        .where(Enrolment.state.in_(("awaiting_approval", "offered")), Enrolment.answer_due < now())
        .order_by(Enrolment.id)
        .limit(limit)
    ).all()
    lapsed = 0
    # Run after run, so that two who do this at once take the runs in the same order.
    for row in sorted(rows, key=lambda row: (row.run_id, row.id)):
        lock_run(row.run_id)
        # Somebody may answer in the last moment: their word counts, and the others still lapse.
        if not _try_move(row.id, row.state, "lapsed", actor):
            continue
        lapsed += 1
        if row.state in WITH_SEAT:
            give_back_seat(row.run_id)
            offer_free_seats(row.run_id, actor)
    return lapsed


def offer_free_seats(run_id: int, actor: Actor) -> int:
    """Offer every free seat to the head of the queue; returns how many were offered."""
    lock_run(run_id)
    offered = 0
    while somebody_waits(run_id) and take_seat(run_id):
        if not _offer_to_head(run_id, actor):
            give_back_seat(run_id)
            break
        offered += 1
    return offered


def _offer_to_head(run_id: int, actor: Actor) -> bool:
    """Offer a seat already taken to the first in the queue who still waits."""
    head = (
        select(Enrolment.id)
        .where(Enrolment.run_id == run_id, Enrolment.state == "waitlisted")
        .order_by(Enrolment.position)
        .limit(1)
    )
    while (enrolment_id := db.session.scalar(head)) is not None:
        due = now() + TIME_TO_ACCEPT
        if _try_move(enrolment_id, "waitlisted", "offered", actor, answer_due=due):
            return True
    return False


def start_run(run: RunFacts, actor: Actor) -> None:
    """The run begins: seats become active, what still waits lapses. Requests still being
    collected, because nobody closed the run first, get the seats that are free."""
    for enrolment_id, state in _in_states(run.id, LIVE - {"active"}):
        if state == "requested" and take_seat(run.id):
            _move(enrolment_id, state, "seated", actor)
            state = "seated"
        if state == "seated":
            _move(enrolment_id, state, "active", actor)
            continue
        _move(enrolment_id, state, "withdrawn" if state == "requested" else "lapsed", actor)
        if state in WITH_SEAT:
            give_back_seat(run.id)


def cancel_run(run: RunFacts, actor: Actor, reason: str = "") -> None:
    """The run is cancelled, and with it every live enrolment; everybody reads why."""
    for enrolment_id, state in _in_states(run.id, LIVE):
        _move(enrolment_id, state, "cancelled", actor, reason=reason)
        if state in WITH_SEAT:
            give_back_seat(run.id)


def _in_states(run_id: int, states: frozenset[str]) -> Sequence[tuple[int, str]]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.state)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(sorted(states)))
        .order_by(Enrolment.id)
    )
    return [(id_, state) for id_, state in rows]


def _seat_or_queue(enrolment_id: int, run_id: int, old: str, actor: Actor) -> str:
    """A seat if one is free and nobody waits, else the end of the queue. The run is held: whoever
    waits or has given a seat back has committed, and positions follow the order of commits."""
    if not somebody_waits(run_id) and take_seat(run_id):
        _move(enrolment_id, old, "seated", actor)
        return "seated"
    _move(enrolment_id, old, "waitlisted", actor, position=next_place_in_queue(run_id))
    offer_free_seats(run_id, actor)  # seats the run was given while people waited
    return "waitlisted"


def _hold_run_of(enrolment_id: int) -> str:
    """Lock the run that an enrolment is in; returns its state."""
    run_id = select(Enrolment.run_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    return lock_run(run_id)


def _move(
    enrolment_id: int, old: str, new: str, actor: Actor, *, reason: str = "", **columns: object
) -> None:
    """One guarded step. Raises `Refused` when the enrolment is no longer in `old`."""
    _insist(_try_move(enrolment_id, old, new, actor, reason=reason, **columns))


def _try_move(
    enrolment_id: int, old: str, new: str, actor: Actor, *, reason: str = "", **columns: object
) -> bool:
    """One guarded step; False, and nothing done, when the enrolment is no longer in `old`."""
    check_move(old, new)
    values = {"answer_due": None, **columns, "state": new, "changed_at": now()}
    moved = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.state == old)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _note_step(enrolment_id, old, new, actor, reason)
    facts = enrolments_by_id([enrolment_id])[enrolment_id]
    current_host().after("lms_after_enrolments", enrolments=(facts,))
    record(
        f"enrolment.{new}",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"run": facts.run_id, "old": old},
        payload={"reason": reason} if reason else None,
    )
    return True


def _insist(still_so: bool) -> None:
    if not still_so:
        raise Refused(CHANGED)


def _note_step(enrolment_id: int, old: str | None, new: str, actor: Actor, reason: str) -> None:
    check_move(old, new)
    db.session.execute(
        insert(Transition).values(
            enrolment_id=enrolment_id,
            old=old,
            new=new,
            at=now(),
            by_id=actor.person_id,
            reason=reason,
        )
    )
