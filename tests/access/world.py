"""The whole house with a small world in it: two organisations, nine readers, one of everything.

"Own" is what belongs to the readers' organisation, "neighbour" the same thing of another one,
"missing" what does not exist. Tests share one world per session; the fixture puts back what a
test has changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.contracts import SYSTEM
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.services import reassess
from lms.core.organisations.models import Organisation, OrganisationName
from lms.core.users.models import ApiToken, Person, SignIn
from lms.core.users.queries import digest
from lms.db import db, now
from lms.testing.rows import Maker
from lms.work import unit_of_work
from tests.access.state import Content

READERS = (
    "guest",
    "learner",
    "teacher",
    "manager",
    "company",
    "lead",
    "institution",
    "evaluator",
    "site",
)
SIGNED_IN = READERS[1:]
SIDES = ("own", "neighbour", "missing")
PASSWORD = "fire rolige heste løber"
MISSING_KEY = "a2a2a2a2a2a2a2a2"

STAFF_TRACK = "staff_innovation_track"
TRIAL = "new_technology_trial"

Arguments = Mapping[str, Any]


@dataclass
class Side:
    """One organisation's half of the world."""

    organisation: Organisation
    learner: Person
    manager: Person
    run: Run
    enrolment: Enrolment
    objects: dict[str, Arguments] = field(default_factory=dict)


class World:
    """The app, who reads, and the address of each thing."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.make = Maker(app)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, str] = {}
        self.sign_in_keys: dict[str, str] = {}
        self.api_tokens: dict[str, str] = {}
        self.sides: dict[str, Side] = {}
        self.objects: dict[str, dict[str, Arguments]] = {}
        self.kept: Content = {}  # what stands in the database, to be put back

    # --- asking -------------------------------------------------------------------------------

    def client(self, reader: str) -> FlaskClient:
        """A browser in which this reader is signed in (nobody, for the guest)."""
        client = self.app.test_client()
        if reader != "guest":
            with client.session_transaction() as cookie:
                cookie["in"] = self.tokens[reader]
                cookie["seen"] = int(now().timestamp())
        return client

    def bearer(self, reader: str) -> dict[str, str]:
        """The header with which a reader's program is known."""
        if reader == "guest":
            return {}
        return {"Authorization": f"Bearer {self.api_tokens[reader]}"}

    def arguments(self, thing: str, side: str, reader: str) -> Arguments | None:
        """The arguments of a thing's address; None when there is no such side of it."""
        if thing == "-":
            return {} if side == "own" else None
        if thing == "sign-in" and side == "own":
            return {"key": self.sign_in_keys.get(reader, MISSING_KEY)}
        return self.objects[thing].get(side)

    def url(self, endpoint: str, arguments: Arguments) -> str:
        """The address of an endpoint without its host."""
        with self.app.test_request_context():
            from flask import url_for

            return url_for(endpoint, **arguments)

    # --- building -----------------------------------------------------------------------------

    def build(self) -> World:
        """Fill the empty database."""
        from tests.access.things import for_the_site, things, trials

        function = self.make.function(key="social-and-health-assistant")
        own = self._side("Prøvelev Kommune", function)
        neighbour = self._side("Nabolev Kommune", function)
        self.sides = {"own": own, "neighbour": neighbour}
        self._readers(own, function)
        for name, side in self.sides.items():
            things(self, name, side)
        trials(self)
        self.objects["function"] = {"own": {"function_id": function.id}}
        for_the_site(self)
        self._judge_everybody()
        for thing, sides in self.objects.items():
            example = next(iter(sides.values()))
            sides["missing"] = {
                argument: _missing(argument, value) for argument, value in example.items()
            }
            if thing in ("link for an answer", "link for an offer", "reset link", "invitation"):
                sides["missing"] = {"token": secrets.token_urlsafe(16)}
        return self

    def _judge_everybody(self) -> None:
        """Write how each one stands, as every change of a fact does on a site."""
        with self.app.app_context(), unit_of_work():
            reassess(db.session.scalars(select(Enrolment.id)).all(), SYSTEM)

    def _side(self, name: str, function: Any) -> Side:
        make = self.make
        organisation = make.organisation(name=name)
        unit = make.unit(organisation=organisation, name=f"Distrikt Nord, {name}")
        manager = make.person(name=f"Leder, {name}", password=PASSWORD)
        learner = make.person(name=f"Assistent, {name}", password=PASSWORD)
        make.assignment(person=manager, organisation=organisation, unit=unit, function=function)
        place = make.assignment(person=learner, unit=unit, function=function, manager=manager)
        begun = now() - timedelta(days=9)
        run = make.run(
            course_type=STAFF_TRACK,
            title=f"Løft uden løft, {name}",
            state="running",
            hosts=[organisation],
            sessions=[begun, begun + timedelta(days=7), begun + timedelta(days=14)],
            session_minutes=120,
            rule={
                "version": "1",
                "conditions": {"attendance": {"percent": 80}, "declared": {}},
            },
        )
        enrolment = make.enrolment(
            run=run, person=learner, state="active", employer=organisation, manager=manager
        )
        side = Side(organisation, learner, manager, run, enrolment)
        alias = OrganisationName(
            organisation_id=organisation.id, kind="alias", name=f"{name} (kort)"
        )
        make.write(alias)
        side.objects |= {
            "organisation": {"key": organisation.key},
            "name": {"key": organisation.key, "name_id": alias.id},
            "unit": {"key": organisation.key, "unit_key": unit.key},
            "person": {"key": learner.key},
            "place": {"key": learner.key, "place_key": place.key},
        }
        return side

    def _readers(self, own: Side, function: Any) -> None:
        make = self.make
        company = make.organisation(name="Opdigtet VR ApS", kind="company")
        self.company = company
        for reader in SIGNED_IN:
            if reader == "learner":
                person = own.learner
            elif reader == "manager":
                person = own.manager
            else:
                person = make.person(name=f"Læser, {reader}", password=PASSWORD)
            if reader not in ("learner", "manager", "site"):
                make.assignment(
                    person=person,
                    organisation=company if reader == "company" else own.organisation,
                    function=function,
                )
            self.people[reader] = person
            self.tokens[reader], self.sign_in_keys[reader] = self.sign_in(person)
            self.api_tokens[reader] = self._api_token(person)
        roles = {
            "teacher": "teacher",
            "lead": "programme_lead",
            "institution": "institution_admin",
            "evaluator": "evaluator",
        }
        for reader, role in roles.items():
            make.access_role(person=self.people[reader], role=role, organisation=own.organisation)
        make.access_role(
            person=self.people["company"], role="company_teacher", organisation=company
        )
        make.access_role(person=self.people["site"], role="site_admin")
        for reader in ("teacher", "company", "evaluator"):
            role = {"company": "company_teacher"}.get(reader, reader)
            make.team_member(run=own.run, person=self.people[reader], role=role)

    def sign_in(self, person: Person) -> tuple[str, str]:
        """A sign-in of the person: its secret, and its key."""
        token = secrets.token_urlsafe(32)
        row = SignIn(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now(),
            expires_at=now() + timedelta(hours=12),
            device="Firefox",
        )
        self.make.write(row)
        return token, row.key

    def _api_token(self, person: Person) -> str:
        token = secrets.token_urlsafe(32)
        self.make.write(
            ApiToken(
                person_id=person.id,
                token_hash=digest(token),
                name="Prøve",
                created_at=now(),
                expires_at=now() + timedelta(days=30),
            )
        )
        return token


def _missing(argument: str, value: Any) -> Any:
    if isinstance(value, int):
        return 2**31 - 7
    if argument == "code":
        return "0" * len(value)
    return MISSING_KEY if argument.endswith("key") else "nothing-of-the-kind"
