"""The time a run asks of each: sessions, what is done between them, and what lies around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.contracts import CourseSessionFacts, RunFacts, TimeAsked
from lms.core.catalogue.queries import VersionFacts
from lms.core.catalogue.queries.courses import course_plan
from lms.core.catalogue.words import WHOSE_WORDS
from lms.host import current_host
from lms.web.i18n import gettext as _

PARTICIPANT = "participant"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Minutes of one role, by when they are asked for."""

    who: str
    before: int
    during: int
    after: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.before + self.during + self.after


@dataclass(frozen=True, kw_only=True, slots=True)
class Time:
    """What a run takes. `own` are rows of participants (what, how many, minutes; the sum last),
    `others` those of everybody else who gives time; `shares` is how much of what comes of the
    course is decided before, during and after it, in percent."""

    own: Sequence[tuple[str, str, int]]
    others: Sequence[Share]
    shares: Mapping[str, int]


def time_asked(
    run: RunFacts, version: VersionFacts, sessions: Sequence[CourseSessionFacts]
) -> Time:
    """The time of all, from the sessions, the course type and whoever knows of more."""
    plan = course_plan(run.course_type)
    asked = list(plan.asks) if plan is not None else []
    for answer in current_host().gather("lms_run_time", runs=(run,)):
        asked += answer.value.get(run.id, ())
    minutes: dict[tuple[str, str], int] = defaultdict(int)
    for one in asked:
        minutes[one.role, one.stretch] += one.minutes
    return Time(
        own=_own(version, sessions, asked, minutes),
        others=[share for role in WHOSE_WORDS if (share := _share(role, minutes)).total],
        shares=plan.shares if plan is not None else {},
    )


def _share(role: str, minutes: Mapping[tuple[str, str], int]) -> Share:
    return Share(
        who=_(WHOSE_WORDS[role]),
        before=minutes.get((role, "before"), 0),
        during=minutes.get((role, "during"), 0),
        after=minutes.get((role, "after"), 0),
    )


def _own(
    version: VersionFacts,
    sessions: Sequence[CourseSessionFacts],
    asked: Sequence[TimeAsked],
    minutes: Mapping[tuple[str, str], int],
) -> list[tuple[str, str, int]]:
    live = [session for session in sessions if session.state != "cancelled"]
    own = [one for one in asked if one.role == PARTICIPANT]
    replaced = {one.module for one in own if one.module}
    between = [s.between_minutes for s in live if s.between_minutes and s.module not in replaced]
    in_course = [one for one in own if one.stretch == "during" and one.minutes]
    taught = sum(session.minutes for session in live) or version.minutes
    practice = sum(between) + sum(one.minutes for one in in_course)
    tasks = len(between) + len(in_course)
    if not tasks:
        practice = version.practice_minutes
    before, after = (minutes.get((PARTICIPANT, stretch), 0) for stretch in ("before", "after"))
    rows = [
        (_("Before the first day"), "", before),
        (_("Sessions"), str(len(live) or "–"), taught),
        (_("Assignments in practice, at work"), str(tasks or "–"), practice),
        (_("After the last day"), "", after),
    ]
    named = [row for row in rows if row[2] or row[0] == _("Sessions")]
    return [*named, (_("In all"), "", before + taught + practice + after)]
