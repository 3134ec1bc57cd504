"""The time a run asks of each, and the days that are kept for asking what came of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from lms.contracts import LocalisedText
from lms.core.catalogue.evaluating import evaluation_dates
from lms.core.catalogue.models import CourseSession
from lms.core.catalogue.queries import runs_by_id, sessions_of
from lms.core.learning.models import Activity
from lms.db import db, now
from lms.testing.defaults import in_all_languages
from lms.testing.specimen import SPECIMEN
from tests.core.catalogue.demanding import DEMANDING_TYPE, Demanding


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Demanding())]


@pytest.fixture
def activity(maker):
    """`activity(run, **columns)`: something to do in the run."""

    def make(run, **columns):
        values = {
            "module": "practice",
            "position": 1,
            "activity_type": "walk",
            "minutes": 60,
            "others_minutes": {},
            "outcomes": [],
            "content": {},
            "changed_at": now(),
            **columns,
        }
        maker.write(Activity(run_id=run.id, title=in_all_languages("Gå en tur"), **values))

    return make


def text_of(client, run):
    return client.get(f"/catalogue/{run.key}?lang=en").get_data(as_text=True)


def own(page):
    """The rows of the participants' table: what, how many and how long."""
    table = page[page.index('id="time"') : page.index("</table>", page.index('id="time"'))]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table[table.index("<tbody") :], re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]
    return [tuple(plain[n : n + 3]) for n in range(0, len(plain), 3)]


def test_lms_run_time_and_the_type_say_what_is_asked_of_each(client, make_run):
    """3.1: a run shows total hours for participant, manager, host and company."""
    page = text_of(client, make_run(course_type="demanding", sessions=2))
    assert own(page) == [
        ("Before the first day", "", "half an hour"),
        ("Sessions", "2", "6 hours"),
        ("In all", "", "6½ hours"),
    ]
    assert "before (30%), during (30%) and after it (40%)" in page
    others = page[page.index("Others give time too") :]
    others = others[: others.index("</table>")]
    assert re.search(r"Their manager.*?45 minutes.*?<b>45 minutes</b>", others, re.DOTALL)
    assert re.search(r"The host.*?<b>1½ hours</b>", others, re.DOTALL)
    assert "The company" not in others


def test_activities_take_the_place_of_words_and_catching_up_takes_none(
    client, maker, make_run, activity
):
    run = make_run(course_type=DEMANDING_TYPE, sessions=2)
    with maker.app.app_context():
        for position, module in ((1, "start"), (2, "practice")):
            db.session.execute(
                update(CourseSession)
                .where(CourseSession.run_id == run.id, CourseSession.position == position)
                .values(
                    module=module, between=LocalisedText(en="Ask somebody."), between_minutes=50
                )
            )
        db.session.commit()
    first = maker.sessions_of(run)[0]
    activity(run, minutes=120, others_minutes={"company": 30})
    activity(run, minutes=500, catch_up=True)
    activity(run, minutes=500, required=False)
    activity(run, minutes=40, module="", due_at=first.starts_at - timedelta(days=1))
    page = text_of(client, run)
    # 50 minutes after the first session, 120 in place of the words after the second.
    assert ("Assignments in practice, at work", "2", "2 hours and 50 minutes") in own(page)
    assert ("Before the first day", "", "1 hour and 10 minutes") in own(page)
    assert re.search(r"The company.*?<b>half an hour</b>", page, re.DOTALL)
    assert "It becomes: Something found." in page


def test_evaluation_dates_follow_the_moments_of_the_type(lms_app, maker, make_run):
    """3.8: days are counted by the calendar where the run is, over the night of summer time."""
    late = datetime(2026, 10, 20, 22, 30, tzinfo=UTC)
    run = make_run(course_type="demanding", sessions=[late, late + timedelta(days=7)])
    with lms_app.app_context():
        facts, there = runs_by_id([run.id])[run.id], sessions_of([run.id])[run.id]
        found = evaluation_dates(facts, there)
        zone_day = date(2026, 10, 21)
        assert [(one.key, one.day) for one in found[:2]] == [
            ("E0", zone_day - timedelta(days=7)),
            ("E1", zone_day + timedelta(days=1)),
        ]
        assert [one.session_id for one in found] == [None, there[0].id, there[1].id, None]
        assert found[-1].key == "E3"
        assert (found[-1].day - found[2].day).days == 83
        assert evaluation_dates(facts, ()) == ()


def test_the_dates_are_shown_to_who_leads_the_run_and_nobody_else(
    client, signed_in, make_run, make_person, make_team_member
):
    run, person = make_run(course_type="demanding"), make_person(language="en")
    make_team_member(run=run, person=person, role="programme_lead")
    page = text_of(signed_in(person=person), run)
    kept = page[page.index("Dates kept for the evaluation") :]
    assert "What stayed" in kept
    assert "their managers" in kept
    assert "Dates kept" not in text_of(client, run)
    make_team_member(run=run, person=(other := make_person(language="en")), role="teacher")
    assert "Dates kept" not in text_of(signed_in(person=other), run)
