"""Sockets that the messages room fills: it listens to the journal like a plugin."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy, JobType, JournalEntryFacts
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.messages.services import SEND, queue, send
from lms.hookspecs import hookimpl

TO_THE_PERSON = {
    "enrolment.seated": "seated",
    "enrolment.waitlisted": "waitlisted",
    "enrolment.offered": "offered",
    "enrolment.declined": "declined",
    "enrolment.lapsed": "lapsed",
    "enrolment.cancelled": "cancelled",
    "enrolment.completed": "completed",
    "enrolment.not_completed": "not_completed",
}
TO_THE_MANAGER = {
    "enrolment.awaiting_approval": "asked",
    "enrolment.lapsed": "lapsed_for_manager",
}
ABOUT_PEOPLE = {"users.invited": "invitation", "users.reset_asked": "reset"}


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    wanted = TO_THE_PERSON.keys() | TO_THE_MANAGER.keys()
    enrolments = enrolments_by_id([e.subject_id for e in entries if e.verb in wanted])
    for entry in entries:
        if (kind := ABOUT_PEOPLE.get(entry.verb)) is not None:
            queue(f"journal:{entry.id}:{kind}", entry.subject_id, kind)
        enrolment = enrolments.get(entry.subject_id) if entry.verb in wanted else None
        if enrolment is None:
            continue
        about = enrolment.id
        if (kind := TO_THE_PERSON.get(entry.verb)) is not None:
            queue(f"journal:{entry.id}:{kind}", enrolment.person_id, kind, subject_id=about)
        kind = TO_THE_MANAGER.get(entry.verb)
        # What lapses in the queue, or as an offer, did not wait for the manager.
        theirs = entry.verb != "enrolment.lapsed" or entry.data.get("old") == "awaiting_approval"
        if kind is not None and enrolment.manager_id is not None and theirs:
            queue(f"journal:{entry.id}:{kind}", enrolment.manager_id, kind, subject_id=about)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    return (JobType(name=SEND, run=send, max_attempts=8),)


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
