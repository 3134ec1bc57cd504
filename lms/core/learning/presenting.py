"""How attendance and completion are said: who may miss the share, how one stands, safe sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.contracts import Badge, CompletionFacts, CompletionRule, CourseSessionFacts
from lms.core.enrolment.queries import Row
from lms.core.learning.queries import Mark
from lms.web.i18n import core_domain, gettext, num
from lms.web.i18n import marked as _

FEWEST = 5
"""Groups of fewer people than this are not shown to those who read sums."""

STANDING_WORDS: Mapping[str, tuple[str, str, str]] = {
    "met": (_("Everything is there"), "ok", "check"),
    "not_met": (_("Something is missing"), "stop", "x"),
    "undecided": (_("Not decided yet"), "", "circle-help"),
}
REASON_ICONS: Mapping[bool | None, tuple[str, str]] = {
    True: ("check", _("Fulfilled")),
    False: ("x", _("Missing")),
    None: ("circle-help", _("Not known yet")),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """One participant against the share that is needed: percent so far, the best still possible."""

    row: Row
    so_far: int
    best: int
    reaches: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One number of a group; None where the group is too small to be shown."""

    label: str
    number: int | None


def needed_percent(rule: CompletionRule | None) -> int | None:
    """The share of minutes a rule wants; None when it wants none."""
    options = rule.conditions.get("attendance") if rule else None
    return None if options is None else int(options.get("percent", 80))


def forecasts(
    rows: Sequence[Row],
    marks: Mapping[int, Mapping[int, Mark]],
    sessions: Sequence[CourseSessionFacts],
    needed: int,
) -> list[Forecast]:
    """Who is below the needed share so far, the lowest first; nobody before a session was held."""
    held = {session.id: session.minutes for session in sessions if session.state == "held"}
    possible = sum(held.values())
    rest = sum(s.minutes for s in sessions if s.state in ("planned", "moved"))
    if not possible:
        return []
    found = []
    for row in rows:
        own = marks.get(row.enrolment.id, {})
        attended = sum(mark.minutes for id_, mark in own.items() if id_ in held)
        if attended * 100 < needed * possible:
            found.append(
                Forecast(
                    row=row,
                    so_far=attended * 100 // possible,
                    best=(attended + rest) * 100 // (possible + rest),
                    reaches=(attended + rest) * 100 >= needed * (possible + rest),
                )
            )
    return sorted(found, key=lambda one: (one.so_far, one.row.person_name))


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


def is_today(session: CourseSessionFacts, moment: datetime, zone: str) -> bool:
    """Does the session begin today, where it is held?"""
    there = ZoneInfo(zone)
    return session.starts_at.astimezone(there).date() == moment.astimezone(there).date()


def standing_badge(standing: CompletionFacts) -> Badge:
    """How one stands, in a word."""
    words, kind, icon = STANDING_WORDS[standing.result]
    return Badge(text=core_domain.localised(words), icon=icon, kind=kind)  # type: ignore[arg-type]


def safe_figures(
    counts: Sequence[tuple[str, int]], fewest: int = FEWEST
) -> tuple[Sequence[Figure], int | None]:
    """Counts without small groups, and their total (None when it is itself too small).

    Where hiding one group would let it be reckoned from the total, the smallest other group is
    hidden as well, until what is hidden is at least two groups and enough people together.
    """
    total = sum(number for _label, number in counts)
    if 0 < total < fewest:
        return [Figure(label=label, number=None) for label, number in counts if number], None
    hidden = {index for index, (_label, n) in enumerate(counts) if 0 < n < fewest}
    shown = sorted((n, index) for index, (_label, n) in enumerate(counts) if n >= fewest)
    for _number, index in shown:
        together = sum(counts[other][1] for other in hidden)
        if not hidden or (len(hidden) > 1 and together >= fewest):
            break
        hidden.add(index)
    return (
        [
            Figure(label=label, number=None if index in hidden else number)
            for index, (label, number) in enumerate(counts)
            if number
        ],
        total,
    )


def figure_in_words(figure: Figure) -> str:
    """The number, or that it is too small to be shown."""
    return gettext(_("not shown")) if figure.number is None else num(figure.number)
