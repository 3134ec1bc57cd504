"""A school, a company, a place in practice and a need, for tests of cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import (
    SYSTEM,
    Actor,
    LocalisedText,
    RunFacts,
    actor_for_person,
    db,
    now,
    runs_by_id,
    unit_of_work,
)
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_courses.queries.cases import CaseFacts, case_by_key
from lms_courses.services import cases
from lms_courses.services.case_uses import take_case
from lms_courses.services.cases import CaseValues, RightsValues
from lms_courses.types import STUDENT, type_data

RIGHTS = LocalisedText(da="Det, du laver, er dit.", sv="Det du gör är ditt.", en="Yours.")


def text(words: str) -> LocalisedText:
    return LocalisedText(da=words, sv=f"{words} (sv)", en=f"{words} (en)")


class World:
    """Who is there, and what they do in short."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app, self.maker = app, maker
        self.school = maker.organisation(name="Prøvelev Professionshøjskole", kind="institution")
        self.other_school = maker.organisation(name="Nabolev Skole", kind="institution")
        self.practice = maker.organisation(name="Prøvelev Kommune", kind="municipality")
        self.company = maker.organisation(name="Opdigtet Måling ApS", kind="company")
        self.rival = maker.organisation(name="Opdigtet Rival A/S", kind="company")
        self.teacher = self.person("Tove Teori", self.school, "teacher")
        self.lead = self.person("Lise Leder", self.school, "programme_lead")
        self.other_teacher = self.person("Nanna Nabo", self.other_school, "teacher")
        self.manager = self.person("Palle Praksis", self.practice, "manager")
        self.seller = self.person("Sanne Sælger", self.company)
        self.rival_seller = self.person("Rie Rival", self.rival)
        self.student = self.person("Stine Studerende", self.school)

    def person(self, name: str, where: Any, role: str = "") -> Any:
        """Somebody who works at a place, with an access role there."""
        person = self.maker.person(name=name)
        self.maker.assignment(person=person, organisation=where)
        if role:
            self.maker.access_role(person=person, role=role, organisation=where)
        return person

    # --- doing ------------------------------------------------------------------------------------

    def actor(self, person: Any) -> Actor:
        """The person, with what they may do."""
        with self.app.app_context():
            return actor_for_person(person.id)

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.test_request_context(), unit_of_work():
            return call(*arguments, **options)

    def ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A question."""
        with self.app.test_request_context():
            return call(*arguments, **options)

    # --- cases ------------------------------------------------------------------------------------

    def values(self, **changes: Any) -> CaseValues:
        """What the company says, unless told otherwise."""
        values: dict[str, Any] = {
            "title": text("Måling derhjemme"),
            "problem": text("Ingen ser tallene."),
            "why": text("Hjælpen kommer sent."),
            "question": text("Hvordan kan tallene ses i tide?"),
            "given": text("Opdigtede tal."),
            "limits": text("Ingen rigtige borgere."),
            "hours_promised": 12,
            "company_id": self.company.id,
            "institution_id": self.school.id,
            "practice_host_id": self.practice.id,
            "contact_id": self.seller.id,
        }
        return CaseValues(**(values | changes))

    def proposed(self, **changes: Any) -> CaseFacts:
        """A case as the company has just proposed it."""
        key = self.do(cases.propose, self.values(**changes), self.actor(self.seller))
        return self.now(key)

    def ready(
        self, state: str = "open", rights: dict[str, Any] | None = None, **changes: Any
    ) -> Any:
        """A case on its way up to a state."""
        found = self.proposed(**changes)
        teacher, manager = self.actor(self.teacher), self.actor(self.manager)
        said = {"ownership": "owned_by_students", "rights": RIGHTS} | (rights or {})
        self.do(cases.settle_rights, found, RightsValues(**said), "", teacher, number=1)
        self.do(cases.check_as_practice, self.now(found.key), manager, number=2)
        for step in ("approved", "open"):
            if self.now(found.key).state != state:
                self.do(cases.move, self.now(found.key), step, "", teacher)
        return self.now(found.key)

    def now(self, key: str, person: Any = None) -> CaseFacts:
        """A case as it stands now, for somebody or with everything."""
        actor = self.actor(person) if person is not None else SYSTEM
        found = self.ask(case_by_key, key, actor)
        assert found is not None
        return found

    # --- runs -------------------------------------------------------------------------------------

    def run(self, teacher: Any = None, host: Any = None, **made: Any) -> RunFacts:
        """A student module of a school that somebody teaches."""
        values: dict[str, Any] = {"state": "announced", "visibility": "internal"}
        outcomes = [text(f"Mål {number}").as_dict() for number in (1, 2, 3)]
        version = self.maker.version(course_type=type_data(STUDENT).plan, outcomes=outcomes)
        row = self.maker.run(version=version, hosts=[host or self.school], **(values | made))
        self.maker.team_member(run=row, person=teacher or self.teacher)
        return self.facts(row.id)

    def facts(self, run_id: int) -> RunFacts:
        """A run as it stands now."""
        with self.app.app_context():
            return runs_by_id([run_id])[run_id]

    def take(self, run: RunFacts, case: CaseFacts, teacher: Any = None, **more: Any) -> str:
        """The run works on the case; the use's key."""
        actor = self.actor(teacher or self.teacher)
        return str(self.do(take_case, run, case, [0, 1], actor, **more))

    def seat(self, run: RunFacts, person: Any = None) -> Any:
        """Somebody takes part in the run."""
        from lms.core.catalogue.models import Run

        with self.app.app_context():
            row = db.session.get_one(Run, run.id)
            db.session.expunge(row)
        return self.maker.enrolment(run=row, person=person or self.student, state="active")

    # --- pages and letters ------------------------------------------------------------------------

    def letters(self, person: Any) -> list[str]:
        """The subjects of the letters to somebody, in English, the oldest first."""
        with self.app.app_context():
            seal()
            deliver()
            rows = db.session.scalars(
                select(Mail.values).where(Mail.person_id == person.id).order_by(Mail.id)
            ).all()
        return [row["subject"]["en"] for row in rows]

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in."""
        return sign_in_as(self.app.test_client(), person)

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        mark = "&" if "?" in address else "?"
        return self.client(person).get(f"{address}{mark}lang=en")

    def post(self, person: Any, address: str, **fields: Any) -> Any:
        """A form that somebody sends in English."""
        client = self.client(person)
        mark = "&" if "?" in address else "?"
        return client.post(f"{address}{mark}lang=en", data={"csrf_token": csrf_of(client)} | fields)


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "challenges", "activities"]


@pytest.fixture
def world(lms_app: Flask, maker: Maker) -> World:
    return World(lms_app, maker)


@pytest.fixture
def world_in() -> type[World]:
    """To build the same world in an app of one's own."""
    return World


@pytest.fixture
def earlier() -> Any:
    """A moment in the past."""
    return now() - timedelta(days=3)
