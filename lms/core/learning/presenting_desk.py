"""What the teacher's desk says: what waits, in the order in which it does, and who is slipping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lms.contracts import ActivityFacts, Actor, CourseSessionFacts, RunFacts
from lms.core.learning.presenting_outline import marking_url, page_url
from lms.core.learning.queries import roles_on_teams
from lms.core.learning.queries.desk import Waiting
from lms.core.learning.slipping import Slipping
from lms.web import gettext, ngettext
from lms.web.i18n import date, local
from lms.web.i18n import marked as _

SHOWN_BEHIND = 12
TEACHERS = frozenset({"teacher", "programme_lead"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something that waits for the teacher: a sentence, since when, a button and the minutes."""

    title: str
    note: str
    url: str
    label: str
    minutes: int
    icon: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """A participant who is slipping, and why in words."""

    key: str
    name: str
    employer: str | None
    reasons: Sequence[str]


def tasks(
    run: RunFacts,
    sessions: Sequence[CourseSessionFacts],
    activities: Mapping[int, ActivityFacts],
    works: Sequence[Waiting],
    asked: Mapping[int, int],
    moment: datetime,
) -> list[Task]:
    """What waits in a run: registers first, then what was handed in, then what was asked."""
    found = [
        Task(
            title=gettext(_("Write who was there: %(session)s"), session=local(session.title)),
            note=date(session.starts_at, run.zone),
            url=url_for("learning.register", key=run.key, session=session.key),
            label=gettext(_("Write the register")),
            minutes=3,
            icon="clipboard-check",
        )
        for session in unwritten(sessions, moment)
    ]
    for waiting in works:
        activity = activities.get(waiting.activity_id)
        url = (marking_url(activity) or page_url(activity)) if activity else ""
        if activity is None or not url:
            continue
        since = date(waiting.since, run.zone)
        found.append(
            Task(
                title=ngettext(
                    "Look at %(n)d hand-in: %(activity)s",
                    "Look at %(n)d hand-ins: %(activity)s",
                    waiting.number,
                    activity=local(activity.title),
                ),
                note=gettext(_("The first has waited since %(day)s"), day=since),
                url=url,
                label=gettext(_("Look at them")),
                minutes=5 * waiting.number,
                icon="list-checks",
            )
        )
    for activity_id, number in asked.items():
        activity = activities.get(activity_id)
        url = page_url(activity) if activity else ""
        if activity is None or not url:
            continue
        found.append(
            Task(
                title=ngettext(
                    "Answer %(n)d contribution: %(activity)s",
                    "Answer %(n)d contributions: %(activity)s",
                    number,
                    activity=local(activity.title),
                ),
                note=gettext(_("Nobody on the team has said anything since")),
                url=f"{url}#talk",
                label=gettext(_("Read and answer")),
                minutes=2 * number,
                icon="mail",
            )
        )
    return found


def unwritten(sessions: Sequence[CourseSessionFacts], moment: datetime) -> list[CourseSessionFacts]:
    """Sessions that have begun and have no register."""
    return [
        session
        for session in sessions
        if session.starts_at <= moment and session.state not in ("held", "cancelled")
    ]


def coming(sessions: Sequence[CourseSessionFacts], moment: datetime) -> list[CourseSessionFacts]:
    """The next two sessions."""
    ahead = [s for s in sessions if s.starts_at > moment and s.state != "cancelled"]
    return sorted(ahead, key=lambda session: session.starts_at)[:2]


def behind(one: Slipping) -> Behind:
    """Why somebody is slipping, in words."""
    reasons = []
    if one.attendance == "lost":
        reasons.append(gettext(_("Can no longer reach the attendance that is needed")))
    elif one.attendance:
        reasons.append(gettext(_("Needs a catch-up task to reach the attendance")))
    if one.overdue:
        reasons.append(
            ngettext(
                "%(n)d required activity is overdue",
                "%(n)d required activities are overdue",
                one.overdue,
            )
        )
    if one.quiet:
        last = one.participant.last_at
        reasons.append(
            gettext(_("Nothing handed in since %(day)s"), day=date(last))
            if last
            else gettext(_("Has not begun anything yet"))
        )
    return Behind(
        key=one.participant.enrolment_key,
        name=one.participant.name,
        employer=one.participant.employer,
        reasons=reasons,
    )


def waits(registers: int, works: int, asked: int) -> list[tuple[str, str]]:
    """What waits in a run: (words, icon) of each kind that there is something of."""
    found = []
    if registers:
        words = ngettext("%(n)d register to write", "%(n)d registers to write", registers)
        found.append((words, "clipboard-check"))
    if works:
        words = ngettext("%(n)d hand-in to look at", "%(n)d hand-ins to look at", works)
        found.append((words, "list-checks"))
    if asked:
        words = ngettext("%(n)d contribution to answer", "%(n)d contributions to answer", asked)
        found.append((words, "mail"))
    return found


def teaches_anywhere(actor: Actor) -> bool:
    """Does the actor teach on the team of any run? One query."""
    return any(roles & TEACHERS for roles in roles_on_teams(actor).values())
