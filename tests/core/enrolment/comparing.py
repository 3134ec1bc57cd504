"""The people of the machine, and what holds after each of its steps: database and book agree."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine, invariant

from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment, Reservation, Transition
from lms.db import db
from lms.journal.models import JournalEntry
from tests.core.enrolment.seeking import LIVE, SEAT


class World:
    """The people, their employers and those who decide: the same in every example."""

    def __init__(self, app, make) -> None:
        self.app, self.make, self.version = app, make, make.version()
        self.orgs = {name: make.organisation() for name in "AB"}
        self.lead = make.person()
        self.deciders = {"lead": self.lead.id}
        self.people: list[tuple[int, str | None]] = []
        self.managers: dict[int, str] = {}
        for name, organisation in self.orgs.items():
            manager = make.person()
            self.deciders[name] = manager.id
            for _ in range(4):
                person = make.person()
                make.assignment(person=person, organisation=organisation, manager=manager)
                self.people.append((person.id, name))
                self.managers[person.id] = name
        self.people += [(make.person().id, None) for _ in range(2)]

    def run(self, capacity: int) -> int:
        run = self.make.run(version=self.version, capacity=capacity, sessions=0)
        self.make.team_member(run=run, person=self.lead, role="programme_lead")
        return run.id


class Compared(RuleBasedStateMachine):
    """A machine whose `book` is to agree with the run `run_id` of the database."""

    world: World

    @invariant()
    def the_books_agree(self):
        if not hasattr(self, "book"):
            return
        with self.world.app.app_context():
            run = db.session.execute(db.select(Run.__table__).where(Run.id == self.run_id)).one()
            rows = db.session.execute(
                db.select(Enrolment.__table__)
                .where(Enrolment.run_id == self.run_id)
                .order_by(Enrolment.id)
            ).all()
            kept = db.session.execute(
                db.select(Reservation.__table__).where(Reservation.run_id == self.run_id)
            ).all()
        book = self.book
        assert run.state == book.state
        assert (run.capacity, run.taken, run.held) == (book.capacity, book.taken, book.held)
        assert run.taken + run.held <= run.capacity
        assert run.held == sum(one.seats - one.used for one in kept if one.released_at is None)
        names = {organisation.id: name for name, organisation in self.world.orgs.items()}
        assert {names[one.organisation_id]: (one.seats, one.used) for one in kept} == {
            name: (one.seats, one.used) for name, one in book.kept.items()
        }
        assert [row.state for row in rows] == [seek.state for seek in book.seeks]
        live = [row.person_id for row in rows if row.state in LIVE]
        assert len(live) == len(set(live))
        for row, seek in zip(rows, book.seeks, strict=True):
            assert row.person_id == seek.person
            assert row.answer_due == seek.due
            if row.state in SEAT:
                assert (row.reservation_id is not None) == seek.kept
            if row.state in LIVE:
                partner = next(
                    (
                        index
                        for index, other in enumerate(rows)
                        if row.pair_key and other is not row and other.pair_key == row.pair_key
                    ),
                    None,
                )
                assert partner == (seek.partner.number if seek.partner else None)
        waits = sorted(
            (row.rank, row.position, index)
            for index, row in enumerate(rows)
            if row.state == "waitlisted"
        )
        by_lot = sorted(book.queue, key=lambda one: one.lot)
        assert [index for _rank, _position, index in waits] == [one.number for one in by_lot]

    @invariant()
    def no_seat_is_idle_that_somebody_may_have(self):
        if hasattr(self, "book") and not self.book.waits_for_lots:
            for one in self.book.queue:
                assert self.book.may_have([one, one.partner] if one.partner else [one]) is None

    @invariant()
    def every_step_has_its_author(self):
        if not hasattr(self, "book"):
            return
        with self.world.app.app_context():
            steps = db.session.execute(
                db.select(Transition.__table__).where(Transition.id > self.seen[0])
            ).all()
            entries = db.session.execute(
                db.select(JournalEntry.__table__)
                .where(JournalEntry.id > self.seen[1])
                .where(JournalEntry.subject_kind == "enrolment")
            ).all()
            self.seen = (last(Transition), last(JournalEntry))
        told = sorted((one.subject_id, one.verb, one.actor_id) for one in entries)
        for step in steps:
            assert step.by_id == self.actor.person_id
            assert (step.enrolment_id, f"enrolment.{step.new}", step.by_id) in told


def last(table) -> int:
    return db.session.scalar(db.select(db.func.max(table.id))) or 0
