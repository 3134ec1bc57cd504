"""Rows for tests: people, organisations, courses, runs and enrolments with sensible defaults.

A `Maker` writes rows directly, without services, hooks or journal, so that a test can begin in
the middle of a story. What is not given is made. Rows come back detached with every column
loaded; their relationships are not.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.contracts import CourseType, LocalisedText
from lms.core.catalogue.models import (
    Course,
    CourseSession,
    CourseVersion,
    Run,
    RunHost,
    TeamMember,
)
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.states import WITH_SEAT
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import AccessRole, Assignment, Person
from lms.db import WRITER, Base, clean_text, db, now, search_key
from lms.testing.asked import asked
from lms.testing.defaults import (
    in_all_languages,
    key_of,
    moments_of,
    session_values,
    steps_to,
    version_values,
)
from lms.testing.specimen import SPECIMEN_TYPE

Row = TypeVar("Row", bound=Base)

ZONE = "Europe/Copenhagen"


class Maker:
    """Writes rows into the database of one app, each in a transaction of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = itertools.count(1)

    def write(self, *rows: Base) -> None:
        """Insert rows and leave them detached with every column loaded."""
        with self.app.app_context(), self._session() as session:
            session.add_all(rows)
            session.flush()
            for row in rows:
                session.refresh(row)
            session.commit()

    def reload(self, row: Row) -> Row:
        """The row as the database has it now; raises `LookupError` when it is gone."""
        with self.app.app_context(), self._session() as session:
            found = session.get(type(row), row.__mapper__.primary_key_from_instance(row))
        if found is None:
            raise LookupError(f"{row!r} is not in the database any more")
        return found

    def _session(self) -> Session:
        engine = db.engine.execution_options(**{WRITER: True})
        return Session(engine, expire_on_commit=False)

    # --- people and organisations ---------------------------------------------------------------

    def organisation(
        self,
        *,
        name: str | None = None,
        kind: str = "municipality",
        country: str = "DK",
        registration_number: str | None = None,
        parent: Organisation | None = None,
        **columns: Any,
    ) -> Organisation:
        """An organisation; by default a Danish municipality that is plainly made up."""
        name = clean_text(name or f"Prøvelev Kommune {next(self._numbers)}")
        row = Organisation(
            name=name,
            search_text=search_key(name),
            kind=kind,
            country=country,
            registration_number=registration_number,
            parent_id=parent.id if parent else None,
            **columns,
        )
        self.write(row)
        return row

    def unit(
        self,
        *,
        organisation: Organisation | None = None,
        name: str | None = None,
        kind: str = "home_care",
        **columns: Any,
    ) -> Unit:
        """A unit of an organisation; by default a home-care district."""
        organisation = organisation or self.organisation()
        name = name or f"Hjemmepleje, distrikt {next(self._numbers)}"
        row = Unit(organisation_id=organisation.id, name=name, kind=kind, **columns)
        self.write(row)
        return row

    def function(self, *, key: str | None = None, title: LocalisedText | None = None) -> Function:
        """What somebody is at work; by default a care worker."""
        row = Function(
            key=key or f"care-worker-{next(self._numbers)}",
            title=title
            or LocalisedText(
                da="Social- og sundhedsassistent", sv="Undersköterska", en="Care worker"
            ),
        )
        self.write(row)
        return row

    def person(
        self,
        *,
        name: str | None = None,
        email: str | None = "",
        password: str | None = None,
        language: str = "da",
        state: str = "active",
        **columns: Any,
    ) -> Person:
        """A person who can sign in; `email=None` leaves them without an address.

        `password` is hashed with the app's own, in tests cheap, parameters.
        """
        number = next(self._numbers)
        name = clean_text(name or f"Medarbejder {number}")
        if email == "":
            email = f"medarbejder{number}@proevelev.example"
        row = Person(
            name=name,
            search_text=search_key(f"{name} {email or ''}"),
            email=email,
            email_key=email.casefold() if email else None,
            password_hash=self._hash(password) if password else None,
            language=language,
            state=state,
            created_at=now(),
            **columns,
        )
        self.write(row)
        return row

    def _hash(self, password: str) -> str:
        from argon2 import PasswordHasher

        config = self.app.config
        return PasswordHasher(
            time_cost=config["PASSWORD_TIME_COST"],
            memory_cost=config["PASSWORD_MEMORY_KIB"],
            parallelism=config["PASSWORD_PARALLELISM"],
        ).hash(password)

    def assignment(
        self,
        *,
        person: Person | None = None,
        organisation: Organisation | None = None,
        unit: Unit | None = None,
        function: Function | None = None,
        manager: Person | None = None,
        from_day: date | None = None,
        to_day: date | None = None,
    ) -> Assignment:
        """Somebody works somewhere; by default since a year ago and still."""
        person = person or self.person()
        if unit is not None:
            organisation_id = unit.organisation_id
        else:
            organisation_id = (organisation or self.organisation()).id
        row = Assignment(
            person_id=person.id,
            function_id=(function or self.function()).id,
            organisation_id=organisation_id,
            unit_id=unit.id if unit else None,
            manager_id=manager.id if manager else None,
            from_day=from_day or (now() - timedelta(days=365)).date(),
            to_day=to_day,
        )
        self.write(row)
        return row

    def access_role(
        self, *, person: Person | None = None, role: str, organisation: Organisation | None = None
    ) -> AccessRole:
        """An access role in an organisation, or on the whole site when none is given."""
        row = AccessRole(
            person_id=(person or self.person()).id,
            role=role,
            organisation_id=organisation.id if organisation else None,
        )
        self.write(row)
        return row

    # --- courses and runs -----------------------------------------------------------------------

    def course(
        self,
        *,
        course_type: CourseType | str = SPECIMEN_TYPE,
        owner: Organisation | None = None,
        **columns: Any,
    ) -> Course:
        """A course of a type; by default of the specimen plugin's."""
        row = Course(
            course_type=key_of(course_type),
            owner_id=(owner or self.organisation()).id,
            created_at=now(),
            **columns,
        )
        self.write(row)
        return row

    def version(
        self,
        *,
        course: Course | None = None,
        course_type: CourseType | str = SPECIMEN_TYPE,
        title: LocalisedText | str | None = None,
        number: int = 1,
        state: str = "approved",
        minutes: int = 360,
        languages: Sequence[str] = ("da",),
        **columns: Any,
    ) -> CourseVersion:
        """A version of a course, approved, with phases and modules as its type plans them."""
        course = course or self.course(course_type=course_type)
        plan = course_type if isinstance(course_type, CourseType) else SPECIMEN_TYPE
        values = version_values(plan)
        row = CourseVersion(
            course_id=course.id,
            number=number,
            state=state,
            title=in_all_languages(title or f"Prøveforløb {next(self._numbers)}"),
            minutes=minutes,
            languages=list(languages),
            approved_at=now() if state == "approved" else None,
            **(values | columns),
        )
        self.write(row)
        return row

    def run(
        self,
        *,
        version: CourseVersion | None = None,
        course_type: CourseType | str = SPECIMEN_TYPE,
        title: LocalisedText | str | None = None,
        state: str = "open",
        capacity: int = 12,
        sessions: int | Sequence[datetime] = 2,
        session_minutes: int = 180,
        hosts: Sequence[Organisation] = (),
        partners: Sequence[Organisation] = (),
        visibility: str = "public",
        languages: Sequence[str] = ("da",),
        **columns: Any,
    ) -> Run:
        """A run with its course sessions and hosts.

        `sessions` is how many, a week apart and the first in four weeks, or when each begins
        (aware). Each lasts `session_minutes`.
        """
        version = version or self.version(course_type=course_type)
        moments = moments_of(sessions)
        length = timedelta(minutes=session_minutes)
        text = in_all_languages(title) if title else version.title
        values: dict[str, Any] = {
            "starts_at": moments[0] if moments else None,
            "ends_at": moments[-1] + length if moments else None,
            "venue": "Mødelokale 2, Rådhuset",
            "town": "Prøvelev",
            "zone": ZONE,
            "rule": dict(version.rule),
            "rule_fixed_at": now() if state not in {"planned", "announced"} else None,
            "search_text": search_key(f"{text.everything()} Prøvelev"),
        }
        row = Run(
            course_version_id=version.id,
            course_type=self._course_type_of(version),
            title=text,
            state=state,
            capacity=capacity,
            visibility=visibility,
            languages=list(languages),
            **(values | columns),
        )
        self.write(row)
        organisations = [(o, "host") for o in hosts or [self.organisation()]]
        organisations += [(o, "partner") for o in partners]
        self.write(
            *(
                RunHost(run_id=row.id, organisation_id=o.id, role=role, position=position)
                for position, (o, role) in enumerate(organisations, start=1)
            ),
            *(
                CourseSession(
                    run_id=row.id,
                    position=position,
                    starts_at=moment,
                    ends_at=moment + length,
                    venue=row.venue,
                    **session_values(position),
                )
                for position, moment in enumerate(moments, start=1)
            ),
        )
        return row

    def _course_type_of(self, version: CourseVersion) -> str:
        with self.app.app_context(), self._session() as session:
            course = session.get_one(Course, version.course_id)
            return course.course_type

    def sessions_of(self, run: Run) -> list[CourseSession]:
        """The course sessions of a run in their order."""
        from sqlalchemy import select

        query = select(CourseSession).where(CourseSession.run_id == run.id)
        with self.app.app_context(), self._session() as session:
            return list(session.scalars(query.order_by(CourseSession.position)))

    def team_member(
        self, *, run: Run | None = None, person: Person | None = None, role: str = "teacher"
    ) -> TeamMember:
        """Somebody in a run's team; by default a teacher."""
        row = TeamMember(
            run_id=(run or self.run()).id, person_id=(person or self.person()).id, role=role
        )
        self.write(row)
        return row

    # --- enrolments -----------------------------------------------------------------------------

    def enrolment(
        self,
        *,
        run: Run | None = None,
        person: Person | None = None,
        state: str = "seated",
        employer: Organisation | None = None,
        manager: Person | None = None,
        **columns: Any,
    ) -> Enrolment:
        """A person in a run in some state, with the steps that led there.

        States that hold a seat take one from the run's counter; who has waited gets the next place
        in the queue. A run without a free seat breaks its own check, as it should.
        """
        run = run or self.run()
        moment = now()
        values: dict[str, Any] = {"created_at": moment, "changed_at": moment}
        values["goal"] = "Jeg vil kunne vise det til mine kolleger."
        row = Enrolment(
            run_id=run.id,
            person_id=(person or self.person()).id,
            state=state,
            employer_id=employer.id if employer else None,
            manager_id=manager.id if manager else None,
            **(values | columns),
        )
        way = steps_to(state)
        with self.app.app_context(), self._session() as session:
            counters: dict[str, Any] = {}
            if state in WITH_SEAT:
                counters["taken"] = Run.taken + 1
            if waited := "waitlisted" in way and row.position is None:
                counters["queue_tail"] = Run.queue_tail + 1
            if counters:
                session.execute(update(Run).where(Run.id == run.id).values(**counters))
            if waited:
                row.position = session.get_one(Run, run.id).queue_tail
            session.add(row)
            session.flush()
            for old, new in itertools.pairwise([None, *way]):
                session.add(Transition(enrolment_id=row.id, old=old, new=new, at=row.created_at))
                session.flush()
            if state == "awaiting_approval":
                session.add(asked(row))
            session.refresh(row)
            session.commit()
        return row
