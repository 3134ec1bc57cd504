"""Everything a list of one employer's people is held against, in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.contracts import LocalisedText
from lms.core.organisations.models import Function, Unit
from lms.core.users.models import AccessRole, Assignment, Person
from lms.db import db, now

Value = TypeVar("Value")

AT_A_TIME = 1000  # values in one question


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A person as far as a list can tell them apart."""

    id: int
    name: str
    email: str | None
    email_key: str | None
    language: str
    state: str
    has_password: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A place somebody has or had here."""

    id: int
    person_id: int
    function_id: int
    unit_id: int | None
    manager_id: int | None
    from_day: date
    to_day: date | None
    employee_number: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """One employer's people, and whoever has a mail that the list names.

    `roles` are organisations (None: the site) of access roles, `open_at` those of places that
    have not ended, `leads_at` those where the person is somebody's line manager.
    """

    people: Mapping[int, Known]
    by_email: Mapping[str, int]
    places: Sequence[Held]
    roles: Mapping[int, frozenset[int | None]]
    open_at: Mapping[int, Sequence[tuple[int, int]]]  # (organisation, assignment)
    leads_at: Mapping[int, frozenset[int]]
    functions: Mapping[str, int]
    units: Mapping[str, int]


def register(organisation_id: int, email_keys: Collection[str]) -> Register:
    """What a list is held against; the number of queries grows by one per thousand mails."""
    places = [
        Held(**row._mapping)
        for row in db.session.execute(
            select(
                Assignment.id,
                Assignment.person_id,
                Assignment.function_id,
                Assignment.unit_id,
                Assignment.manager_id,
                Assignment.from_day,
                Assignment.to_day,
                Assignment.employee_number,
            )
            .where(Assignment.organisation_id == organisation_id)
            .order_by(Assignment.from_day, Assignment.id)
        )
    ]
    people = _people(Person.email_key, email_keys)
    people |= _people(Person.id, {place.person_id for place in places} - people.keys())
    ids = people.keys()
    return Register(
        people=people,
        by_email={known.email_key: known.id for known in people.values() if known.email_key},
        places=places,
        roles={key: frozenset(where) for key, where in _roles(ids).items()},
        open_at=_open_places(ids),
        leads_at={key: frozenset(where) for key, where in _leads(ids).items()},
        functions=_functions(),
        units=_units(organisation_id),
    )


def pieces(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values, at most a thousand at a time."""
    wanted = list(values)
    for start in range(0, len(wanted), AT_A_TIME):
        yield wanted[start : start + AT_A_TIME]


def _people(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> dict[int, Known]:
    found = {}
    for piece in pieces(values):
        for row in db.session.execute(
            select(
                Person.id,
                Person.name,
                Person.email,
                Person.email_key,
                Person.language,
                Person.state,
                Person.password_hash.is_not(None).label("has_password"),
            ).where(column.in_(piece))
        ):
            found[row.id] = Known(**row._mapping)
    return found


def _roles(ids: Iterable[int]) -> dict[int, set[int | None]]:
    found: dict[int, set[int | None]] = defaultdict(set)
    for piece in pieces(ids):
        for person_id, where in db.session.execute(
            select(AccessRole.person_id, AccessRole.organisation_id).where(
                AccessRole.person_id.in_(piece)
            )
        ):
            found[person_id].add(where)
    return found


def _leads(ids: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for piece in pieces(ids):
        for person_id, where in db.session.execute(
            select(Assignment.manager_id, Assignment.organisation_id)
            .where(Assignment.manager_id.in_(piece), not_over())
            .distinct()
        ):
            if person_id is not None:
                found[person_id].add(where)
    return found


def _open_places(ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for piece in pieces(ids):
        for person_id, where, assignment_id in db.session.execute(
            select(Assignment.person_id, Assignment.organisation_id, Assignment.id).where(
                Assignment.person_id.in_(piece), not_over()
            )
        ):
            found[person_id].append((where, assignment_id))
    return found


def not_over() -> ColumnElement[bool]:
    """The place has not ended by today, in UTC; it may begin later."""
    return or_(Assignment.to_day.is_(None), Assignment.to_day >= now().date())


def _functions() -> dict[str, int]:
    """Keys and titles in every language, folded; the same word for two functions is nobody's."""
    found: dict[str, set[int]] = defaultdict(set)
    keys = {}
    for function_id, key, title in db.session.execute(
        select(Function.id, Function.key, Function.title)
    ):
        keys[folded(key)] = function_id
        words: LocalisedText = title
        for word in (words.da, words.sv, words.en):
            if word:
                found[folded(word)].add(function_id)
    titles = {word: next(iter(ids)) for word, ids in found.items() if len(ids) == 1}
    return titles | keys


def _units(organisation_id: int) -> dict[str, int]:
    """Open units by folded name."""
    rows = db.session.execute(
        select(Unit.id, Unit.name).where(
            Unit.organisation_id == organisation_id, Unit.state == "active"
        )
    )
    return {folded(row.name): row.id for row in rows}


def folded(text: str) -> str:
    """What two writings of one word have in common."""
    return " ".join(text.casefold().split())
