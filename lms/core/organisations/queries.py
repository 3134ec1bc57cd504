"""Questions about organisations, their names and units, and the dictionary of functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import aliased

from lms.contracts import Actor, LocalisedText, OrganisationFacts
from lms.core.listing import Listing, all_words_in, listed
from lms.core.organisations.models import Function, Organisation, OrganisationName, Unit
from lms.db import clean_text, db

MANAGE = "organisations.manage"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationCard:
    """An organisation as its administrators see it; `state` is active or closed."""

    facts: OrganisationFacts
    state: str
    parent_id: int | None
    parent_name: str | None
    note: LocalisedText | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NameFacts:
    """Another name: an alias, or a former name and the last day it held (None: not known)."""

    id: int
    kind: str
    name: str
    until: date | None

    @property
    def until_at(self) -> datetime | None:
        """The last day as a moment, for the page's words: noon in UTC."""
        return None if self.until is None else datetime.combine(self.until, time(12, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFacts:
    """A part of an organisation; `state` is active or closed."""

    id: int
    key: str
    name: str
    kind: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionFacts:
    """What a person is at work."""

    id: int
    key: str
    title: LocalisedText


def visible(actor: Actor) -> ColumnElement[bool]:
    """Organisations whose page this actor may open: those they manage. Parents give no rights."""
    where = actor.organisations_with(MANAGE)
    if where is None:
        return true()
    return Organisation.id.in_(sorted(where)) if where else false()


_COLUMNS = (
    Organisation.id,
    Organisation.key,
    Organisation.name,
    Organisation.kind,
    Organisation.country,
    Organisation.registration_number,
)


def facts_of(organisation_ids: Iterable[int]) -> Mapping[int, OrganisationFacts]:
    """Facts by id, for names beside things that may be seen anyway; unknown ids are left out."""
    wanted = sorted(set(organisation_ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(*_COLUMNS).where(Organisation.id.in_(wanted)))
    return {row.id: OrganisationFacts(**row._mapping) for row in rows}


def facts_by_key(key: str) -> OrganisationFacts | None:
    """Facts by key; the caller asks whether the actor may use them."""
    row = db.session.execute(select(*_COLUMNS).where(Organisation.key == key)).first()
    return None if row is None else OrganisationFacts(**row._mapping)


def listing(
    actor: Actor, *, search: str = "", kind: str = "", page: int = 1
) -> Listing[OrganisationCard]:
    """Organisations the actor manages, by name. Aliases and former names are searched too."""
    statement = (
        select(*_COLUMNS, Organisation.state)
        .where(visible(actor), all_words_in(Organisation.search_text, search))
        .order_by(Organisation.name, Organisation.id)
    )
    if kind:
        statement = statement.where(Organisation.kind == kind)
    rows, total, number, pages = listed(statement, page)
    items = tuple(
        OrganisationCard(
            facts=_facts(row), state=row.state, parent_id=None, parent_name=None, note=None
        )
        for row in rows
    )
    return Listing(items=items, total=total, number=number, pages=pages)


def of_kind(
    kind: str, *, search: str = "", among: Select[int] | None = None, page: int = 1
) -> Listing[OrganisationFacts]:
    """Active organisations of one kind by name, whoever asks: their names are no secret, what is
    said about them may be. `among` is a select of the ids that count. Two queries."""
    statement = (
        select(*_COLUMNS)
        .where(
            Organisation.kind == kind,
            Organisation.state == "active",
            all_words_in(Organisation.search_text, search),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    if among is not None:
        statement = statement.where(Organisation.id.in_(among))
    rows, total, number, pages = listed(statement, page)
    items = tuple(_facts(row) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def card(actor: Actor, key: str) -> OrganisationCard | None:
    """One organisation the actor manages, by its key; None for others' and unknown ones."""
    parent = aliased(Organisation)
    row = db.session.execute(
        select(
            *_COLUMNS,
            Organisation.state,
            Organisation.parent_id,
            Organisation.note,
            parent.name.label("parent_name"),
        )
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(Organisation.key == key, visible(actor))
    ).first()
    if row is None:
        return None
    return OrganisationCard(
        facts=_facts(row),
        state=row.state,
        parent_id=row.parent_id,
        parent_name=row.parent_name,
        note=row.note,
    )


def _facts(row: object) -> OrganisationFacts:
    return OrganisationFacts(**{column.key: getattr(row, column.key) for column in _COLUMNS})


def id_by_registration_number(country: str, number: str) -> int | None:
    """The organisation with this normalised number; None when nobody has it."""
    return db.session.execute(
        select(Organisation.id).where(
            Organisation.country == country, Organisation.registration_number == number
        )
    ).scalar_one_or_none()


def named(name: str) -> OrganisationFacts | None:
    """The organisation of exactly this name (the oldest, should there be several)."""
    row = db.session.execute(
        select(*_COLUMNS)
        .where(Organisation.name == clean_text(name))
        .order_by(Organisation.id)
        .limit(1)
    ).first()
    return OrganisationFacts(**row._mapping) if row else None


def other_names(organisation_id: int) -> list[NameFacts]:
    """Aliases first, then former names with the latest first."""
    rows = db.session.execute(
        select(
            OrganisationName.id,
            OrganisationName.kind,
            OrganisationName.name,
            OrganisationName.until,
        )
        .where(OrganisationName.organisation_id == organisation_id)
        .order_by(OrganisationName.kind, OrganisationName.until.desc(), OrganisationName.id)
    )
    return [NameFacts(**row._mapping) for row in rows]


def units_of(organisation_id: int, *, only_active: bool = False) -> list[UnitFacts]:
    """The units of one organisation by name, closed ones last."""
    statement = (
        select(Unit.id, Unit.key, Unit.name, Unit.kind, Unit.state)
        .where(Unit.organisation_id == organisation_id)
        .order_by(Unit.state, Unit.name)
    )
    if only_active:
        statement = statement.where(Unit.state == "active")
    return [UnitFacts(**row._mapping) for row in db.session.execute(statement)]


def closed_among(organisation_ids: Iterable[int]) -> frozenset[int]:
    """Those of these organisations that are closed."""
    wanted = sorted(set(organisation_ids))
    if not wanted:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Organisation.id).where(
                Organisation.id.in_(wanted), Organisation.state != "active"
            )
        ).all()
    )


def units_by_id(unit_ids: Iterable[int]) -> Mapping[int, UnitFacts]:
    """Units by id, for names beside things that may be seen anyway; unknown ids are left out."""
    wanted = sorted(set(unit_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Unit.id, Unit.key, Unit.name, Unit.kind, Unit.state).where(Unit.id.in_(wanted))
    )
    return {row.id: UnitFacts(**row._mapping) for row in rows}


def functions_by_id(function_ids: Iterable[int]) -> Mapping[int, FunctionFacts]:
    """Entries of the dictionary by id; unknown ids are left out."""
    wanted = sorted(set(function_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Function.id, Function.key, Function.title).where(Function.id.in_(wanted))
    )
    return {row.id: FunctionFacts(**row._mapping) for row in rows}


def units_in(organisation_ids: Iterable[int]) -> Mapping[int, list[UnitFacts]]:
    """The active units of several organisations by the organisation's id, each by name."""
    rows = db.session.execute(
        select(Unit.organisation_id, Unit.id, Unit.key, Unit.name, Unit.kind, Unit.state)
        .where(Unit.organisation_id.in_(sorted(set(organisation_ids))), Unit.state == "active")
        .order_by(Unit.name)
    )
    found: dict[int, list[UnitFacts]] = {}
    for row in rows:
        values = row._asdict()
        found.setdefault(values.pop("organisation_id"), []).append(UnitFacts(**values))
    return found


def functions() -> list[FunctionFacts]:
    """The whole dictionary, in the order of the Danish words."""
    rows = db.session.execute(select(Function.id, Function.key, Function.title))
    found = [FunctionFacts(**row._mapping) for row in rows]
    return sorted(found, key=lambda function: function.title.in_language("da").casefold())


def choices_for(actor: Actor, permission: str, *, limit: int = 500) -> list[OrganisationFacts]:
    """Active organisations where the actor holds a permission, by name, at most `limit`."""
    where = actor.organisations_with(permission)
    statement = (
        select(*_COLUMNS)
        .where(Organisation.state == "active")
        .order_by(Organisation.name)
        .limit(limit)
    )
    if where is not None:
        statement = statement.where(or_(false(), Organisation.id.in_(sorted(where))))
    return [OrganisationFacts(**row._mapping) for row in db.session.execute(statement)]
