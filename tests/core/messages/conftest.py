"""People who write to each other by asking for seats, and a real SMTP server to write through."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from lms.core.enrolment import services
from lms.core.messages.models import Mail
from lms.core.users.queries import actor_for_person
from lms.db import db
from lms.jobs import drain
from lms.testing.rows import Maker
from lms.work import unit_of_work


@dataclass(slots=True)
class Postbox:
    """What the SMTP server took in; `answers` are given first, one for each message."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the server looks it up by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a message in, or say what is to be said first."""
        if self.answers:
            return self.answers.pop(0)
        content = bytes(envelope.content or b"")
        self.raw.append(content)
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A real SMTP server on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    box = Postbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def smtp_app(lms_app_factory, lms_plugins, postbox):
    """An app that sends through the SMTP server."""
    return lms_app_factory(
        lms_plugins,
        MAIL_BACKEND="smtp",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=postbox.port,
        MAIL_FROM="kurser@samspil.example",
        PUBLIC_URL="https://samspil.example",
        SECRET_KEY="a key for tests, long enough to be taken for one",
    )


@dataclass(slots=True)
class Story:
    """Somebody with a manager asks for a seat in a run, on one app."""

    app: object
    maker: Maker
    worker_language: str = "da"
    manager_language: str = "sv"
    worker_name: str = "Sygeplejerske, Prøvelev"
    capacity: int = 3
    manager: object = field(init=False)
    worker: object = field(init=False)
    run: object = field(init=False)
    enrolment_id: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        make = self.maker
        self.manager = make.person(name="Leder, Prøvelev", language=self.manager_language)
        self.worker = make.person(name=self.worker_name, language=self.worker_language)
        make.assignment(person=self.worker, manager=self.manager)
        self.run = make.run(title="Se det, der driller", capacity=self.capacity)

    def ask(self, goal: str = "Jeg vil kunne sige til i tide.") -> int:
        """The request; its enrolment's id."""
        self.enrolment_id = self.do(services.ask_for_seat, self.worker, goal=goal, asks=True)
        return self.enrolment_id

    def do(self, verb, who, *arguments, asks: bool = False, **values):
        """A verb of the enrolment room in a unit of work, as somebody."""
        with self.app.app_context(), unit_of_work():
            actor = actor_for_person(who.id)
            if asks:
                return verb(who.id, self.run.id, actor, **values)
            return verb(self.enrolment_id, actor, *arguments, **values)

    def post(self) -> list[Mail]:
        """Let the worker's work be done; all mails as rows, oldest first."""
        with self.app.app_context():
            drain()
            rows = list(db.session.scalars(select(Mail).order_by(Mail.id)))
            db.session.expunge_all()
            return rows


@pytest.fixture
def story(lms_app, maker):
    """The story on the app with the embedded mail backend."""
    return Story(lms_app, maker)


@pytest.fixture
def smtp_story(smtp_app):
    """The story on the app that sends through the SMTP server."""
    return Story(smtp_app, Maker(smtp_app))
