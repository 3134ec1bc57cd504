"""A company track with its call, and a plugin that keeps contacts fair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.api import (
    Actor,
    ContactFacts,
    LocalisedText,
    Refusal,
    RunFacts,
    actor_for_person,
    hookimpl,
    now,
    runs_by_id,
    unit_of_work,
)
from lms.core.messages.models import Mail
from lms.core.organisations.models import Organisation
from lms.core.users.models import Assignment, Person
from lms.db import db
from lms.jobs import drain
from lms.testing.rows import Maker
from lms_courses.models import Application, Call
from lms_courses.queries.calls import CallFacts, call_of
from lms_courses.services.applications import ApplicationValues, apply
from lms_courses.services.deciding import Outcome, answer
from lms_courses.types import COMPANY, type_data

CRITERIA = LocalisedText(
    da="Løsningen hører til plejen.", sv="Lösningen hör till vården.", en="It belongs to care."
)
NUMBERS = ("00 10 01 02", "00 10 01 10", "00 10 01 29", "00 10 01 37", "00 10 01 45")
"""Numbers that fit their check digit and that nobody is given."""
MISSING = "fair.aid"


class Fair:
    """Stands in for whoever keeps contacts fair: refuses places of companies without aid."""

    def __init__(self) -> None:
        self.without_aid: set[str] = set()
        self.made: list[ContactFacts] = []

    @hookimpl
    def lms_check_contacts(self, contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
        from lms.api import organisations_by_id

        names = organisations_by_id([one.company_id for one in contacts])
        return [
            Refusal(
                code=MISSING,
                message=LocalisedText(
                    da=f"{names[one.company_id].name} mangler en støttelinje.",
                    sv=f"{names[one.company_id].name} saknar en stödrad.",
                    en=f"{names[one.company_id].name} lacks an aid line.",
                ),
                index=index,
            )
            for index, one in enumerate(contacts)
            if one.kind == "place" and names[one.company_id].name in self.without_aid
        ]

    @hookimpl
    def lms_after_contacts(self, contacts: Sequence[ContactFacts], actor: Actor) -> None:
        self.made += contacts


class Track:
    """A run of companies, its host, who leads it, and what companies do about it."""

    numbers = NUMBERS
    criteria = CRITERIA

    def __init__(self, app: Flask, fair: Fair, **columns: Any) -> None:
        self.app, self.fair, self.make = app, fair, Maker(app)
        self.host = self.make.organisation(name="Prøvelev Kommune")
        self.run = self.make.run(course_type=type_data(COMPANY).plan, hosts=[self.host], **columns)
        self.lead = self.make.person(name="Lene Leder", language="en")
        self.make.assignment(person=self.lead, organisation=self.host)
        self.make.access_role(person=self.lead, role="programme_lead", organisation=self.host)

    @property
    def facts(self) -> RunFacts:
        """The run as it is now; inside an app context."""
        return runs_by_id([self.run.id])[self.run.id]

    @property
    def call(self) -> CallFacts:
        """The call of the run; inside an app context."""
        found = call_of(self.run.id)
        assert found is not None
        return found

    @property
    def actor(self) -> Actor:
        """The lead; inside an app context."""
        return actor_for_person(self.lead.id)

    def open(self, **columns: Any) -> Track:
        """A call that is open since yesterday."""
        values = {
            "criteria": CRITERIA,
            "places": 2,
            "people": 2,
            "opens_at": now() - timedelta(days=1),
            "closes_at": now() + timedelta(days=7),
            **columns,
        }
        self.make.write(Call(run_id=self.run.id, **values))
        return self

    def over(self) -> None:
        """The last day of the call is over."""
        with self.app.app_context(), unit_of_work():
            db.session.execute(
                update(Call)
                .where(Call.run_id == self.run.id)
                .values(closes_at=now() - timedelta(minutes=1))
            )

    def values(self, name: str, number: str = "", **more: Any) -> ApplicationValues:
        """What a company of this name writes."""
        mail = f"{''.join(sign for sign in name.casefold() if sign.isalnum())}.example"
        values = {
            "country": "DK",
            "registration_number": number,
            "size": "small",
            "contact_name": f"Kim fra {name}",
            "contact_email": f"kim@{mail}",
            "people": [("Ida Ingeniør", f"ida@{mail}"), ("", "")],
            "why": f"Vi hos {name} vil lære.",
            "language": "da",
            **more,
        }
        return ApplicationValues(name=name, **values)

    def apply(self, name: str, number: str = "", **more: Any) -> str:
        """A company applies; the key of its receipt."""
        with self.app.app_context(), unit_of_work():
            return apply(self.facts, self.call, self.values(name, number, **more))

    def answer(
        self, key: str, to: str, reason: str = "Efter kriterierne.", *, checked: bool = False
    ) -> Outcome:
        """The lead answers."""
        with self.app.app_context(), unit_of_work():
            return answer(key, to, reason, self.actor, checked=checked)

    def desk(self, key: str) -> str:
        """Where the lead decides on the application with this receipt."""
        with self.app.app_context():
            desk_key = db.session.scalar(select(Application.desk_key).where(Application.key == key))
            return f"/courses/calls/{self.run.key}/decide/{desk_key}"

    def post(self) -> list[Mail]:
        """What was told and sent: all mails so far."""
        with self.app.app_context():
            drain()
            mails = list(db.session.scalars(select(Mail).order_by(Mail.id)))
            db.session.expunge_all()
            return mails

    def states(self) -> dict[str, str]:
        """Applications by name."""
        with self.app.app_context():
            rows = db.session.execute(select(Application.name, Application.state))
            return {row.name: row.state for row in rows}

    def member(self, organisation_name: str) -> Person:
        """Somebody who came with the place of this company."""
        with self.app.app_context():
            found = db.session.scalars(
                select(Person)
                .join(Assignment, Assignment.person_id == Person.id)
                .join(Organisation, Organisation.id == Assignment.organisation_id)
                .where(Organisation.name == organisation_name)
                .order_by(Person.id)
            ).first()
            assert found is not None
            found.state = "active"  # has answered the invitation
            db.session.commit()
            db.session.refresh(found)
            db.session.expunge(found)
            return found


@pytest.fixture
def fair() -> Fair:
    return Fair()


@pytest.fixture
def track_app(lms_app_factory: Callable[..., Flask], fair: Fair) -> Flask:
    return lms_app_factory(plugins=["courses", ("fair", fair)])


@pytest.fixture
def track(track_app: Flask, fair: Fair) -> Track:
    return Track(track_app, fair)
