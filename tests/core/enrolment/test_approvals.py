"""Whose yes a seat needs, who may give it in whose place, and what happens when nobody does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.services import Entry
from lms.core.refused import Refused
from lms.core.users.models import Person
from lms.db import db
from lms.work import unit_of_work

MANAGER, MONEY, LEAD = "line_manager", "cost_centre", "programme_lead"


@pytest.fixture
def cast(desk):
    """A manager, who answers for the money, a lead, and a unit of A's."""
    desk.unit = desk.make.unit(organisation=desk.a)
    desk.manager, desk.money, desk.lead = (desk.make.person() for _ in range(3))
    return desk


def money(desk, holder, unit=None) -> None:
    desk.do(services.set_cost_centre, desk.a.id, unit and unit.id, " K 1 ", holder.id, SYSTEM)


def asked(desk, run, manager=None, **options) -> int:
    return desk.ask(run, person=desk.person(manager=manager, unit=desk.unit), **options)


def yes(desk, row, person, **options) -> str:
    return desk.do(services.say_yes, row, Actor(person_id=person.id), **options)


def may_not(desk, row, *people) -> None:
    for person in people:
        with pytest.raises(Refused):
            yes(desk, row, person)


def who(desk, row) -> list[tuple]:
    return [(one.kind, one.approver_id, one.state) for one in desk.approvals(row)]


def leave(desk, person) -> None:
    with desk.app.app_context(), unit_of_work():
        db.session.execute(db.update(Person).where(Person.id == person.id).values(state="left"))


def test_in_order_each_is_asked_when_the_one_before_has_agreed(cast, clock):
    run = cast.run(1, lead=cast.lead, approvers=(MANAGER, MONEY, LEAD))
    money(cast, cast.money)
    row = asked(cast, run, cast.manager)
    assert who(cast, row) == [
        (MANAGER, cast.manager.id, "open"),
        (MONEY, cast.money.id, "coming"),
        (LEAD, None, "coming"),
    ]
    may_not(cast, row, cast.money, cast.lead, cast.make.person())
    clock.move(days=3)
    assert yes(cast, row, cast.manager) == "awaiting_approval"
    assert cast.row(row).answer_due == clock.now + timedelta(days=10)
    assert cast.approvals(row)[1].due == clock.now + timedelta(days=10)
    may_not(cast, row, cast.manager, cast.lead)
    assert yes(cast, row, cast.money) == "awaiting_approval"
    assert yes(cast, row, cast.lead) == "seated"
    assert [one.decided_by_id for one in cast.approvals(row)] == [
        cast.manager.id,
        cast.money.id,
        cast.lead.id,
    ]
    opened = [entry.data["approvers"] for entry in cast.entries("enrolment.approval_opened")]
    assert opened == [[cast.manager.id], [cast.money.id], [cast.lead.id]]
    decided = cast.entries("enrolment.approval_decided")
    assert [(e.actor_id, e.data["answer"], e.data["for"]) for e in decided] == [
        (cast.manager.id, "yes", cast.manager.id),
        (cast.money.id, "yes", cast.money.id),
        (cast.lead.id, "yes", None),
    ]


def test_by_any_one_yes_is_enough_and_the_others_need_not_answer(cast):
    run = cast.run(1, lead=cast.lead, approval="any", approvers=(MANAGER, MONEY, LEAD))
    money(cast, cast.money)
    row = asked(cast, run, cast.manager)
    assert [state for _kind, _who, state in who(cast, row)] == ["open"] * 3
    assert len(cast.entries("enrolment.approval_opened")) == 3
    assert yes(cast, row, cast.money) == "seated"
    assert [state for _kind, _who, state in who(cast, row)] == ["over", "yes", "over"]
    may_not(cast, row, cast.manager)


@pytest.mark.parametrize("approval", ["in_order", "any"])
def test_one_no_ends_it(cast, approval):
    run = cast.run(1, approval=approval, approvers=(MANAGER, MONEY))
    money(cast, cast.money)
    row = asked(cast, run, cast.manager)
    cast.do(services.say_no, row, Actor(person_id=cast.manager.id), "not in April")
    assert cast.states(row) == ["declined"]
    assert [state for _kind, _who, state in who(cast, row)] == ["no", "over"]
    assert cast.entries("enrolment.declined")[0].payload == {"reason": "not in April"}
    assert cast.entries("enrolment.approval_decided")[0].data["answer"] == "no"


def test_where_nobody_is_to_be_asked_the_seat_is_there_at_once(cast):
    row = asked(cast, cast.run(1), cast.manager)
    assert cast.states(row) == ["seated"]
    assert who(cast, row) == []


@pytest.mark.parametrize("how", ["own manager", "none", "left before", "leaves meanwhile"])
def test_in_the_place_of_a_manager_who_cannot_answer_the_leads_do(cast, how):
    run = cast.run(1, lead=cast.lead, approvers=(MANAGER,))
    person = cast.make.person()
    managers = {"own manager": person, "none": None}
    if how == "left before":
        leave(cast, cast.manager)
    manager = managers.get(how, cast.manager)
    cast.make.assignment(person=person, manager=manager, unit=cast.unit)
    row = cast.ask(run, person=person.id)
    if how == "leaves meanwhile":
        may_not(cast, row, cast.lead)
        leave(cast, cast.manager)
    else:
        assert who(cast, row) == [(MANAGER, None, "open")]
        assert cast.entries("enrolment.approval_opened")[0].data["approvers"] == [cast.lead.id]
    may_not(cast, row, person)
    assert yes(cast, row, cast.lead) == "seated"


def test_a_lead_who_asks_for_themselves_is_answered_by_another(cast):
    other = cast.make.person()
    run = cast.run(1, lead=cast.lead, approvers=(LEAD,))
    cast.make.write(_teammate(run, other))
    row = cast.ask(run, person=cast.lead.id)
    assert cast.entries("enrolment.approval_opened")[0].data["approvers"] == [other.id]
    may_not(cast, row, cast.lead)
    assert yes(cast, row, other) == "seated"


def _teammate(run, person):
    from lms.core.catalogue.models import TeamMember

    return TeamMember(run_id=run, person_id=person.id, role="programme_lead")


def test_the_same_person_is_asked_once(cast):
    run = cast.run(1, lead=cast.lead, approvers=(MANAGER, MONEY, LEAD))
    money(cast, cast.manager)
    row = asked(cast, run, cast.manager)
    assert who(cast, row) == [(MANAGER, cast.manager.id, "open"), (LEAD, None, "coming")]
    nobody = cast.ask(run)  # neither a manager nor an employer: the leads, once
    assert who(cast, nobody) == [(MANAGER, None, "open")]


def test_the_money_is_the_units_before_the_organisations(cast):
    run = cast.run(9, approvers=(MONEY,))
    whole, part = cast.money, cast.make.person()
    assert who(cast, asked(cast, run)) == [(MONEY, None, "open")]
    money(cast, whole)
    assert who(cast, asked(cast, run)) == [(MONEY, whole.id, "open")]
    money(cast, part, cast.unit)
    assert who(cast, asked(cast, run)) == [(MONEY, part.id, "open")]
    assert who(cast, cast.ask(run, cast.a)) == [(MONEY, whole.id, "open")]
    money(cast, cast.lead, cast.unit)  # another holds it now
    assert who(cast, asked(cast, run)) == [(MONEY, cast.lead.id, "open")]
    leave(cast, cast.lead)
    assert who(cast, asked(cast, run)) == [(MONEY, whole.id, "open")]
    assert who(cast, cast.ask(run, cast.b)) == [(MONEY, None, "open")]
    entry = cast.entries("enrolment.cost_centre_set")[-1]
    assert entry.data == {"unit": cast.unit.id, "holder": cast.lead.id}


# --- stand-ins ----------------------------------------------------------------------------------


def test_a_stand_in_answers_from_the_first_day_to_the_last(cast, clock):
    run, other = cast.run(9, approvers=(MANAGER,)), cast.make.person()
    day = clock.now.date()
    tomorrow, after = day + timedelta(days=1), day + timedelta(days=2)
    set_stand_in = services.set_stand_in
    cast.do(set_stand_in, cast.manager.id, other.id, tomorrow, after, SYSTEM)
    first, second, third = (asked(cast, run, cast.manager) for _ in range(3))
    may_not(cast, first, other)
    clock.move(days=1)
    assert yes(cast, first, other) == "seated"
    assert cast.approvals(first)[0].decided_by_id == other.id
    assert cast.entries("enrolment.approval_decided")[0].data["for"] == cast.manager.id
    told = asked(cast, run, cast.manager)
    opened = cast.entries("enrolment.approval_opened")[-1]
    assert (opened.subject_id, opened.data["approvers"]) == (told, [cast.manager.id, other.id])
    clock.move(days=1)
    assert yes(cast, second, other) == "seated"
    assert yes(cast, told, cast.manager) == "seated"  # the manager still may
    clock.move(days=1)
    may_not(cast, third, other)


def test_a_stand_in_never_answers_about_themselves(cast, clock):
    run, other, day = cast.run(1, approvers=(MANAGER,)), cast.make.person(), clock.now.date()
    cast.do(services.set_stand_in, cast.manager.id, other.id, day, day, SYSTEM)
    cast.make.assignment(person=other, manager=cast.manager, unit=cast.unit)
    row = cast.ask(run, person=other.id)
    assert cast.entries("enrolment.approval_opened")[0].data["approvers"] == [cast.manager.id]
    may_not(cast, row, other)


# --- nominating ---------------------------------------------------------------------------------


def nominated(desk, run, by, manager) -> int:
    entry = Entry(source="nomination")
    return asked(desk, run, manager, actor=Actor(person_id=by.id), entry=entry)


def test_who_nominates_has_said_yes(cast, clock):
    run = cast.run(9, lead=cast.lead, approvers=(MANAGER, LEAD))
    row = nominated(cast, run, cast.manager, cast.manager)
    assert who(cast, row) == [(MANAGER, cast.manager.id, "yes"), (LEAD, None, "open")]
    first, second = cast.approvals(row)
    assert (first.decided_by_id, first.decided_at) == (cast.manager.id, clock.now)
    assert (first.opened_at, first.due) == (None, None)
    assert (second.decided_by_id, second.opened_at) == (None, clock.now)
    assert cast.row(row).goal_signed_by_id == cast.manager.id
    assert cast.entries("enrolment.nominated")[0].data["by"] == cast.manager.id
    by_lead = nominated(cast, run, cast.lead, cast.manager)
    assert who(cast, by_lead) == [(MANAGER, cast.manager.id, "open"), (LEAD, None, "yes")]
    assert cast.row(by_lead).goal_signed_by_id is None
    assert yes(cast, by_lead, cast.manager) == "seated"
    stranger = nominated(cast, run, cast.money, cast.manager)
    assert [state for _kind, _who, state in who(cast, stranger)] == ["open", "coming"]


@pytest.mark.parametrize(("approval", "approvers"), [("any", (MANAGER, LEAD)), ("in_order", ())])
def test_a_nomination_may_be_all_that_is_needed(cast, approval, approvers):
    run = cast.run(1, approval=approval, approvers=approvers)
    row = nominated(cast, run, cast.manager, cast.manager)
    assert cast.states(row) == ["seated"]
    assert cast.row(row).goal_signed_by_id == cast.manager.id


def test_a_stand_ins_nomination_counts_as_the_managers(cast, clock):
    run, other, day = cast.run(1, approvers=(MANAGER,)), cast.make.person(), clock.now.date()
    cast.do(services.set_stand_in, cast.manager.id, other.id, day, day, SYSTEM)
    assert cast.states(nominated(cast, run, other, cast.manager)) == ["seated"]


def test_where_nobody_may_nominate_it_is_refused(cast):
    run = cast.run(1, ways=("open",))
    entry, person = Entry(source="nomination"), cast.person(cast.a)
    with pytest.raises(Refused):
        cast.ask(run, person=person, entry=entry)


# --- the goal -----------------------------------------------------------------------------------


def test_the_manager_signs_the_goal_and_may_adjust_it(cast, clock):
    run = cast.run(9, approvers=(MANAGER, MONEY))
    money(cast, cast.money)
    same, other = (asked(cast, run, cast.manager, goal="before") for _ in range(2))
    yes(cast, same, cast.manager, goal="before")
    assert not cast.entries("enrolment.goal_adjusted")
    assert (cast.row(same).goal_signed_by_id, cast.row(same).goal_signed_at) == (
        cast.manager.id,
        clock.now,
    )
    yes(cast, same, cast.money)
    assert cast.row(same).goal_signed_by_id == cast.manager.id  # money signs no goals
    yes(cast, other, cast.manager, goal="after")
    assert cast.row(other).goal == "after"
    (entry,) = cast.entries("enrolment.goal_adjusted")
    assert entry.payload == {"before": "before", "after": "after"}
    assert yes(cast, other, cast.money, goal="later") == "seated"
    assert cast.row(other).goal_signed_by_id == cast.money.id


# --- nobody answers -----------------------------------------------------------------------------


def test_a_reminder_after_five_days_and_the_end_after_ten(cast, clock):
    run, other, day = cast.run(1, approvers=(MANAGER,)), cast.make.person(), clock.now.date()
    until = day + timedelta(days=9)
    cast.do(services.set_stand_in, cast.manager.id, other.id, day, until, SYSTEM)
    row = asked(cast, run, cast.manager)
    clock.move(days=5)
    assert cast.do(services.remind) == 0
    clock.move(seconds=1)
    assert cast.do(services.remind) == 1
    assert cast.do(services.remind) == 0
    (entry,) = cast.entries("enrolment.approval_reminder")
    assert (entry.subject_id, entry.actor_id) == (row, None)
    assert entry.data["approvers"] == [cast.manager.id, other.id]
    assert entry.data["due"] == cast.row(row).answer_due.isoformat()
    clock.move(days=5)
    assert cast.do(services.lapse_overdue, SYSTEM) == 1
    assert cast.states(row) == ["lapsed"]
    assert who(cast, row) == [(MANAGER, cast.manager.id, "over")]
    # What tells both: the enrolment's own entry.
    assert cast.entries("enrolment.lapsed")[0].subject_id == row
    assert cast.do(services.remind) == 0


def test_where_the_manager_has_left_meanwhile_the_leads_are_reminded(cast, clock):
    run = cast.run(1, lead=cast.lead, approvers=(MANAGER,))
    asked(cast, run, cast.manager)
    leave(cast, cast.manager)
    clock.move(days=6)
    assert cast.do(services.remind) == 1
    assert cast.entries("enrolment.approval_reminder")[0].data["approvers"] == [cast.lead.id]


def test_who_has_answered_or_left_is_not_reminded_of(cast, clock):
    run = cast.run(2, approvers=(MANAGER,))
    answered, gone = (asked(cast, run, cast.manager) for _ in range(2))
    yes(cast, answered, cast.manager)
    cast.withdraw(gone)
    clock.move(days=6)
    assert cast.do(services.remind) == 0


@pytest.mark.parametrize("state", ["running", "cancelled"])
def test_nobody_need_answer_once_the_run_has_begun_or_is_cancelled(cast, state):
    run = cast.run(1, approvers=(MANAGER, LEAD))
    row = asked(cast, run, cast.manager)
    cast.do(change_run_state, run, state, SYSTEM, "because")
    assert [one for _kind, _who, one in who(cast, row)] == ["over", "over"]


def test_each_next_one_has_the_whole_time(cast, clock):
    run = cast.run(1, approvers=(MANAGER, MONEY))
    money(cast, cast.money)
    row = asked(cast, run, cast.manager)
    clock.move(days=9)
    yes(cast, row, cast.manager)
    clock.move(days=9)
    assert cast.do(services.lapse_overdue, SYSTEM) == 0
    assert cast.do(services.remind) == 1
    assert yes(cast, row, cast.money) == "seated"
