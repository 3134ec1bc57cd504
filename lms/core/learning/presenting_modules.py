"""The lines of an outline: as its builders see them, and as somebody who takes part does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms.contracts import (
    ActivityFacts,
    Badge,
    CourseSessionFacts,
    EnrolmentFacts,
    LocalisedText,
    WorkFacts,
)
from lms.core.learning.outlines import DONE, Module
from lms.core.learning.places import closed_because
from lms.core.learning.presenting_outline import (
    closed_words,
    due_words,
    editor_url,
    is_overdue,
    marking_url,
    page_url,
    state_badge,
    type_of,
)
from lms.core.learning.queries import Mark
from lms.web import gettext
from lms.web.i18n import core_domain, date, hours, local, time_span
from lms.web.i18n import marked as _

WHO_WORDS: Mapping[str, str] = {
    "manager": _("manager %(time)s"),
    "host": _("host %(time)s"),
    "company": _("company %(time)s"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A session or an activity in an outline. `state` is that of its knot, `facts` are pairs of
    an icon and words, `key` is that of an activity."""

    title: LocalisedText
    facts: Sequence[tuple[str, str]]
    state: str = "todo"
    icon: str = ""
    badges: Sequence[Badge] = ()
    note: str = ""
    url: str = ""
    key: str = ""
    edit_url: str = ""
    marking_url: str = ""
    waiting: int = 0
    first: bool = False
    last: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """A module and its lines; `minutes` of a version's session that has no day yet."""

    key: str
    title: str
    minutes: int
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What somebody does next."""

    title: LocalisedText
    url: str
    due: str
    kind: str
    minutes: int
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody who takes part, with their works by activity and marks by session."""

    enrolment: EnrolmentFacts
    works: Mapping[int, WorkFacts]
    marks: Mapping[int, Mark]
    zone: str
    moment: datetime


def built_modules(
    modules: Sequence[Module], waiting: Mapping[int, int], zone: str | None
) -> list[Lines]:
    """An outline for who builds it; `waiting` is how many works wait by activity id."""
    order = [a.id for module in modules for a in module.activities if a.state != "withdrawn"]
    titles = {a.id: a.title for module in modules for a in module.activities}
    named = [module.key for module in modules if module.key]
    found = []
    for module in modules:
        lines = []
        for piece in module.pieces:
            if isinstance(piece, CourseSessionFacts):
                lines.append(_built_session(piece, zone))
            elif piece.state != "withdrawn":
                line = _built_activity(piece, titles, waiting.get(piece.id, 0), zone)
                first = piece.id == order[0] and module.key in ("", *named[:1])
                last = piece.id == order[-1] and module.key in ("", *named[-1:])
                lines.append(replace(line, first=first, last=last))
        found.append(_lines(module, lines))
    return found


def _built_session(session: CourseSessionFacts, zone: str | None) -> Line:
    return Line(
        title=session.title,
        icon="users",
        facts=_session_facts(session, zone),
        badges=_session_badges(session),
    )


def _built_activity(
    activity: ActivityFacts,
    titles: Mapping[int, LocalisedText],
    waiting: int,
    zone: str | None,
) -> Line:
    kind = type_of(activity)
    badges = []
    if activity.state == "draft":
        badges.append(_badge(_("Not saved yet, so nobody sees it"), "wait", "clock"))
    if kind is None:
        badges.append(_badge(_("This kind of activity is away just now"), "stop", "plug"))
    after = titles.get(activity.after_id or 0)
    facts = [
        ("info", local(kind.title) if kind else activity.activity_type),
        ("clock", hours(activity.minutes) if activity.minutes else ""),
        *(
            ("users", gettext(WHO_WORDS[who], time=hours(minutes)))
            for who, minutes in activity.others_minutes.items()
            if minutes and who in WHO_WORDS
        ),
        ("circle-alert", "" if activity.required else _need_words(activity)),
        ("calendar", _opening_words(activity, zone)),
        ("calendar", due_words(activity, zone) if zone else _day_words(activity.due_day)),
        ("repeat", gettext(_("after “%(title)s”"), title=local(after)) if after else ""),
    ]
    return Line(
        title=activity.title,
        icon=kind.icon if kind else "plug",
        facts=facts,
        badges=badges,
        key=activity.key,
        url=page_url(activity) if activity.run_id and activity.state == "shown" else "",
        edit_url=editor_url(activity),
        marking_url=marking_url(activity) if activity.run_id else "",
        waiting=waiting,
    )


def _need_words(activity: ActivityFacts) -> str:
    if activity.catch_up:
        return gettext(_("for who missed the session"))
    return gettext(_("whoever wants to"))


def _opening_words(activity: ActivityFacts, zone: str | None) -> str:
    if zone is not None:
        if activity.opens_at is None:
            return ""
        return gettext(_("opens %(day)s"), day=date(activity.opens_at, zone))
    if activity.opens_day is None:
        return ""
    return gettext(_("opens on day %(n)s"), n=activity.opens_day)


def _day_words(day: int | None) -> str:
    return "" if day is None else gettext(_("due on day %(n)s"), n=day)


def for_participant(
    activities: Iterable[ActivityFacts],
    works: Mapping[int, WorkFacts],
    sessions: Sequence[CourseSessionFacts],
    marks: Mapping[int, Mark],
) -> list[ActivityFacts]:
    """What stands in somebody's own outline: a catch-up task when there is something to catch up,
    and what was taken out when they had begun it."""
    missed = {
        session.module
        for session in sessions
        if (mark := marks.get(session.id)) is not None and mark.minutes < session.minutes
    }
    return [
        activity
        for activity in activities
        if activity.id in works
        or (activity.state == "shown" and (not activity.catch_up or activity.module in missed))
    ]


def own_modules(
    modules: Sequence[Module], reader: Reader, step: ActivityFacts | None
) -> list[Lines]:
    """An outline for somebody who takes part; `step` is what they do next."""
    by_id = {a.id: a for module in modules for a in module.activities}
    return [
        _lines(
            module,
            [
                _own_session(piece, reader)
                if isinstance(piece, CourseSessionFacts)
                else _own_activity(piece, by_id, reader, is_next=step == piece)
                for piece in module.pieces
            ],
        )
        for module in modules
        if module.pieces
    ]


def _own_session(session: CourseSessionFacts, reader: Reader) -> Line:
    mark = reader.marks.get(session.id)
    badges = list(_session_badges(session))
    state = "off" if session.state == "cancelled" else "todo"
    if session.state == "held":
        state = "done"
        if mark is not None and mark.minutes >= session.minutes:
            badges = [_badge(_("You were there"), "ok", "check")]
        elif mark is not None and mark.minutes:
            badges = [_badge(_("You were there in part"), "info", "check")]
        elif mark is not None:
            badges = [_badge(_("You were away"), "", "x")]
    return Line(
        title=session.title,
        facts=_session_facts(session, reader.zone),
        state=state,
        icon="" if state in ("off", "done") else "users",
        badges=badges,
    )


def _own_activity(
    activity: ActivityFacts,
    by_id: Mapping[int, ActivityFacts],
    reader: Reader,
    *,
    is_next: bool,
) -> Line:
    work = reader.works.get(activity.id)
    kind = type_of(activity)
    closed = closed_because(activity, reader.works, reader.enrolment.state, reader.moment)
    badge = state_badge(work, kind)
    overdue = not closed and is_overdue(activity, work, reader.moment)
    badges = [badge] if badge else []
    if overdue:
        badges.append(_badge(_("The day has passed"), "wait", "clock"))
    state = "now" if is_next else "todo"
    if work is not None and work.state in DONE:
        state = "done"
    facts = [
        ("info", local(kind.title) if kind else ""),
        ("clock", hours(activity.minutes) if activity.minutes else ""),
        ("calendar", due_words(activity, reader.zone) if state != "done" else ""),
        ("circle-help", "" if activity.required else _own_need(activity)),
    ]
    after = by_id.get(activity.after_id or 0)
    return Line(
        title=activity.title,
        facts=facts,
        state=state,
        icon="" if state == "done" else (kind.icon if kind else "plug"),
        badges=badges,
        note=closed_words(closed, activity, after, reader.zone) if closed != "run_over" else "",
        url=page_url(activity),
        key=activity.key,
    )


def _own_need(activity: ActivityFacts) -> str:
    if activity.catch_up:
        return gettext(_("For what you missed"))
    return gettext(_("If you want to"))


def step(activity: ActivityFacts, works: Mapping[int, WorkFacts], zone: str) -> Step:
    """The next step in words."""
    kind, work = type_of(activity), works.get(activity.id)
    if work is None:
        label = gettext(_("Begin"))
    elif work.state == "returned":
        label = gettext(_("See what is missing"))
    else:
        label = gettext(_("Go on"))
    return Step(
        title=activity.title,
        url=page_url(activity),
        due=due_words(activity, zone),
        kind=local(kind.title) if kind else "",
        minutes=activity.minutes,
        label=label,
    )


def _lines(module: Module, lines: Sequence[Line]) -> Lines:
    title = local(module.title) if module.key else gettext(_("Beside the modules"))
    return Lines(key=module.key, title=title, minutes=module.minutes, lines=lines)


def _session_facts(session: CourseSessionFacts, zone: str | None) -> list[tuple[str, str]]:
    when = f"{date(session.starts_at, zone)}, {time_span(session.starts_at, session.ends_at, zone)}"
    return [
        ("calendar", when),
        ("map-pin", session.venue),
        ("clock", hours(session.minutes)),
    ]


def _session_badges(session: CourseSessionFacts) -> list[Badge]:
    if session.state == "cancelled":
        return [_badge(_("Cancelled"), "stop", "ban")]
    if session.state == "moved":
        return [_badge(_("Moved"), "info", "replace")]
    return []


def _badge(words: str, kind: str, icon: str) -> Badge:
    return Badge(text=core_domain.localised(words), kind=kind, icon=icon)  # type: ignore[arg-type]
