"""What can be done with organisations. Everything flushes; the caller's unit of work commits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, LocalisedText
from lms.core.organisations import registration
from lms.core.organisations.models import Function, Organisation, OrganisationName, Unit
from lms.core.refused import Refused, refused
from lms.db import clean_text, db, search_key
from lms.journal import record

LONGEST_SEARCH_TEXT = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationValues:
    """What is written about an organisation. `country` is an ISO 3166 code in capitals."""

    name: str
    kind: str
    country: str
    registration_number: str = ""
    parent_id: int | None = None
    note: LocalisedText | None = None


def create(values: OrganisationValues, *, actor: Actor) -> int:
    """A new organisation; returns its id. `Refused` when the number is wrong or taken."""
    row = Organisation(
        name=clean_text(values.name),
        kind=values.kind,
        country=values.country,
        registration_number=_number(values),
        parent_id=values.parent_id,
        note=values.note,
        search_text="",
    )
    row.search_text = _search_text(row, [])
    db.session.add(row)
    _flush()
    record("organisations.created", "organisation", row.id, actor=actor, data={"kind": row.kind})
    return row.id


def change(
    organisation_id: int,
    values: OrganisationValues,
    *,
    actor: Actor,
    old_name_until: date | None = None,
    keep_old_name: bool = True,
) -> None:
    """Change an organisation. A new name keeps the old one as a former name, so that it is still
    found; `keep_old_name=False` is for a slip of the pen. `Refused` as in `create`, and when the
    parent would become its own ancestor."""
    row = _organisation(organisation_id)
    name = clean_text(values.name)
    before = {"name": row.name, "kind": row.kind, "country": row.country}
    _check_parent(organisation_id, values.parent_id)
    row.registration_number = _number(values)
    row.kind, row.country = values.kind, values.country
    row.parent_id, row.note = values.parent_id, values.note
    _flush()
    if name != row.name:
        if keep_old_name:
            _put_name(organisation_id, "former", row.name, old_name_until)
        row.name = name
    _flush()
    _refresh_search_text(row)
    record(
        "organisations.changed",
        "organisation",
        organisation_id,
        actor=actor,
        data={"before": before, "after": {"name": name, "kind": row.kind, "country": row.country}},
    )


def close(organisation_id: int, *, actor: Actor) -> None:
    """Close an organisation: it stays where it is mentioned and is offered nowhere new."""
    _set_state(organisation_id, "closed", actor)


def reopen(organisation_id: int, *, actor: Actor) -> None:
    """The opposite of `close`."""
    _set_state(organisation_id, "active", actor)


def add_name(
    organisation_id: int, kind: str, name: str, *, actor: Actor, until: date | None = None
) -> None:
    """Another name: kind "alias", or "former" with the last day it held (None: not known)."""
    row = _organisation(organisation_id)
    _put_name(organisation_id, kind, clean_text(name), until)
    _flush()
    _refresh_search_text(row)
    record(
        "organisations.name_added",
        "organisation",
        organisation_id,
        actor=actor,
        data={"kind": kind, "name": clean_text(name), "until": until.isoformat() if until else ""},
    )


def remove_alias(organisation_id: int, name_id: int, *, actor: Actor) -> None:
    """Take an alias away. Former names stay; `LookupError` for anything but an alias here."""
    row = _organisation(organisation_id)
    name = db.session.execute(
        select(OrganisationName).where(
            OrganisationName.id == name_id,
            OrganisationName.organisation_id == organisation_id,
            OrganisationName.kind == "alias",
        )
    ).scalar_one_or_none()
    if name is None:
        raise LookupError("no such alias")
    db.session.delete(name)
    db.session.flush()
    _refresh_search_text(row)
    record(
        "organisations.name_removed",
        "organisation",
        organisation_id,
        actor=actor,
        data={"name": name.name},
    )


# --- units --------------------------------------------------------------------------------------


def add_unit(organisation_id: int, name: str, kind: str, *, actor: Actor) -> int:
    """A new unit; returns its id. `Refused` when the organisation has one of that name."""
    row = Unit(organisation_id=organisation_id, name=clean_text(name), kind=kind)
    db.session.add(row)
    _flush()
    record("organisations.unit_added", "unit", row.id, actor=actor, data={"name": row.name})
    return row.id


def change_unit(unit_id: int, name: str, kind: str, state: str, *, actor: Actor) -> None:
    """Rename a unit, or close ("closed") or reopen ("active") it. `Refused` as in `add_unit`."""
    row = db.session.get_one(Unit, unit_id)
    before = {"name": row.name, "kind": row.kind, "state": row.state}
    row.name, row.kind, row.state = clean_text(name), kind, state
    _flush()
    record("organisations.unit_changed", "unit", unit_id, actor=actor, data={"before": before})


# --- functions ----------------------------------------------------------------------------------


def ensure_function(title: LocalisedText, *, actor: Actor, key: str = "") -> int:
    """The function with this key (by default made of its words), added when it is new."""
    key = key or _slug(title.in_language("da"))
    known = db.session.execute(select(Function.id).where(Function.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    row = Function(key=key, title=title)
    db.session.add(row)
    _flush()
    record("organisations.function_added", "function", row.id, actor=actor, data={"key": key})
    return row.id


def add_function(title: LocalisedText, *, actor: Actor) -> int:
    """A new word in the dictionary; `Refused` when it is there already."""
    key = _slug(title.in_language("da"))
    if db.session.execute(select(Function.id).where(Function.key == key)).first() is not None:
        raise refused(
            "da.taken",
            da="Den funktion står her allerede.",
            sv="Den funktionen finns redan här.",
            en="That function is here already.",
        )
    return ensure_function(title, actor=actor, key=key)


def change_function(function_id: int, title: LocalisedText, *, actor: Actor) -> None:
    """Other words for the same function; its key stays."""
    row = db.session.get_one(Function, function_id)
    before, row.title = row.title.as_dict(), title
    _flush()
    record(
        "organisations.function_changed",
        "function",
        function_id,
        actor=actor,
        data={"before": before, "after": title.as_dict()},
    )


# --- inside -------------------------------------------------------------------------------------


def _organisation(organisation_id: int) -> Organisation:
    return db.session.get_one(Organisation, organisation_id)


def _number(values: OrganisationValues) -> str | None:
    try:
        return registration.normalised(values.country, values.registration_number)
    except ValueError as error:
        raise Refused(registration.problem_with(values.country)) from error


def _flush() -> None:
    """The database has the last word on what must be unique, also for two at the same time."""
    try:
        db.session.flush()
    except IntegrityError as error:
        text = str(error.orig)
        if "registration_number" in text:
            raise refused(
                "registration_number.taken",
                da="En anden organisation har dette nummer. Søg efter den på listen.",
                sv="En annan organisation har detta nummer. Sök efter den i listan.",
                en="Another organisation has this number. Search for it in the list.",
            ) from error
        if "organisations_" in text and "name" in text:
            raise refused(
                "name.taken",
                da="Det navn er her allerede.",
                sv="Det namnet finns redan här.",
                en="That name is here already.",
            ) from error
        raise


def _put_name(organisation_id: int, kind: str, name: str, until: date | None) -> None:
    known = db.session.execute(
        select(OrganisationName).where(
            OrganisationName.organisation_id == organisation_id, OrganisationName.name == name
        )
    ).scalar_one_or_none()
    if known is None:
        known = OrganisationName(organisation_id=organisation_id, name=name, kind=kind)
        db.session.add(known)
    known.kind, known.until = kind, until


def _refresh_search_text(row: Organisation) -> None:
    names = db.session.execute(
        select(OrganisationName.name)
        .where(OrganisationName.organisation_id == row.id)
        .order_by(OrganisationName.id)
    ).scalars()
    row.search_text = _search_text(row, list(names))
    db.session.flush()


def _search_text(row: Organisation, names: list[str]) -> str:
    number = row.registration_number
    parts = [row.name, number or "", registration.written(row.country, number), *names]
    return search_key(" ".join(parts))[:LONGEST_SEARCH_TEXT]


def _check_parent(organisation_id: int, parent_id: int | None) -> None:
    above = parent_id
    for _step in range(20):
        if above is None:
            return
        if above == organisation_id:
            break
        above = db.session.execute(
            select(Organisation.parent_id).where(Organisation.id == above)
        ).scalar_one_or_none()
    raise refused(
        "parent.circle",
        da="En organisation kan ikke høre under sig selv.",
        sv="En organisation kan inte höra under sig själv.",
        en="An organisation cannot belong to itself.",
    )


def _set_state(organisation_id: int, state: str, actor: Actor) -> None:
    row = _organisation(organisation_id)
    if row.state == state:
        return
    row.state = state
    db.session.flush()
    verb = "organisations.closed" if state == "closed" else "organisations.reopened"
    record(verb, "organisation", organisation_id, actor=actor)


def _slug(words: str) -> str:
    plain = words.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "function"
