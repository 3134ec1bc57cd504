"""The forecast of attendance is never contradicted by what happens next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.learning.forecast import Outlook, outlook

pytestmark = pytest.mark.once


@dataclass(frozen=True)
class Day:
    """A session: its length, the minutes its catch-up task offers, and what has become of it."""

    length: int
    task: int = 0
    state: str = "coming"  # coming | held | cancelled
    attended: int = 0
    caught_up: int = 0

    @property
    def missing(self) -> int:
        return self.length - self.attended - self.caught_up


@dataclass(frozen=True)
class Course:
    """A whole run for one participant, and what may happen in it."""

    percent: int
    days: tuple[Day, ...] = field(default=())

    def outlook(self) -> Outlook:
        held = [day for day in self.days if day.state == "held"]
        return outlook(
            self.percent,
            sum(day.attended + day.caught_up for day in held),
            sum(day.length for day in held),
            [day.length for day in self.days if day.state == "coming"],
            sum(min(day.task, day.missing) for day in held if not day.caught_up),
        )

    def passed(self) -> bool | None:
        """At the end: None when nothing was held."""
        held = [day for day in self.days if day.state == "held"]
        total = sum(day.length for day in held)
        if not total:
            return None
        return 100 * sum(day.attended + day.caught_up for day in held) >= self.percent * total

    def with_day(self, place: int, **changes) -> Course:
        days = list(self.days)
        days[place] = replace(days[place], **changes)
        return replace(self, days=tuple(days))

    def coming(self) -> list[int]:
        return [place for place, day in enumerate(self.days) if day.state == "coming"]

    def open_tasks(self) -> list[int]:
        return [
            place
            for place, day in enumerate(self.days)
            if day.state == "held" and day.task and day.missing and not day.caught_up
        ]

    def attend(self, place: int, minutes: int) -> Course:
        return self.with_day(place, state="held", attended=minutes)

    def cancel(self, place: int) -> Course:
        return self.with_day(place, state="cancelled")

    def catch_up(self, place: int) -> Course:
        day = self.days[place]
        return self.with_day(place, caught_up=min(day.task, day.missing))


LENGTHS = st.sampled_from([0, 1, 45, 60, 90, 100, 180, 210, 300])


@st.composite
def courses(draw) -> Course:
    """A run somewhere on its way."""
    days = []
    for _ in range(draw(st.integers(0, 7))):
        length = draw(LENGTHS)
        day = Day(length=length, task=draw(st.sampled_from([0, 0, 30, length])))
        state = draw(st.sampled_from(["coming", "coming", "held", "held", "cancelled"]))
        if state == "held":
            day = replace(day, attended=draw(st.sampled_from([0, length, length // 2])))
        days.append(replace(day, state=state))
    return Course(draw(st.sampled_from([0, 1, 50, 66, 79, 80, 81, 99, 100])), tuple(days))


def happen(course: Course, draw) -> Course | None:
    """One thing more, whichever; None when nothing is left."""
    coming, tasks = course.coming(), course.open_tasks()
    ways = [("day", place) for place in coming] + [("task", place) for place in tasks]
    if not ways:
        return None
    kind, place = draw(st.sampled_from(ways))
    if kind == "task":
        return course.catch_up(place)
    if draw(st.integers(0, 3)) == 0:
        return course.cancel(place)
    return course.attend(place, draw(st.integers(0, course.days[place].length)))


@given(courses(), st.data())
def test_what_is_lost_stays_lost_and_what_is_safe_stays_safe(course, data):
    first = course.outlook().name
    while (after := happen(course, data.draw)) is not None:
        before, course = course.outlook().name, after
        now = course.outlook().name
        if before in ("lost", "safe") and any(day.state != "cancelled" for day in course.days):
            assert now == before
    ended = course.passed()
    if first == "lost":
        assert ended is not True
    if first == "safe":
        assert ended is not False


@given(courses())
def test_the_best_and_the_worst_end_agree_with_the_name(course):
    said = course.outlook()
    best, worst = course, course
    for place in course.coming():
        best = best.attend(place, course.days[place].length)
        worst = worst.attend(place, 0)
    without = best.passed()
    for place in best.open_tasks():
        best = best.catch_up(place)
    if best.passed() is None:
        return
    assert (said.name == "lost") == (best.passed() is False)
    assert (said.name == "safe") == (worst.passed() is True)
    assert (said.name in ("lost", "needs_catch_up")) == (without is False)


@given(courses(), st.data())
def test_each_of_the_next_that_must_be_attended_is_needed_and_no_other(course, data):
    said = course.outlook()
    coming = course.coming()
    if said.name != "must_attend":
        assert said.must_next == 0
        return
    assert 1 <= said.must_next <= len(coming)
    for number, place in enumerate(coming):
        missed = course.attend(place, 0).outlook().name
        if number < said.must_next:
            assert missed in ("lost", "needs_catch_up")
        elif number == said.must_next:
            assert missed not in ("lost", "needs_catch_up")
    # It stays needed whatever else happens before, but for a task that counts.
    needed = data.draw(st.sampled_from(coming[: said.must_next]))
    for place in coming:
        if place != needed:
            course = data.draw(
                st.sampled_from(
                    [course, course.cancel(place), course.attend(place, course.days[place].length)]
                )
            )
    assert course.attend(needed, 0).outlook().name in ("lost", "needs_catch_up")


@given(courses(), st.data())
def test_what_can_be_spared_can_be_missed_and_not_a_minute_more(course, data):
    said = course.outlook()
    if said.name not in ("on_course", "must_attend") or not course.coming():
        return
    coming = data.draw(st.permutations(course.coming()))
    for more in (0, 1):
        left, after = said.minutes_to_spare + more, course
        for place in coming:
            length = course.days[place].length
            missed = min(left, length)
            left -= missed
            after = after.attend(place, length - missed)
        if left:  # there is not that much to come
            continue
        if after.passed() is not None:
            assert after.passed() is (more == 0)
    days = data.draw(st.permutations(course.coming()))[: said.days_to_spare]
    after = course
    for place in course.coming():
        after = after.attend(place, 0 if place in days else course.days[place].length)
    assert after.passed() is not False


@given(courses(), st.data())
def test_the_order_of_events_never_changes_the_verdict(course, data):
    deeds = []
    for place in course.coming():
        what = data.draw(st.sampled_from(["attend", "cancel", "later"]))
        if what == "attend":
            minutes = data.draw(st.integers(0, course.days[place].length))
            deeds.append((Course.attend, (place, minutes)))
        elif what == "cancel":
            deeds.append((Course.cancel, (place,)))
    deeds += [(Course.catch_up, (place,)) for place in course.open_tasks()]
    ends = []
    for order in (deeds, data.draw(st.permutations(deeds))):
        end = course
        for deed, arguments in order:
            end = deed(end, *arguments)
        ends.append(end.outlook())
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("numbers", "name", "words"),
    [
        ((80, 0, 0, [], 0), "on_course", "The days are not planned yet."),
        ((80, 0, 0, [100] * 5, 0), "on_course", "You can miss one more day."),
        ((60, 0, 0, [100] * 5, 0), "on_course", "You can miss two more days."),
        ((80, 0, 100, [100] * 4, 0), "must_attend", "You must come to the next four days."),
        ((80, 80, 100, [100], 0), "must_attend", "You must come to the next day."),
        ((80, 0, 0, [60, 600], 0), "on_course", "You can miss 132 more minutes."),
        ((80, 0, 200, [100] * 4, 100), "needs_catch_up", "at least 80 minutes"),
        ((80, 299, 400, [20], 17), "needs_catch_up", "at least 17 minutes"),
        ((80, 0, 200, [100] * 4, 79), "lost", "It can no longer be reached."),
        ((80, 400, 400, [100], 0), "safe", "You have been there enough."),
        ((80, 399, 400, [100, 100], 0), "on_course", "You can miss one more day."),
        ((0, 0, 100, [100], 0), "safe", "enough"),
        ((100, 100, 100, [100], 0), "must_attend", "the next day"),
    ],
)
def test_names_and_sentences(numbers, name, words):
    said = outlook(*numbers)
    assert said.name == name
    assert words in said.sentence.en
    assert said.sentence.da
    assert said.sentence.sv


@pytest.mark.parametrize(
    "numbers",
    [(101, 0, 0, [], 0), (-1, 0, 0, [], 0), (80, 2, 1, [], 0), (80, 0, 0, [-1], 0)],
)
def test_numbers_that_cannot_be_are_refused(numbers):
    with pytest.raises(ValueError, match="minutes"):
        outlook(*numbers)
