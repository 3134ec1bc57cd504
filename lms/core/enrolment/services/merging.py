"""Everybody of one run goes into another of the same course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.contracts import Actor, EnrolmentFacts, RunFacts
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services import change_run_state, hold_run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import (
    Employment,
    TermsFacts,
    Waiting,
    seats_of_employer,
    terms_of,
)
from lms.core.enrolment.services.approving import (
    ask_for_approval,
    end_approvals,
    go_on_alone,
    is_agreed,
    settle,
)
from lms.core.enrolment.services.asking import Wish, collects, insert_request
from lms.core.enrolment.services.moving import change, facts_of, move
from lms.core.enrolment.services.reasons import insist, refusal
from lms.core.enrolment.services.runs import note_decision
from lms.core.enrolment.services.seats import (
    BEHIND_THE_DRAW,
    TAKES_SEATS,
    Seat,
    give_back,
    offer_free_seats,
    queue,
    take_for,
)
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal import record

NOT_THAT_RUN = refusal(
    "into.other",
    "Vælg et andet åbent hold på det samme forløb.",
    "Välj en annan öppen omgång av samma kurs.",
    "Choose another open run of the same course.",
)
TOO_FEW = refusal(
    "into.too_few",
    "Det andet hold har ikke pladser nok til alle. Giv det flere pladser først.",
    "Den andra omgången har inte platser nog åt alla. Ge den fler platser först.",
    "The other run has too few seats for everybody. Give it more seats first.",
)
TOO_MANY_OF_ONE = refusal(
    "into.per_employer",
    "En arbejdsgiver får flere pladser, end den må på det andet hold. Ret vilkårene der først.",
    "En arbetsgivare får fler platser än den får ha i den andra omgången. Ändra villkoren först.",
    "One employer would have more seats than it may in the other run. Change its terms first.",
)
ORDER = ("seated", "offered", "waitlisted", "awaiting_approval", "requested")
"""Who has most to lose comes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Going:
    """Somebody on their way, as they stood in the run they leave."""

    facts: EnrolmentFacts
    job: Employment
    rank: int
    position: int
    answer_due: datetime | None
    nominated_by_id: int | None
    goal_signed_at: datetime | None
    goal_signed_by_id: int | None
    agreed: bool


def merge_runs(run_id: int, into_id: int, actor: Actor, reason: str) -> int:
    """Everybody who has a seat, waits or has asked goes into another run of the same course, and
    this one is cancelled; how many went. Who has a seat, or an offer of one, has it there too; who
    waits stands behind those who wait there, in the same order.

    Raises `Refused` when the other has too few seats for all who have one here, or is no other
    open run of the course.
    """
    for each in sorted({run_id, into_id}):
        hold_run(each)
    runs = runs_by_id([run_id, into_id])
    run, into = runs[run_id], runs[into_id]
    insist(run.state in TAKES_SEATS)
    if into.id == run.id or into.course_id != run.course_id or into.state != "open":
        raise Refused(NOT_THAT_RUN)
    terms = terms_of([run_id, into_id])
    same_rule = terms[run_id].waiting_rule == terms[into_id].waiting_rule
    everybody = _going(run_id)
    for one in everybody:
        _out(one, into, actor, reason)
    there = _live_in(into_id)
    arrived = [
        (one, _in(one, into, actor, keeps_rank=same_rule))
        for one in everybody
        if not _stays_as_there(one, there.get(one.facts.person_id), into, actor)
    ]
    for one, new_id in arrived:
        _place(one, new_id, into, terms[into_id], actor)
    note_decision(run_id, "merge")
    data = {"decision": "merge", "into": into_id}
    record("enrolment.minimum_decided", "run", run_id, actor=actor, data=data)
    change_run_state(run_id, "cancelled", actor, reason)
    offer_free_seats(into_id, actor)
    return len(everybody)


def _going(run_id: int) -> Sequence[_Going]:
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.rank,
            Enrolment.position,
            Enrolment.function_id,
            Enrolment.answer_due,
            Enrolment.nominated_by_id,
            Enrolment.goal_signed_at,
            Enrolment.goal_signed_by_id,
        )
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(sorted(LIVE)))
        .order_by(Enrolment.id)
    ).all()
    found = []
    for row in rows:
        values = row._asdict()
        facts = facts_of(values.pop("id"))
        job = Employment(
            organisation_id=facts.employer_id,
            unit_id=facts.unit_id,
            function_id=values.pop("function_id"),
            manager_id=facts.manager_id,
        )
        values["position"] = row.position if facts.state == "waitlisted" else 0
        found.append(_Going(facts=facts, job=job, agreed=is_agreed(facts), **values))
    return sorted(
        found,
        key=lambda one: (
            ORDER.index(one.facts.state),
            (one.rank, one.position) if one.facts.state == "waitlisted" else (0, 0),
            one.facts.id,
        ),
    )


def _live_in(run_id: int) -> dict[int, tuple[int, str]]:
    """Live enrolments of a run by person: (id, state)."""
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.id, Enrolment.state).where(
            Enrolment.run_id == run_id, Enrolment.state.in_(sorted(LIVE))
        )
    )
    return {person_id: (id_, state) for person_id, id_, state in rows}


def _out(one: _Going, into: RunFacts, actor: Actor, reason: str) -> None:
    end_approvals(one.facts.id)
    move(
        one.facts.id,
        one.facts.state,
        "cancelled",
        actor,
        reason=reason,
        data={"merged_into": into.id},
        pair_key=None,
        reservation_id=None,
    )
    if one.facts.state in WITH_SEAT:
        give_back(one.facts.run_id, one.facts.reservation_id)


def _stays_as_there(
    one: _Going, there: tuple[int, str] | None, into: RunFacts, actor: Actor
) -> bool:
    """Has the person an enrolment in the other run that is as good? A lesser one is withdrawn."""
    if there is None:
        return False
    enrolment_id, state = there
    if state == "offered" and one.facts.state == "seated":
        move(enrolment_id, "offered", "seated", actor)
        return True
    if state in WITH_SEAT or one.facts.state not in WITH_SEAT:
        return True
    lesser = facts_of(enrolment_id)
    end_approvals(enrolment_id)
    move(enrolment_id, state, "withdrawn", actor, pair_key=None)
    go_on_alone(lesser, hold_run(into.id), actor)
    return False


def _in(one: _Going, into: RunFacts, actor: Actor, *, keeps_rank: bool) -> int:
    facts = one.facts
    new_id = insert_request(
        into,
        Wish(person_id=facts.person_id, goal=facts.goal, answers=facts.answers),
        one.job,
        actor,
        source=facts.source,
        rank=one.rank if keeps_rank else BEHIND_THE_DRAW,
        handed_from_id=facts.id,
        pair_key=facts.pair_key,
    ).id
    change(
        new_id,
        nominated_by_id=one.nominated_by_id,
        goal_signed_at=one.goal_signed_at,
        goal_signed_by_id=one.goal_signed_by_id,
    )
    return new_id


def _place(one: _Going, new_id: int, into: RunFacts, terms: TermsFacts, actor: Actor) -> None:
    state = one.facts.state
    if state == "seated":
        seat = _seat_for(one, into, terms)
        move(new_id, "requested", "seated", actor, reservation_id=seat.reservation_id)
    elif state == "offered":
        seat = _seat_for(one, into, terms)
        queue(new_id, "requested", terms, actor)
        due = one.answer_due or now() + timedelta(hours=terms.offer_hours)
        move(
            new_id,
            "waitlisted",
            "offered",
            actor,
            answer_due=due,
            reservation_id=seat.reservation_id,
        )
    elif state == "waitlisted":
        queue(new_id, "requested", terms, actor)
    elif one.agreed:
        settle(facts_of(new_id), hold_run(into.id), "requested", terms, actor)
    elif state == "requested" and one.answer_due is not None:
        change(new_id, answer_due=one.answer_due)
    elif not collects(into.course_type):
        ask_for_approval(facts_of(new_id), hold_run(into.id), terms, actor)


def _seat_for(one: _Going, into: RunFacts, terms: TermsFacts) -> Seat:
    employer_id = one.facts.employer_id
    me = Waiting(id=one.facts.id, employer_id=employer_id, pair_key=None)
    seats = take_for(hold_run(into.id), [me], terms)
    if seats is not None:
        return seats[0]
    most = terms.per_employer
    if most is None or employer_id is None or seats_of_employer(into.id, employer_id) < most:
        raise Refused(TOO_FEW)
    raise Refused(TOO_MANY_OF_ONE)
