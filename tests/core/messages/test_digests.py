"""What is held back comes together, at its reader's hour, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lms.contracts import SYSTEM
from lms.core.enrolment import services
from lms.core.messages.models import Mail
from lms.core.messages.services import choose, gather, last_mornings, queue
from lms.db import db
from lms.work import unit_of_work

SUNDAY = datetime(2026, 10, 25, 12, tzinfo=UTC)  # the clocks have gone back that night


@pytest.fixture
def wants(story):
    """`wants(person, topic="daily")`: keep how somebody wants to hear."""

    def keep(person, **choices):
        with story.app.app_context(), unit_of_work():
            choose(person.id, choices, SYSTEM)

    return keep


def gathered(story) -> list[Mail]:
    """The digests after the job has run and the mails are sent."""
    with story.app.app_context(), unit_of_work():
        gather()
    return [mail for mail in story.post() if mail.kind == "digest"]


@pytest.mark.once
def test_mornings_are_at_seven_where_the_site_is_whatever_the_clocks_do() -> None:
    daily, weekly = last_mornings(SUNDAY, "Europe/Copenhagen")
    assert daily == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert weekly == datetime(2026, 10, 19, 5, tzinfo=UTC)
    daily, weekly = last_mornings(datetime(2026, 10, 26, 5, 59, tzinfo=UTC), "Europe/Stockholm")
    assert daily == datetime(2026, 10, 25, 6, tzinfo=UTC)
    daily, weekly = last_mornings(datetime(2026, 10, 26, 6, tzinfo=UTC), "Europe/Stockholm")
    assert daily == weekly == datetime(2026, 10, 26, 6, tzinfo=UTC)


def test_a_manager_who_chose_daily_gets_one_mail_with_what_waits(
    story, maker, wants, clock
) -> None:
    clock.stop_at(datetime(2026, 11, 3, 10, tzinfo=UTC))
    wants(story.manager, requests="daily")
    story.ask()
    other = maker.person(name="Kollega, Prøvelev")
    maker.assignment(person=other, manager=story.manager)
    story.worker, first = other, story.worker
    second_id = story.ask()
    assert {(m.kind, m.state) for m in story.post()} == {("asked", "held")}
    clock.stop_at(datetime(2026, 11, 4, 5, 59, tzinfo=UTC))
    assert gathered(story) == []
    clock.stop_at(datetime(2026, 11, 4, 6, 0, tzinfo=UTC))
    (digest,) = gathered(story)
    assert digest.person_id == story.manager.id
    for name in (first.name, other.name):
        assert name in digest.text
        assert name in digest.html
    assert digest.text.count("/answer/") == 2
    assert "/account/messages?lang=sv" in digest.text
    clock.move(days=1)
    assert len(gathered(story)) == 1, "what was told is not told again"
    with story.app.app_context():
        held = db.session.execute(select(Mail.state, Mail.digest_id).where(Mail.kind == "asked"))
        assert {tuple(row) for row in held} == {("sent", digest.id)}
    link = "/answer/" + digest.text.split("/answer/")[1].split()[0]
    assert story.app.test_client().get(link).status_code == 200
    assert second_id


def test_a_request_answered_meanwhile_is_not_told(story, wants, clock) -> None:
    wants(story.manager, requests="daily", people="never")
    story.ask()
    story.post()
    story.do(services.say_yes, story.manager)
    story.post()
    clock.move(days=2)
    (digest,) = gathered(story)
    assert digest.state == "dropped"
    with story.app.app_context():
        states = db.session.scalars(select(Mail.state).where(Mail.kind == "asked"))
        assert list(states) == ["dropped"]


def test_a_week_lasts_until_monday(story, maker, wants, clock) -> None:
    clock.stop_at(datetime(2026, 11, 3, 10, tzinfo=UTC))  # a Tuesday
    wants(story.worker, seats="weekly")
    maker.enrolment(run=story.run, person=story.worker, state="seated")
    with story.app.app_context(), unit_of_work():
        queue("test:seat", story.worker.id, "seated", subject_id=1)
    clock.stop_at(datetime(2026, 11, 8, 23, tzinfo=UTC))
    assert gathered(story) == []
    clock.stop_at(datetime(2026, 11, 9, 6, 15, tzinfo=UTC))
    (digest,) = gathered(story)
    assert "Se det, der driller" in digest.text
    assert "/enrolments/" in digest.text


def test_a_choice_made_meanwhile_counts(story, maker, wants, clock) -> None:
    wants(story.worker, seats="weekly")
    maker.enrolment(run=story.run, person=story.worker, state="seated")
    with story.app.app_context(), unit_of_work():
        queue("test:seat", story.worker.id, "seated", subject_id=1)
    wants(story.worker, seats="never")
    assert gathered(story) == []
    assert [mail.state for mail in story.post()] == ["dropped"]


def test_never_is_never_and_an_offer_comes_all_the_same(story, maker, wants) -> None:
    wants(story.worker, seats="never")
    row = maker.enrolment(run=story.run, person=story.worker, state="offered")
    with story.app.app_context(), unit_of_work():
        queue("test:offer", story.worker.id, "offered", subject_id=row.id)
        queue("test:place", story.worker.id, "waitlisted", subject_id=row.id)
    assert [(mail.kind, mail.state) for mail in story.post()] == [
        ("offered", "sent"),
        ("waitlisted", "dropped"),
    ]


def test_gathering_asks_as_much_for_many_as_for_one(
    story, maker, wants, clock, count_queries
) -> None:
    people = [maker.person() for _n in range(12)]
    counts = []
    for group in (people[:1], people[1:]):
        with story.app.app_context(), unit_of_work():
            for person in group:
                queue(f"test:{person.id}", person.id, "news", subject_id=1)
        clock.move(days=1)
        with story.app.app_context(), count_queries() as queries, unit_of_work():
            assert gather() == len(group)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the page -----------------------------------------------------------------------------------


def test_the_page_keeps_what_is_chosen(story, client, sign_in, submit, clock) -> None:
    sign_in(client, story.manager)
    page = client.get("/account/messages?lang=en")
    assert "How do you want to hear from us?" in page.text
    fields = {"seats": "daily", "requests": "weekly", "people": "never", "runs": "at_once"}
    assert submit(client, "/account/messages", **fields, other="daily").status_code == 303
    page = client.get("/account/messages").text
    assert '<option selected value="weekly">' in page
    wrong = submit(client, "/account/messages", **{**fields, "seats": "hourly"}, other="daily")
    assert wrong.status_code == 422
    clock.move(seconds=1)
    story.ask()
    assert [(mail.kind, mail.state) for mail in story.post()] == [("asked", "held")]
