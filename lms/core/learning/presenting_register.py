"""How attendance is said to those who teach: which day, who falls behind, what waits for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.contracts import CourseSessionFacts
from lms.core.learning.forecast import Outlook
from lms.core.learning.queries.attendance import (
    Mark,
    Present,
    outlook_from,
)
from lms.web.i18n import gettext, ngettext
from lms.web.i18n import marked as _

MOST_BEHIND = 12
"""How many of those who fall behind are named beside a register."""

SOURCE_WORDS: Mapping[str, str] = {
    "code": _("By the code"),
    "list": _("From a meeting's list"),
    "task": _("By a task"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """Somebody below the share that is needed: percent so far, and what is still possible."""

    person: Present
    so_far: int
    outlook: Outlook
    words: str


def below(
    people: Sequence[Present], sessions: Sequence[CourseSessionFacts], needed: int
) -> list[Present]:
    """Who is below the needed share so far, the lowest first; nobody before a session was held."""
    held = sum(session.minutes for session in sessions if session.state == "held")
    found = [one for one in people if one.attended * 100 < needed * held]
    return sorted(found, key=lambda one: (one.attended, one.name))


def forecasts(
    people: Sequence[Present],
    marks: Mapping[int, Mapping[int, Mark]],
    pools: Mapping[int, Mapping[str, int]],
    sessions: Sequence[CourseSessionFacts],
    needed: int,
) -> list[Behind]:
    """What is still possible for these people; `pools` are minutes of open catch-up tasks by
    enrolment id and module."""
    held = sum(session.minutes for session in sessions if session.state == "held")
    found = []
    for one in people:
        own, open_tasks = marks.get(one.enrolment_id, {}), pools.get(one.enrolment_id, {})
        outlook = outlook_from(needed, sessions, own, open_tasks)
        found.append(
            Behind(
                person=one,
                so_far=one.attended * 100 // max(held, 1),
                outlook=outlook,
                words=outlook_in_words(outlook),
            )
        )
    return found


def outlook_in_words(outlook: Outlook) -> str:
    """A forecast as it is said about somebody else."""
    if outlook.name == "must_attend":
        return ngettext(
            "Must come to the next day", "Must come to the next %(n)d days", outlook.must_next
        )
    if outlook.name == "needs_catch_up":
        return ngettext(
            "Needs a catch-up task: %(n)d minute",
            "Needs a catch-up task: %(n)d minutes",
            outlook.minutes_short,
        )
    if outlook.name == "lost":
        return gettext(_("Can no longer reach it"))
    if outlook.name == "safe":
        return gettext(_("Has been there enough"))
    if outlook.days_to_spare:
        return ngettext("Can miss one more day", "Can miss %(n)d more days", outlook.days_to_spare)
    return ngettext(
        "Can miss %(n)d more minute", "Can miss %(n)d more minutes", outlook.minutes_to_spare
    )


def mark_notes(mark: Mark | None) -> Sequence[str]:
    """What a teacher should know of a mark beside how it reads."""
    if mark is None:
        return ()
    notes = []
    if mark.source in SOURCE_WORDS and mark.source != "task":
        notes.append(gettext(SOURCE_WORDS[mark.source]))
    if mark.catch_up and mark.mode != "caught_up":
        notes.append(
            ngettext(
                "%(n)d minute caught up with a task",
                "%(n)d minutes caught up with a task",
                mark.catch_up,
            )
        )
    return notes


def session_to_write(
    sessions: Sequence[CourseSessionFacts], asked: str, moment: datetime
) -> CourseSessionFacts | None:
    """The session asked for; else the first begun one without a register, the last one held, or
    the first to come."""
    usable = [session for session in sessions if session.state != "cancelled"]
    for session in sessions:
        if session.key == asked:
            return session
    begun = [session for session in usable if session.starts_at <= moment]
    missing = [session for session in begun if session.state != "held"]
    return next(iter(missing), None) or next(iter(begun[::-1]), None) or next(iter(usable), None)


def local(moment: datetime, zone: str) -> datetime:
    """A moment as the clocks in `zone` show it."""
    return moment.astimezone(ZoneInfo(zone))


def is_today(session: CourseSessionFacts, moment: datetime, zone: str) -> bool:
    """Does the session begin today, where it is held?"""
    return local(session.starts_at, zone).date() == local(moment, zone).date()
