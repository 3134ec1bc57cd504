"""Conditions one by one: what is met, what is missing, and the words for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import CompletionRule, Condition, ConditionResult, LocalisedText
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.conditions import (
    activities,
    agreement,
    assessment,
    attendance,
    overall,
    standings,
    verdict,
)
from lms.core.learning.presenting_standing import condition_title
from lms.core.learning.queries.standing import Assessed, Day, OwnSide, RunSide, Task
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen

DUE = datetime(2026, 4, 14, 10, tzinfo=UTC)


def text(words: str) -> LocalisedText:
    return LocalisedText(da=words, sv=words, en=words)


def day(id_: int, state: str = "held", minutes: int = 100, module: str = "start") -> Day:
    return Day(
        id=id_,
        module=module,
        title=text(f"Day {id_}"),
        starts_at=DUE,
        minutes=minutes,
        state=state,
    )


def task(id_: int, *, module: str = "start", shown: bool = True, **more) -> Task:
    values = {"due_at": None, "minutes": 30, "catch_up": False} | more
    return Task(id=id_, module=module, title=text(f"Task {id_}"), shown=shown, **values)


def run_with(*days: Day, **more) -> RunSide:
    rule = more.pop("rule", CompletionRule(version="1", conditions={}))
    return RunSide(rule=rule, zone="Europe/Copenhagen", days=days, **more)


# --- attendance ---------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("states", "attended", "met"),
    [
        (("held", "held"), (100, 60), True),
        (("held", "held"), (100, 59), False),
        (("held", "planned"), (100, 0), None),
        (("held", "planned"), (0, 0), False),
        (("held", "cancelled"), (100, 0), True),
        (("planned", "moved"), (0, 0), None),
        (("held", "moved"), (80, 0), None),
    ],
)
def test_attendance_is_decided_when_nothing_can_change_it(states, attended, met):
    run = run_with(*(day(n, state) for n, state in enumerate(states)))
    own = OwnSide(minutes={n: m for n, m in enumerate(attended) if states[n] == "held"})
    assert attendance.judge({"percent": 80}, run, own).met is met


@pytest.mark.once
def test_attendance_says_which_days_to_come_to_and_which_task_catches_up():
    must = attendance.judge(
        {"percent": 100}, run_with(day(1), day(2, "planned")), OwnSide(minutes={1: 100})
    )
    assert "You must come to the next day. Day 2 (Tuesday 14 April)." in must.reason.en
    assert "tirsdag 14. april" in must.reason.da
    assert "tisdag 14 april" in must.reason.sv
    run = run_with(day(1), day(2), catch_ups=(task(7, minutes=90, catch_up=True),))
    short = attendance.judge({"percent": 80}, run, OwnSide(minutes={1: 100, 2: 20}))
    assert short.met is False
    assert "Task 7" in short.reason.en
    lost = attendance.judge(
        {"percent": 80}, run, OwnSide(minutes={1: 100, 2: 20}, works={7: "accepted"})
    )
    assert "Task 7" not in lost.reason.en
    written = attendance.judge(
        {"percent": 80}, run, OwnSide(minutes={1: 100, 2: 20}, caught_up=frozenset({2}))
    )
    assert "Task 7" not in written.reason.en
    assert (
        attendance.outlook_name(
            run_with(
                *run.days,
                catch_ups=run.catch_ups,
                rule=CompletionRule(version="1", conditions={"attendance": {"percent": 80}}),
            ),
            OwnSide(minutes={1: 100, 2: 20}, caught_up=frozenset({2})),
        )
        == "lost"
    )


@pytest.mark.once
@given(
    lengths=st.lists(st.integers(10, 200), min_size=1, max_size=6),
    shares=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    needed=st.integers(0, 100),
    coming=st.integers(0, 3),
)
def test_a_decided_attendance_is_never_taken_back(lengths, shares, needed, coming):
    minutes = {n: length * shares[n] // 100 for n, length in enumerate(lengths)}
    states = ["held"] * max(0, len(lengths) - coming) + ["planned"] * min(coming, len(lengths))

    def judged(states_now):
        run = run_with(*(day(n, s, lengths[n]) for n, s in enumerate(states_now)))
        own = OwnSide(minutes={n: m for n, m in minutes.items() if states_now[n] == "held"})
        return attendance.judge({"percent": needed}, run, own).met

    before, after = judged(states), judged(["held"] * len(lengths))
    assert before is None or before is after


# --- activities ---------------------------------------------------------------------------------

TASKS = (task(1), task(2, due_at=DUE), task(3, module="practice"))


@pytest.mark.once
@pytest.mark.parametrize(
    ("options", "works", "met"),
    [
        ({}, {}, False),
        ({}, {1: "accepted", 2: "accepted", 3: "accepted"}, True),
        ({}, {1: "accepted", 2: "accepted", 3: "submitted"}, None),
        ({}, {1: "accepted", 2: "accepted", 3: "returned"}, False),
        ({"of": 2}, {1: "accepted", 3: "accepted"}, True),
        ({"of": 2}, {1: "accepted", 3: "submitted"}, None),
        ({"of": 9}, {1: "accepted", 2: "accepted", 3: "accepted"}, True),
        ({"per_module": 1}, {1: "accepted", 2: "accepted"}, False),
        ({"per_module": 1}, {2: "accepted", 3: "accepted"}, True),
        ({"per_module": 1, "of": 3}, {2: "accepted", 3: "accepted"}, False),
    ],
)
def test_required_activities(options, works, met):
    assert activities.judge(options, run_with(required=TASKS), OwnSide(works=works)).met is met


@pytest.mark.once
def test_what_is_missing_is_named_with_its_day_and_whose_turn_it_is():
    own = OwnSide(works={1: "submitted", 3: "returned"})
    run = run_with(day(1, "planned"), required=(*TASKS, *(task(n) for n in range(4, 9))))
    found = activities.judge({}, run, own)
    assert found.met is None  # a day is still to come
    assert "0 of 8 required activities are accepted." in found.reason.en
    assert "Still to do: Task 2 (by Tuesday 14 April), Task 4, Task 5, Task 6 and 2 more." in (
        found.reason.en
    )
    assert "To be done again: Task 3." in found.reason.en
    assert "Waits for the teacher: Task 1." in found.reason.en
    assert "Task 2 (senest tirsdag 14. april)" in found.reason.da
    assert "Task 2 (senast tisdag 14 april)" in found.reason.sv


@pytest.mark.once
def test_one_taken_out_is_asked_of_nobody_and_counts_for_who_did_it():
    tasks = (task(1), task(2, shown=False))
    run = run_with(required=tasks)
    assert activities.judge({}, run, OwnSide(works={1: "accepted"})).met is True
    assert activities.judge({"of": 2}, run, OwnSide(works={1: "accepted"})).met is True
    assert activities.judge({"of": 1}, run, OwnSide(works={2: "accepted"})).met is True
    assert activities.progress(run, OwnSide(works={2: "accepted"})) == (0, 1)
    assert activities.judge({}, run_with(), OwnSide()).met is None


# --- assessment and agreement -------------------------------------------------------------------


def assessed(*levels: int | None, by: int = 1) -> OwnSide:
    found = {
        place: Assessed(level=level, assessors=by)
        for place, level in enumerate(levels)
        if level != -1
    }
    return OwnSide(assessed=found)


@pytest.mark.once
@pytest.mark.parametrize(
    ("options", "own", "met"),
    [
        ({}, assessed(2, 3), True),
        ({}, assessed(2, 1), False),
        ({}, assessed(2, -1), None),
        ({}, assessed(2, None), None),
        ({"level": 3}, assessed(2, 3), False),
        ({"assessors": 2}, assessed(2, 2), None),
        ({"assessors": 2}, assessed(2, 2, by=2), True),
    ],
)
def test_every_outcome_is_assessed(options, own, met):
    run = run_with(outcomes=(text("See it"), text("Say it")))
    found = assessment.judge(options, run, own)
    assert found.met is met
    assert "of 2 learning outcomes" in found.reason.en
    assert assessment.judge(options, run_with(), own).met is None


@pytest.mark.once
def test_the_agreement_wants_both_signatures():
    run = run_with(day(1, "planned"))
    both = OwnSide(agreement=True, employee_signed=True, manager_signed=True)
    assert agreement.judge({}, run, both).met is True
    one = agreement.judge({}, run, OwnSide(agreement=True, employee_signed=True))
    assert (one.met, "your manager's signature" in one.reason.en) == (None, True)
    assert agreement.judge({}, run_with(day(1)), OwnSide()).met is False


@pytest.mark.once
def test_a_waiver_is_met_and_says_so():
    rule = CompletionRule(version="1", conditions={"agreement": {}, "attendance": {}})
    run = run_with(day(1), rule=rule)
    found = verdict(run, OwnSide(waived=frozenset({"agreement"})), {})
    assert [(r.name, r.met, r.waived) for r in found] == [
        ("agreement", True, True),
        ("attendance", False, False),
    ]
    assert found[0].reason.en == "You can complete without a learning agreement."
    assert overall(found) == "not_met"


# --- plugins ------------------------------------------------------------------------------------


class Answering(Specimen):
    """Answers for its own condition; what it says of others' is nobody's business."""

    asked_for: list[int]

    def __init__(self) -> None:
        self.asked_for = []

    @hookimpl
    def lms_conditions(self):
        return [Condition(key="specimen.plan", title=LocalisedText(en="The plan is handed in"))]

    @hookimpl
    def lms_completion_conditions(self, enrolments):
        self.asked_for.append(len(enrolments))
        return {
            e.id: [
                ConditionResult(name="specimen.plan", met=e.goal == "plan", reason=text("Plan")),
                ConditionResult(name="other.thing", met=True, reason=text("Not mine")),
                ConditionResult(name="attendance", met=True, reason=text("Not mine")),
            ]
            for e in enrolments
        }


class Other:
    """A plugin without course types, whose condition a rule may still name."""

    broken = False

    @hookimpl
    def lms_completion_conditions(self, enrolments):
        if self.broken:
            raise RuntimeError("out of order")
        return {
            e.id: [ConditionResult(name="other.thing", met=True, reason=text("There"))]
            for e in enrolments
        }


RULE = {"version": "p", "conditions": {"specimen.plan": {}, "other.thing": {}, "absent.one": {}}}


def test_lms_conditions(lms_app_factory):
    app = lms_app_factory(plugins=[(SPECIMEN, Answering()), ("other", Other())])
    with app.test_request_context():
        assert condition_title("specimen.plan") == "The plan is handed in"
        assert condition_title("absent.one") == "absent.one"


@pytest.mark.parametrize("broken", [False, True])
def test_each_plugin_answers_for_its_own_names_once_for_all(lms_app_factory, broken):
    from lms.testing.rows import Maker

    answering, other = Answering(), Other()
    other.broken = broken
    app = lms_app_factory(plugins=[(SPECIMEN, answering), ("other", other)])
    make = Maker(app)
    run = make.run(state="running", rule=RULE)
    people = [make.enrolment(run=run, state="active", goal="plan") for _ in range(3)]
    with app.app_context():
        found = standings(list(enrolments_by_id([p.id for p in people]).values()))
    assert answering.asked_for == [3]
    for one in found.values():
        met = {reason.name: reason.met for reason in one.reasons}
        assert met == {
            "specimen.plan": True,
            "other.thing": None if broken else True,
            "absent.one": None,
        }
        assert one.result == "undecided"


def test_the_number_of_questions_does_not_follow_the_people(
    lms_app, make_run, make_enrolment, count_queries
):
    names = ("attendance", "activities", "assessment", "agreement", "declared")
    rule = {"version": "1", "conditions": {name: {} for name in names}}
    run = make_run(state="running", rule=rule, capacity=30)
    ids = [make_enrolment(run=run, state="active").id for _ in range(12)]
    with lms_app.app_context():
        enrolments = list(enrolments_by_id(ids).values())
        with count_queries() as one:
            standings(enrolments[:1])
        with count_queries() as all_:
            standings(enrolments)
    assert len(one) == len(all_) <= 8
