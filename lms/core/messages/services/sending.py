"""Writing and sending: the jobs behind a mail.

The job writes the mail (and mints its links) in one transaction, sends it outside any, and marks
it sent together with the job's being done. Sending twice is possible when a process dies in
between; the Message-ID stays the same.
"""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import current_app
from sqlalchemy import String, cast, literal, select, update

from lms.contracts import Actor, Finish, JobContext
from lms.core.messages import calendars
from lms.core.messages.letters import About, Letter, write
from lms.core.messages.models import Mail
from lms.core.messages.services.queueing import SEND, Recipient, job_key
from lms.core.users.models import Person
from lms.db import db, now
from lms.jobs import enqueue, retry_failed
from lms.jobs.models import Job
from lms.journal import record
from lms.web.i18n import language, set_language
from lms.work import unit_of_work

ATTEMPTS = 8
REACHED = ("active", "invited")
"""States of a person whom we write to; who has left hears that once, and nothing more."""
METHOD = "METHOD:"


def send(context: JobContext) -> Finish | None:
    """The job: write the mail unless it is written, then send it. After the last attempt the mail
    has failed, and says so on the mailbox page."""
    mail_id = int(context.args["mail"])
    try:
        return _send(context, mail_id)
    except Exception:
        if context.attempt >= ATTEMPTS:
            with unit_of_work():
                _mark_failed(mail_id)
        raise


def _send(context: JobContext, mail_id: int) -> Finish | None:
    with unit_of_work():
        # Held, so that of two workers after a lost lease one writes it and mints its link.
        mail = db.session.get(Mail, mail_id, with_for_update=True)
        if mail is None or mail.state != "queued":
            return None
        if not mail.subject:
            _write(mail)
        if mail.state != "queued":
            _settle(mail_id, mail.state)
            context.log(f"not sent: {mail.state}")
            return None
        message = _message(mail)
    if current_app.config["MAIL_BACKEND"] == "smtp":
        _send_by_smtp(message)

    def finish() -> None:
        keep = current_app.config["MAIL_BACKEND"] != "smtp"
        # What was sent is in the reader's hands; its links are not kept here in clear.
        emptied: dict[str, Any] = {} if keep else {"text": "", "html": "", "values": {}}
        db.session.execute(
            update(Mail)
            .where(Mail.id == mail_id)
            .values(state="sent", sent_at=now(), **emptied)
            .execution_options(synchronize_session=False)
        )
        _settle(mail_id, "sent")

    return finish


def _settle(digest_id: int, state: str) -> None:
    """What a digest tells of has the digest's fate."""
    db.session.execute(
        update(Mail)
        .where(Mail.digest_id == digest_id, Mail.state == "held")
        .values(state=state, sent_at=now() if state == "sent" else None)
        .execution_options(synchronize_session=False)
    )


def _mark_failed(mail_id: int) -> None:
    db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == "queued")
        .values(state="failed")
        .execution_options(synchronize_session=False)
    )


def mark_given_up() -> int:
    """Mails whose job has failed for good without saying so, for its worker died each time, have
    failed too; returns how many."""
    given_up = select(Job.id).where(
        Job.unique_key == literal("mail:") + cast(Mail.id, String), Job.state == "failed"
    )
    return len(
        db.session.scalars(
            update(Mail)
            .where(Mail.state == "queued", given_up.exists())
            .values(state="failed")
            .returning(Mail.id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def send_again(mail_id: int, actor: Actor) -> bool:
    """Try a failed mail once more, written anew so that its links are fresh; was it failed?"""
    again = db.session.scalar(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == "failed")
        .values(state="queued", subject="", text="", html="", calendar="", to_address="")
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    if again is None:
        return False
    job_id = db.session.scalar(select(Job.id).where(Job.unique_key == job_key(mail_id)))
    if job_id is None or not retry_failed(job_id, actor=actor):
        enqueue(SEND, {"mail": mail_id})
    record("messages.sent_again", "mail", mail_id, actor=actor)
    return True


def _write(mail: Mail) -> None:
    to = _recipient(mail)
    if to is None:
        mail.state = "dropped"
        return
    before = language()
    set_language(to.language)
    try:
        letter = write(
            mail.kind,
            About(
                person_id=mail.person_id or 0,
                subject_id=mail.subject_id,
                values=mail.values,
                mail_id=mail.id,
            ),
        )
        if letter is None:
            mail.state = "dropped"
            return
        mail.to_address = to.email
        mail.subject = " ".join(letter.subject.split())[:300]
        mail.html = _set("mail/letter.html", letter)
        mail.text = _set("mail/letter.txt", letter)
        mail.calendar = _calendar(mail, letter, to.name)
    finally:
        set_language(before)


def _recipient(mail: Mail) -> Recipient | None:
    """Whom it goes to; None when they cannot be reached (any more)."""
    if mail.person_id is None:
        return Recipient(**mail.values["to"])
    person = db.session.execute(
        select(Person.name, Person.email, Person.language, Person.state).where(
            Person.id == mail.person_id
        )
    ).one()
    reached = person.state in REACHED or (mail.kind == "left" and person.state == "left")
    if not person.email or not reached:
        return None
    return Recipient(name=person.name, email=person.email, language=person.language)


def _calendar(mail: Mail, letter: Letter, name: str) -> str:
    if letter.entry is None:
        return ""
    return calendars.written(
        calendars.of_entry(letter.entry),
        method=letter.entry.method,
        stamp=mail.created_at,
        sequence=mail.id,
        reader=calendars.Reader(name=name, email=mail.to_address),
    )


def _set(template: str, letter: Letter) -> str:
    site = {"name": current_app.config["SITE_NAME"]}
    return current_app.jinja_env.get_template(template).render(
        letter=letter, site=site, lang=language()
    )


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(mail.subject.split())
    name, _, domain = current_app.config["MAIL_FROM"].rpartition("@")
    message["From"] = Address(current_app.config["SITE_NAME"], name, domain)
    message["To"] = mail.to_address
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        lines = mail.calendar.splitlines()
        method = next(line[len(METHOD) :] for line in lines if line.startswith(METHOD))
        message.add_alternative(mail.calendar, subtype="calendar", params={"method": method})
        message.add_attachment(
            mail.calendar.encode(), maintype="application", subtype="ics", filename="seat.ics"
        )
    return message


def _send_by_smtp(message: EmailMessage) -> None:
    config = current_app.config
    with smtplib.SMTP(config["SMTP_HOST"], config["SMTP_PORT"], timeout=20) as server:
        if config["SMTP_STARTTLS"]:
            # Links that let somebody in go over this line: the server has to be who it says.
            server.starttls(context=ssl.create_default_context())
        if config["SMTP_USER"]:
            server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
        server.send_message(message)
