"""Sockets that the messages room fills: it listens to the journal like a plugin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import DataPolicy, JobType, JournalEntryFacts
from lms.core.messages.routing import asks_for
from lms.core.messages.services import ATTEMPTS, GATHER, SEND, gather_job, queue_all, send
from lms.hookspecs import hookimpl


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened becomes mails, all of a batch in a fixed number of statements."""
    queue_all(asks_for(entries))


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Mails are sent one by one; what is held back is gathered every quarter of an hour."""
    return (
        JobType(name=SEND, run=send, max_attempts=ATTEMPTS),
        JobType(name=GATHER, run=gather_job, every=timedelta(minutes=15)),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    return (
        DataPolicy(
            table="messages_mail",
            purpose="mails to people, so that each is sent once",
            person_columns=("person_id",),
            erase="delete",
            retention_months=12,
        ),
        DataPolicy(
            table="messages_preference",
            purpose="how a person wants to hear about things",
            person_columns=("person_id",),
            erase="delete",
        ),
        DataPolicy(
            table="messages_text",
            purpose="an organisation's own words for mails",
            person_columns=("changed_by_id",),
            erase="blank",
        ),
        DataPolicy(
            table="messages_calendar_feed",
            purpose="secret addresses for calendar programs",
            person_columns=("person_id",),
            export=False,
            erase="delete",
            retention_months=12,
        ),
    )
