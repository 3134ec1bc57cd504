"""Questions about the groups of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Comment, Group, GroupMember
from lms.core.learning.queries.desk import IN_RUN
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFacts:
    """A group: how many of the class are in it, and how much was said in it."""

    id: int
    key: str
    name: str
    members: int
    said: int


def groups_of(run_id: int) -> list[GroupFacts]:
    """The groups of a run by name."""
    members = (
        select(GroupMember.group_id, func.count().label("number"))
        .join(Enrolment, Enrolment.id == GroupMember.enrolment_id)
        .where(Enrolment.state.in_(IN_RUN))
        .group_by(GroupMember.group_id)
        .subquery()
    )
    said = (
        select(Comment.group_id, func.count().label("number"))
        .where(Comment.group_id.is_not(None))
        .group_by(Comment.group_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Group.id,
            Group.key,
            Group.name,
            func.coalesce(members.c.number, 0).label("members"),
            func.coalesce(said.c.number, 0).label("said"),
        )
        .outerjoin(members, members.c.group_id == Group.id)
        .outerjoin(said, said.c.group_id == Group.id)
        .where(Group.run_id == run_id)
        .order_by(Group.name, Group.id)
    )
    return [GroupFacts(**row._asdict()) for row in rows]


def names_by_enrolment(run_id: int) -> Mapping[int, str]:
    """The name of each participant's group, by enrolment id."""
    rows = db.session.execute(
        select(GroupMember.enrolment_id, Group.name)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.run_id == run_id)
    )
    return {row.enrolment_id: row.name for row in rows}


def without_group(run_id: int) -> list[tuple[int, str | None]]:
    """Those of the class in no group: (enrolment id, key of their pair)."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.pair_key)
        .outerjoin(GroupMember, GroupMember.enrolment_id == Enrolment.id)
        .where(
            Enrolment.run_id == run_id,
            Enrolment.state.in_(IN_RUN),
            GroupMember.id.is_(None),
        )
        .order_by(Enrolment.id)
    )
    return [(row.id, row.pair_key) for row in rows]
