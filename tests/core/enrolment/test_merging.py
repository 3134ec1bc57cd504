"""Too few people: warned of, decided on, and everybody brought into another run."""

from __future__ import annotations

from datetime import timedelta

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services import Entry


def came_from(desk, *rows):
    """The enrolments in the other run that came of these."""
    from lms.core.enrolment.models import Enrolment
    from lms.db import db

    with desk.app.app_context():
        found = dict(
            db.session.execute(
                db.select(Enrolment.handed_from_id, Enrolment.id).where(
                    Enrolment.handed_from_id.in_(rows)
                )
            ).all()
        )
    return [found[row] for row in rows]


def test_everybody_goes_with_what_they_have(desk, clock):
    run, into = desk.run(2, approvers=()), desk.run(4)
    holder = desk.ask(into)
    leaver, seated, first, second = (desk.ask(run, desk.a) for _ in range(4))
    desk.withdraw(leaver)
    due = desk.row(first).answer_due
    assert desk.states(first, second) == ["offered", "waitlisted"]
    desk.terms(run, approvers=("line_manager",))
    desk.terms(into, approvers=("line_manager",))
    manager = desk.make.person()
    asking = desk.ask(run, person=desk.person(desk.a, manager))
    lead = Actor(person_id=desk.person())
    clock.move(hours=1)
    assert desk.do(services.merge_runs, run, into, lead, "too few") == 4
    new = came_from(desk, seated, first, second, asking)
    assert desk.states(seated, first, second, asking) == ["cancelled"] * 4
    assert desk.states(holder, *new) == [
        "seated",
        "seated",
        "offered",
        "offered",
        "awaiting_approval",
    ]
    assert desk.row(new[1]).answer_due == due
    assert [one.approver_id for one in desk.approvals(new[3])] == [manager.id]
    assert desk.approvals(asking)[0].state == "over"
    assert desk.seats(run) == (0, 0)
    assert desk.seats(into) == (4, 0)
    assert desk.authors(new[0]) == [("requested", lead.person_id), ("seated", lead.person_id)]
    assert desk.entries("enrolment.cancelled")[0].data["merged_into"] == into
    assert desk.row(new[0]).employer_id == desk.a.id
    assert desk.look(terms_of, [run])[run].minimum_decision == "merge"
    (decided,) = desk.entries("enrolment.minimum_decided")
    assert decided.data == {"decision": "merge", "into": into}
    assert desk.entries("catalogue.run_cancelled")[0].subject_id == run


def test_the_queue_goes_on_in_its_order_behind_those_who_wait_there(desk):
    run = desk.run(0, waiting_rule="lottery")
    into = desk.run(0)
    ahead = desk.ask(into)
    rows = [desk.ask(run) for _ in range(6)]
    desk.do(services.draw, run, SYSTEM)
    order = sorted(rows, key=lambda row: desk.row(row).rank)
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    there = [ahead, *came_from(desk, *order)]
    for seats in range(1, 8):
        desk.do(services.change_capacity, into, seats, SYSTEM)
        assert desk.states(*there).count("offered") == seats
        assert desk.states(there[seats - 1]) == ["offered"]


def test_into_a_run_whose_lots_are_drawn_one_comes_behind(desk):
    run, into = desk.run(0), desk.run(0, waiting_rule="lottery")
    ahead = desk.ask(into)
    desk.do(services.draw, into, SYSTEM)
    row = desk.ask(run)
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    (came,) = came_from(desk, row)
    desk.do(services.change_capacity, into, 1, SYSTEM)
    assert desk.states(ahead, came) == ["offered", "waitlisted"]


def test_pairs_stay_pairs(desk, clock):
    run, into = desk.run(4, approvers=("line_manager",)), desk.run(4, approvers=())
    agreed, waits = desk.pair(run, desk.a, desk.a)
    desk.do(services.say_yes, agreed, SYSTEM)
    asked, silent = desk.pair(run, desk.a, desk.a, nominated=False)
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    one, other, third, resting = came_from(desk, agreed, waits, asked, silent)
    assert desk.states(one, other) == ["seated", "seated"]  # nobody's yes is needed there
    assert desk.states(third, resting) == ["awaiting_approval", "requested"]
    assert desk.row(resting).answer_due == clock.now + timedelta(days=10)
    colleague = Actor(person_id=desk.row(resting).person_id)
    assert desk.do(services.confirm, resting, colleague) == "seated"
    assert desk.states(third, resting) == ["seated", "seated"]


def test_a_pair_in_line_goes_in_line(desk):
    run, into = desk.run(1), desk.run(0)
    pair = desk.pair(run, desk.a, desk.a)
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    there = came_from(desk, *pair)
    desk.do(services.change_capacity, into, 1, SYSTEM)
    assert desk.states(*there) == ["waitlisted"] * 2
    desk.do(services.change_capacity, into, 2, SYSTEM)
    assert desk.states(*there) == ["offered"] * 2


def test_a_nomination_stays_the_managers_yes(desk):
    manager = desk.make.person()
    run, into = (desk.run(0, approvers=("line_manager",)) for _ in range(2))
    desk.terms(into, approvers=("line_manager", "programme_lead"))
    desk.terms(run, approvers=("line_manager", "programme_lead"))
    row = desk.ask(
        run,
        person=desk.person(desk.a, manager),
        actor=Actor(person_id=manager.id),
        entry=Entry(source="nomination"),
    )
    assert [one.state for one in desk.approvals(row)] == ["yes", "open"]
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    (came,) = came_from(desk, row)
    assert [(one.state, one.decided_by_id) for one in desk.approvals(came)] == [
        ("yes", manager.id),
        ("open", None),
    ]
    assert desk.row(came).nominated_by_id == manager.id


def test_it_is_refused_when_there_are_too_few_seats_and_nothing_has_changed(desk):
    run, into = desk.run(3), desk.run(2)
    rows = [desk.ask(run) for _ in range(3)]
    too_few = desk.refused(services.merge_runs, run, into, SYSTEM, "too few")
    assert too_few == ["into.too_few"]
    assert desk.states(*rows) == ["seated"] * 3
    assert (desk.seats(run), desk.seats(into)) == ((3, 0), (0, 0))
    desk.keep(into, desk.a, 2)
    desk.withdraw(*rows[:2])
    assert desk.refused(services.merge_runs, run, into, SYSTEM, "x") == ["into.too_few"]


def test_kept_seats_there_are_for_those_they_are_kept_for(desk):
    run, into = desk.run(2), desk.run(2)
    desk.keep(into, desk.a, 2)
    rows = [desk.ask(run, desk.a) for _ in range(2)]
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    assert desk.states(*came_from(desk, *rows)) == ["seated"] * 2
    assert desk.seats(into) == (2, 0)


def test_it_is_refused_when_an_employer_would_have_too_many(desk):
    run, into = desk.run(2), desk.run(4, per_employer=1)
    for _ in range(2):
        desk.ask(run, desk.a)
    reasons = desk.refused(services.merge_runs, run, into, SYSTEM, "too few")
    assert reasons == ["into.per_employer"]


def test_who_is_in_both_has_the_better_of_the_two(desk):
    run, into = desk.run(3), desk.run(4)
    people = [desk.person(desk.a) for _ in range(3)]
    here = [desk.ask(run, person=person) for person in people]
    desk.do(services.change_capacity, into, 1, SYSTEM)
    there = [desk.ask(into, person=person) for person in people[:2]]
    assert desk.states(*there) == ["seated", "waitlisted"]
    desk.terms(into, per_employer=3)
    desk.refused(services.merge_runs, run, into, SYSTEM, "too few")
    desk.withdraw(there[0])
    assert desk.states(there[1]) == ["offered"]
    desk.do(services.change_capacity, into, 3, SYSTEM)
    third = desk.ask(into, person=desk.person(desk.b))
    assert desk.states(third) == ["seated"]
    desk.withdraw(third)
    assert desk.do(services.merge_runs, run, into, SYSTEM, "too few") == 3
    assert desk.states(there[1]) == ["seated"]
    assert desk.states(*came_from(desk, here[0], here[2])) == ["seated"] * 2
    assert desk.seats(into) == (3, 0)


def test_who_waits_there_and_has_a_seat_here_has_one_there(desk):
    run, into = desk.run(1), desk.run(2, per_employer=1)
    desk.ask(into, desk.a)
    person = desk.person(desk.b)
    here = desk.ask(run, person=person)
    full = desk.ask(into, desk.a)
    desk.keep(into, desk.b, 1)
    desk.terms(into, approvers=("line_manager",))
    there = desk.ask(into, person=person)
    assert desk.states(full, there) == ["waitlisted", "awaiting_approval"]
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    assert desk.states(there, *came_from(desk, here)) == ["withdrawn", "seated"]
    assert desk.approvals(there)[0].state == "over"


def test_only_into_another_open_run_of_the_same_course(desk):
    run, closed = desk.run(1), desk.run(1)
    other_course = desk.run(1, version=desk.make.version())
    desk.do(change_run_state, closed, "closed", SYSTEM)
    for into in (run, closed, other_course):
        reasons = desk.refused(services.merge_runs, run, into, SYSTEM, "too few")
        assert reasons == ["into.other"]
    desk.do(services.merge_runs, closed, run, SYSTEM, "too few")
    over = desk.refused(services.merge_runs, closed, run, SYSTEM, "too few")
    assert over == ["changed"]


# --- warned once --------------------------------------------------------------------------------


def test_the_leads_are_told_once_that_there_are_too_few(desk, clock):
    run = desk.run(5, minimum=2, decide_by=clock.now + timedelta(days=8))
    enough = desk.run(5, minimum=1, decide_by=clock.now + timedelta(days=1))
    over = desk.run(5, minimum=2, decide_by=clock.now + timedelta(days=1))
    desk.do(change_run_state, over, "cancelled", SYSTEM, "because")
    for each in (run, enough):
        desk.ask(each)
    assert desk.do(services.warn_of_minimums) == 0
    clock.move(days=1, seconds=1)
    assert desk.do(services.warn_of_minimums) == 1
    assert desk.do(services.warn_of_minimums) == 0
    (entry,) = desk.entries("enrolment.under_minimum")
    assert (entry.subject_id, entry.data) == (run, {"taken": 1, "minimum": 2})
    desk.do(services.run_anyway, run, SYSTEM)
    assert desk.look(terms_of, [run])[run].minimum_decision == "run_anyway"
    assert desk.entries("enrolment.minimum_decided")[0].data == {"decision": "run_anyway"}
    assert desk.do(services.warn_of_minimums) == 0
    desk.terms(run, offer_hours=5)
    assert desk.do(services.warn_of_minimums) == 0
    desk.terms(run, minimum=3)  # another question
    assert desk.do(services.warn_of_minimums) == 1


def test_without_a_day_the_run_itself_sets_it(desk, clock, maker):
    near = desk.make.run(
        version=desk.version, sessions=[clock.now + timedelta(days=13)], capacity=3
    )
    far = desk.make.run(version=desk.version, sessions=[clock.now + timedelta(days=15)])
    for run in (near, far):
        desk.terms(run.id, minimum=1)
    assert desk.do(services.warn_of_minimums) == 1
    assert desk.entries("enrolment.under_minimum")[0].subject_id == near.id


def test_a_run_that_is_over_cannot_be_run_anyway(desk):
    run = desk.run(1, minimum=1)
    desk.do(change_run_state, run, "cancelled", SYSTEM, "because")
    assert desk.refused(services.run_anyway, run, SYSTEM) == ["changed"]


def test_a_run_cancelled_for_too_few_says_so(desk):
    run = desk.run(1, minimum=2)
    row = desk.ask(run)
    desk.do(services.cancel_too_few, run, SYSTEM, "too few")
    assert desk.states(row) == ["cancelled"]
    assert desk.entries("enrolment.minimum_decided")[0].data == {"decision": "cancel"}
    assert desk.look(terms_of, [run])[run].minimum_decision == "cancel"
