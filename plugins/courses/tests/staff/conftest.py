"""What the tests of staff tracks share: a run, a pair from one workplace, their manager, a team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import Actor, actor_for_person, db, new_key, now, unit_of_work
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_courses.queries.staff import Seat, seat_of
from lms_courses.queries.tryouts import TryoutFacts, TryoutPlace, tryout_place, tryouts_by_id
from lms_courses.services import decisions, tryouts
from lms_courses.services.decisions import DecisionValues
from lms_courses.services.tryouts import Note, Plan
from lms_courses.types import STAFF

RULE = {
    "version": "staff",
    "conditions": {"courses.idea_sheet": {}, "courses.tryout": {}, "courses.decision": {}},
}
NOTE = Note(before="Fjorten gange", after="Tre gange", learned="Kurven skal stå ved døren.")


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "challenges"]


class Track:
    """A run of a staff track in a municipality."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.host = maker.organisation(name="Nordby Kommune")
        self.manager = maker.person(name="Lis Leder", language="en")
        maker.assignment(person=self.manager, organisation=self.host)
        version = maker.version(course_type=STAFF)
        self.run = maker.run(
            version=version,
            course_type=STAFF,
            title="Det, der driller",
            state="running",
            hosts=[self.host],
            sessions=[now() - timedelta(days=7), now() + timedelta(days=7)],
            rule=RULE,
        )
        self.teacher = maker.person(name="Ulla Underviser", language="en")
        maker.team_member(run=self.run, person=self.teacher, role="teacher")
        pair = new_key()
        self.anna, self.annas = self.participant("Anna", pair_key=pair)
        self.bo, self.bos = self.participant("Bo", pair_key=pair)

    # --- people -----------------------------------------------------------------------------------

    def participant(self, name: str, **values: Any) -> tuple[Any, Any]:
        """Somebody with a seat and the manager: the person and the enrolment."""
        person = self.maker.person(name=name, language="en")
        self.maker.assignment(person=person, organisation=self.host, manager=self.manager)
        options = {"manager": self.manager, "state": "active", "employer": self.host} | values
        return person, self.maker.enrolment(run=self.run, person=person, **options)

    def lead(self, name: str = "Pia Leder", role: str = "programme_lead") -> Any:
        """Somebody who leads at the host."""
        person = self.maker.person(name=name, language="en")
        self.maker.assignment(person=person, organisation=self.host)
        self.maker.access_role(person=person, role=role, organisation=self.host)
        return person

    def actor(self, person: Any) -> Actor:
        """The person, with what they may do."""
        with self.app.app_context():
            return actor_for_person(person.id)

    # --- doing ------------------------------------------------------------------------------------

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A question."""
        with self.app.app_context():
            return call(*arguments, **options)

    def seat(self, enrolment: Any) -> Seat:
        """A participant with the one they work with."""
        found: Seat = self.ask(seat_of, enrolment.id)
        return found

    def plan(self, by: Any = None, **values: Any) -> TryoutFacts:
        """A plan of Anna's and Bo's (or of one enrolment)."""
        options: dict[str, Any] = {
            "what": "En kurv ved døren",
            "measure": "Hvor tit vi går tilbage",
            "begins_on": date(2026, 12, 7),
        } | values
        key = self.do(
            tryouts.plan_tryout,
            self.seat(by or self.annas),
            Plan(**options),
            self.actor(self.anna),
        )
        return self.place(key, self.anna if by is None else None).tryout

    def place(self, key: str, person: Any = None) -> TryoutPlace:
        """A try-out as a person (the teacher) meets it."""
        found = self.ask(tryout_place, key, self.actor(person or self.teacher))
        assert isinstance(found, TryoutPlace)
        return found

    def seen(self, tryout: TryoutFacts) -> str:
        """What a page printed now says it shows."""
        return self.place(tryout.key).stamp

    def now(self, tryout: TryoutFacts) -> TryoutFacts:
        """A try-out as it stands now."""
        found: TryoutFacts = self.ask(tryouts_by_id, [tryout.id])[tryout.id]
        return found

    def allowed(self, by: Any = None, **values: Any) -> TryoutFacts:
        """A plan that the manager has said yes to."""
        tryout = self.plan(by, **values)
        seat = self.seat(by or self.annas)
        self.do(tryouts.ask_manager, tryout, seat, self.actor(self.anna))
        self.do(tryouts.answer, self.now(tryout), True, "", self.actor(self.manager))
        return self.now(tryout)

    def handed_in(self, by: Any = None, **values: Any) -> TryoutFacts:
        """A note that somebody (Anna) has handed in."""
        tryout = self.allowed(by, **values)
        seat = self.seat(by or self.annas)
        revision = tryout.revision
        self.do(tryouts.hand_in, tryout, seat, NOTE, self.actor(self.anna), revision=revision)
        return self.now(tryout)

    def confirmed(self, **values: Any) -> TryoutFacts:
        """A note of Anna's that Bo has confirmed."""
        tryout = self.handed_in(**values)
        self.do(tryouts.confirm, self.place(tryout.key, self.bo), self.actor(self.bo))
        return self.now(tryout)

    def decide(self, tryout: TryoutFacts, by: Any, outcome: str = "yes", **values: Any) -> str:
        """A decision that somebody writes down."""
        said = DecisionValues(
            outcome=outcome,
            reason="Det sparer skridt.",
            decided_on=now().date(),
            carried_by="Aftenholdet",
            **values,
        )
        place = self.place(tryout.key, by)
        key: str = self.do(decisions.decide, place, said, self.actor(by))
        return key

    # --- what came of it --------------------------------------------------------------------------

    def letters(self, person: Any) -> list[str]:
        """The subjects of the letters to somebody, in English, the oldest first."""
        with self.app.app_context():
            seal()
            deliver()
            rows = db.session.scalars(
                select(Mail.values)
                .where(Mail.person_id == person.id, Mail.kind == "note")
                .order_by(Mail.id)
            ).all()
        return [row["subject"]["en"] for row in rows]

    # --- pages ------------------------------------------------------------------------------------

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in, in English."""
        client = sign_in_as(self.app.test_client(), person)
        client.set_cookie("lang", "en")
        return client

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        mark = "&" if "?" in address else "?"
        return self.client(person).get(f"{address}{mark}lang=en")

    def post(self, person: Any, address: str, **fields: Any) -> Any:
        """A form that the person sends, in English."""
        client = self.client(person)
        return client.post(f"{address}?lang=en", data={"csrf_token": csrf_of(client)} | fields)


@pytest.fixture
def track(lms_app: Flask, maker: Maker) -> Track:
    return Track(lms_app, maker)
