"""A mail that cannot be sent says so, and can be tried again."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from lms.core.messages.models import Mail
from lms.core.messages.services import ATTEMPTS, mark_given_up
from lms.db import db
from lms.jobs.models import Job
from lms.testing.rows import Maker
from lms.work import unit_of_work

HOME = {"base_url": "https://samspil.example"}


@pytest.fixture
def failed(smtp_story, postbox, clock):
    """A mail that the server has refused every time."""
    postbox.answers = ["451 come back later"] * ATTEMPTS
    smtp_story.ask()
    for _attempt in range(ATTEMPTS):
        smtp_story.post()
        clock.move(hours=2)
    (mail,) = smtp_story.post()
    return mail


def test_after_the_last_attempt_a_mail_has_failed(failed, smtp_story) -> None:
    assert failed.state == "failed"
    with smtp_story.app.app_context():
        assert db.session.scalar(select(Job.state).where(Job.type == "messages.send")) == "failed"


def test_the_administrator_sends_it_again_with_a_fresh_link(failed, smtp_story, postbox) -> None:
    maker = smtp_story.maker
    person = maker.person(language="en")
    maker.access_role(person=person, role="site_admin")
    client = sign_in_at_home(smtp_story.app, person)
    page = client.get(f"/admin/mails/{failed.key}", **HOME)
    assert "This mail could not be sent" in page.text
    assert "Could not be sent" in client.get("/admin/mails", **HOME).text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    url = f"/admin/mails/{failed.key}/send-again"
    answer = client.post(url, data={"csrf_token": token}, **HOME)
    assert answer.status_code == 303
    (mail,) = smtp_story.post()
    assert mail.state == "sent"
    assert len(postbox.taken) == 1
    old = failed.text.split("/answer/")[1].split()[0]
    assert old not in postbox.taken[0].as_string()


def sign_in_at_home(app, person):
    """A browser at the https address in which this person is signed in."""
    import secrets
    from datetime import timedelta

    from lms.core.users.models import SignIn
    from lms.core.users.queries import digest
    from lms.db import now

    token = secrets.token_urlsafe(32)
    Maker(app).write(
        SignIn(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now(),
            expires_at=now() + timedelta(hours=12),
        )
    )
    client = app.test_client()
    with client.session_transaction(**HOME) as cookie:
        cookie["in"] = token
        cookie["seen"] = int(now().timestamp())
    return client


def test_a_mail_whose_worker_died_each_time_has_failed_too(story) -> None:
    story.ask()
    story.post()
    with story.app.app_context(), unit_of_work():
        db.session.execute(update(Mail).values(state="queued"))
        db.session.execute(update(Job).where(Job.type == "messages.send").values(state="failed"))
        assert mark_given_up() == 1
        assert mark_given_up() == 0
    assert [mail.state for mail in story.post()] == ["failed"]
