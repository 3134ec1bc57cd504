"""Who answers for a manager: one at a time, on the page and by mail, inside the days only, and
the days are those of the place: also at midnight, in summer and on the nights the clock moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.core.enrolment import services
from lms.core.enrolment.models import CostCentre, StandIn
from lms.core.enrolment.queries import row_by_key, stand_ins_of
from lms.core.refused import Refused
from lms.core.users.queries import actor_for_person
from lms.core.users.services import mint
from lms.db import db, now
from lms.testing import csrf_of
from lms.work import unit_of_work

HOUR = timedelta(hours=1)


def here():
    """The day it is where the site is."""
    return now().astimezone(ZoneInfo("Europe/Copenhagen")).date()


@pytest.fixture
def place(make_organisation):
    return make_organisation()


@pytest.fixture
def colleague(make_person, make_assignment, place):
    """`colleague(name)`: somebody of the same organisation."""

    def make(name, leader=None, **columns):
        person = make_person(name=name, language="en", **columns)
        make_assignment(person=person, organisation=place, manager=leader)
        return person

    return make


@pytest.fixture
def manager(colleague):
    return colleague("Leder Prøve")


@pytest.fixture
def deputy(colleague):
    return colleague("Stine Stedfortræder")


@pytest.fixture
def asked(colleague, manager, make_run, make_enrolment, place):
    """Somebody of the manager's people waits for a yes."""
    return make_enrolment(
        run=make_run(),
        person=colleague("Anna Prøve", manager),
        employer=place,
        manager=manager,
        state="awaiting_approval",
        answer_due=now() + timedelta(days=400),
    )


@pytest.fixture
def named(maker):
    """`named(manager, deputy, first, last)`: the days are written down."""

    def write(person, by, first, last=None):
        row = StandIn(person_id=person.id, stand_in_id=by.id, from_day=first, to_day=last or first)
        maker.write(row)
        return row

    return write


@pytest.fixture
def as_(lms_app, sign_in):
    return lambda person: sign_in(lms_app.test_client(), person)


def kept(app) -> list[tuple[int, date, date]]:
    with app.app_context():
        rows = db.session.execute(
            select(StandIn.stand_in_id, StandIn.from_day, StandIn.to_day).order_by(StandIn.id)
        )
        return [tuple(row) for row in rows]


# --- naming somebody ----------------------------------------------------------------------------


def test_a_manager_names_a_colleague_and_both_see_it(
    lms_app, as_, submit, asked, manager, deputy, make_person, make_assignment
):
    stranger = make_person(name="Fremmed Prøve")
    make_assignment(person=stranger)
    browser, url = as_(manager), "/team/stand-in"
    page = browser.get(f"{url}?q=stine").text
    assert deputy.name in page
    assert "Fremmed" not in browser.get(f"{url}?q=fremmed").text
    first, last = here(), here() + timedelta(days=4)
    days = {"from_day": first.isoformat(), "to_day": last.isoformat()}
    assert submit(browser, url, person=stranger.key, **days).status_code == 422
    assert submit(browser, url, person=deputy.key, q="stine", **days).status_code == 303
    assert kept(lms_app) == [(deputy.id, first, last)]
    assert "Stine Stedfortræder answers for you" in browser.get("/team").text
    theirs = as_(deputy)
    assert "You answer for Leder Prøve" in theirs.get("/team").text
    assert "Leder Prøve" in theirs.get(url).text
    assert "Name the stand-in" not in theirs.get(url).text


def test_who_leads_nobody_has_no_such_page(as_, deputy):
    assert as_(deputy).get("/team/stand-in").status_code == 404


def test_who_holds_the_money_may_name_somebody(as_, deputy, manager, place, maker):
    maker.write(CostCentre(organisation_id=place.id, code="1", holder_id=deputy.id))
    assert "Name the stand-in" in as_(deputy).get("/team/stand-in").text


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (3, 1, "The last day is before the first"),
        (-5, -2, "Those days are over"),
        (9, 12, "Somebody else stands in on some of those days"),
        (12, 30, "Somebody else stands in on some of those days"),
        (10, 10, "Somebody else stands in on some of those days"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence(
    lms_app, as_, submit, asked, manager, deputy, named, colleague, first, last, sentence
):
    other = colleague("Otto Prøve")
    named(manager, other, here() + timedelta(days=10), here() + timedelta(days=12))
    answer = submit(
        as_(manager),
        "/team/stand-in",
        person=deputy.key,
        from_day=(here() + timedelta(days=first)).isoformat(),
        to_day=(here() + timedelta(days=last)).isoformat(),
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(kept(lms_app)) == 1


def test_days_beside_each_other_are_fine_and_each_manager_has_their_own(
    lms_app, manager, deputy, named, colleague
):
    other = colleague("Otto Prøve")
    day = here() + timedelta(days=10)
    named(manager, other, day, day)
    with lms_app.app_context(), unit_of_work():
        actor = actor_for_person(manager.id)
        services.set_stand_in(
            manager.id, deputy.id, day - timedelta(days=3), day - timedelta(1), actor
        )
        services.set_stand_in(
            manager.id, deputy.id, day + timedelta(1), day + timedelta(days=3), actor
        )
        services.set_stand_in(other.id, deputy.id, day, day, actor)
    assert len(kept(lms_app)) == 4
    with lms_app.app_context(), unit_of_work(), pytest.raises(Refused):
        services.set_stand_in(manager.id, manager.id, day, day, actor_for_person(manager.id))


def test_it_is_ended_by_the_manager_alone(as_, asked, manager, deputy, named, lms_app):
    row = named(manager, deputy, here())
    theirs, mine = as_(deputy), as_(manager)
    url = f"/team/stand-in/{row.key}/end"
    assert theirs.post(url, data={"csrf_token": csrf_of(theirs)}).status_code == 404
    assert kept(lms_app)
    assert mine.post(url, data={"csrf_token": csrf_of(mine)}).status_code == 303
    assert not kept(lms_app)
    assert mine.post(url, data={"csrf_token": csrf_of(mine)}).status_code == 404


# --- inside the days ----------------------------------------------------------------------------

NIGHTS = (
    ("winter", date(2026, 12, 10)),
    ("summer", date(2027, 7, 5)),
    ("the night the clock goes forward", date(2027, 3, 28)),
    ("the night the clock goes back", date(2027, 10, 31)),
)


def first_moment(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "Europe/Stockholm"])
@pytest.mark.parametrize("day", [day for _name, day in NIGHTS], ids=[name for name, _day in NIGHTS])
def test_a_day_begins_and_ends_at_midnight_where_the_site_is(
    lms_app, clock, manager, deputy, named, day, zone
):
    lms_app.config["ZONE"] = zone
    named(manager, deputy, day)
    begins, ends = first_moment(day, zone), first_moment(day + timedelta(days=1), zone)
    second = timedelta(seconds=1)
    for moment, on in (
        (begins - second, False),
        (begins, True),
        (begins + HOUR * 2, True),
        (ends - second, True),
        (ends, False),
    ):
        clock.stop_at(moment)
        with lms_app.app_context():
            assert (list(stand_ins_of(manager.id)) == [deputy.id]) is on, moment


def test_the_page_can_be_answered_inside_the_days_only(
    as_, submit, clock, asked, manager, deputy, named, maker
):
    day = date(2027, 10, 31)
    named(manager, deputy, day)
    url = f"/enrolments/{asked.key}/answer"
    begins, ends = (first_moment(one, "Europe/Copenhagen") for one in (day, day + timedelta(1)))
    assert ends - begins == 25 * HOUR
    for moment in (begins - HOUR / 60, ends):
        clock.stop_at(moment)
        browser = as_(deputy)
        assert browser.get(url).status_code == 404
        assert submit(browser, url, answer="yes", goal=asked.goal).status_code == 404
        assert "Nobody is waiting for your yes" in browser.get("/team").text
    clock.stop_at(ends - HOUR / 60)
    browser = as_(deputy)
    assert "One waits for your yes" in browser.get("/team").text
    assert submit(browser, url, answer="yes", goal=asked.goal).status_code == 303
    assert maker.reload(asked).state == "seated"


def test_the_link_from_a_mail_works_inside_the_days_only(
    lms_app, client, submit, clock, asked, manager, deputy, named, maker
):
    day = date(2027, 7, 5)
    named(manager, deputy, day)
    begins, ends = (first_moment(one, "Europe/Copenhagen") for one in (day, day + timedelta(1)))
    clock.stop_at(begins)
    with lms_app.app_context(), unit_of_work():
        url = "/answer/" + mint("enrolment.decide", deputy.id, asked.id, timedelta(days=3))
    clock.stop_at(ends)
    assert submit(client, url, answer="yes", goal=asked.goal).status_code == 410
    assert maker.reload(asked).state == "awaiting_approval"
    clock.stop_at(ends - HOUR / 60)
    assert client.get(url).status_code == 200
    assert submit(client, url, answer="yes", goal=asked.goal).status_code == 303
    assert maker.reload(asked).state == "seated"


def test_what_a_stand_in_may_see_ends_with_the_days(lms_app, clock, asked, manager, deputy, named):
    named(manager, deputy, here())
    with lms_app.app_context():
        assert row_by_key(asked.key, actor_for_person(deputy.id)) is not None
    clock.stop_at(now() + timedelta(days=1))
    with lms_app.app_context():
        assert row_by_key(asked.key, actor_for_person(deputy.id)) is None
