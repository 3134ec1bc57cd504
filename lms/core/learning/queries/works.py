"""Questions about what participants have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from lms.contracts import WorkFacts
from lms.core.learning.models import Activity, Group, GroupMember, Work
from lms.db import db


def works_by_enrolment(enrolment_ids: Sequence[int]) -> Mapping[int, Mapping[int, WorkFacts]]:
    """Works by enrolment id and activity id."""
    found: dict[int, dict[int, WorkFacts]] = defaultdict(dict)
    for work in _works(Work.enrolment_id.in_(enrolment_ids)):
        found[work.enrolment_id][work.activity_id] = work
    return found


def works_on(activity_id: int, states: Sequence[str] = ()) -> Sequence[WorkFacts]:
    """Everybody's work on one activity, in these states or in any; first handed in first."""
    conditions = [Work.activity_id == activity_id]
    if states:
        conditions.append(Work.state.in_(states))
    return sorted(
        _works(*conditions), key=lambda work: (work.submitted_at or work.started_at, work.id)
    )


def works_by_id(work_ids: Sequence[int]) -> Mapping[int, WorkFacts]:
    """Works by id."""
    return {work.id: work for work in _works(Work.id.in_(work_ids))}


def work_of(activity_id: int, enrolment_id: int) -> WorkFacts | None:
    """One participant's work on one activity; None before they began."""
    found = _works(Work.activity_id == activity_id, Work.enrolment_id == enrolment_id)
    return next(iter(found), None)


def works_of_one(enrolment_id: int, activity_ids: Sequence[int]) -> Mapping[int, WorkFacts]:
    """One participant's works on these activities, by activity id."""
    found = _works(Work.enrolment_id == enrolment_id, Work.activity_id.in_(activity_ids))
    return {work.activity_id: work for work in found}


def to_mark(run_ids: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """How many works wait to be looked at, by run id and activity id."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Activity.run_id, Activity.id, func.count())
        .join(Work, Work.activity_id == Activity.id)
        .where(Activity.run_id.in_(run_ids), Work.state == "submitted")
        .group_by(Activity.run_id, Activity.id)
    )
    for run_id, activity_id, number in rows:
        if run_id is not None:
            found[run_id][activity_id] = number
    return found


def first_hand_ins(run_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When somebody first handed something in, by run id; runs where nobody has are left out."""
    rows = db.session.execute(
        select(Activity.run_id, func.min(Work.submitted_at))
        .join(Work, Work.activity_id == Activity.id)
        .where(Activity.run_id.in_(sorted(set(run_ids))), Work.submitted_at.is_not(None))
        .group_by(Activity.run_id)
    )
    return {run_id: at for run_id, at in rows if run_id is not None and at is not None}


def ended_in() -> Select[*tuple[Any, ...]]:
    """What accepted works ended in: `run_id`, `enrolment_id`, and a record's `kind`, `key` and
    `title` at the time. A select to build upon, so that a question may ask it along with its own;
    two who wrote one thing together have a row each."""
    return (
        select(
            Activity.run_id.label("run_id"),
            Work.enrolment_id.label("enrolment_id"),
            Work.record_type.label("kind"),
            Work.record_key.label("key"),
            Work.record_title.label("title"),
        )
        .join(Activity, Activity.id == Work.activity_id)
        .where(Work.record_key.is_not(None), Work.state == "accepted", Activity.run_id.is_not(None))
    )


def groups_in_run(run_id: int) -> Mapping[int, tuple[str, str, Sequence[int]]]:
    """Groups of a run by id: (key, name, enrolment ids), in order of name."""
    found: dict[int, tuple[str, str, list[int]]] = {}
    rows = db.session.execute(
        select(Group.id, Group.key, Group.name, GroupMember.enrolment_id)
        .outerjoin(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.run_id == run_id)
        .order_by(Group.name, Group.id, GroupMember.id)
    )
    for group_id, key, name, enrolment_id in rows:
        members = found.setdefault(group_id, (key, name, []))[2]
        if enrolment_id is not None:
            members.append(enrolment_id)
    return found


def group_of(enrolment_id: int) -> tuple[int, str, Sequence[int]] | None:
    """The group of a participant: (id, name, enrolment ids of all); None without one."""
    group = db.session.execute(
        select(Group.id, Group.name)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.enrolment_id == enrolment_id)
    ).first()
    if group is None:
        return None
    members = db.session.scalars(
        select(GroupMember.enrolment_id)
        .where(GroupMember.group_id == group.id)
        .order_by(GroupMember.id)
    ).all()
    return group.id, group.name, members


def _works(*conditions: ColumnElement[bool]) -> list[WorkFacts]:
    rows = db.session.execute(
        select(*(getattr(Work, name) for name in WorkFacts.__slots__)).where(*conditions)
    )
    return [_facts(row) for row in rows]


def _facts(row: Any) -> WorkFacts:
    return WorkFacts(**row._mapping)
