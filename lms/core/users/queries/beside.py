"""Who and where, told in the same question: columns for rows that hold ids of the core's things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Label, exists, select

from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Person

Key = Any
"""A column that holds an id; an ORM attribute is no `ColumnElement` to a type checker."""


def beside(
    *,
    person: Key | None = None,
    organisation: Key | None = None,
    unit: Key | None = None,
    function: Key | None = None,
) -> Sequence[Label[Any]]:
    """Columns to select beside ids: `person` (a name, None for nobody) and `person_active`,
    `organisation` (a name), `country` and `organisation_closed`, `unit` (a name), `function` (a
    LocalisedText). Nobody is asked whether the reader may know: that is the caller's to say.
    """
    found: list[Label[Any]] = []
    if person is not None:
        found.append(_of(Person, Person.name, person).label("person"))
        found.append(_is(Person, person, Person.state == "active").label("person_active"))
    if organisation is not None:
        found.append(_of(Organisation, Organisation.name, organisation).label("organisation"))
        found.append(_of(Organisation, Organisation.country, organisation).label("country"))
        closed = _is(Organisation, organisation, Organisation.state != "active")
        found.append(closed.label("organisation_closed"))
    if unit is not None:
        found.append(_of(Unit, Unit.name, unit).label("unit"))
    if function is not None:
        found.append(_of(Function, Function.title, function).label("function"))
    return found


def _of(table: type[Any], column: Any, key: Key) -> ColumnElement[Any]:
    return select(column).where(table.id == key).correlate_except(table).scalar_subquery()


def _is(table: type[Any], key: Key, holds: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.id == key, holds).correlate_except(table)
