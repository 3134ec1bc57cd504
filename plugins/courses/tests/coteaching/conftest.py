"""A run of any type with a team, two companies, and somebody who keeps contacts fair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.api import (
    Actor,
    ContactFacts,
    LocalisedText,
    Refusal,
    RunFacts,
    actor_for_person,
    db,
    hookimpl,
    now,
    runs_by_id,
    sessions_of,
    unit_of_work,
)
from lms.core.catalogue.models import CourseSession, TeachingSlot, TeamMember
from lms.core.messages.models import Mail
from lms.core.users.models import Assignment
from lms.journal import deliver, seal
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_courses.models import SlotOffer
from lms_courses.queries.offers import OfferFacts, offers_by_id
from lms_courses.services.answering_offers import AnswerValues, answer_offer
from lms_courses.services.offers import OfferValues, offer_slot
from lms_courses.types import STAFF, type_data

UNDECLARED = "The company has no declaration."


class Fair:
    """Stands in for whoever keeps contacts fair."""

    def __init__(self) -> None:
        self.undeclared: set[int] = set()
        self.made: list[ContactFacts] = []

    @hookimpl
    def lms_check_contacts(self, contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
        message = LocalisedText(
            da="Virksomheden mangler en erklæring.",
            sv="Företaget saknar en förklaring.",
            en=UNDECLARED,
        )
        return [
            Refusal(code="declaration", message=message, index=index)
            for index, one in enumerate(contacts)
            if one.company_id in self.undeclared
        ]

    @hookimpl
    def lms_after_contacts(self, contacts: Sequence[ContactFacts], actor: Actor) -> None:
        self.made += contacts


class World:
    """Who is there, and what they do in short."""

    def __init__(self, app: Flask, fair: Fair | None = None) -> None:
        self.app, self.fair, self.make = app, fair or Fair(), Maker(app)
        make = self.make
        self.host = make.organisation(name="Prøvelev Kommune")
        self.firm = make.organisation(name="Opdigtet Lift ApS", kind="company")
        self.rival = make.organisation(name="Opdigtet Rival A/S", kind="company")
        self.lead = self.person("Lene Leder", self.host, "programme_lead")
        self.teacher = self.person("Tove Teori", self.host)
        self.stranger = self.person("Nanna Nabo", self.host)
        self.seller = self.person("Sanne Sælger", self.firm)
        self.engineer = self.person("Ida Ingeniør", self.firm)
        self.rival_seller = self.person("Rie Rival", self.rival)
        self.row = make.run(course_type=type_data(STAFF).plan, hosts=[self.host], capacity=20)
        make.team_member(run=self.row, person=self.teacher)

    def person(self, name: str, where: Any, role: str = "") -> Any:
        """Somebody who works at a place, with an access role there."""
        person = self.make.person(name=name, language="en")
        self.make.assignment(person=person, organisation=where)
        if role:
            self.make.access_role(person=person, role=role, organisation=where)
        return person

    # --- asking and doing -------------------------------------------------------------------------

    def actor(self, person: Any) -> Actor:
        """The person, with what they may do."""
        with self.app.app_context():
            return actor_for_person(person.id)

    @property
    def run(self) -> RunFacts:
        """The run as it is now."""
        with self.app.app_context():
            return runs_by_id([self.row.id])[self.row.id]

    @property
    def days(self) -> Sequence[Any]:
        """The sessions of the run."""
        with self.app.app_context():
            return sessions_of([self.row.id])[self.row.id]

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.test_request_context(), unit_of_work():
            return call(*arguments, **options)

    def ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A question."""
        with self.app.test_request_context():
            return call(*arguments, **options)

    def values(self, **changes: Any) -> OfferValues:
        """What the company offers, unless told otherwise."""
        values: dict[str, Any] = {
            "session_id": self.days[0].id,
            "company_id": self.firm.id,
            "teacher_id": self.engineer.id,
            "topic": "Sådan løfter en loftlift",
            "text": "Deltagerne prøver liften.",
            "minutes": 45,
            "product": "",
            "category": "",
            "sees": "functions",
            "language": "da",
        }
        return OfferValues(**(values | changes))

    def offered(self, person: Any = None, **changes: Any) -> OfferFacts:
        """An offer as it has just been made."""
        actor = self.actor(person or self.seller)
        key = self.do(offer_slot, self.run, self.values(**changes), [], actor)
        return self.now(key)

    def now(self, key: str) -> OfferFacts:
        """An offer as it stands."""
        with self.app.app_context():
            id_ = db.session.scalar(select(SlotOffer.id).where(SlotOffer.key == key))
            assert id_ is not None
            return offers_by_id([id_])[id_]

    def answer(self, offer: OfferFacts, to: str = "approved", **changes: Any) -> OfferFacts:
        """The teacher of the run answers."""
        values: dict[str, Any] = {"reason": "Det passer.", "sees": "number", "checked": True}
        answer = AnswerValues(to=to, **(values | changes))
        self.do(answer_offer, offer, self.run, answer, self.actor(self.teacher))
        return self.now(offer.key)

    # --- what is there ----------------------------------------------------------------------------

    def slots(self) -> list[TeachingSlot]:
        """The teaching slots of the run."""
        with self.app.app_context():
            rows = list(db.session.scalars(select(TeachingSlot).order_by(TeachingSlot.id)))
            db.session.expunge_all()
            return rows

    def team(self) -> set[tuple[int, str]]:
        """Who is on the team as what."""
        with self.app.app_context():
            rows = db.session.execute(select(TeamMember.person_id, TeamMember.role))
            return {(row.person_id, row.role) for row in rows}

    def change_day(self, **values: Any) -> None:
        """The first day of the run becomes another."""
        with self.app.app_context(), unit_of_work():
            db.session.execute(
                update(CourseSession).where(CourseSession.id == self.days_id).values(**values)
            )

    @property
    def days_id(self) -> int:
        """The id of the first day."""
        return int(
            db.session.scalars(
                select(CourseSession.id)
                .where(CourseSession.run_id == self.row.id)
                .order_by(CourseSession.position)
            ).first()
            or 0
        )

    def leaves(self, person: Any) -> None:
        """Somebody stops where they work."""
        with self.app.app_context(), unit_of_work():
            db.session.execute(
                update(Assignment)
                .where(Assignment.person_id == person.id)
                .values(to_day=now().date() - timedelta(days=1))
            )

    def letters(self, person: Any) -> list[str]:
        """The subjects of the letters to somebody, in English, the oldest first."""
        with self.app.app_context():
            seal()
            deliver()
            rows = db.session.scalars(
                select(Mail.values).where(Mail.person_id == person.id).order_by(Mail.id)
            ).all()
        return [row["subject"]["en"] for row in rows if "subject" in row]

    # --- pages ------------------------------------------------------------------------------------

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in."""
        return sign_in_as(self.app.test_client(), person)

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        return self.client(person).get(f"{address}?lang=en")

    def post(self, person: Any, address: str, **fields: Any) -> Any:
        """A form that somebody sends in English."""
        client = self.client(person)
        return client.post(f"{address}?lang=en", data={"csrf_token": csrf_of(client)} | fields)


@pytest.fixture
def fair() -> Fair:
    return Fair()


@pytest.fixture
def world(lms_app_factory: Callable[..., Flask], fair: Fair) -> World:
    return World(lms_app_factory(plugins=["courses", ("fair", fair)]), fair)


@pytest.fixture
def world_in() -> type[World]:
    """To build the same world in an app of one's own."""
    return World
