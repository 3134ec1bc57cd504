"""What the tests share: two municipalities in two countries, a company, a school, their people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import Actor, LocalisedText, actor_for_person, db, now, unit_of_work
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_challenges.models import Problem
from lms_challenges.queries.challenges import challenge_by_key
from lms_challenges.queries.gates import gate_by_key
from lms_challenges.queries.problems import ProblemFacts, problems_by_id
from lms_challenges.services import deciding, framing, gates
from lms_challenges.services.deciding import DecisionValues
from lms_challenges.services.framing import FramingValues
from lms_challenges.services.reporting import ReportValues, VoiceValues, add_voice, report

WHAT = "Liften på badeværelset kan ikke komme hen til toilettet, så vi løfter med ryggen."
ALL_WELL = {"score": 2, "comment": "Set på", "evidence": "Referat"}


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["challenges"]


class Care:
    """Those who tell, answer and read problems."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.north = maker.organisation(name="Nordby Kommune")
        self.south = maker.organisation(name="Söderby kommun", country="SE")
        self.company = maker.organisation(name="Prøve Lift ApS", kind="company")
        self.school = maker.organisation(name="Prøveskolen", kind="institution")
        self.district = maker.unit(organisation=self.north, name="Hjemmepleje Øst")
        self.ward = maker.unit(organisation=self.south, name="Hemtjänst Väst")

    # --- people -----------------------------------------------------------------------------------

    def worker(
        self, name: str = "Anna Hjælper", organisation: Any = None, unit: Any = None, **values: Any
    ) -> Any:
        """Somebody who works with citizens; by default in the northern district."""
        person = self.maker.person(name=name, **values)
        if organisation is None and unit is None:
            unit = self.district
        self.maker.assignment(person=person, organisation=organisation, unit=unit)
        return person

    def desk(self, organisation: Any = None, name: str = "Dorte Desk") -> Any:
        """Somebody who answers the problems of an organisation (the northern one)."""
        organisation = organisation or self.north
        person = self.worker(name, organisation)
        self.maker.access_role(person=person, role="triage", organisation=organisation)
        return person

    def seller(self, name: str = "Sanne Sælger") -> Any:
        """Somebody who works for a company."""
        return self.worker(name, self.company)

    def student(self, name: str = "Stine Studerende") -> Any:
        """A student of the school."""
        person = self.maker.person(name=name)
        title = LocalisedText(
            da="Sygeplejestuderende", sv="Sjuksköterskestudent", en="Nursing student"
        )
        function = self.maker.function(title=title)
        self.maker.assignment(person=person, organisation=self.school, function=function)
        return person

    # --- doing ------------------------------------------------------------------------------------

    def actor(self, person: Any) -> Actor:
        """The person, with what they may do."""
        with self.app.app_context():
            return actor_for_person(person.id)

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A question."""
        with self.app.app_context():
            return call(*arguments, **options)

    def problem(self, person: Any = None, *, checked: bool = False, **changes: Any) -> ProblemFacts:
        """A problem told by somebody (a new worker), looked through if `checked`."""
        person = person or self.worker()
        values: dict[str, Any] = {
            "what": WHAT,
            "title": "Liften når ikke toilettet",
            "language": "da",
            "place_kind": "home_care",
            "affected": ("citizen", "staff"),
            "consequences": ("working_environment",),
            "organisation_id": self.north.id,
            "unit_id": self.district.id,
            "frequency": "daily",
            "severity": 3,
        } | changes
        made: ProblemFacts = self.do(report, ReportValues(**values), self.actor(person))
        if checked:
            self.check(made)
        return self.now(made)

    def check(self, problem: ProblemFacts) -> None:
        """Somebody at the desk has looked through it."""

        def look_through() -> None:
            from lms.api import db

            db.session.get_one(Problem, problem.id).checked_at = now()

        self.do(look_through)

    def say(self, problem: ProblemFacts, person: Any, **changes: Any) -> None:
        """Somebody says that it happens at theirs too, in the Swedish unit unless told."""
        values: dict[str, Any] = {
            "frequency": "weekly",
            "severity": 2,
            "place_kind": "home_care",
            "organisation_id": self.south.id,
            "unit_id": self.ward.id,
        } | changes
        self.do(add_voice, problem.id, VoiceValues(**values), self.actor(person))

    def now(self, problem: ProblemFacts) -> ProblemFacts:
        """A problem as it stands now, with nothing hidden."""
        with self.app.app_context():
            return problems_by_id([problem.id])[problem.id]

    def letters(self, person: Any) -> list[str]:
        """The subjects of the letters to somebody, in English, the oldest first."""
        with self.app.app_context():
            seal()
            deliver()
            rows = db.session.scalars(
                select(Mail.values).where(Mail.person_id == person.id).order_by(Mail.id)
            ).all()
        return [row["subject"]["en"] for row in rows]

    # --- pages ------------------------------------------------------------------------------------

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in."""
        return sign_in_as(self.app.test_client(), person)

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        mark = "&" if "?" in address else "?"
        return self.client(person).get(f"{address}{mark}lang=en")

    def post(self, client: FlaskClient, address: str, **fields: Any) -> Any:
        """A form that is sent."""
        return client.post(address, data={"csrf_token": csrf_of(client)} | fields)


@pytest.fixture
def care(lms_app: Flask, maker: Maker) -> Care:
    return Care(lms_app, maker)


class Meeting:
    """A challenge of two municipalities and a company, and the people who meet about it."""

    def __init__(self, care: Care) -> None:
        self.care = care
        self.owner = care.worker("Ejer Ejersen")
        care.maker.access_role(person=self.owner, role="challenge_owner", organisation=care.north)
        self.colleague = care.worker("Kaj Kollega")
        self.partner = care.worker("Per Partner", care.south)
        self.seller = care.seller()
        self.actor = care.actor(self.owner)
        self.key = self.challenge()

    def challenge(self, title: str = "Uro om aftenen") -> str:
        values = FramingValues(title=LocalisedText(da=title))
        key: str = self.care.do(framing.frame, values, self.care.north.id, self.actor)
        about = self.facts(key)
        self.care.do(framing.add_collaborator, about.id, self.care.south.id, self.actor)
        self.care.do(framing.add_collaborator, about.id, self.care.company.id, self.actor, "Lift")
        return key

    def facts(self, key: str = "") -> Any:
        return self.care.ask(challenge_by_key, key or self.key, self.actor)

    def gate(self, key: str) -> Any:
        return self.care.ask(gate_by_key, key)

    def open(self, to: int | None = None, **more: Any) -> str:
        about = self.facts()
        key: str = self.care.do(
            gates.open_gate, about, about.level + 1 if to is None else to, self.actor, **more
        )
        return key

    def name(self, key: str, *people: Any) -> None:
        for person in people:
            self.care.do(gates.add_decider, self.gate(key), self.facts(), person.id, self.actor)

    def say(self, key: str, person: Any, opinion: str) -> None:
        self.care.do(
            deciding.give_opinion, self.gate(key), self.care.actor(person), opinion, "Fordi"
        )

    def score(self, key: str, **said: Any) -> None:
        gate = self.gate(key)
        sheet = {
            one.key: {"score": 2, "comment": "Set på", "evidence": "Referat"} | said
            for one in gate.level.criteria
        }
        self.care.do(gates.save_sheet, gate, sheet, self.actor, revision=gate.revision)

    def decide(self, key: str, decision: str = "go", **more: Any) -> None:
        values = DecisionValues(**{"decision": decision, "reason": "Vi har set det."} | more)
        self.care.do(deciding.decide, self.gate(key), self.facts(), values, self.actor)

    def ready(self, key: str, opinion: str = "go") -> None:
        """Scored, with two deciders of two organisations who want the same."""
        self.score(key)
        self.name(key, self.owner, self.partner)
        for person in (self.owner, self.partner):
            self.say(key, person, opinion)

    def through(self, to: int | None = None, **more: Any) -> None:
        key = self.open(to, **more)
        self.ready(key)
        self.decide(key)


@pytest.fixture
def meeting(care: Care) -> Meeting:
    return Meeting(care)
