"""Mails: asked for by the journal, written and sent by jobs.

A mail exists once per happening (`effect`). The job writes it (and mints its links) in one
transaction, sends it outside any, and marks it sent together with the job's being done. Sending
twice is possible when a process dies in between; the Message-ID stays the same.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.contracts import Finish, JobContext, LocalisedText
from lms.core.messages.letters import About, Letter, write
from lms.core.messages.models import Mail
from lms.core.users.models import Person
from lms.db import db, new_key, now
from lms.jobs import enqueue
from lms.web.i18n import language, set_language
from lms.work import unit_of_work

SEND = "messages.send"


def queue(
    effect: str,
    person_id: int,
    kind: str,
    *,
    subject_id: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Ask for a mail, once per `effect`; False when it was asked for before."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    mail_id = db.session.execute(
        insert(Mail)
        .values(
            key=new_key(),
            effect=effect,
            person_id=person_id,
            kind=kind,
            subject_id=subject_id,
            values=dict(values or {}),
            state="queued",
            message_id=f"<{uuid4().hex}@{current_app.config['MAIL_FROM'].rpartition('@')[2]}>",
            to_address="",
            subject="",
            text="",
            html="",
            created_at=now(),
        )
        .on_conflict_do_nothing(index_elements=[Mail.effect])
        .returning(Mail.id)
    ).scalar()
    if mail_id is None:
        return False
    enqueue(SEND, {"mail": mail_id}, unique_key=f"mail:{mail_id}")
    return True


def queue_note(
    effect: str,
    person_id: int,
    *,
    subject: LocalisedText,
    text: LocalisedText,
    label: LocalisedText,
    url: str,
    why: LocalisedText,
) -> bool:
    """A plugin's mail: a subject, a paragraph, one link to an absolute address, and why it came."""
    words = {"subject": subject, "text": text, "label": label, "why": why}
    values = {name: words_.as_dict() for name, words_ in words.items()}
    return queue(effect, person_id, "note", values={**values, "url": url})


def send(context: JobContext) -> Finish | None:
    """The job: write the mail unless it is written, then send it."""
    mail_id = int(context.args["mail"])
    with unit_of_work():
        # Held, so that of two workers after a lost lease one writes it and mints its link.
        mail = db.session.get(Mail, mail_id, with_for_update=True)
        if mail is None or mail.state != "queued":
            return None
        if not mail.subject:
            _write(mail)
        if mail.state != "queued":
            context.log(f"not sent: {mail.state}")
            return None
        message = _message(mail)
    if current_app.config["MAIL_BACKEND"] == "smtp":
        _send_by_smtp(message)

    def finish() -> None:
        keep = current_app.config["MAIL_BACKEND"] != "smtp"
        # What was sent is in the reader's hands; its links are not kept here in clear.
        emptied = {} if keep else {"text": "", "html": ""}
        db.session.execute(
            update(Mail)
            .where(Mail.id == mail_id)
            .values(state="sent", sent_at=now(), **emptied)
            .execution_options(synchronize_session=False)
        )

    return finish


def _write(mail: Mail) -> None:
    person = db.session.execute(
        select(Person.email, Person.language, Person.state).where(Person.id == mail.person_id)
    ).one()
    if not person.email or person.state not in ("active", "invited"):
        mail.state = "dropped"
        return
    before = language()
    set_language(person.language)
    try:
        letter = write(
            mail.kind,
            About(person_id=mail.person_id, subject_id=mail.subject_id, values=mail.values),
        )
        if letter is None:
            mail.state = "dropped"
            return
        mail.to_address = person.email
        mail.subject = letter.subject[:300]
        mail.html = _set("mail/letter.html", letter)
        mail.text = _set("mail/letter.txt", letter)
    finally:
        set_language(before)


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
