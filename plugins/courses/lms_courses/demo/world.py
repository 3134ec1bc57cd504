"""The demo's world: organisations, units, functions, people with a password, their access roles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from lms.api import (
    SYSTEM,
    OrganisationValues,
    PersonValues,
    Place,
    add_unit,
    assign,
    create_organisation,
    create_person,
    email_key,
    ensure_function,
    grant_role,
    hash_password,
    now,
    organisation_named,
    person_id_by_email,
    stopped_clock,
    unit_of_work,
    units_of,
)
from lms_courses.demo.reading import read
from lms_courses.types import text_of

PASSWORD = "samspil-demo-2026"  # noqa: S105 - everybody may know it: it opens a made-up world
ACCOUNTS = "demo-accounts.json"
BEGINS = timedelta(days=230)
"""How long ago the world was entered: before its first request for a seat."""
AT_WORK_FOR = timedelta(days=400)

Ids = Mapping[str, int]


def load_world() -> None:
    """Enter the world, and write down which accounts there are.

    What is there already stays as it is. Everybody knows the password, so this is for sites to
    look at and never for one where people work.
    """
    if any(person_id is None for person_id in _known_people().values()):
        password_hash = hash_password(PASSWORD)  # slow, so once and before the transaction
        with unit_of_work(), stopped_clock(now() - BEGINS):
            _enter(password_hash)
    _write_accounts(Path(current_app.config["DATA_DIR"]) / ACCOUNTS)


def organisations_by_slug() -> Ids:
    """Ids of the world's organisations. Raises `LookupError` when one is missing."""
    found = {}
    for data in read("organisations")["organisations"]:
        facts = organisation_named(data["name"])
        if facts is None:
            raise LookupError(f"{data['name']} is not there: load the world first")
        found[data["slug"]] = facts.id
    return found


def people_by_slug() -> Ids:
    """Ids of the world's people. Raises `LookupError` when one is missing."""
    found = {}
    for slug, person_id in _known_people().items():
        if person_id is None:
            raise LookupError(f"{slug} is not there: load the world first")
        found[slug] = person_id
    return found


def _known_people() -> Mapping[str, int | None]:
    return {
        data["slug"]: person_id_by_email(SYSTEM, email_key(data["email"]))
        for data in read("organisations")["people"]
    }


def _enter(password_hash: str) -> None:
    data = read("organisations")
    organisations, units = _organisations(data)
    functions = {
        word["slug"]: ensure_function(
            text_of({code: word[code] for code in ("da", "sv", "en")}),
            actor=SYSTEM,
            key=word["slug"],
        )
        for word in data["functions"]
    }
    known = _known_people()
    new = [person for person in data["people"] if known[person["slug"]] is None]
    people: dict[str, int | None] = dict(known)
    for person in new:
        values = PersonValues(
            name=person["name"], email=person["email"], language=person["language"]
        )
        people[person["slug"]] = create_person(values, actor=SYSTEM, password_hash=password_hash)
    for person in new:
        _settle(person, people, organisations, units, functions)


def _organisations(data: Mapping[str, Any]) -> tuple[Ids, Ids]:
    organisations, units = {}, {}
    for one in data["organisations"]:
        facts = organisation_named(one["name"])
        organisation_id = facts.id if facts else _create(one)
        organisations[one["slug"]] = organisation_id
        there = {unit.name: unit.id for unit in units_of(organisation_id)}
        for unit in one["units"]:
            units[unit["slug"]] = there.get(unit["name"]) or add_unit(
                organisation_id, unit["name"], unit["kind"], actor=SYSTEM
            )
    return organisations, units


def _create(one: Mapping[str, Any]) -> int:
    return create_organisation(
        OrganisationValues(
            name=one["name"],
            kind=one["kind"],
            country=one["country"],
            registration_number=one["registration_number"] or "",
            note=text_of(one["note"]),
        ),
        actor=SYSTEM,
    )


def _settle(
    person: Mapping[str, Any],
    people: Mapping[str, int | None],
    organisations: Ids,
    units: Ids,
    functions: Ids,
) -> None:
    """A place at work and the access roles of somebody who was just created."""
    person_id = people[person["slug"]]
    if person_id is None:
        raise LookupError(person["slug"])
    assign(
        person_id,
        Place(
            organisation_id=organisations[person["organisation"]],
            function_id=functions[person["function"]],
            unit_id=units[person["unit"]] if person["unit"] else None,
            manager_id=people[person["manager"]] if person["manager"] else None,
            from_day=(now() + BEGINS - AT_WORK_FOR).date(),
        ),
        actor=SYSTEM,
    )
    for held in person["access_roles"]:
        where = organisations[held["organisation"]] if held["organisation"] else None
        grant_role(person_id, held["role"], where, actor=SYSTEM)


def _write_accounts(path: Path) -> None:
    """One account for each access role, for whoever wants to look around."""
    data = read("organisations")
    names = {one["slug"]: one["name"] for one in data["organisations"]}
    accounts = [
        {
            "role": person["demo_account"],
            "email": person["email"],
            "password": PASSWORD,
            "organisation": names[person["organisation"]],
        }
        for person in data["people"]
        if person["demo_account"]
    ]
    accounts.sort(key=lambda account: account["role"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
