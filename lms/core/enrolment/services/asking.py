"""Asking for a seat: for oneself, for one's people, or for two who go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from lms.contracts import Actor, EnrolmentFacts, EnrolmentRequest, RunFacts
from lms.core.catalogue.services import HeldRun, hold_run
from lms.core.enrolment.models import Enrolment, Invitation
from lms.core.enrolment.queries import (
    CORE_WAITING_RULES,
    Employment,
    Own,
    TermsFacts,
    employment_of,
    terms_of,
)
from lms.core.enrolment.services.approving import ask_for_approval, time_to_answer
from lms.core.enrolment.services.moving import facts_of, hold_run_of, note_step
from lms.core.enrolment.services.reasons import (
    NO_WAY_IN,
    NOT_OPEN,
    NOT_TOGETHER,
    already,
    core_refusals,
    insist,
    refusal,
    run_refusals,
    way_in,
)
from lms.core.enrolment.services.seats import TAKES_SEATS
from lms.core.refused import Refused
from lms.core.users.queries import digest
from lms.db import db, execute, new_key, now
from lms.host import current_host
from lms.journal import record

BY_OTHERS = frozenset({"nomination", "import"})
"""Sources of an enrolment that somebody else asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """By what right somebody asks: nothing, the token of an invitation, the run's key; or, for
    who asks for others, the source nomination or import. `rank` is a plugin's waiting rule's.
    With `answers_first` each person it is about answers the run's questions themselves: their
    request rests until their own yes (`confirm`). `after_day`: who decides on seats gives one when
    the day for requests is over, until the run begins."""

    source: str = "open"
    token: str = ""
    entry_key: str = ""
    rank: int = 0
    answers_first: bool = False
    after_day: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for one person."""

    person_id: int
    goal: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def ranks_of(terms: TermsFacts, requests: Sequence[EnrolmentRequest]) -> Sequence[int]:
    """The ranks of requests under the run's waiting rule. Ask before any lock. Raises `Refused`
    when the plugin whose rule it is does not answer."""
    if terms.waiting_rule in CORE_WAITING_RULES:
        return [0] * len(requests)
    host = current_host()
    owned = host.waiting_rules().get(terms.waiting_rule)
    ranks = (
        host.ask_owner(
            owned.plugin, "lms_waiting_ranks", rule=terms.waiting_rule, requests=tuple(requests)
        )
        if owned
        else None
    )
    if ranks is None or len(ranks) != len(requests):
        raise Refused(
            refusal(
                "waiting_rule",
                "Reglen for ventelisten svarer ikke lige nu. Prøv igen senere.",
                "Regeln för väntelistan svarar inte just nu. Försök igen senare.",
                "The rule for the waiting list does not answer just now. Try again later.",
            )
        )
    return [max(-(2**62), min(int(rank), 2**62)) for rank in ranks]


def ask_for_seat(
    person_id: int,
    run_id: int,
    actor: Actor,
    *,
    goal: str = "",
    answers: Mapping[str, str] | None = None,
    entry: Entry | None = None,
) -> int:
    """Ask for a seat: to those whose yes it needs, else straight to a seat or the waiting list.
    Where the type collects requests it rests until `answer_requests`. Returns the enrolment's id.
    Raises `Refused`, or `Conflict` when the same request arrived twice at once."""
    wish = Wish(person_id=person_id, goal=goal, answers=answers or {})
    return ask_for(wish, run_id, actor, entry or Entry()).id


def ask_for(wish: Wish, run_id: int, actor: Actor, entry: Entry) -> Own:
    """`ask_for_seat`, for whoever goes on to tell what came of it."""
    (own,) = _ask([wish], run_id, actor, entry)
    return own


def ask_together(
    wishes: Sequence[Wish], run_id: int, actor: Actor, *, entry: Entry | None = None
) -> Sequence[int]:
    """Two who go together ask for two seats. When one of them asks for both, the other's request
    rests until they say yes to it themselves (`confirm`). Raises `Refused` as `ask_for_seat`
    does, and where the run takes no pairs."""
    if len(wishes) != 2:
        raise ValueError("a pair is two")
    asked = _ask(wishes, run_id, actor, entry or Entry(), pair_key=new_key())
    return [own.id for own in asked]


def _ask(
    wishes: Sequence[Wish],
    run_id: int,
    actor: Actor,
    entry: Entry,
    *,
    pair_key: str | None = None,
) -> Sequence[Own]:
    # First of all, so that what is read here still holds when the seat is taken, and nobody who
    # holds the run waits for a row that somebody writes who waits for the run.
    run, terms = hold_run(run_id), terms_of([run_id])[run_id]
    if entry.source == "nomination" and "nomination" not in terms.ways:
        raise Refused(next(NO_WAY_IN[way] for way in (*terms.ways, "link") if way in NO_WAY_IN))
    if pair_key is not None and not terms.in_pairs:
        raise Refused(NOT_TOGETHER)
    by_link = bool(entry.token) and _spend_invitation(entry.token, run.id)
    asked: list[tuple[EnrolmentFacts, bool]] = []
    for wish in wishes:
        along = entry.source not in BY_OTHERS and len(asked) > 0
        rests = along or entry.answers_first
        job = employment_of(wish.person_id)
        source = entry.source
        if source not in BY_OTHERS and not actor.is_system:
            source = way_in(terms, wish.person_id, job, entry_key=entry.entry_key, by_link=by_link)
        late = entry.after_day and entry.source in BY_OTHERS and run.state in TAKES_SEATS
        if [reason for reason in run_refusals(run) if not (late and reason.code == NOT_OPEN)]:
            raise Refused(*core_refusals(run, wish.person_id, source))
        made = insert_request(
            run,
            wish,
            job,
            actor,
            source=source,
            nominated_by_id=actor.person_id if source == "nomination" else None,
            rank=entry.rank,
            pair_key=pair_key,
            answer_due=now() + time_to_answer() if rests else None,
        )
        if along:
            data = {"run": run.id, "by": actor.person_id}
            record("enrolment.pair_asked", "enrolment", made.id, actor=actor, data=data)
        asked.append((made, rests))
    if collects(run.course_type):
        return [Own(made.id, made.key, made.state) for made, _rests in asked]
    return [
        Own(made.id, made.key, made.state if rests else ask_for_approval(made, run, terms, actor))
        for made, rests in asked
    ]


def insert_request(
    run: HeldRun | RunFacts,
    wish: Wish,
    job: Employment,
    actor: Actor,
    *,
    source: str,
    nominated_by_id: int | None = None,
    **columns: object,
) -> EnrolmentFacts:
    """The row of a new enrolment, its first step and its entry in the journal; what was written.
    Raises `Refused` when the person has a live one in the run."""
    moment = now()
    row: dict[str, Any] = {
        "key": new_key(),
        "run_id": run.id,
        "person_id": wish.person_id,
        "state": "requested",
        "source": source,
        "employer_id": job.organisation_id,
        "unit_id": job.unit_id,
        "manager_id": job.manager_id,
        "function_id": job.function_id,
        "goal": wish.goal,
        "answers": dict(wish.answers),
        "nominated_by_id": nominated_by_id,
        "created_at": moment,
        "changed_at": moment,
        **columns,
    }
    enrolment_id = execute(_inserting(db.engine.dialect.name), row).scalar()
    if enrolment_id is None:
        raise Refused(already(source))
    facts = {name: row[name] for name in EnrolmentFacts.__dataclass_fields__ if name in row}
    made = EnrolmentFacts(id=enrolment_id, run_key=run.key, course_type=run.course_type, **facts)
    note_step(made.id, None, "requested", actor, "")
    data = {"run": run.id, "source": source}
    record("enrolment.requested", "enrolment", made.id, actor=actor, data=data)
    if nominated_by_id is not None:
        asked = columns.get("answer_due") is not None
        data = {"run": run.id, "by": nominated_by_id, "answers_first": asked}
        record("enrolment.nominated", "enrolment", made.id, actor=actor, data=data)
    return made


@cache
def _inserting(dialect: str) -> ReturningInsert[int]:
    made = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return made(Enrolment).on_conflict_do_nothing().returning(Enrolment.id)


def _spend_invitation(token: str, run_id: int) -> bool:
    """Use an invitation to this run once; False when it is over or for another run."""
    spent = db.session.execute(
        update(Invitation)
        .where(
            Invitation.token_hash == digest(token),
            Invitation.run_id == run_id,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
            or_(Invitation.uses_left.is_(None), Invitation.uses_left > 0),
        )
        .values(uses_left=Invitation.uses_left - 1)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def collects(course_type: str) -> bool:
    """Do requests for runs of this type rest until the run is closed for them?"""
    owned = current_host().course_types().get(course_type)
    return owned is not None and owned.item.collects_requests


def confirm(enrolment_id: int, actor: Actor) -> str:
    """Somebody says yes to what was asked for them, by a colleague who goes along or by whoever
    nominated them; the new state."""
    held = hold_run_of(enrolment_id)
    insist(held.state in TAKES_SEATS)
    enrolment = facts_of(enrolment_id)
    insist(enrolment.state == "requested" and enrolment.person_id == actor.person_id)
    confirmed = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.answer_due.is_not(None))
        .values(answer_due=None)
        .execution_options(synchronize_session=False)
    )
    insist(confirmed.rowcount == 1)  # type: ignore[attr-defined]
    data = {"run": held.id}
    what = "nomination" if enrolment.source == "nomination" else "pair"
    record(f"enrolment.{what}_confirmed", "enrolment", enrolment_id, actor=actor, data=data)
    if held.state == "open" and collects(enrolment.course_type):
        return "requested"
    return ask_for_approval(enrolment, held, terms_of([held.id])[held.id], actor)


def answer_requests(run: RunFacts, actor: Actor) -> int:
    """The run is closed for requests: pass on those that were collected, in the order they came.
    Returns how many. Those of a course type that is out of order go on resting, and so do those
    that wait for somebody's own yes."""
    if run.course_type not in current_host().course_types():
        return 0
    held, terms = hold_run(run.id), terms_of([run.id])[run.id]
    collected = db.session.scalars(
        select(Enrolment.id)
        .where(
            Enrolment.run_id == run.id,
            Enrolment.state == "requested",
            Enrolment.answer_due.is_(None),
        )
        .order_by(Enrolment.id)
    ).all()
    for enrolment_id in collected:
        ask_for_approval(facts_of(enrolment_id), held, terms, actor)
    return len(collected)
