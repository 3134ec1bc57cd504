"""A desk from which the tests of this room give seats: employers, people, runs with terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.models import Run
from lms.core.enrolment import services
from lms.core.enrolment.models import Approval, Enrolment, Transition
from lms.core.enrolment.queries import reservations_of, terms_of
from lms.core.enrolment.services import Entry, Wish
from lms.core.refused import Refused
from lms.db import db
from lms.journal.models import JournalEntry
from lms.work import unit_of_work


class Desk:
    """Short words for long deeds. Enrolments, people and runs go by their ids."""

    def __init__(self, app, make) -> None:
        self.app, self.make = app, make
        self.version = make.version()
        self.a, self.b = make.organisation(), make.organisation()

    def do(self, call, *arguments, **options):
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def refused(self, call, *arguments, **options) -> list[str]:
        """The codes of the reasons against it."""
        with pytest.raises(Refused) as caught:
            self.do(call, *arguments, **options)
        return [reason.code for reason in caught.value.refusals]

    def look(self, query, *arguments, **options):
        """A question, in a context of its own."""
        with self.app.app_context():
            return query(*arguments, **options)

    # --- making ---------------------------------------------------------------------------------

    def run(self, capacity=2, *, lead=None, version=None, **terms) -> int:
        """A run that asks nobody unless `approvers` say so, with these terms."""
        run = self.make.run(version=version or self.version, capacity=capacity, sessions=0)
        if lead is not None:
            self.make.team_member(run=run, person=lead, role="programme_lead")
        self.terms(run.id, **({"approvers": (), "in_pairs": True} | terms))
        return run.id

    def terms(self, run, **terms) -> None:
        with self.app.app_context(), unit_of_work():
            services.set_terms(replace(terms_of([run])[run], **terms), SYSTEM)

    def person(self, employer=None, manager=None, unit=None) -> int:
        person = self.make.person()
        if employer is not None or unit is not None:
            self.make.assignment(person=person, organisation=employer, manager=manager, unit=unit)
        return person.id

    # --- doing ----------------------------------------------------------------------------------

    def ask(self, run, employer=None, *, person=None, actor=SYSTEM, **options) -> int:
        return self.do(
            services.ask_for_seat, person or self.person(employer), run, actor, **options
        )

    def pair(self, run, *employers, nominated=True) -> list[int]:
        """Two who go together: nominated, or the first asks for both."""
        people = [self.person(employer) for employer in employers]
        actor = SYSTEM if nominated else Actor(person_id=people[0])
        return self.do(
            services.ask_together,
            [Wish(person_id=person) for person in people],
            run,
            actor,
            entry=Entry(source="nomination") if nominated else None,
        )

    def keep(self, run, organisation, seats, until=None) -> int:
        self.do(services.keep_for, run, organisation.id, seats, until, SYSTEM)
        rows = self.look(reservations_of, [run])[run]
        return next(row.id for row in rows if row.organisation_id == organisation.id)

    def withdraw(self, *enrolments) -> None:
        for enrolment in enrolments:
            self.do(services.withdraw, enrolment, SYSTEM, "because")

    # --- looking --------------------------------------------------------------------------------

    def row(self, enrolment) -> Enrolment:
        with self.app.app_context():
            found = db.session.get_one(Enrolment, enrolment)
            db.session.expunge(found)
            return found

    def states(self, *enrolments) -> list[str]:
        return [self.row(enrolment).state for enrolment in enrolments]

    def seats(self, run) -> tuple[int, int]:
        """How many are taken and kept."""
        with self.app.app_context():
            return tuple(
                db.session.execute(db.select(Run.taken, Run.held).where(Run.id == run)).one()
            )

    def entries(self, verb) -> list[JournalEntry]:
        with self.app.app_context():
            found = db.session.scalars(
                db.select(JournalEntry).where(JournalEntry.verb == verb).order_by(JournalEntry.id)
            ).all()
            db.session.expunge_all()
            return list(found)

    def approvals(self, enrolment) -> list[Approval]:
        with self.app.app_context():
            found = db.session.scalars(
                db.select(Approval)
                .where(Approval.enrolment_id == enrolment)
                .order_by(Approval.position)
            ).all()
            db.session.expunge_all()
            return list(found)

    def authors(self, enrolment) -> list[tuple[str, int | None]]:
        with self.app.app_context():
            rows = db.session.execute(
                db.select(Transition.new, Transition.by_id)
                .where(Transition.enrolment_id == enrolment)
                .order_by(Transition.id)
            )
            return [tuple(row) for row in rows]


@pytest.fixture
def desk(lms_app, maker) -> Desk:
    """See `Desk`."""
    return Desk(lms_app, maker)
