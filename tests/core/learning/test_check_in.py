"""Checking in with the code on the screen: by the server's clock, for one session, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import SYSTEM
from lms.core.catalogue.models import CourseSession
from lms.core.catalogue.queries import sessions_of
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.models import Attendance
from lms.core.learning.queries.checking_in import check_in_of
from lms.core.learning.services import Presence, set_attendance
from lms.core.learning.services import checking_in as services
from lms.core.refused import Refused
from lms.db import db, now
from lms.work import unit_of_work

LENGTH = 180


@pytest.fixture
def run(make_run, clock):
    """One day that begins in twenty minutes, and one a week later."""
    clock.stop_at(now().replace(second=0, microsecond=0))
    moments = [now() + timedelta(minutes=20), now() + timedelta(days=7)]
    return make_run(state="running", sessions=moments, session_minutes=LENGTH, capacity=50)


@pytest.fixture
def day(maker, run):
    return maker.sessions_of(run)[0]


@pytest.fixture
def who_teaches(make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return person


@pytest.fixture
def teacher(client, sign_in, who_teaches):
    return sign_in(client, who_teaches)


@pytest.fixture
def learner(make_person):
    return make_person(language="en")


@pytest.fixture
def enrolment(make_enrolment, run, learner):
    return make_enrolment(run=run, person=learner, state="active")


@pytest.fixture
def phone(lms_app, sign_in, learner, enrolment):
    return sign_in(lms_app.test_client(), learner)


@pytest.fixture
def later(clock, sign_in, teacher, who_teaches, phone, learner):
    """`later(minutes=40)`: time goes by; who has sat still for long signs in again."""

    def move(**by):
        clock.move(**by)
        sign_in(teacher, who_teaches)
        sign_in(phone, learner)

    return move


@pytest.fixture
def screen(teacher, submit, run, day, lms_app):
    """The check-in, opened by the teacher; `screen()` is the code that it shows now."""
    url = f"/teach/{run.key}/check-in/{day.key}"
    assert submit(teacher, url, late="ten").status_code == 303

    class Screen:
        address = url
        key = facts_of(lms_app, day).key

        def __call__(self):
            return teacher.get(f"{url}/now").get_json()["code"]

    return Screen()


def facts_of(app, day):
    with app.app_context():
        return check_in_of(day.id)


def mark_of(app, enrolment):
    with app.app_context():
        row = db.session.scalars(
            db.select(Attendance).where(Attendance.enrolment_id == enrolment.id)
        ).one_or_none()
        return row and (row.mode, row.minutes, row.source, row.unsure)


def test_a_code_on_the_screen_is_read_and_one_button_pressed(
    screen, phone, submit, lms_app, enrolment, teacher, run, day
):
    text = teacher.get(screen.address).text
    code = screen()
    assert code in text
    assert "0 of 1 have checked in" in text
    assert '<noscript><meta http-equiv="refresh" content="30">' in text
    picture = teacher.get(f"{screen.address}/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "style" not in picture.text
    url = f"/check-in/{screen.key}/{code}"
    page = phone.get(url).text
    assert "I am here" in page
    assert 'data-offline=""' in page
    response = submit(phone, url)
    assert response.status_code == 303
    assert "You are marked as here." in phone.get(response.location).text
    assert mark_of(lms_app, enrolment) == ("present", LENGTH, "code", False)
    assert "1 of 1 have checked in" in teacher.get(screen.address).text
    # Once more is no more.
    assert "You are marked already." in phone.get(submit(phone, url).location).text
    assert submit(teacher, f"{screen.address}/close").location.endswith(
        f"/teach/{run.key}?session={day.key}"
    )
    assert teacher.get(f"{screen.address}/now").get_json() == {}
    assert teacher.get(f"{screen.address}/code.svg").status_code == 404


def test_the_code_changes_every_half_minute_by_the_servers_clock(screen, clock):
    first = screen()
    clock.move(seconds=29)
    assert screen() == first
    clock.move(seconds=1)
    assert screen() != first
    assert re.fullmatch(f"[{services.ALPHABET}]{{6}}", first)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, ("present", 180)), (10, ("present", 180)), (11, ("partial", 169)), (179, ("partial", 1))],
)
def test_who_comes_late_is_there_from_then(
    screen, phone, submit, lms_app, enrolment, later, after, expected
):
    later(minutes=20 + after)
    response = submit(phone, "/check-in", code=f" {screen().upper()} ")
    assert response.status_code == 303
    assert mark_of(lms_app, enrolment)[:2] == expected
    if after > 10:
        assert "from when you came" in phone.get(response.location).text


def test_only_while_the_session_lasts(lms_app, teacher, submit, run, day, clock, later, maker):
    url = f"/teach/{run.key}/check-in/{maker.sessions_of(run)[1].key}"
    assert "open from half an hour before" in teacher.get(url).text
    assert submit(teacher, url, late="ten").status_code == 422
    clock.move(minutes=-11)
    url = f"/teach/{run.key}/check-in/{day.key}"
    assert submit(teacher, url, late="ten").status_code == 422
    clock.move(minutes=1)
    assert submit(teacher, url, late="ten").status_code == 303
    later(minutes=30 + LENGTH)
    assert teacher.get(f"{url}/now").get_json() == {}
    with lms_app.app_context():
        facts = check_in_of(day.id)
        (session, _next) = sessions_of([run.id])[run.id]
        for step, good in (
            (services.step_at(facts.opened_at) - 1, False),
            (services.step_at(facts.opened_at), True),
            (services.step_at(session.ends_at) - 1, True),
            (services.step_at(session.ends_at), False),
        ):
            code = services.code_at(facts, step)
            assert (services.step_of(facts, session, code, now()) == step) is good
            before = services.begin_of(step) - timedelta(seconds=1)
            assert services.step_of(facts, session, code, before) is None  # not shown yet


def test_a_code_sent_later_counts_from_when_it_was_shown(
    screen, phone, submit, lms_app, enrolment, later
):
    later(minutes=25)
    code = screen()
    later(minutes=14)
    submit(phone, f"/check-in/{screen.key}/{code}")
    assert mark_of(lms_app, enrolment) == ("present", LENGTH, "code", False)


def test_a_code_sent_much_later_waits_for_the_teacher(
    screen, phone, submit, lms_app, enrolment, later, teacher, run, day
):
    later(minutes=25)
    code = screen()
    later(hours=6)
    response = submit(phone, f"/check-in/{screen.key}/{code}")
    assert "your teacher looks at it" in phone.get(response.location).text
    assert mark_of(lms_app, enrolment) == ("present", LENGTH, "code", True)
    url = f"/teach/{run.key}?session={day.key}"
    text = teacher.get(url).text
    assert "One row waits for your look" in text
    assert "By the code" in text
    fields = {f"mode-{enrolment.key}": "present", f"was-{enrolment.key}": "present:180:"}
    assert submit(teacher, url, **fields).status_code == 303
    assert mark_of(lms_app, enrolment) == ("present", LENGTH, "code", False)


def test_a_code_speaks_against_missing_but_decides_nothing(
    screen, phone, submit, lms_app, enrolment, later, day
):
    later(minutes=30)
    for mode, after in (
        ("partial", ("partial", 9, "teacher", False)),
        ("excused", ("excused", 0, "teacher", False)),
        ("absent", ("present", LENGTH, "code", True)),
    ):
        with lms_app.app_context(), unit_of_work():
            line = Presence(enrolment_id=enrolment.id, mode=mode, minutes=9)
            set_attendance(day.id, [line], SYSTEM)
        assert submit(phone, "/check-in", code=screen()).status_code == 303
        assert mark_of(lms_app, enrolment) == after


def test_codes_are_of_one_session_and_one_class(
    lms_app, screen, phone, submit, make_run, make_person, make_enrolment, make_team_member, sign_in
):
    other = make_run(state="running", sessions=[now() + timedelta(minutes=5)])
    teacher = make_person()
    make_team_member(run=other, person=teacher)
    browser = sign_in(lms_app.test_client(), teacher)
    with lms_app.app_context():
        (session,) = sessions_of([other.id])[other.id]
    url = f"/teach/{other.key}/check-in/{session.key}"
    submit(browser, url, late="exact")
    elsewhere = browser.get(f"{url}/now").get_json()["code"]
    with lms_app.app_context():
        key = check_in_of(session.id).key
    assert submit(phone, f"/check-in/{key}/{elsewhere}").status_code == 404
    assert phone.get(f"/check-in/{key}/{elsewhere}").status_code == 404
    assert submit(phone, f"/check-in/{screen.key}/{elsewhere}").status_code == 422
    assert submit(phone, "/check-in", code=elsewhere).status_code == 422
    stranger = sign_in(lms_app.test_client(), make_person(language="en"))
    assert stranger.get(f"/check-in/{screen.key}/{screen()}").status_code == 404
    assert submit(stranger, "/check-in", code=screen()).status_code == 422


def test_nobody_finds_a_code_by_trying(screen, phone, submit, lms_app, enrolment, clock):
    statuses = [submit(phone, "/check-in", code=f"2222{n:02}").status_code for n in range(14)]
    assert statuses == [422] * 12 + [429] * 2
    response = submit(phone, f"/check-in/{screen.key}/{screen()}")
    assert response.status_code == 429
    assert "ask your teacher" in response.text
    assert mark_of(lms_app, enrolment) is None
    clock.move(minutes=16)
    assert submit(phone, "/check-in", code=screen()).status_code == 303


def test_closed_is_closed_and_opening_again_goes_on(
    screen, teacher, submit, phone, lms_app, enrolment, clock
):
    shown = screen()
    submit(teacher, f"{screen.address}/close")
    clock.move(minutes=3)
    with lms_app.app_context():
        facts = check_in_of(facts_day(lms_app, enrolment).id)
        after = services.code_at(facts, services.step_at(now()))
    assert submit(phone, "/check-in", code=after).status_code == 422
    assert submit(teacher, screen.address, late="never").status_code == 303
    assert submit(phone, "/check-in", code=screen()).status_code == 303
    assert shown != screen()


def facts_day(app, enrolment):
    with app.app_context():
        return db.session.scalars(
            db.select(CourseSession)
            .where(CourseSession.run_id == enrolment.run_id)
            .order_by(CourseSession.position)
        ).first()


def test_a_cancelled_session_and_a_seat_that_has_not_begun(
    lms_app, screen, phone, submit, day, enrolment, make_enrolment, make_person, run, sign_in
):
    code = screen()
    waiting = make_person(language="en")
    make_enrolment(run=run, person=waiting, state="seated")
    browser = sign_in(lms_app.test_client(), waiting)
    response = submit(browser, f"/check-in/{screen.key}/{code}")
    assert response.status_code == 422
    assert "You do not take part in the run just now" in response.text
    with lms_app.app_context(), unit_of_work():
        db.session.execute(
            db.update(CourseSession).where(CourseSession.id == day.id).values(state="cancelled")
        )
    assert submit(phone, f"/check-in/{screen.key}/{code}").status_code == 422
    assert mark_of(lms_app, enrolment) is None


def test_signing_in_comes_back_to_the_code(lms_app, screen):
    url = f"/check-in/{screen.key}/{screen()}"
    response = lms_app.test_client().get(url)
    assert response.status_code == 303
    assert f"next={url}" in response.location.replace("%2F", "/")


@given(code=st.text(max_size=40))
def test_junk_is_no_code(code, lms_app, make_run, make_enrolment, maker):
    run = make_run(state="running", sessions=[now() + timedelta(minutes=5)])
    row = make_enrolment(run=run, state="active")
    with lms_app.app_context():
        (session,) = sessions_of([run.id])[run.id]
        with unit_of_work():
            facts = services.open_check_in(session, SYSTEM)
        enrolment = enrolments_by_id([row.id])[row.id]
        with pytest.raises(Refused), unit_of_work():
            services.check_in(enrolment, facts, session, code, SYSTEM)


# --- without network ----------------------------------------------------------------------------


def test_what_a_phone_needs_without_network_is_there_for_everybody(lms_app, client):
    worker = client.get("/service-worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    page = client.get("/offline?lang=sv")
    assert page.status_code == 200
    assert 'data-path="^/check-in$"' in page.text
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
        with client.get(path) as answer:
            assert answer.status_code == 200
    assert client.get("/form-token").get_json() == {"token": "", "who": "", "mark": ""}


def test_a_fresh_token_is_the_readers_own(lms_app, phone, submit, screen, sign_in, make_person):
    said = phone.get("/form-token")
    assert said.headers["Cache-Control"] == "no-store"
    found = said.get_json()
    again = phone.get("/form-token").get_json()
    assert (found["who"], found["mark"]) == (again["who"], again["mark"])
    assert found["token"] != again["token"]
    other = sign_in(lms_app.test_client(), make_person()).get("/form-token").get_json()
    assert other["who"] != found["who"]
    assert other["mark"] != found["mark"]
    url = f"/check-in/{screen.key}/{screen()}"
    first = phone.post(url, data={"csrf_token": found["token"]})
    second = phone.post(url, data={"csrf_token": found["token"]})
    assert first.status_code == second.status_code == 303
