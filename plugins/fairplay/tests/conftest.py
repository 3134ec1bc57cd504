"""What the tests share: two authorities, a school, a run of theirs, two companies, their people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import (
    Actor,
    ContactFacts,
    LocalisedText,
    actor_for_person,
    db,
    make_contacts,
    now,
    unit_of_work,
)
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms.testing.specimen import SPECIMEN, Specimen
from lms_fairplay.days import today
from lms_fairplay.models import AidLine, ContactLine, Declaration

WHAT = LocalisedText(
    da="Tyve minutter om lifte", sv="Tjugo minuter om lyftar", en="Twenty minutes about hoists"
)


@pytest.fixture
def lms_plugins() -> Sequence[Any]:
    return [(SPECIMEN, Specimen()), "fairplay", "technology_trials"]


class Field:
    """Those who buy, lead, teach and sell."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.north = maker.organisation(name="Nordby Kommune")
        self.south = maker.organisation(name="Söderby kommun", country="SE")
        self.school = maker.organisation(name="Prøveskolen", kind="institution")
        self.cluster = maker.organisation(name="Prøveklyngen", kind="cluster")
        self.lift = self.company("Prøve Lift ApS")
        self.rival = self.company("Anden Lift A/S")
        self.run = maker.run(hosts=[self.north, self.school])

    def company(self, name: str, **values: Any) -> Any:
        """A company."""
        return self.maker.organisation(name=name, kind="company", **values)

    # --- people -----------------------------------------------------------------------------------

    def person(self, name: str, organisation: Any, role: str = "", **values: Any) -> Any:
        """Somebody who works somewhere, with an access role there if one is named."""
        person = self.maker.person(name=name, **values)
        self.maker.assignment(person=person, organisation=organisation)
        if role:
            self.maker.access_role(person=person, role=role, organisation=organisation)
        return person

    def officer(self, organisation: Any = None, name: str = "Ida Indkøb") -> Any:
        """Who buys for an authority (the northern one)."""
        return self.person(name, organisation or self.north, "procurement_officer")

    def lead(self, organisation: Any = None, name: str = "Frida Forløb") -> Any:
        """Who leads courses of an authority (the northern one)."""
        return self.person(name, organisation or self.north, "programme_lead")

    def site(self) -> Any:
        """Who looks after the whole site."""
        person = self.maker.person(name="Sif Site")
        self.maker.access_role(person=person, role="site_admin")
        return person

    def seller(self, company: Any = None, name: str = "Sanne Sælger", **values: Any) -> Any:
        """Somebody who works for a company (the first)."""
        return self.person(name, company or self.lift, **values)

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

    def contact(self, kind: str = "teach", company: Any = None, **changes: Any) -> ContactFacts:
        """A contact of the run's hosts with a company (the first), now."""
        values: dict[str, Any] = {
            "kind": kind,
            "authority_ids": (self.north.id, self.school.id),
            "company_id": (company or self.lift).id,
            "at": now(),
            "what": WHAT,
            "category": "moving",
            "run_id": self.run.id,
        }
        return ContactFacts(**(values | changes))

    def meet(self, *contacts: ContactFacts, by: Any = None) -> None:
        """The contacts are made."""
        actor = self.actor(by or self.officer(name="En Anden"))
        self.do(make_contacts, contacts, actor)

    def declared(self, company: Any = None, from_day: date | None = None, days: int = 365) -> Any:
        """A company (the first) has signed, today and for a year unless told."""
        first = from_day or today()
        row = Declaration(
            company_id=(company or self.lift).id,
            text_version="1",
            signed_at=now(),
            from_day=first,
            to_day=first + timedelta(days=days),
        )
        return self.written(row)

    def aid(self, company: Any = None, **changes: Any) -> Any:
        """An aid line for the run; `company=False` says that the run is open to all."""
        values: dict[str, Any] = {
            "company_id": (company or self.lift).id,
            "authority_id": self.north.id,
            "run_id": self.run.id,
            "measure": "Plads på et kompetenceforløb",
            "ground": "de_minimis",
            "value": 12000,
            "day": today(),
            "written_at": now(),
        }
        return self.written(AidLine(**(values | changes)))

    def written(self, row: Any) -> Any:
        """A row, written."""

        def write() -> Any:
            db.session.add(row)
            db.session.flush()
            db.session.refresh(row)
            db.session.expunge(row)
            return row

        return self.do(write)

    def lines(self) -> list[ContactLine]:
        """The whole log, the oldest first."""
        with self.app.app_context():
            found = list(db.session.scalars(select(ContactLine).order_by(ContactLine.id)))
            db.session.expunge_all()
        return found

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
def field(lms_app: Flask, maker: Maker) -> Field:
    return Field(lms_app, maker)
