"""Sending through a real SMTP server: what arrives, once, and what happens when it says no."""

from __future__ import annotations

import re
import socket
import ssl

from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from lms.contracts import LocalisedText
from lms.core.messages.services import SEND, queue_note
from lms.core.users.models import Person
from lms.db import db
from lms.jobs.models import Job
from lms.work import unit_of_work
from tests.harness.tls import make_certificate

LINK = re.compile(re.escape("https://samspil.example") + r"(/answer/[\w-]+)")
HOME = {"base_url": "https://samspil.example"}


def test_a_mail_arrives_as_text_and_html_in_the_readers_language(smtp_story, postbox) -> None:
    smtp_story.ask("Jeg vil kunne sige til i tide.")
    (row,) = smtp_story.post()
    (message,) = postbox.taken
    assert postbox.to == [[smtp_story.manager.email]]
    assert message["To"] == smtp_story.manager.email
    assert message["From"] == "Samspil <kurser@samspil.example>"
    assert message["Message-ID"] == row.message_id
    assert message["Message-ID"].endswith("@samspil.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == row.subject
    assert message.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in message.iter_parts())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for part in (text, html):
        assert "Jeg vil kunne sige til i tide." in part
        assert LINK.search(part)
    assert '<html lang="sv">' in html
    assert not re.search(r"(?:src|url\()\s*=?\s*[\"']?https?:", html), "a mail loads nothing"


def test_what_was_sent_is_not_kept(smtp_story, postbox) -> None:
    smtp_story.ask()
    (row,) = smtp_story.post()
    assert (row.state, row.text, row.html) == ("sent", "", "")
    assert row.subject
    assert row.sent_at is not None


def test_the_address_in_a_plugins_mail_is_not_kept(smtp_story, postbox) -> None:
    text = LocalisedText(da="Se på det", sv="Se på det", en="Look at it")
    words = {"subject": text, "text": text, "label": text, "why": text}
    address = "https://samspil.example/seen/a-secret"
    with smtp_story.app.app_context(), unit_of_work():
        queue_note("note:1", smtp_story.worker.id, url=address, **words)
    (row,) = smtp_story.post()
    assert (row.state, row.values) == ("sent", {})
    assert address in postbox.taken[0].get_body(("plain",)).get_content()


def test_the_link_in_it_works_once_and_without_signing_in(smtp_story, postbox) -> None:
    smtp_story.ask()
    smtp_story.post()
    found = LINK.search(postbox.taken[0].get_body(("plain",)).get_content())
    assert found
    client = smtp_story.app.test_client()
    page = client.get(found[1], **HOME)
    assert page.status_code == 200
    token = re.search(r'name="csrf_token" value="(\w+)"', page.text)
    assert token
    fields = {"answer": "yes", "goal": "Jeg vil kunne sige til.", "csrf_token": token[1]}
    first = client.post(found[1], data=fields, **HOME)
    assert (first.status_code, first.location) == (303, "/answered")
    # The same form sent again hears the same; whoever else has the link finds it used.
    assert client.post(found[1], data=fields, **HOME).location == "/answered"
    other = re.search(r'name="csrf_token" value="(\w+)"', client.get("/sign-in", **HOME).text)
    assert other
    fields["csrf_token"] = other[1]
    assert client.post(found[1], data=fields, **HOME).status_code == 410
    assert client.get(found[1], **HOME).status_code == 410


def test_a_server_that_is_busy_is_asked_again_with_the_same_message(
    smtp_story, postbox, clock
) -> None:
    postbox.answers = ["451 come back later", "451 later still"]
    smtp_story.ask()
    (row,) = smtp_story.post()
    assert (row.state, postbox.taken) == ("queued", [])
    for _try in range(4):
        clock.move(hours=2)
        smtp_story.post()
    (row_after,) = smtp_story.post()
    (message,) = postbox.taken
    assert row_after.state == "sent"
    assert message["Message-ID"] == row.message_id == row_after.message_id
    assert row.text, "what was written stays until it is sent"
    assert LINK.search(row.text)[1] in message.get_body(("plain",)).get_content()


def test_a_mail_is_sent_once_however_often_the_worker_looks(smtp_story, postbox, clock) -> None:
    smtp_story.ask()
    for _look in range(3):
        smtp_story.post()
        clock.move(hours=1)
    assert len(postbox.taken) == 1


def test_line_breaks_in_names_make_no_headers(smtp_story, postbox) -> None:
    hostile = "Anne\r\nBcc: all@elsewhere.example\r\n\r\n<h1>Hej</h1>"
    rename = update(Person).where(Person.id == smtp_story.worker.id).values(name=hostile)
    with smtp_story.app.app_context(), unit_of_work():
        db.session.execute(rename)
    smtp_story.ask()
    smtp_story.post()
    (message,) = postbox.taken
    assert message["Bcc"] is None
    assert postbox.to == [[smtp_story.manager.email]]
    assert "Bcc: all@elsewhere.example" in message["Subject"]
    assert "<h1>Hej</h1>" not in message.get_body(("html",)).get_content()
    head = postbox.raw[0].split(b"\r\n\r\n")[0]
    assert not [line for line in head.splitlines() if line.lower().startswith(b"bcc")]


def test_a_server_that_cannot_prove_who_it_is_gets_no_mail(smtp_story, postbox, tmp_path) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    false = Controller(postbox, hostname="127.0.0.1", port=port, tls_context=context)
    false.start()
    smtp_story.app.config.update(SMTP_STARTTLS=True, SMTP_PORT=port)
    try:
        smtp_story.ask()
        (row,) = smtp_story.post()
    finally:
        false.stop()
    assert (row.state, postbox.taken) == ("queued", [])
    with smtp_story.app.app_context():
        (error,) = db.session.scalars(select(Job.error).where(Job.type == SEND))
    assert "CERTIFICATE_VERIFY_FAILED" in error
