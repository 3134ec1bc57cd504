"""Catching up, corrections, sessions that change, and two teachers at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.models import CourseSession
from lms.core.catalogue.moving import move_session
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.conditions import judge_all
from lms.core.learning.models import Activity, Attendance
from lms.core.learning.queries.attendance import (
    Mark,
    catch_up_pools,
    class_of,
    days_of,
    marks_of,
    minutes_held,
    outlook_from,
)
from lms.core.learning.services import Presence, accept_work, return_work, set_attendance
from lms.core.learning.services.attendance import RegisterChanged
from lms.core.learning.services.fitting import change_end, fit_to_moved
from lms.core.learning.services.works import start_work
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal.models import JournalEntry
from lms.work import unit_of_work


@pytest.fixture
def run(make_run):
    """Under way: two days that have been, one to come; 100 minutes each."""
    moments = [now() - timedelta(days=8), now() - timedelta(hours=5), now() + timedelta(days=6)]
    return make_run(state="running", sessions=moments, session_minutes=100, capacity=600)


@pytest.fixture
def days(maker, run):
    return maker.sessions_of(run)


@pytest.fixture
def somebody(make_enrolment, run):
    return make_enrolment(run=run, state="active")


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def attend(do, somebody):
    def write(session, mode, minutes=0, reason="", **options):
        line = Presence(enrolment_id=somebody.id, mode=mode, minutes=minutes, reason=reason)
        return do(set_attendance, session.id, [line], SYSTEM, **options)

    return write


@pytest.fixture
def task(lms_app, run, maker, days):
    """`task(minutes)`: a catch-up task for the module of the days."""

    def make(minutes, catch_up=True, position=1):
        activity = Activity(
            run_id=run.id,
            module=days[0].module,
            position=position,
            activity_type="specimen.task",
            title={"en": "Catch up"},
            minutes=minutes,
            others_minutes={},
            catch_up=catch_up,
            outcomes=[],
            content={},
            changed_at=now(),
        )
        activity.title = days[0].title
        maker.write(activity)
        return activity

    return make


def minutes_of(app, enrolment) -> int:
    with app.app_context():
        everybody = class_of(enrolment.run_id)
        return next(one.attended for one in everybody if one.enrolment_id == enrolment.id)


def rows_of(app, enrolment) -> list[tuple[str, int, int]]:
    with app.app_context():
        rows = db.session.scalars(
            db.select(Attendance)
            .where(Attendance.enrolment_id == enrolment.id)
            .order_by(Attendance.course_session_id)
        )
        return [(row.mode, row.minutes, row.catch_up) for row in rows]


def verbs(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(JournalEntry.verb).order_by(JournalEntry.id)))


# --- catching up --------------------------------------------------------------------------------


def test_an_accepted_task_gives_the_minutes_that_were_missed(
    lms_app, do, attend, days, task, somebody
):
    activity = task(180)
    attend(days[0], "excused", reason="work")
    assert minutes_of(lms_app, somebody) == 0
    work = do(start_work, activity.id, somebody.id, SYSTEM)
    assert minutes_of(lms_app, somebody) == 0
    work = do(accept_work, work, SYSTEM)
    assert rows_of(lms_app, somebody) == [("excused", 0, 100)]
    assert minutes_of(lms_app, somebody) == 100  # never above the session's length
    do(return_work, work, SYSTEM)
    assert rows_of(lms_app, somebody) == [("excused", 0, 0)]
    assert minutes_of(lms_app, somebody) == 0
    assert verbs(lms_app).count("learning.caught_up") == 2


def test_a_task_fills_no_more_than_was_missed_and_one_day_after_the_other(
    lms_app, do, attend, days, task, somebody
):
    work = do(start_work, task(90).id, somebody.id, SYSTEM)
    do(accept_work, work, SYSTEM)
    assert rows_of(lms_app, somebody) == []  # nothing was held yet
    attend(days[1], "absent")
    assert rows_of(lms_app, somebody) == [("absent", 0, 90)]
    attend(days[0], "partial", 60)
    assert rows_of(lms_app, somebody) == [("partial", 60, 40), ("absent", 0, 50)]
    attend(days[0], "present")
    assert rows_of(lms_app, somebody) == [("present", 100, 0), ("absent", 0, 90)]
    assert minutes_of(lms_app, somebody) == 190


def test_who_was_never_marked_catches_up_as_well(
    lms_app, do, days, task, somebody, make_enrolment, run
):
    other = make_enrolment(run=run, state="active")
    do(set_attendance, days[0].id, [Presence(enrolment_id=other.id, mode="present")], SYSTEM)
    work = do(start_work, task(30).id, somebody.id, SYSTEM)
    do(accept_work, work, SYSTEM)
    assert rows_of(lms_app, somebody) == [("absent", 0, 30)]
    assert rows_of(lms_app, other) == [("present", 100, 0)]


def test_an_ordinary_activity_gives_no_minutes(lms_app, do, attend, days, task, somebody):
    activity = task(50, catch_up=False)
    attend(days[0], "absent")
    do(accept_work, do(start_work, activity.id, somebody.id, SYSTEM), SYSTEM)
    assert minutes_of(lms_app, somebody) == 0


def test_the_order_in_which_things_happen_does_not_matter(
    lms_app, do, days, task, make_enrolment, run
):
    first, second = task(40), task(50, position=2)
    ends = set()
    for order in permutations(("one", "two", "a", "b")):
        person = make_enrolment(run=run, state="active")
        for deed in order:
            if deed in ("a", "b"):
                activity = first if deed == "a" else second
                do(accept_work, do(start_work, activity.id, person.id, SYSTEM), SYSTEM)
            else:
                mode, minutes = ("partial", 70) if deed == "one" else ("absent", 0)
                line = Presence(enrolment_id=person.id, mode=mode, minutes=minutes)
                do(set_attendance, days[0 if deed == "one" else 1].id, [line], SYSTEM)
        ends.add(tuple(rows_of(lms_app, person)))
    assert ends == {(("partial", 70, 30), ("absent", 0, 60))}


def test_a_teacher_may_say_that_somebody_caught_up(lms_app, attend, days, somebody):
    attend(days[0], "partial", 45)
    attend(days[0], "caught_up", 30)
    assert rows_of(lms_app, somebody) == [("caught_up", 45, 30)]
    attend(days[0], "caught_up", 100)
    assert rows_of(lms_app, somebody) == [("caught_up", 45, 55)]
    assert minutes_of(lms_app, somebody) == 100
    with pytest.raises(Refused):
        attend(days[0], "caught_up", 101)
    with pytest.raises(Refused):
        attend(days[0], "excused", reason="a cold")


def test_what_was_written_as_caught_up_is_nothing_that_a_task_can_give(
    lms_app, do, attend, days, task, somebody
):
    task(90)
    attend(days[0], "present")
    attend(days[1], "partial", 10)
    with lms_app.app_context():
        enrolment = enrolments_by_id([somebody.id])[somebody.id]
        assert judge_all([enrolment])[somebody.id].outlook == "needs_catch_up"
    attend(days[1], "caught_up", 20)
    with lms_app.app_context():
        assert judge_all([enrolment])[somebody.id].outlook == "lost"
        days_now = days_of([somebody.run_id])[somebody.run_id]
        open_ = catch_up_pools([somebody.id], accepted=False)[somebody.id]
        said = outlook_from(80, days_now, marks_of([somebody.id])[somebody.id], open_)
    assert said.name == "lost"


# --- corrections and two teachers ---------------------------------------------------------------


def test_a_correction_is_journalled_with_what_was_before(lms_app, attend, days, somebody):
    assert attend(days[0], "present") == 1
    assert attend(days[0], "present") == 0
    assert attend(days[0], "partial", 10) == 1
    found = [verb for verb in verbs(lms_app) if verb.startswith("learning.attendance")]
    assert found == ["learning.attendance_set", "learning.attendance_corrected"]
    with lms_app.app_context():
        entry = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.verb == "learning.attendance_corrected")
        ).one()
        (change,) = entry.payload["changes"]
        assert change == {
            "enrolment": somebody.id,
            "before": ["present", 100, 0],
            "after": ["partial", 10, 0],
        }


def seen(mode=None, minutes=0):
    return None if mode is None else Mark(course_session_id=0, mode=mode, minutes=minutes)


def test_what_another_teacher_wrote_is_neither_lost_nor_overwritten_unseen(
    lms_app, attend, days, somebody
):
    attend(days[0], "present", seen={somebody.id: seen()})
    # Another page still shows nothing: a line that differs from both is told.
    with pytest.raises(RegisterChanged) as raised:
        attend(days[0], "absent", seen={somebody.id: seen()})
    assert raised.value.current[somebody.id].mode == "present"
    assert rows_of(lms_app, somebody) == [("present", 100, 0)]
    # A page that wants the same as stands, or has changed nothing itself, just goes through.
    attend(days[0], "present", seen={somebody.id: seen()})
    attend(days[0], "absent", seen={somebody.id: seen("present", 100)})
    attend(days[0], "present", seen={somebody.id: seen("present", 100)})
    assert rows_of(lms_app, somebody) == [("absent", 0, 0)]


def test_the_page_keeps_what_was_typed_and_shows_what_changed(
    client, sign_in, submit, lms_app, run, days, make_person, make_team_member, make_enrolment
):
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    sign_in(client, teacher)
    a, b, c = (
        make_enrolment(run=run, state="active", person=make_person(name=name))
        for name in ("Anna", "Bo", "Carl")
    )
    url = f"/teach/{run.key}?session={days[0].key}"
    assert f'name="was-{a.key}"' in client.get(url).text
    submit(client, url, **{f"mode-{a.key}": "partial", f"minutes-{a.key}": "70"})
    # The second page was drawn before that: nobody marked.
    sent = {
        f"mode-{a.key}": "absent",
        f"was-{a.key}": "",
        f"mode-{b.key}": "excused",
        f"reason-{b.key}": "work",
        f"was-{b.key}": "",
    }
    response = submit(client, url, **sent)
    assert response.status_code == 422
    assert "Somebody else wrote “Partly 70” meanwhile" in response.text
    assert "Somebody else saved this register meanwhile" in response.text
    assert 'value="partial:70:" type="hidden"' in response.text or "partial:70:" in response.text
    assert rows_of(lms_app, b) == []
    sent[f"was-{a.key}"] = "partial:70:"
    assert submit(client, url, **sent).status_code == 303
    assert rows_of(lms_app, a) == [("absent", 0, 0)]
    assert rows_of(lms_app, b) == [("excused", 0, 0)]
    assert rows_of(lms_app, c) == []


# --- a session that changes ---------------------------------------------------------------------


def test_nobody_has_more_minutes_than_a_session_that_was_shortened(
    lms_app, do, attend, days, somebody, run
):
    attend(days[0], "present")
    assert do(change_end, days[0].id, days[0].starts_at + timedelta(minutes=60), SYSTEM) == 1
    assert rows_of(lms_app, somebody) == [("present", 60, 0)]
    attend(days[0], "partial", 50)
    do(change_end, days[0].id, days[0].starts_at + timedelta(minutes=40), SYSTEM)
    assert rows_of(lms_app, somebody) == [("partial", 40, 0)]
    do(change_end, days[0].id, days[0].starts_at + timedelta(minutes=90), SYSTEM)
    assert rows_of(lms_app, somebody) == [("partial", 40, 0)]
    with lms_app.app_context():
        assert minutes_held([run.id]) == {run.id: 90}
    assert "learning.attendance_fitted" in verbs(lms_app)
    for end in (days[0].starts_at, now() + timedelta(hours=1)):
        with pytest.raises(Refused):
            do(change_end, days[0].id, end, SYSTEM)
    with pytest.raises(Refused):
        do(change_end, days[1].id, days[1].starts_at + timedelta(minutes=30), SYSTEM)


def test_a_session_moved_after_somebody_checked_in_is_looked_at(
    lms_app, do, maker, days, somebody, client, sign_in, submit, run, make_person, make_team_member
):
    coming = days[2]
    maker.write(
        Attendance(
            enrolment_id=somebody.id,
            course_session_id=coming.id,
            minutes=90,
            mode="partial",
            source="code",
            set_at=now(),
        )
    )
    begins = now() + timedelta(days=2)
    do(move_session, coming.id, begins, begins + timedelta(minutes=60), SYSTEM)
    do(fit_to_moved, [coming.id], SYSTEM)
    assert rows_of(lms_app, somebody) == [("partial", 60, 0)]
    with lms_app.app_context(), unit_of_work():
        row = db.session.get_one(CourseSession, coming.id)
        row.starts_at, row.ends_at = now() - timedelta(hours=2), now() - timedelta(hours=1)
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    sign_in(client, teacher)
    with lms_app.test_request_context():
        from lms.core.learning.hooks import lms_todo_items

        items = lms_todo_items(Actor(person_id=teacher.id))
    assert any("Write who was there" in item.title.en for item in items)
    url = f"/teach/{run.key}?session={coming.key}"
    text = client.get(url).text
    assert "One row waits for your look" in text
    assert "Look at it" in text
    submit(
        client,
        url,
        **{
            f"mode-{somebody.key}": "partial",
            f"minutes-{somebody.key}": "60",
            f"was-{somebody.key}": "partial:60:",
        },
    )
    assert minutes_of(lms_app, somebody) == 60
    assert "waits for your look" not in client.get(url).text


def test_the_end_is_changed_on_a_page_of_its_own(
    client, sign_in, submit, run, days, make_person, make_team_member, attend, lms_app, somebody
):
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    sign_in(client, teacher)
    attend(days[0], "present")
    url = f"/teach/{run.key}/day/{days[0].key}/end"
    assert "When did the day end?" in client.get(url).text
    assert submit(client, url, ends="").status_code == 422
    from lms.core.learning.presenting_register import local

    ends = local(days[0].starts_at + timedelta(minutes=30), run.zone)
    response = submit(client, url, ends=f"{ends:%H:%M}")
    assert response.status_code == 303
    assert "minutes of 1 participant changed" in client.get(response.location).text
    assert rows_of(lms_app, somebody)[0][:2] == (
        "present",
        (ends.replace(second=0, microsecond=0) - local(days[0].starts_at, run.zone)).seconds // 60,
    )
    assert client.get(f"/teach/{run.key}/day/nosuchday/end").status_code == 404


def test_a_night_when_the_clocks_change_lasts_as_long_as_it_lasts(
    clock, make_run, make_enrolment, maker, do, lms_app
):
    clock.stop_at(datetime(2026, 10, 25, 12, tzinfo=UTC))
    begins = datetime(2026, 10, 24, 20, tzinfo=UTC)  # 22.00 in Denmark, until 6.00: nine hours
    run = make_run(state="running", sessions=[begins], session_minutes=9 * 60)
    (night,) = maker.sessions_of(run)
    row = make_enrolment(run=run, state="active")
    do(set_attendance, night.id, [Presence(enrolment_id=row.id, mode="present")], SYSTEM)
    assert minutes_of(lms_app, row) == 540
    with lms_app.app_context():
        assert minutes_held([run.id]) == {run.id: 540}


# --- sizes --------------------------------------------------------------------------------------


def test_a_register_of_five_hundred_takes_ten_queries(
    client, sign_in, run, days, lms_app, make_person, make_team_member, do, count_queries, maker
):
    from lms.core.enrolment.models import Enrolment
    from lms.core.users.models import Person

    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    with lms_app.app_context(), unit_of_work():
        people = [
            Person(name=f"Deltager {n:03}", search_text=f"deltager {n:03}", created_at=now())
            for n in range(500)
        ]
        db.session.add_all(people)
        db.session.flush()
        rows = [
            Enrolment(
                run_id=run.id,
                person_id=person.id,
                state="active",
                goal="",
                created_at=now(),
                changed_at=now(),
            )
            for person in people
        ]
        db.session.add_all(rows)
        db.session.flush()
        ids = [row.id for row in rows]
    lines = [
        Presence(enrolment_id=id_, mode="absent" if n % 3 else "present")
        for n, id_ in enumerate(ids)
    ]
    do(set_attendance, days[0].id, lines, SYSTEM)
    sign_in(client, teacher)
    url = f"/teach/{run.key}?session={days[0].key}"
    client.get(url)
    with count_queries() as queries:
        text = client.get(url).text
    assert "Page 1 of 5" in text
    assert "333 are below what is needed so far" in text
    assert len(queries) <= 10, "\n".join(queries)
