"""The register of a session, and who may write it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import SYSTEM
from lms.core.catalogue.models import CourseSession
from lms.core.learning.models import Attendance
from lms.core.learning.services import Presence, set_attendance
from lms.core.refused import Refused
from lms.db import db, now
from lms.work import unit_of_work


@pytest.fixture
def run(make_run):
    """Under way: two days held-to-be, one to come; 180 minutes each."""
    moments = [now() - timedelta(days=8), now() - timedelta(hours=1), now() + timedelta(days=6)]
    return make_run(state="running", sessions=moments, capacity=300)


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


@pytest.fixture
def class_of(make_enrolment, make_person, run):
    def make(size):
        return [
            make_enrolment(run=run, person=make_person(name=f"Deltager {n:03}"), state="active")
            for n in range(size)
        ]

    return make


@pytest.fixture
def days(maker, run):
    return maker.sessions_of(run)


def marks(app) -> dict[tuple[int, int], tuple[str, int]]:
    with app.app_context():
        rows = db.session.scalars(db.select(Attendance)).all()
        return {(r.enrolment_id, r.course_session_id): (r.mode, r.minutes) for r in rows}


def state_of(app, session) -> str:
    with app.app_context():
        return db.session.get_one(CourseSession, session.id).state


def test_the_register_opens_at_the_first_day_without_one(teacher, run, class_of, days):
    class_of(3)
    text = teacher.get(f"/teach/{run.key}").text
    assert "Day 1 of 3" in text
    assert text.count('type="radio"') == 12
    later = teacher.get(f"/teach/{run.key}?session={days[2].key}").text
    assert "The register opens when the day begins" in later
    assert 'type="radio"' not in later
    assert teacher.get(f"/teach/{run.key}?session=nonsense").status_code == 200


def test_a_register_is_written_and_written_anew(teacher, submit, run, class_of, days, lms_app):
    a, b, c, d = class_of(4)
    url = f"/teach/{run.key}?session={days[0].key}"
    fields = {
        f"mode-{a.key}": "present",
        f"mode-{b.key}": "partial",
        f"minutes-{b.key}": "45",
        f"mode-{c.key}": "excused",
        f"minutes-{c.key}": "nonsense where nobody asks",
    }
    response = submit(teacher, url, **fields)
    assert response.status_code == 303
    key = days[0].id
    assert marks(lms_app) == {
        (a.id, key): ("present", 180),
        (b.id, key): ("partial", 45),
        (c.id, key): ("excused", 0),
    }
    assert state_of(lms_app, days[0]) == "held"
    assert "3 of 4 are marked" in teacher.get(response.location).text
    submit(teacher, url, **fields, **{f"mode-{d.key}": "absent"})
    submit(teacher, url, **{f"mode-{a.key}": "absent"})
    assert marks(lms_app)[a.id, key] == ("absent", 0)
    assert len(marks(lms_app)) == 4


def test_all_are_here_marks_the_rest(teacher, submit, run, class_of, days, lms_app):
    a, b, c = class_of(3)
    url = f"/teach/{run.key}?session={days[0].key}"
    submit(teacher, url, **{f"mode-{b.key}": "absent", "all": "1"})
    key = days[0].id
    assert marks(lms_app) == {
        (a.id, key): ("present", 180),
        (b.id, key): ("absent", 0),
        (c.id, key): ("present", 180),
    }


@pytest.mark.parametrize("minutes", ["", "181", "-1", "4 5", "1e2", "٤٥", "9" * 400, "<b>"])
def test_minutes_must_be_possible_and_what_was_typed_stays(
    teacher, submit, run, class_of, days, lms_app, minutes
):
    a, b = class_of(2)
    response = submit(
        teacher,
        f"/teach/{run.key}?session={days[0].key}",
        **{
            f"mode-{a.key}": "partial",
            f"minutes-{a.key}": minutes,
            f"mode-{b.key}": "absent",
        },
    )
    assert response.status_code == 422
    assert "Write whole minutes from 0 to 180" in response.text
    if minutes == "<b>":
        assert 'value="&lt;b&gt;"' in response.text
    assert response.text.count("checked") == 2
    assert marks(lms_app) == {}


def test_an_empty_register_says_what_to_do(teacher, submit, run, class_of, days, lms_app):
    class_of(1)
    response = submit(teacher, f"/teach/{run.key}?session={days[0].key}")
    assert response.status_code == 422
    assert "Mark at least one" in response.text
    assert state_of(lms_app, days[0]) == "planned"


def test_a_day_that_has_not_begun_cannot_be_written(teacher, submit, run, class_of, days, lms_app):
    (a,) = class_of(1)
    url = f"/teach/{run.key}?session={days[2].key}"
    assert submit(teacher, url, **{f"mode-{a.key}": "present"}).status_code == 422
    assert marks(lms_app) == {}


def write(app, session, *lines):
    with app.app_context(), unit_of_work():
        set_attendance(session.id, lines, SYSTEM)


def test_the_service_refuses_what_the_page_would_not_send(
    lms_app, run, class_of, days, make_enrolment
):
    (a,) = class_of(1)
    elsewhere = make_enrolment(state="active")
    over = make_enrolment(run=run, state="withdrawn")
    for lines in (
        [Presence(enrolment_id=elsewhere.id, mode="present")],
        [Presence(enrolment_id=over.id, mode="present")],
        [Presence(enrolment_id=a.id, mode="asleep")],
        [Presence(enrolment_id=a.id, mode="partial", minutes=181)],
        [Presence(enrolment_id=a.id, mode="partial", minutes=-1)],
    ):
        with pytest.raises(Refused):
            write(lms_app, days[0], *lines)
    with pytest.raises(Refused):
        write(lms_app, days[2], Presence(enrolment_id=a.id, mode="present"))
    assert marks(lms_app) == {}
    write(lms_app, days[0], Presence(enrolment_id=a.id, mode="partial", minutes=180))


def test_who_is_below_the_share_stands_beside(teacher, lms_app, run, class_of, days):
    a, b, c = class_of(3)
    present = [Presence(enrolment_id=row.id, mode="present") for row in (a, b)]
    write(lms_app, days[0], *present, Presence(enrolment_id=c.id, mode="absent"))
    text = teacher.get(f"/teach/{run.key}").text
    assert "Who is below 80 %?" in text
    assert "<b>0 %</b>" in text
    assert "Can no longer reach it" in text
    assert "One is below" in text


def test_a_run_that_has_not_begun_explains_itself(
    client, sign_in, make_person, make_run, make_team_member, make_enrolment
):
    run, person = make_run(), make_person(language="en")
    make_team_member(run=run, person=person)
    make_enrolment(run=run, state="seated")
    assert "The run has not begun" in sign_in(client, person).get(f"/teach/{run.key}").text


# --- who may ------------------------------------------------------------------------------------

PAGES = ("", "/complete", "/decide", "/sums")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("teacher", {"", "/complete", "/decide", "/sums"}),
        ("programme_lead", {"", "/complete", "/decide", "/sums"}),
        ("company_teacher", set()),
        ("evaluator", {"/sums"}),
        (None, set()),
    ],
)
def test_only_those_who_teach_see_a_class(
    client, sign_in, submit, run, class_of, make_person, make_team_member, role, allowed, lms_app
):
    (a,) = class_of(1)
    person = make_person()
    if role:
        make_team_member(run=run, person=person, role=role)
    sign_in(client, person)
    for path in PAGES:
        response = client.get(f"/teach/{run.key}{path}")
        if role == "evaluator" and path == "":
            assert response.location.endswith("/sums")
        else:
            assert response.status_code == (200 if path in allowed else 404), path
    posts = {"": {f"mode-{a.key}": "present"}, "/complete": {f"word-{a.key}": "yes"}, "/decide": {}}
    for path, fields in posts.items():
        status = submit(client, f"/teach/{run.key}{path}", **fields).status_code
        assert (status == 404) == (path not in allowed), path
    assert bool(marks(lms_app)) == ("" in allowed)
    assert client.get("/teach").status_code == 200


def test_another_runs_teacher_finds_nothing(client, sign_in, run, make_person, make_team_member):
    person = make_person()
    make_team_member(person=person)
    sign_in(client, person)
    assert client.get(f"/teach/{run.key}").status_code == 404


def test_a_role_in_the_host_is_enough_and_elsewhere_is_not(
    lms_app, sign_in, make_organisation, make_run, make_person, make_access_role
):
    host, other = make_organisation(), make_organisation()
    run = make_run(hosts=[host], state="running")
    for organisation, status in ((host, 200), (other, 404)):
        person = make_person()
        make_access_role(person=person, role="teacher", organisation=organisation)
        browser = sign_in(lms_app.test_client(), person)
        assert browser.get(f"/teach/{run.key}").status_code == status


# --- sizes and junk -----------------------------------------------------------------------------


@given(mode=st.text(max_size=60), minutes=st.text(max_size=600), session=st.text(max_size=30))
def test_junk_is_never_an_error_of_ours(
    mode,
    minutes,
    session,
    lms_app,
    sign_in,
    submit,
    make_run,
    make_person,
    make_team_member,
    make_enrolment,
):
    run = make_run(state="running", sessions=[now() - timedelta(hours=2)])
    person = make_person()
    make_team_member(run=run, person=person)
    row = make_enrolment(run=run, state="active")
    browser = sign_in(lms_app.test_client(), person)
    fields = {f"mode-{row.key}": mode, f"minutes-{row.key}": minutes}
    assert submit(browser, f"/teach/{run.key}", **fields).status_code in (303, 422)
    answer = browser.get(f"/teach/{run.key}", query_string={"session": session, "page": minutes})
    assert answer.status_code == 200
