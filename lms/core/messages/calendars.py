"""Course sessions as iCalendar (RFC 5545, RFC 5546): entries in mails, and personal calendars.

Times are written in UTC, so that no calendar program has to know the rules of a zone. The library
is imported when the first entry is written: most web workers never need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app

from lms.core.messages.letters.shapes import Entry, address
from lms.core.messages.queries import OwnSession
from lms.web.i18n import language, local

MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One course session for one participant; times are aware."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    url: str
    status: str  # CONFIRMED | TENTATIVE | CANCELLED


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Whose calendar an entry goes into."""

    name: str
    email: str


def uid(session_key: str, enrolment_key: str) -> str:
    """The lasting name of one session in one participant's calendar."""
    return f"{session_key}-{enrolment_key}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}"


def of_entry(entry: Entry) -> Sequence[Event]:
    """The events of a mail's entry, in the language that is being written."""
    row = entry.row
    return [
        Event(
            uid=uid(session.key, row.enrolment.key),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            summary=_summary(local(row.run_title), local(session.title)),
            location=", ".join(
                part for part in (session.venue or row.run_venue, row.run_town) if part
            ),
            url=address("catalogue.run", key=row.enrolment.run_key),
            status="CANCELLED" if entry.method == "CANCEL" else "CONFIRMED",
        )
        for session in entry.sessions
    ]


def of_person(sessions: Sequence[OwnSession]) -> Sequence[Event]:
    """The events of a personal calendar; what is only offered is tentative."""
    return [
        Event(
            uid=uid(session.key, session.enrolment_key),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            summary=_summary(local(session.run_title), local(session.title)),
            location=", ".join(part for part in (session.venue, session.town) if part),
            url=address("catalogue.run", key=session.run_key),
            status="TENTATIVE" if session.state == "offered" else "CONFIRMED",
        )
        for session in sessions
    ]


def _summary(course: str, session: str) -> str:
    return f"{course}: {session}" if session and session != course else course


def written(
    events: Sequence[Event],
    *,
    method: str,
    stamp: datetime,
    sequence: int | None = None,
    reader: Reader | None = None,
) -> str:
    """The events as iCalendar text with its own line ends. `sequence` grows with every later mail,
    so that programs believe the newest; `reader` makes them invitations."""
    from icalendar import Calendar, vCalAddress, vText
    from icalendar import Event as CalendarEvent

    site = current_app.config["SITE_NAME"]
    calendar = Calendar()
    calendar.add("prodid", f"-//{site}//Samspil//{language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if method == "PUBLISH":
        calendar.add("x-wr-calname", site)
    for event in events:
        component = CalendarEvent()
        component.add("uid", event.uid)
        component.add("dtstamp", stamp)
        component.add("dtstart", event.starts_at)
        component.add("dtend", event.ends_at)
        component.add("summary", event.summary)
        component.add("url", event.url)
        component.add("status", event.status)
        if event.location:
            component.add("location", event.location)
        if sequence is not None:
            component.add("sequence", sequence)
        if reader is not None:
            organiser = vCalAddress(f"mailto:{current_app.config['MAIL_FROM']}")
            organiser.params["cn"] = vText(site)
            component.add("organizer", organiser)
            attendee = vCalAddress(f"mailto:{reader.email}")
            attendee.params["cn"] = vText(reader.name)
            attendee.params["partstat"] = vText("ACCEPTED")
            attendee.params["rsvp"] = vText("FALSE")
            component.add("attendee", attendee)
        calendar.add_component(component)
    text: str = calendar.to_ical().decode("utf-8")
    return text
