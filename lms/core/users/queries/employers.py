"""Questions about where people work today, for rules that hang on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, exists, false, func, select

from lms.core.organisations.models import Organisation
from lms.core.users.models import Assignment, Person
from lms.core.users.queries.actors import current_assignment
from lms.db import db


def works_for_kind(person_id: int | None, kinds: Collection[str]) -> ColumnElement[bool]:
    """Does this person work today for an organisation of one of these kinds? An expression, so
    that a question may ask it along with its own."""
    if person_id is None:
        return false()
    return exists().where(
        Assignment.person_id == person_id,
        Assignment.organisation_id == Organisation.id,
        Organisation.kind.in_(sorted(kinds)),
        current_assignment(),
    )


def colleague_at(email_key: str, organisation_ids: Collection[int]) -> int | None:
    """Who has this address (an `email_key`) among the active people who work today for one of
    these organisations; nobody else is found."""
    if not email_key or not organisation_ids:
        return None
    return db.session.execute(
        select(Person.id).where(
            Person.email_key == email_key,
            Person.state == "active",
            Person.id.in_(
                select(Assignment.person_id).where(
                    Assignment.organisation_id.in_(sorted(organisation_ids)), current_assignment()
                )
            ),
        )
    ).scalar_one_or_none()


def people_at(organisation_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Ids of the active people who work today for these organisations, by the organisation's id."""
    found: dict[int, list[int]] = defaultdict(list)
    for organisation_id, person_id in db.session.execute(
        select(Assignment.organisation_id, Assignment.person_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.organisation_id.in_(sorted(organisation_ids)),
            Person.state == "active",
            current_assignment(),
        )
        .order_by(Assignment.person_id)
        .distinct()
    ):
        found[organisation_id].append(person_id)
    return found


def how_many_at(organisation_id: int) -> int:
    """How many people work today for this organisation, with those who are invited."""
    return (
        db.session.scalar(
            select(func.count(Assignment.person_id.distinct()))
            .join(Person, Person.id == Assignment.person_id)
            .where(
                Assignment.organisation_id == organisation_id,
                Person.state.in_(("active", "invited")),
                current_assignment(),
            )
        )
        or 0
    )
