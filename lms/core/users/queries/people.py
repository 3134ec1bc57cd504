"""Lists of people and one person, for those who manage them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.contracts import Actor, LocalisedText, PersonFacts
from lms.core.listing import Listing, all_words_in, listed
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import AccessRole, Assignment, Person
from lms.core.users.queries.actors import SITE_ADMIN, current_assignment
from lms.db import db, now

MANAGE = "people.manage"
NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A person in a list; `places` are names of organisations."""

    id: int
    key: str
    name: str
    email: str
    state: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonCard:
    """A person as those who manage them see it."""

    id: int
    key: str
    name: str
    email: str
    language: str
    state: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentFacts:
    """Where a person works or worked, as what, under whom. Days are whole days in UTC."""

    id: int
    key: str
    organisation_id: int
    organisation_key: str
    organisation: str
    unit: str | None
    function: LocalisedText
    manager: str | None
    from_day: date
    to_day: date | None

    @property
    def starts_at(self) -> datetime:
        """The first day as a moment, for the page's words: noon in UTC."""
        return datetime.combine(self.from_day, NOON)

    @property
    def ends_at(self) -> datetime | None:
        """The last day as a moment; None while there is none."""
        return None if self.to_day is None else datetime.combine(self.to_day, NOON)

    def is_past(self, today: date) -> bool:
        """Did it end before today?"""
        return self.to_day is not None and self.to_day < today


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleFacts:
    """An access role a person holds; `organisation` None means the whole site."""

    id: int
    role: str
    organisation_id: int | None
    organisation: str | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """People this actor manages: everybody, or those with a place in the actor's organisations
    that has not ended."""
    where = actor.organisations_with(MANAGE)
    if where is None:
        return true()
    if not where:
        return false()
    return exists().where(
        Assignment.person_id == Person.id,
        Assignment.organisation_id.in_(sorted(where)),
        or_(Assignment.to_day.is_(None), Assignment.to_day >= now().date()),
    )


def people(
    actor: Actor,
    *,
    search: str = "",
    state: str = "",
    organisation_id: int | None = None,
    page: int = 1,
) -> Listing[PersonRow]:
    """People the actor manages, by name; three queries whatever their number."""
    statement = (
        select(Person.id, Person.key, Person.name, Person.email, Person.state)
        .where(visible(actor), all_words_in(Person.search_text, search))
        .where(Person.state == state if state else Person.state != "anonymised")
        .order_by(Person.name, Person.id)
    )
    if organisation_id is not None:
        statement = statement.where(
            exists().where(
                Assignment.person_id == Person.id,
                Assignment.organisation_id == organisation_id,
                current_assignment(),
            )
        )
    rows, total, number, pages = listed(statement, page)
    places = places_of(row.id for row in rows)
    items = tuple(
        PersonRow(
            id=row.id,
            key=row.key,
            name=row.name,
            email=row.email or "",
            state=row.state,
            places=places.get(row.id, ()),
        )
        for row in rows
    )
    return Listing(items=items, total=total, number=number, pages=pages)


def places_of(person_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Names of the organisations people are assigned to now, by person id."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, name in db.session.execute(
        select(Assignment.person_id, Organisation.name)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Assignment.person_id.in_(wanted), current_assignment())
        .order_by(Organisation.name)
        .distinct()
    ):
        found[person_id].append(name)
    return {person_id: tuple(names) for person_id, names in found.items()}


def person_card(actor: Actor, key: str) -> PersonCard | None:
    """One person the actor manages; None for others and for nobody."""
    row = db.session.execute(
        select(
            Person.id,
            Person.key,
            Person.name,
            Person.email,
            Person.language,
            Person.state,
            Person.created_at,
        ).where(Person.key == key, Person.state != "anonymised", visible(actor))
    ).first()
    if row is None:
        return None
    return PersonCard(**(dict(row._mapping) | {"email": row.email or ""}))


def person_facts(
    person_ids: Iterable[int], *, only_active: bool = False
) -> Mapping[int, PersonFacts]:
    """People as others may know them, by id; unknown ids are left out, and with `only_active` those
    who may not sign in today."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    statement = select(Person.id, Person.key, Person.name, Person.language).where(
        Person.id.in_(wanted)
    )
    if only_active:
        statement = statement.where(Person.state == "active")
    return {row.id: PersonFacts(**row._mapping) for row in db.session.execute(statement)}


def assignments_of(person_id: int, *, only_current: bool = False) -> list[AssignmentFacts]:
    """A person's places, the latest first."""
    boss = aliased(Person)
    statement = (
        select(
            Assignment.id,
            Assignment.key,
            Assignment.organisation_id,
            Organisation.key.label("organisation_key"),
            Organisation.name.label("organisation"),
            Unit.name.label("unit"),
            Function.title.label("function"),
            boss.name.label("manager"),
            Assignment.from_day,
            Assignment.to_day,
        )
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Function, Function.id == Assignment.function_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(boss, boss.id == Assignment.manager_id)
        .where(Assignment.person_id == person_id)
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
    )
    if only_current:
        statement = statement.where(current_assignment())
    return [AssignmentFacts(**row._mapping) for row in db.session.execute(statement)]


def roles_of(person_id: int) -> list[RoleFacts]:
    """The access roles written down for a person, those on the whole site first."""
    rows = db.session.execute(
        select(
            AccessRole.id,
            AccessRole.role,
            AccessRole.organisation_id,
            Organisation.name.label("organisation"),
        )
        .outerjoin(Organisation, Organisation.id == AccessRole.organisation_id)
        .where(AccessRole.person_id == person_id)
        .order_by(AccessRole.organisation_id.is_not(None), Organisation.name, AccessRole.role)
    )
    return [RoleFacts(**row._mapping) for row in rows]


def manager_of(person_id: int, organisation_id: int | None = None) -> int | None:
    """The line manager of a person now, in one organisation or in the one begun last."""
    statement = (
        select(Assignment.manager_id)
        .where(
            Assignment.person_id == person_id,
            Assignment.manager_id.is_not(None),
            current_assignment(),
        )
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
        .limit(1)
    )
    if organisation_id is not None:
        statement = statement.where(Assignment.organisation_id == organisation_id)
    return db.session.execute(statement).scalar_one_or_none()


def count_site_admins() -> int:
    """How many active people hold the role of site administrator."""
    return db.session.execute(
        select(func.count(AccessRole.id))
        .join(Person, Person.id == AccessRole.person_id)
        .where(
            AccessRole.role == SITE_ADMIN,
            AccessRole.organisation_id.is_(None),
            Person.state == "active",
        )
    ).scalar_one()


def id_by_email(actor: Actor, email_key: str) -> int | None:
    """Somebody the actor manages, by the key of their address."""
    return db.session.execute(
        select(Person.id).where(Person.email_key == email_key, visible(actor))
    ).scalar_one_or_none()
