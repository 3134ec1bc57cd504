"""Everything that can happen to the seats of a run, in any order, held to a model kept by hand."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.models import Run
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.models import Enrolment, Reservation, Transition
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services import Entry, Wish
from lms.core.refused import Refused
from lms.db import db, now, stopped_clock
from lms.journal.models import JournalEntry
from lms.work import unit_of_work
from tests.core.enrolment.comparing import Compared, World, last
from tests.core.enrolment.seeking import LIVE, No, Rules, Seek
from tests.core.enrolment.the_rules import Book

PROVE = os.environ.get("LMS_PROVE") == "1"
EXAMPLES = int(os.environ.get("LMS_MACHINE_EXAMPLES", "2000" if PROVE else "15"))
STEPS = 50 if PROVE else 25
# Making a failing example smaller takes minutes: worth it where somebody looks at one.
PHASES = (Phase.explicit, Phase.generate, *((Phase.shrink,) if "LMS_SHRINK" in os.environ else ()))
BEGIN = datetime(2031, 3, 3, 9, tzinfo=UTC)

PICK = st.integers(0, 40)
ORG = st.sampled_from(["A", "B"])
APPROVERS = st.sampled_from(
    [(), (), ("line_manager",), ("line_manager", "programme_lead"), ("programme_lead",)]
)
TERMS = {
    "per_employer": st.sampled_from([None, None, 1, 2, 3]),
    "waiting": st.sampled_from(["first_come", "shares", "lottery"]),
    "after_no": st.sampled_from(["leave", "return"]),
}
NAMES = {"waiting": "waiting_rule"}


class Machine(Compared):
    """One run, from its first request until it begins, is cancelled or goes into another."""

    # --- setting up and looking -----------------------------------------------------------------

    @initialize(
        capacity=st.integers(0, 5),
        approvers=APPROVERS,
        approval=st.sampled_from(["in_order", "any"]),
        waiting=TERMS["waiting"],
        per_employer=TERMS["per_employer"],
        after_no=TERMS["after_no"],
    )
    def begin(self, capacity, approvers, approval, waiting, per_employer, after_no):
        self.stack = ExitStack()
        self.stack.enter_context(stopped_clock(BEGIN))
        rules = Rules(approvers, approval, waiting, per_employer=per_employer, after_no=after_no)
        self.runs: list[int] = []
        self.step = 0
        self.open_book(capacity, rules)

    def open_book(self, capacity: int, rules: Rules) -> Book:
        self.book = Book(capacity, rules, self.world.managers, now())
        self.run_id = self.world.run(capacity)
        self.runs.append(self.run_id)
        self.digest = None
        with self.world.app.app_context():
            self.seen = (last(Transition), last(JournalEntry))
        self.actor = SYSTEM
        self.write_terms(
            approvers=rules.approvers,
            approval=rules.approval,
            waiting_rule=rules.waiting,
            per_employer=rules.per_employer,
            after_no=rules.after_no,
            in_pairs=True,
        )
        return self.book

    def write_terms(self, **columns) -> None:
        with self.world.app.app_context(), unit_of_work():
            before = terms_of([self.run_id])[self.run_id]
            services.set_terms(replace(before, **columns), SYSTEM)
            terms = terms_of([self.run_id])[self.run_id]
            assert (terms.draw_seed is None) == (terms.drawn_at is None)
            self.digest = terms.draw_digest

    def teardown(self):
        if not hasattr(self, "stack"):
            return
        with self.world.app.app_context(), unit_of_work():  # the next one's time begins again
            there = Enrolment.run_id.in_(self.runs)
            db.session.execute(
                db.update(Enrolment).where(there).values(state="cancelled", answer_due=None)
            )
            db.session.execute(
                db.update(Run).where(Run.id.in_(self.runs)).values(state="cancelled")
            )
        self.stack.close()

    def deed(self, actor, call, told=None):
        """Do it, and write it into the book; both allow it, or neither does."""
        self.actor, self.step = actor, self.step + 1
        try:
            with self.world.app.app_context(), unit_of_work():
                call()
            allowed = True
        except Refused:
            allowed = False
        try:
            told()
        except No:
            assert not allowed, "the rules do not allow it"
        else:
            assert allowed, "the rules allow it"

    def one(self, pick) -> tuple[Seek, int] | None:
        """Somebody in the book, those alive first, and the id of their enrolment."""
        seeks = sorted(self.book.seeks, key=lambda one: (one.state not in LIVE, one.number))
        if not seeks:
            return None
        seek = seeks[pick % len(seeks)]
        return seek, self.ids()[seek.number]

    def ids(self) -> list[int]:
        with self.world.app.app_context():
            statement = db.select(Enrolment.id).where(Enrolment.run_id == self.run_id)
            return list(db.session.scalars(statement.order_by(Enrolment.id)))

    def lots(self) -> tuple[str, dict[int, str]]:
        """The seed once it is published, and by whose key each drew."""
        with self.world.app.app_context():
            seed = db.session.scalar(
                db.select(JournalEntry.data)
                .where(JournalEntry.verb == "enrolment.drawn")
                .where(JournalEntry.subject_id == self.run_id)
                .order_by(JournalEntry.id.desc())
            )
            rows = db.session.execute(
                db.select(Enrolment.key, Enrolment.pair_key)
                .where(Enrolment.run_id == self.run_id)
                .order_by(Enrolment.id)
            ).all()
        found = seed["seed"] if seed else ""
        if self.book.waits_for_lots and found:
            assert hashlib.sha256(found.encode()).hexdigest() == self.digest
        return found, {number: row.pair_key or row.key for number, row in enumerate(rows)}

    # --- asking and answering -------------------------------------------------------------------

    @rule(pick=PICK)
    def ask(self, pick):
        person, org = self.world.people[pick % len(self.world.people)]
        self.deed(
            Actor(person_id=person),
            lambda: services.ask_for_seat(person, self.run_id, Actor(person_id=person), goal="x"),
            lambda: self.book.ask([(person, org)]),
        )

    @rule(first=PICK, second=st.integers(1, 9))
    def ask_for_two(self, first, second):
        people = self.world.people
        pair = [people[first % len(people)], people[(first + second) % len(people)]]
        actor = Actor(person_id=pair[0][0])
        wishes = [Wish(person_id=person) for person, _org in pair]
        self.deed(
            actor,
            lambda: services.ask_together(wishes, self.run_id, actor),
            lambda: self.book.ask(pair),
        )

    @rule(first=PICK, second=st.integers(0, 3), by=st.sampled_from(["A", "B", "lead"]))
    def nominate(self, first, second, by):
        people = self.world.people
        who = [people[first % len(people)]]
        if second:
            who.append(people[(first + second) % len(people)])
        actor, entry = Actor(person_id=self.world.deciders[by]), Entry(source="nomination")
        wishes = [Wish(person_id=person) for person, _org in who]

        def call():
            if len(wishes) == 2:
                services.ask_together(wishes, self.run_id, actor, entry=entry)
            else:
                person = wishes[0].person_id
                services.ask_for_seat(person, self.run_id, actor, entry=entry)

        self.deed(actor, call, lambda: self.book.ask(who, by))

    @rule(pick=PICK, own=st.booleans())
    def confirm(self, pick, own):
        if found := self.one(pick):
            seek, id_ = found
            person = seek.person if own else self.world.people[0][0]
            self.deed(
                Actor(person_id=person),
                lambda: services.confirm(id_, Actor(person_id=person)),
                lambda: self.book.confirm(seek, person),
            )

    @rule(pick=PICK, who=st.sampled_from(["A", "B", "lead", "right", "right"]), yes=st.booleans())
    def answer(self, pick, who, yes):
        if found := self.one(pick):
            seek, id_ = found
            if who == "right":
                who = (*self.book.who_may_answer(seek), "lead")[0]
            actor = Actor(person_id=self.world.deciders[who])
            if yes or pick % 2:
                call, told = (lambda: services.say_yes(id_, actor)), self.book.yes
            else:
                call, told = (lambda: services.say_no(id_, actor, "because")), self.book.no
            self.deed(actor, call, lambda: told(seek, who))

    @rule(pick=PICK, what=st.sampled_from(["accept_offer", "decline_offer", "withdraw"]))
    def react(self, pick, what):
        if found := self.one(pick):
            seek, id_ = found
            actor = Actor(person_id=seek.person)
            told = {"accept_offer": "accept", "decline_offer": "decline", "withdraw": "withdraw"}
            self.deed(
                actor,
                lambda: getattr(services, what)(id_, actor),
                lambda: getattr(self.book, told[what])(seek),
            )

    @rule(pick=PICK, to=PICK, by=ORG)
    def hand_over(self, pick, to, by):
        if found := self.one(pick):
            seek, id_ = found
            person, org = self.world.people[to % len(self.world.people)]
            actor = Actor(person_id=self.world.deciders[by])
            self.deed(
                actor,
                lambda: services.hand_over(id_, person, actor),
                lambda: self.book.hand_over(seek, person, org),
            )

    # --- the run --------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 73, 130, 241]))
    def time_goes_by(self, hours):
        moment = now() + timedelta(hours=hours)
        self.stack.enter_context(stopped_clock(moment))

        def call():
            services.lapse_overdue(SYSTEM)
            services.release_due()

        self.deed(SYSTEM, call, lambda: self.book.time(moment))

    @rule(capacity=st.integers(0, 8))
    def change_capacity(self, capacity):
        self.deed(
            SYSTEM,
            lambda: services.change_capacity(self.run_id, capacity, SYSTEM),
            lambda: self.book.change_capacity(capacity),
        )

    @rule(org=ORG, seats=st.integers(0, 3), days=st.sampled_from([None, 2, 20]))
    def keep(self, org, seats, days):
        until = now() + timedelta(days=days) if days else None
        whose = self.world.orgs[org].id
        self.deed(
            SYSTEM,
            lambda: services.keep_for(self.run_id, whose, seats, until, SYSTEM),
            lambda: self.book.keep(org, seats, until),
        )

    @precondition(lambda self: any(not one.released for one in self.book.kept.values()))
    @rule(org=ORG)
    def release(self, org):
        if org not in self.book.kept or self.book.kept[org].released:
            return
        with self.world.app.app_context():
            id_ = db.session.scalar(
                db.select(Reservation.id).where(
                    Reservation.run_id == self.run_id,
                    Reservation.organisation_id == self.world.orgs[org].id,
                )
            )
        self.deed(
            SYSTEM,
            lambda: services.release(id_, self.run_id, SYSTEM),
            lambda: self.book.release(org),
        )

    @rule(data=st.data(), name=st.sampled_from(sorted(TERMS)))
    def change_terms(self, data, name):
        value = data.draw(TERMS[name])
        self.deed(
            SYSTEM,
            lambda: services.set_terms(
                replace(terms_of([self.run_id])[self.run_id], **{NAMES.get(name, name): value}),
                SYSTEM,
            ),
            lambda: self.book.change_rules(**{name: value}),
        )
        with self.world.app.app_context():
            self.digest = terms_of([self.run_id])[self.run_id].draw_digest

    @rule()
    def draw(self):
        self.deed(
            SYSTEM,
            lambda: services.draw(self.run_id, SYSTEM),
            lambda: self.book.draw(*self.lots()),
        )

    @rule(new=st.sampled_from(["closed", "open", "open", "running", "cancelled"]))
    def change_state(self, new):
        if new in ("running", "cancelled") and self.step < 10:
            return
        told = {
            "closed": lambda: self.book.close(*self.lots()),
            "open": self.book.reopen,
            "running": lambda: self.book.start(*self.lots()),
            "cancelled": self.book.cancel,
        }
        self.deed(SYSTEM, lambda: change_run_state(self.run_id, new, SYSTEM, "because"), told[new])

    @precondition(lambda self: self.step >= 10)
    @rule(capacity=st.integers(0, 6))
    def merge(self, capacity):
        left, run_id, rules = self.book, self.run_id, self.book.rules
        to = self.open_book(capacity, Rules(rules.approvers, rules.approval))
        actor = Actor(person_id=self.world.lead.id)
        self.deed(
            actor,
            lambda: services.merge_runs(run_id, self.run_id, actor, "too few"),
            lambda: left.into(to),
        )
        if not to.seeks:
            self.book, self.run_id = left, run_id


def test_any_order_of_deeds_leaves_seats_and_queue_as_the_rules_say(lms_app, maker):
    Machine.world = World(lms_app, maker)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            derandomize=not PROVE and "LMS_MACHINE_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
