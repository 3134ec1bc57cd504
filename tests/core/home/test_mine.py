"""My page: what waits, in which order, and what stands there when nothing does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import LocalisedText, TodoItem
from lms.db import now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen


def item(title, **more):
    return TodoItem(
        key=title,
        title=LocalisedText(en=title),
        url=f"/help#{title}",
        label=LocalisedText(en=f"Do {title}"),
        **more,
    )


class Asker(Specimen):
    """Has things for people to do, or breaks."""

    items = ()
    broken = False

    @hookimpl
    def lms_todo_items(self, actor):
        if self.broken:
            raise RuntimeError("out of order")
        return self.items


@pytest.fixture
def asker():
    return Asker()


@pytest.fixture
def lms_plugins(asker):
    return [(SPECIMEN, asker)]


def text_of(browser):
    response = browser.get("/me")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_guests_are_asked_to_sign_in(client):
    response = client.get("/me")
    assert response.status_code == 303
    assert "next=" in response.location


def test_the_most_urgent_thing_is_the_warm_one_and_the_rest_follows(signed_in, asker):
    asker.items = (
        item("whenever", order=1),
        item("tomorrow", due=now() + timedelta(days=1), minutes=5),
        item("today", due=now() + timedelta(hours=1), order=90, minutes=90),
    )
    text = text_of(signed_in())
    assert text.count('class="turn"') == 1
    warm = text[text.index('class="turn"') : text.index('id="then"')]
    assert "today" in warm
    assert "About 1½ hours." in warm
    assert "tomorrow" not in warm
    then = text[text.index('id="then"') :]
    assert then.index("tomorrow") < then.index("whenever")


def test_what_is_due_later_waits_its_turn_by_order(signed_in, asker):
    asker.items = (
        item("next-month", due=now() + timedelta(days=30), order=30),
        item("overdue-work", order=15),
    )
    text = text_of(signed_in())
    assert "overdue-work" in text[text.index('class="turn"') : text.index('id="then"')]


def test_one_thing_has_nothing_after_it(signed_in, asker):
    asker.items = (item("alone"),)
    text = text_of(signed_in())
    assert 'class="turn"' in text
    assert 'id="then"' not in text


def test_a_plugin_that_cannot_say_leaves_a_box_beside_what_others_say(signed_in, asker):
    asker.broken = True
    text = text_of(signed_in())
    assert 'class="away"' in text
    assert "Nothing waits for you" in text


@pytest.mark.parametrize(
    ("role", "heading"),
    [
        (None, "Nothing waits for you"),
        ("teacher", "Nothing waits to be read or registered"),
        ("site_admin", "All is well"),
    ],
)
def test_when_nothing_waits_the_heading_fits_what_one_does(signed_in, role, heading):
    text = text_of(signed_in(role))
    assert heading in text
    assert 'class="turn"' not in text


def test_a_manager_reads_that_nobody_waits(signed_in, make_person, make_assignment):
    manager = make_person(language="en")
    make_assignment(manager=manager)
    assert "Nobody waits for your yes" in text_of(signed_in(person=manager))


def test_a_manager_sees_the_request_that_waits(
    signed_in, make_person, make_assignment, make_enrolment
):
    manager = make_person(language="en")
    make_assignment(manager=manager)
    make_enrolment(state="awaiting_approval", manager=manager)
    assert 'class="turn"' in text_of(signed_in(person=manager))


def test_runs_i_help_to_run_stand_beside(signed_in, make_person, make_run, make_team_member):
    person, run = make_person(language="en"), make_run(title="Mit hold")
    make_team_member(run=run, person=person)
    make_team_member(run=run, person=person, role="programme_lead")
    make_run(title="Andres hold")
    text = text_of(signed_in(person=person))
    assert text.count("Mit hold") == 1
    assert "Andres hold" not in text


def test_the_page_takes_ten_queries_at_most_and_one_per_drawing_hook(
    signed_in, make_person, make_run, make_team_member, count_queries
):
    person = make_person()
    for _ in range(8):
        make_team_member(run=make_run(), person=person)
    browser = signed_in(person=person)
    browser.get("/me")
    with count_queries() as queries:
        browser.get("/me")
    assert len(queries) <= 10, "\n".join(queries)
