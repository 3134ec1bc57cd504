"""A company track with three companies and a student module with two groups, each with a panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

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
    put_into_groups,
    runs_by_id,
    unit_of_work,
)
from lms.core.messages.models import Mail
from lms.jobs import drain
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_courses.models import Application, Call
from lms_courses.queries.panels import (
    PanelFacts,
    SubjectFacts,
    candidates,
    forms_on,
    living,
    own_forms,
    panel_by_key,
    stamp_of,
    subjects_of,
)
from lms_courses.services import panels as services
from lms_courses.services.panel_release import release
from lms_courses.services.panels import FormValues
from lms_courses.types import COMPANY, STUDENT, type_data

COMPANIES = ("Opdigtet Alarm ApS", "Opdigtet Lift A/S", "Opdigtet Seng ApS")


class Fair:
    """Stands in for whoever keeps contacts fair: refuses what companies are told, by their id."""

    def __init__(self) -> None:
        self.refused: set[int] = set()
        self.made: list[tuple[ContactFacts, ...]] = []

    @hookimpl
    def lms_check_contacts(self, contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
        said = LocalisedText(
            da="Et udbud er på vej. Den indkøbsansvarlige åbner igen.",
            sv="En upphandling är på väg. Den inköpsansvariga öppnar igen.",
            en="A tender is coming. The procurement officer opens again.",
        )
        return [
            Refusal(code="fair.frozen", message=said, index=index)
            for index, one in enumerate(contacts)
            if one.company_id in self.refused
        ]

    @hookimpl
    def lms_after_contacts(self, contacts: Sequence[ContactFacts], actor: Actor) -> None:
        self.made.append(tuple(contacts))


class Stage:
    """Who is there, and what they do in short."""

    def __init__(self, app: Flask, maker: Maker, fair: Fair) -> None:
        self.app, self.maker, self.fair = app, maker, fair
        self.host = maker.organisation(name="Prøvelev Kommune")
        self.school = maker.organisation(name="Prøvelev Skole", kind="institution")
        self.lead = self.person("Lene Leder", self.host, "programme_lead")
        self.teacher = self.person("Tove Teori", self.school, "teacher")
        self.care = self.person("Sofie Sygeplejerske", self.host)
        self.council = self.person("Bent Borgerråd", self.host)
        self.chief = self.person("Carla Chef", self.host, "manager")

    def person(self, name: str, where: Any, role: str = "") -> Any:
        """Somebody who works at a place, with an access role there."""
        person = self.maker.person(name=name, language="en")
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

    def facts(self, run: Any) -> RunFacts:
        """A run as it is now."""
        found: RunFacts = self.ask(runs_by_id, [run.id])[run.id]
        return found

    # --- pages and letters ------------------------------------------------------------------------

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in."""
        return sign_in_as(self.app.test_client(), person)

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        return self.client(person).get(f"{address}?lang=en")

    def text(self, person: Any, address: str) -> str:
        """The page, which is there."""
        answer = self.page(person, address)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.get_data(as_text=True))

    def post(self, person: Any, address: str, **fields: Any) -> Any:
        """A form that somebody sends in English."""
        client = self.client(person)
        data = {"csrf_token": csrf_of(client)} | fields
        return client.post(f"{address}?lang=en", data=data)

    def letters(self) -> list[Mail]:
        """What was told and sent: all mails so far."""
        with self.app.app_context():
            drain()
            mails = list(db.session.scalars(select(Mail).order_by(Mail.id)))
            db.session.expunge_all()
            return mails


class Round:
    """One panel of a run, with short words for what is done on it."""

    def __init__(self, stage: Stage, run: Any, kind: str, leader: Any) -> None:
        self.stage, self.run, self.kind, self.leader = stage, run, kind, leader
        self.key = ""

    def set_up(self, at: datetime | None = None) -> None:
        """The leader sets it up, by default two hours ago."""
        moment = at or now() - timedelta(hours=2)
        stage = self.stage
        self.key = stage.do(
            services.set_up_panel, stage.facts(self.run), self.kind, moment, self.actor
        )

    @property
    def actor(self) -> Actor:
        """Who leads it."""
        return self.stage.actor(self.leader)

    @property
    def panel(self) -> PanelFacts:
        """As it stands now."""
        found = self.stage.ask(panel_by_key, self.key)
        assert found is not None
        return found

    @property
    def subjects(self) -> dict[str, SubjectFacts]:
        """Whom it hears, by name."""
        return {one.name: one for one in self.stage.ask(subjects_of, [self.panel.id])}

    def give(self, person: Any, name: str, seen: str | None = None, **said: Any) -> None:
        """Somebody fills in the form about a company or group."""
        values = {"role": "staff", "understood": 3, "useful": 2, "safe": 4} | said
        if seen is None:
            before = self.stage.ask(own_forms, self.panel.id, person.id)
            mine = before.get(self.subjects[name].id)
            seen = mine.written_at.isoformat() if mine else ""
        self.stage.do(
            services.give_feedback,
            self.subjects[name],
            self.stage.facts(self.run),
            FormValues(**values),
            self.stage.actor(person),
            seen=seen,
        )

    def sum_up(self, name: str, text: str) -> None:
        """The leader writes what they are told."""
        subject = self.subjects[name]
        seen = self.stage.ask(stamp_of, [subject])
        self.stage.do(services.save_summary, subject, text, self.actor, seen=seen)

    def stamp(self) -> str:
        """What the leader's page shows, in short."""
        wanted = self.stage.ask(candidates, self.stage.facts(self.run))
        there = living(list(self.subjects.values()), wanted)[0]
        forms = self.stage.ask(forms_on, [one.id for one in there])
        return str(self.stage.ask(stamp_of, there, forms))

    def release(self, seen: str | None = None) -> int:
        """The leader sends it to all."""
        stage = self.stage
        sent: int = stage.do(
            release,
            self.panel,
            stage.facts(self.run),
            self.actor,
            seen=self.stamp() if seen is None else seen,
        )
        return sent


class Track(Round):
    """A company track with three companies, two people on its panel."""

    def __init__(self, stage: Stage) -> None:
        run = stage.maker.run(
            course_type=type_data(COMPANY).plan,
            hosts=[stage.host],
            partners=[stage.school],
            state="running",
        )
        super().__init__(stage, run, "feedback_day", stage.lead)
        moment = now()
        criteria = LocalisedText(da="Til plejen.", sv="Till vården.", en="For care.")
        stage.maker.write(
            Call(
                run_id=run.id,
                criteria=criteria,
                places=6,
                category="lifts",
                opens_at=moment - timedelta(days=60),
                closes_at=moment - timedelta(days=30),
            )
        )
        self.companies: dict[str, Any] = {}
        self.sellers: dict[str, Any] = {}
        for name in COMPANIES:
            self.place(name)
        for person in (stage.care, stage.council):
            stage.maker.team_member(run=run, person=person, role="panel_member")

    def place(self, name: str) -> None:
        """A company that has its place, with somebody in the run."""
        maker = self.stage.maker
        company = maker.organisation(name=name, kind="company")
        seller = self.stage.person(f"Sælger, {name}", company)
        self.companies[name], self.sellers[name] = company, seller
        mail = f"kontakt@{name.split()[1].casefold()}.example"
        maker.write(
            Application(
                run_id=self.run.id,
                organisation_id=company.id,
                name=name,
                name_key=name.casefold(),
                country="DK",
                size="small",
                contact_name="Kim Kontakt",
                contact_email=mail,
                people=[{"name": seller.name, "email": seller.email}],
                why="Vi vil lære.",
                language="da",
                declared_at=now(),
                created_at=now(),
                state="confirmed",
            )
        )
        maker.enrolment(run=self.run, person=seller, state="active", employer=company)

    def filled(self) -> None:
        """Set up, with a form and a summary for each."""
        self.set_up()
        for name in self.subjects:
            self.give(self.stage.care, name, good=f"GOD-{name}")
            self.sum_up(name, f"SUM-{name}")


class Module(Round):
    """A student module with two groups of two; practice and a company are on the panel."""

    def __init__(self, stage: Stage) -> None:
        run = stage.maker.run(
            course_type=type_data(STUDENT).plan, hosts=[stage.school], state="running"
        )
        super().__init__(stage, run, "pitch", stage.teacher)
        stage.maker.team_member(run=run, person=stage.teacher)
        self.company = stage.maker.organisation(name="Opdigtet Måling ApS", kind="company")
        self.seller = stage.person("Sanne Sælger", self.company)
        for person in (stage.chief, self.seller):
            stage.maker.team_member(run=run, person=person, role="panel_member")
        self.students: dict[str, list[Any]] = {}
        self.seats: dict[int, int] = {}
        for group in ("Gruppe A", "Gruppe B"):
            self.students[group] = [
                stage.person(f"Studerende {group} {n}", stage.school) for n in (1, 2)
            ]
            for person in self.students[group]:
                seat = stage.maker.enrolment(run=run, person=person, state="active")
                self.seats[person.id] = seat.id
        self.regroup({one.id: group for group, people in self.students.items() for one in people})

    def regroup(self, wanted: dict[int, str]) -> None:
        """Students by id get into groups by name; "" is none."""
        self.stage.do(
            put_into_groups,
            self.run.id,
            {self.seats[person_id]: name for person_id, name in wanted.items()},
            self.actor,
        )


@pytest.fixture
def fair() -> Fair:
    return Fair()


@pytest.fixture
def lms_plugins(fair: Fair) -> Sequence[Any]:
    return ["courses", ("fair", fair)]


@pytest.fixture
def stage(lms_app: Flask, maker: Maker, fair: Fair) -> Stage:
    return Stage(lms_app, maker, fair)


@pytest.fixture
def track(stage: Stage) -> Track:
    return Track(stage)


@pytest.fixture
def module(stage: Stage) -> Module:
    return Module(stage)
