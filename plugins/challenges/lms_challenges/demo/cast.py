"""Who is there: organisations and people of the demo's world, and what they may do here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from flask import current_app

from lms.api import (
    SYSTEM,
    Actor,
    WorkplaceFacts,
    actor_for_person,
    email_key,
    grant_role,
    organisation_named,
    person_id_by_email,
    workplaces_of,
)
from lms_challenges.demo.reading import read

SWEDISH = "exempelstads-kommun"
ACCOUNTS = "demo-accounts.json"


class Cast:
    """Ids of organisations and people by the names they have in the files."""

    def __init__(self, organisations: Mapping[str, int], people: Mapping[str, int]) -> None:
        self.organisations = organisations
        self.people = people
        self.places: Mapping[int, WorkplaceFacts] = {
            person_id: places[0]
            for person_id, places in workplaces_of(list(people.values())).items()
            if places
        }
        self._actors: dict[str, Actor] = {}

    def actor(self, name: str) -> Actor:
        """Somebody, with what they may do now that the roles are granted."""
        if name not in self._actors:
            self._actors[name] = actor_for_person(self.people[name])
        return self._actors[name]

    def place(self, name: str) -> WorkplaceFacts:
        """Where somebody works."""
        return self.places[self.people[name]]

    def owner(self, organisation: str) -> str:
        """Who looks after the challenges of an organisation."""
        name: str = read("cast")["owners"][organisation]
        return name

    def desk(self, *organisations: str) -> Actor:
        """Who answers problems: at the desk of one organisation, or for several at the shared."""
        cast = read("cast")
        alone = len(set(organisations)) == 1
        return self.actor(cast["desk"][organisations[0]] if alone else cast["shared_desk"])

    def grant_roles(self) -> None:
        """Each municipality gets somebody at its desk and somebody who owns challenges; one desk
        is shared, so that the same need is seen across the border."""
        cast = read("cast")
        for organisation, name in cast["desk"].items():
            self._grant(name, "triage", organisation)
            self._grant(cast["shared_desk"], "triage", organisation)
        for organisation, name in cast["owners"].items():
            self._grant(name, "challenge_owner", organisation)

    def _grant(self, name: str, role: str, organisation: str) -> None:
        grant_role(self.people[name], role, self.organisations[organisation], actor=SYSTEM)


def found_cast() -> Cast | None:
    """The demo's world; None when it was not loaded."""
    cast = read("cast")
    organisations, people = {}, {}
    for slug, name in cast["organisations"].items():
        if (facts := organisation_named(name)) is None:
            return None
        organisations[slug] = facts.id
    for slug, mail in cast["people"].items():
        if (person_id := person_id_by_email(SYSTEM, email_key(mail))) is None:
            return None
        people[slug] = person_id
    return Cast(organisations, people)


def language_of(organisation: str) -> str:
    """What is written in where an organisation works."""
    return "sv" if organisation == SWEDISH else "da"


def list_accounts() -> None:
    """Add one account for each access role of the plugin to the list of the demo's accounts, if
    there is one. They open with the password that all of them have."""
    path = Path(current_app.config["DATA_DIR"]) / ACCOUNTS
    if not path.exists():
        return
    accounts = json.loads(path.read_text(encoding="utf-8"))
    known = {account["role"] for account in accounts}
    cast = read("cast")
    for role, name in cast["accounts"].items():
        if accounts and role not in known:
            accounts.append(
                {
                    "role": role,
                    "email": cast["people"][name],
                    "password": accounts[0]["password"],
                    "organisation": cast["organisations"]["eksempelby-kommune"],
                }
            )
    accounts.sort(key=lambda account: account["role"])
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
