"""Whom something concerns: participants, approvers, teams. Each question is one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core.catalogue.models import CourseSession, TeamMember
from lms.core.enrolment.models import Approval, Enrolment, StandIn
from lms.db import db, today
from lms.journal.models import JournalEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """An enrolment as far as it says who is to be told."""

    id: int
    run_id: int
    person_id: int
    state: str
    manager_id: int | None
    nominated_by_id: int | None
    handed_from_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Somebody was asked for a yes; `approver_id` None stands for those who lead the run."""

    id: int
    enrolment_id: int
    kind: str
    approver_id: int | None
    state: str


_SEAT = (
    Enrolment.id,
    Enrolment.run_id,
    Enrolment.person_id,
    Enrolment.state,
    Enrolment.manager_id,
    Enrolment.nominated_by_id,
    Enrolment.handed_from_id,
)


def seats_by_id(ids: Collection[int]) -> Mapping[int, Seat]:
    """These enrolments, by id."""
    if not ids:
        return {}
    rows = db.session.execute(select(*_SEAT).where(Enrolment.id.in_(ids)))
    return {row.id: Seat(**row._asdict()) for row in rows}


def seats_in(run_ids: Collection[int], states: Sequence[str]) -> Mapping[int, Sequence[Seat]]:
    """Enrolments in some states, by run id."""
    found: dict[int, list[Seat]] = defaultdict(list)
    if not run_ids:
        return found
    rows = db.session.execute(
        select(*_SEAT)
        .where(Enrolment.run_id.in_(run_ids), Enrolment.state.in_(states))
        .order_by(Enrolment.id)
    )
    for row in rows:
        found[row.run_id].append(Seat(**row._asdict()))
    return found


def stand_ins(person_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Who answers today for each of these people."""
    found: dict[int, list[int]] = defaultdict(list)
    if not person_ids:
        return found
    day = today()
    rows = db.session.execute(
        select(StandIn.person_id, StandIn.stand_in_id)
        .where(StandIn.person_id.in_(person_ids), StandIn.from_day <= day, StandIn.to_day >= day)
        .order_by(StandIn.id)
    )
    for person_id, stand_in_id in rows:
        found[person_id].append(stand_in_id)
    return found


def asked_for(enrolment_ids: Collection[int]) -> Mapping[int, Sequence[Asked]]:
    """Who has been asked for a yes, by enrolment id: what is still to come is left out."""
    found: dict[int, list[Asked]] = defaultdict(list)
    if not enrolment_ids:
        return found
    rows = db.session.execute(
        select(
            Approval.id,
            Approval.enrolment_id,
            Approval.kind,
            Approval.approver_id,
            Approval.state,
        )
        .where(Approval.enrolment_id.in_(enrolment_ids), Approval.opened_at.is_not(None))
        .order_by(Approval.position)
    )
    for row in rows:
        found[row.enrolment_id].append(Asked(**row._asdict()))
    return found


def asked_by_id(approval_id: int) -> Asked | None:
    """One yes that was asked for."""
    row = db.session.execute(
        select(
            Approval.id,
            Approval.enrolment_id,
            Approval.kind,
            Approval.approver_id,
            Approval.state,
        ).where(Approval.id == approval_id)
    ).first()
    return Asked(**row._asdict()) if row else None


def teams_of(run_ids: Collection[int]) -> Mapping[int, Mapping[int, frozenset[str]]]:
    """The roles of everybody on the team, by run id and person id."""
    found: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    if not run_ids:
        return found
    rows = db.session.execute(
        select(TeamMember.run_id, TeamMember.person_id, TeamMember.role)
        .where(TeamMember.run_id.in_(run_ids))
        .order_by(TeamMember.id)
    )
    for run_id, person_id, role in rows:
        team = found[run_id]
        team[person_id] = team.get(person_id, frozenset()) | {role}
    return found


def runs_of_sessions(session_ids: Collection[int]) -> Mapping[int, int]:
    """The run of each course session."""
    if not session_ids:
        return {}
    rows = db.session.execute(
        select(CourseSession.id, CourseSession.run_id).where(CourseSession.id.in_(session_ids))
    )
    return {row.id: row.run_id for row in rows}


def words_of_entry(entry_id: int) -> Mapping[str, Any]:
    """What a journal entry keeps of people's own words; empty when there was or is nothing."""
    found = db.session.scalar(select(JournalEntry.payload).where(JournalEntry.id == entry_id))
    return found or {}
