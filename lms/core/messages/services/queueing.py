"""Asking for mails: once per happening, in the way their readers have chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from lms.contracts import LocalisedText
from lms.core.messages.models import Mail
from lms.core.messages.queries import preferences_of
from lms.core.messages.topics import AT_ONCE, NEVER, TOPIC_OF, how_for
from lms.db import Base, db, new_key, now
from lms.jobs import enqueue_all

SEND = "messages.send"
STATES = {AT_ONCE: "queued", NEVER: "dropped"}
"""The state a mail begins in, by how its reader wants it; what comes in a digest is held."""

mails = Base.metadata.tables[Mail.__tablename__]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One mail to ask for; `effect` says which, and of two with the same effect one is made.
    Without a person `values["to"]` holds name, email and language."""

    effect: str
    person_id: int | None
    kind: str
    subject_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Whom a letter goes to who need not be known here; `language` is da, sv or en."""

    name: str
    email: str
    language: str


def queue_all(asks: Sequence[Ask]) -> Sequence[int]:
    """Ask for many mails in a fixed number of statements; the ids of those that are new."""
    wanted = {ask.effect: ask for ask in asks}
    if not wanted:
        return ()
    choosers = {ask.person_id for ask in wanted.values() if ask.kind in TOPIC_OF}
    chosen = preferences_of(sorted(one for one in choosers if one is not None))
    moment, domain = now(), current_app.config["MAIL_FROM"].rpartition("@")[2]
    rows = [
        {
            "key": new_key(),
            "effect": ask.effect,
            "person_id": ask.person_id,
            "kind": ask.kind,
            "subject_id": ask.subject_id,
            "values": dict(ask.values),
            "state": STATES.get(how_for(ask.kind, chosen.get(ask.person_id or 0, {})), "held"),
            "message_id": f"<{uuid4().hex}@{domain}>",
            "to_address": "",
            "subject": "",
            "text": "",
            "html": "",
            "calendar": "",
            "created_at": moment,
        }
        for ask in wanted.values()
    ]
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    made = db.session.execute(
        dialect.insert(mails)
        .on_conflict_do_nothing(index_elements=[mails.c.effect])
        .returning(mails.c.id, mails.c.state),
        rows,
    ).all()
    enqueue_all(
        SEND, [({"mail": row.id}, job_key(row.id)) for row in made if row.state == "queued"]
    )
    return [row.id for row in made]


def job_key(mail_id: int) -> str:
    """The unique key of the job that sends a mail."""
    return f"mail:{mail_id}"


def queue(
    effect: str,
    person_id: int,
    kind: str,
    *,
    subject_id: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Ask for a mail, once per `effect`; False when it was asked for before."""
    ask = Ask(
        effect=effect, person_id=person_id, kind=kind, subject_id=subject_id, values=values or {}
    )
    return bool(queue_all([ask]))


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
    return queue(effect, person_id, "note", values={**_as_json(words), "url": url})


def queue_letter(
    effect: str,
    to: Recipient,
    *,
    subject: LocalisedText,
    text: LocalisedText,
    label: LocalisedText,
    url: str,
    why: LocalisedText,
) -> bool:
    """As `queue_note`, to an address of somebody who need not be known here. Such a mail does not
    stand on the mailbox page: whoever wrote to us under a promise of silence is not seen there."""
    words = {"subject": subject, "text": text, "label": label, "why": why}
    values = {**_as_json(words), "url": url, "to": asdict(to)}
    return bool(queue_all([Ask(effect=effect, person_id=None, kind="note", values=values)]))


def _as_json(words: Mapping[str, LocalisedText]) -> dict[str, Any]:
    return {name: text.as_dict() for name, text in words.items()}
