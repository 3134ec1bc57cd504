"""Who works together: a group of the run, else a pair that asked for seats together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Group, GroupMember
from lms.db import db

IN_CLASS = ("seated", "active")


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """Those who work together, the asked-about one left out; `name` is the group's, "" of a pair.

    Who is not in the class any more is not among them.
    """

    name: str = ""
    enrolment_ids: Sequence[int] = ()


def working_with(enrolment_id: int) -> Together:
    """With whom a participant works. A group comes before a pair: it was put together later."""
    group = db.session.execute(
        select(Group.id, Group.name)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.enrolment_id == enrolment_id)
    ).first()
    if group is not None:
        others = db.session.scalars(
            select(GroupMember.enrolment_id)
            .join(Enrolment, Enrolment.id == GroupMember.enrolment_id)
            .where(
                GroupMember.group_id == group.id,
                GroupMember.enrolment_id != enrolment_id,
                Enrolment.state.in_(IN_CLASS),
            )
            .order_by(GroupMember.enrolment_id)
        ).all()
        return Together(name=group.name, enrolment_ids=tuple(others))
    mine = select(Enrolment.pair_key).where(Enrolment.id == enrolment_id).scalar_subquery()
    run = select(Enrolment.run_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    others = db.session.scalars(
        select(Enrolment.id)
        .where(
            Enrolment.run_id == run,
            Enrolment.pair_key == mine,
            Enrolment.id != enrolment_id,
            Enrolment.state.in_(IN_CLASS),
        )
        .order_by(Enrolment.id)
    ).all()
    return Together(enrolment_ids=tuple(others))


def pairs() -> Select[int, int]:
    """Those who asked for seats together and are in the class: `enrolment_id` and `other_id`, each
    pair both ways. A select to build upon, so that a question may ask it along with its own."""
    other = aliased(Enrolment)
    return (
        select(Enrolment.id.label("enrolment_id"), other.id.label("other_id"))
        .join(
            other,
            (other.run_id == Enrolment.run_id)
            & (other.pair_key == Enrolment.pair_key)
            & (other.id != Enrolment.id),
        )
        .where(other.state.in_(IN_CLASS))
    )
