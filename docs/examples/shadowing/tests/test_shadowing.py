from __future__ import annotations

import pytest
from lms_shadowing.course_type import KEY, SHADOWING_DAY
from lms_shadowing.queries import notes_of


@pytest.fixture
def enrolled(make_person, make_run, make_enrolment):
    """Somebody whose shadowing day has begun."""
    person = make_person(language="en")
    run = make_run(course_type=SHADOWING_DAY, state="running")
    return person, make_enrolment(run=run, person=person, state="active")


@pytest.fixture
def browser(client, sign_in, enrolled):
    return sign_in(client, enrolled[0])


def test_lms_course_types(client, make_run):
    make_run(course_type=SHADOWING_DAY)
    page = client.get(f"/catalogue?type={KEY}&lang=en").text
    assert "Shadowing day" in page
    assert "1 course" in page


def test_lms_blueprints(browser, submit, enrolled, lms_app):
    _person, enrolment = enrolled
    address = f"/shadowing/notes/{enrolment.key}"
    assert "What did you see?" in browser.get(address).text
    answer = submit(browser, address, text="")
    assert answer.status_code == 422
    assert "Write at least one thing you saw." in answer.text
    assert submit(browser, address, text="She explained each step.").status_code == 303
    with lms_app.app_context():
        assert notes_of([enrolment.id])[enrolment.id].text == "She explained each step."
    assert "Hvad så du?" in browser.get(f"{address}?lang=da").text


def test_nobody_elses_note(client, sign_in, make_person, enrolled):
    _person, enrolment = enrolled
    sign_in(client, make_person())
    assert client.get(f"/shadowing/notes/{enrolment.key}").status_code == 404


def test_lms_enrolment_panels(browser, submit, enrolled):
    _person, enrolment = enrolled
    address = f"/shadowing/notes/{enrolment.key}"
    page = browser.get(f"/enrolments/{enrolment.key}").text
    assert address in page
    assert "Write the note" in page
    submit(browser, address, text="A calm morning.")
    assert "Read the note" in browser.get(f"/enrolments/{enrolment.key}").text


def test_lms_conditions(lms_app):
    from lms.host import current_host

    with lms_app.app_context():
        assert current_host().conditions()["shadowing.note"].item.title.en == (
            "A note of what one saw"
        )


def test_lms_completion_conditions(browser, submit, enrolled):
    _person, enrolment = enrolled
    assert "The note is still missing." in browser.get(f"/enrolments/{enrolment.key}").text
    submit(browser, f"/shadowing/notes/{enrolment.key}", text="A calm morning.")
    assert "The note is written." in browser.get(f"/enrolments/{enrolment.key}").text


def test_lms_data_policy():
    from lms_shadowing.models import Base
    from lms_shadowing.plugin import lms_data_policy

    assert {policy.table for policy in lms_data_policy()} == set(Base.metadata.tables)
