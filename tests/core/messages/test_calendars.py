"""Entries for calendars: read back by the library, at the right moment on the nights that count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select, update

from lms.contracts import SYSTEM
from lms.core.enrolment import services
from lms.core.local_times import moment_at
from lms.core.messages.models import CalendarFeed
from lms.core.messages.services import make_feed
from lms.core.refused import Refused
from lms.core.users.models import Person
from lms.db import db
from lms.work import unit_of_work


def events(text: str):
    calendar = icalendar.Calendar.from_ical(text)
    return calendar, [part for part in calendar.walk() if part.name == "VEVENT"]


@pytest.fixture
def seated(story):
    """Somebody who has a seat, with the mail about it."""
    story.ask()
    story.do(services.say_yes, story.manager)
    (mail,) = [mail for mail in story.post() if mail.kind == "seated"]
    return mail


def test_a_seat_brings_its_sessions(story, maker, seated) -> None:
    calendar, found = events(seated.calendar)
    sessions = maker.sessions_of(story.run)
    assert calendar["METHOD"] == "REQUEST"
    assert len(found) == len(sessions) == 2
    for event, session in zip(found, sessions, strict=True):
        assert event["UID"].startswith(f"{session.key}-")
        assert event["UID"].endswith("@localhost")
        assert event["DTSTART"].dt == session.starts_at.replace(microsecond=0)
        assert event["DTEND"].dt == session.ends_at.replace(microsecond=0)
        assert int(event["SEQUENCE"]) == seated.id
        assert event["STATUS"] == "CONFIRMED"
        assert "Se det, der driller" in event["SUMMARY"]
        assert "Prøvelev" in event["LOCATION"]
        assert event["URL"].startswith("http://localhost/catalogue/")
        assert seated.to_address in event["ATTENDEE"]


def test_leaving_takes_the_same_entries_out_again(story, seated) -> None:
    story.do(services.withdraw, story.worker)
    (mail,) = [mail for mail in story.post() if mail.kind == "withdrawn"]
    before, after = events(seated.calendar), events(mail.calendar)
    assert after[0]["METHOD"] == "CANCEL"
    assert [e["UID"] for e in after[1]] == [e["UID"] for e in before[1]]
    assert {str(e["STATUS"]) for e in after[1]} == {"CANCELLED"}
    assert all(int(e["SEQUENCE"]) > seated.id for e in after[1])


def test_who_only_asked_has_nothing_to_take_out(story) -> None:
    story.ask()
    story.do(services.withdraw, story.worker)
    (mail,) = [mail for mail in story.post() if mail.kind == "withdrawn"]
    assert mail.calendar == ""


def test_the_entry_travels_as_a_part_and_as_a_file(smtp_story, postbox) -> None:
    smtp_story.ask()
    smtp_story.do(services.say_yes, smtp_story.manager)
    smtp_story.post()
    (message,) = [m for m in postbox.taken if "text/calendar" in m.as_string()]
    parts = {part.get_content_type(): part for part in message.walk()}
    entry = parts["text/calendar"]
    assert entry.get_param("method") == "REQUEST"
    assert entry.get_content_charset() == "utf-8"
    assert parts["application/ics"].get_filename() == "seat.ics"
    read = icalendar.Calendar.from_ical(entry.get_content())
    assert read == icalendar.Calendar.from_ical(parts["application/ics"].get_content())


NIGHTS = [
    ("Europe/Copenhagen", date(2026, 3, 29), time(9), datetime(2026, 3, 29, 7, tzinfo=UTC)),
    ("Europe/Stockholm", date(2026, 3, 28), time(9), datetime(2026, 3, 28, 8, tzinfo=UTC)),
    (
        "Europe/Copenhagen",
        date(2026, 10, 25),
        time(2, 30),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ),
    ("Europe/Stockholm", date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ("Europe/Copenhagen", date(2026, 10, 26), time(9), datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ("Europe/Stockholm", date(2026, 10, 24), time(9), datetime(2026, 10, 24, 7, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "clock", "expected"), NIGHTS)
def test_a_time_is_the_moment_that_the_clocks_there_show_first(zone, day, clock, expected) -> None:
    assert moment_at(day, clock, zone) == expected


@pytest.mark.once
@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "Europe/Stockholm"])
def test_a_time_that_does_not_exist_is_refused_with_a_sentence(zone) -> None:
    with pytest.raises(Refused) as refused:
        moment_at(date(2026, 3, 29), time(2, 30), zone, field="starts_at")
    (reason,) = refused.value.refusals
    assert reason.code == "starts_at.no_such_time"
    assert "2.30" in reason.message.da
    assert "02:30" in reason.message.en


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "Europe/Stockholm"])
def test_sessions_across_the_night_come_out_right(lms_app, maker, zone) -> None:
    """Three sessions at nine local time, before and after each change of the clocks."""
    from tests.core.messages.conftest import Story

    days = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 26)]
    moments = [moment_at(day, time(9), zone) for day in days]
    run = maker.run(sessions=moments, zone=zone)
    story = Story(lms_app, maker)
    maker.enrolment(run=run, person=story.worker)
    with lms_app.app_context(), unit_of_work():
        token = make_feed(story.worker.id, SYSTEM)
    _calendar, found = events(lms_app.test_client().get(f"/calendar/{token}.ics").text)
    there = ZoneInfo(zone)
    assert [event["DTSTART"].dt.astimezone(there).hour for event in found] == [9, 9, 9, 9]
    assert [event["DTSTART"].dt.astimezone(UTC).hour for event in found] == [8, 7, 7, 8]


# --- the personal calendar ----------------------------------------------------------------------


@pytest.fixture
def owner(story, client, sign_in):
    return sign_in(client, story.worker)


def address_on(page: str) -> str:
    return "/calendar/" + page.split("/calendar/")[1].split("<", maxsplit=1)[0]


def used(app) -> list[tuple[object, object]]:
    with app.app_context():
        rows = db.session.execute(
            select(CalendarFeed.last_used_at, CalendarFeed.revoked_at).order_by(CalendarFeed.id)
        )
        return [tuple(row) for row in rows]


def test_the_address_is_shown_once_and_ends_when_a_new_one_is_made(
    story, maker, owner, submit, clock
) -> None:
    maker.enrolment(run=story.run, person=story.worker, state="offered")
    maker.enrolment(run=story.run, person=maker.person(name="En anden"))
    page = submit(owner, "/account/calendar")
    first = address_on(page.text)
    assert "/calendar/" not in owner.get("/account/calendar").text.replace("/account/calendar", "")
    stranger = story.app.test_client()
    answer = stranger.get(first)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "En anden" not in answer.text
    assert {str(event["STATUS"]) for event in events(answer.text)[1]} == {"TENTATIVE"}
    second = address_on(submit(owner, "/account/calendar").text)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    assert submit(owner, "/account/calendar/end").status_code == 303
    assert stranger.get(second).status_code == 404
    assert stranger.get("/calendar/made-up.ics").status_code == 404


def test_the_last_use_is_written_at_most_once_an_hour(story, owner, submit, clock) -> None:
    url = address_on(submit(owner, "/account/calendar").text)
    stranger = story.app.test_client()
    began = clock.now
    for minutes, expected in ((0, began), (30, began), (31, began + timedelta(minutes=61))):
        clock.move(minutes=minutes)
        assert stranger.get(url).status_code == 200
        assert used(story.app) == [(expected, None)]


def test_who_has_left_has_no_calendar(story, owner, submit) -> None:
    url = address_on(submit(owner, "/account/calendar").text)
    with story.app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.id == story.worker.id).values(state="left"))
    assert story.app.test_client().get(url).status_code == 404


def test_the_secret_is_kept_as_a_digest(story, owner, submit) -> None:
    token = address_on(submit(owner, "/account/calendar").text)[len("/calendar/") : -len(".ics")]
    with story.app.app_context():
        (kept,) = db.session.scalars(select(CalendarFeed.token_hash))
    assert len(kept) == 64
    assert token not in kept
