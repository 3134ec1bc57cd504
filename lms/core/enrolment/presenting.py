"""How enrolments are said: states in people's words, the thread of a seat, hours away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g

from lms.contracts import LANGUAGES, Badge, LocalisedText
from lms.core.enrolment.queries import Away, Row, Step, TermsFacts, terms_of
from lms.core.enrolment.states import LIVE
from lms.web.i18n import (
    core_domain,
    gettext,
    local,
    moment,
    ngettext,
    period,
    short_date,
)
from lms.web.i18n import (
    date as day_in_words,
)
from lms.web.i18n import (
    marked as _,
)

WEEKS_AHEAD = 6

STATE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "requested": (_("Asked"), "wait", "clock"),
    "awaiting_approval": (_("Waits for the manager"), "wait", "clock"),
    "waitlisted": (_("On the waiting list"), "wait", "clock"),
    "offered": (_("A seat is offered"), "wait", "hand"),
    "seated": (_("Has a seat"), "ok", "check"),
    "active": (_("Takes part now"), "ok", "check"),
    "completed": (_("Completed"), "ok", "award"),
    "not_completed": (_("Not completed"), "", "history"),
    "no_show": (_("Never came"), "", "history"),
    "declined": (_("Not this time"), "", "history"),
    "lapsed": (_("Ran out"), "", "history"),
    "withdrawn": (_("Withdrawn"), "", "history"),
    "cancelled": (_("Cancelled"), "", "ban"),
}
"""State -> (words about somebody, kind of badge, icon)."""

OWN_WORDS: Mapping[str, str] = {
    "awaiting_approval": _("Waits for your manager"),
    "offered": _("A seat is yours to take"),
    "seated": _("You have a seat"),
    "active": _("You are taking part"),
}
"""What differs when the reader is the one it is about."""

STEPS: Mapping[tuple[str | None, str], tuple[str, str]] = {
    (None, "requested"): (_("You asked for a seat"), _("Asked for a seat")),
    ("requested", "seated"): (_("You have a seat"), _("Got a seat")),
    ("awaiting_approval", "seated"): (
        _("Your manager said yes: you have a seat"),
        _("The manager said yes: has a seat"),
    ),
    ("awaiting_approval", "waitlisted"): (
        _("Your manager said yes: you are on the waiting list"),
        _("The manager said yes: is on the waiting list"),
    ),
    ("awaiting_approval", "lapsed"): (
        _("There was no answer in time"),
        _("There was no answer in time"),
    ),
    ("offered", "seated"): (_("You took the seat"), _("Took the seat")),
    ("offered", "lapsed"): (
        _("The seat was not taken in time"),
        _("The seat was not taken in time"),
    ),
    ("waitlisted", "lapsed"): (
        _("It began before a seat was free"),
        _("It began before a seat was free"),
    ),
}
"""(old, new) -> (said to oneself, said to others), where the new state alone says too little."""

REACHED: Mapping[str, tuple[str, str]] = {
    "waitlisted": (_("You are on the waiting list"), _("Came on the waiting list")),
    "offered": (_("A seat was free for you"), _("Was offered a seat")),
    "seated": (_("You have a seat"), _("Got a seat")),
    "active": (_("It began"), _("It began")),
    "completed": (_("You completed"), _("Completed")),
    "not_completed": (_("You did not complete"), _("Did not complete")),
    "no_show": (_("You did not come"), _("Did not come")),
    "declined": (_("Your manager said not this time"), _("The manager said not this time")),
    "lapsed": (_("It ran out"), _("It ran out")),
    "withdrawn": (_("You withdrew"), _("Withdrew")),
    "cancelled": (_("The run was cancelled"), _("The run was cancelled")),
}
"""New state -> (said to oneself, said to others)."""

BAD_ENDS = frozenset({"declined", "lapsed", "withdrawn", "cancelled", "no_show", "not_completed"})

NUMBERS = (
    _("None"),
    _("One"),
    _("Two"),
    _("Three"),
    _("Four"),
    _("Five"),
    _("Six"),
    _("Seven"),
    _("Eight"),
    _("Nine"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """One knot of a thread, in words: `state` is done, now, todo or off."""

    state: str
    title: str
    when: str = ""
    body: str = ""
    icon: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """Hours away in one week, in minutes; `maybe` is what the waiting requests would add."""

    number: int
    minutes: int
    maybe: int
    is_this: bool


def terms_once(run_ids: Sequence[int]) -> Mapping[int, TermsFacts]:
    """The terms of these runs, read once for all that one page draws of them. For drawing only:
    what acts reads them itself."""
    kept: dict[int, TermsFacts] = g.setdefault("lms_terms", {})
    if missing := [run_id for run_id in run_ids if run_id not in kept]:
        kept.update(terms_of(missing))
    return {run_id: kept[run_id] for run_id in run_ids if run_id in kept}


def worded(message: str, **values: object) -> LocalisedText:
    """A marked message in all languages, its placeholders filled, localised values in each."""
    texts = core_domain.localised(message).as_dict()
    return LocalisedText(**{code: texts[code] % _values_in(code, values) for code in LANGUAGES})


def _values_in(code: str, values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.in_language(code) if isinstance(value, LocalisedText) else value
        for name, value in values.items()
    }


def number_word(number: int) -> str:
    """A number up to nine as a word that begins a sentence, else as a figure."""
    return gettext(NUMBERS[number]) if 0 <= number < len(NUMBERS) else str(number)


def row_badge(row: Row, *, own: bool = False) -> Badge:
    """How an enrolment stands, in words for the one it is about (`own`) or for others."""
    state = row.enrolment.state
    words, kind, icon = STATE_WORDS[state]
    if state == "awaiting_approval" and row.enrolment.manager_id is None:
        words = _("Waits for an answer")
    elif own:
        words = OWN_WORDS.get(state, words)
    return Badge(text=core_domain.localised(words), icon=icon, kind=kind)  # type: ignore[arg-type]


def by_whom(step: Step, row: Row, reader_id: int | None) -> str:
    """Who took a step, by relation to the reader; empty where the step says it itself."""
    person = row.enrolment.person_id
    if step.by_id is None:
        return gettext(_("by itself")) if step.new == "lapsed" else ""
    if step.by_id == person:
        return "" if reader_id == person else gettext(_("by the participant"))
    if step.by_id == reader_id:
        return gettext(_("by you"))
    if step.by_id == row.enrolment.manager_id:
        return gettext(_("by the manager"))
    return gettext(_("by those who run it"))


def past(steps: Sequence[Step], row: Row, reader_id: int | None) -> list[Knot]:
    """What has happened. Waiting for the manager is said by the knot that stands now."""
    own = reader_id == row.enrolment.person_id
    knots = []
    for step in steps:
        if step.new == "awaiting_approval":
            continue
        pair = STEPS.get((step.old, step.new)) or REACHED[step.new]
        title = gettext(pair[0] if own and not _by_another(step, row) else pair[1])
        when = moment(step.at, row.run_zone)
        by = by_whom(step, row, reader_id)
        body = step.reason or (row.enrolment.goal if step.new == "requested" else "")
        knots.append(
            Knot(
                state="off" if step.new in BAD_ENDS else "done",
                title=title,
                when=f"{when}, {by}" if by else when,
                body=quoted(body),
            )
        )
    return knots


def _by_another(step: Step, row: Row) -> bool:
    """Was somebody withdrawn by others? Then "you withdrew" would be wrong."""
    return step.new == "withdrawn" and step.by_id != row.enrolment.person_id


def short_past(row: Row) -> list[Knot]:
    """What has happened as far as the row alone tells, for the panel on the run's page."""
    facts = row.enrolment
    asked = Knot(
        state="done",
        title=gettext(_("You asked for a seat")),
        when=moment(facts.created_at, row.run_zone),
        body=quoted(facts.goal),
    )
    if facts.state == "awaiting_approval":
        return [asked]
    return [
        asked,
        Knot(
            state="off" if facts.state in BAD_ENDS else "done",
            title=gettext(REACHED[facts.state][0]),
            when=moment(row.changed_at, row.run_zone),
        ),
    ]


def ahead(row: Row, *, own: bool) -> list[Knot]:
    """What stands now and what comes after it; nothing once the enrolment is over."""
    if row.enrolment.state not in LIVE:
        return []
    return [*_now(row, own=own), *_later(row, own=own)]


def _now(row: Row, *, own: bool) -> Iterator[Knot]:
    state = row.enrolment.state
    if state == "awaiting_approval":
        title = _("Your manager answers") if own else _("The manager answers")
        if row.enrolment.manager_id is None:
            title = _("Those who run the course answer")
        when = gettext(_("As soon as somebody can"))
        if row.answer_due:
            due = day_in_words(row.answer_due, row.run_zone)
            when = gettext(_("By %(day)s. Otherwise the request runs out."), day=due)
        yield Knot(state="now", title=gettext(title), when=when)
    elif state == "waitlisted":
        title = gettext(_("Number %(n)s on the waiting list"), n=row.place or "?")
        yield Knot(
            state="now",
            title=title,
            when=gettext(_("When a seat is free, it is offered in this order.")),
        )
    elif state == "offered":
        title = _("Say yes to the seat") if own else _("Answers the offer")
        due = moment(row.answer_due, row.run_zone) if row.answer_due else ""
        when = gettext(_("By %(day)s. Then it goes on to the next."), day=due) if due else ""
        yield Knot(state="now", title=gettext(title), when=when, icon="hand")
    elif state == "active":
        title = _("You are taking part") if own else _("Takes part")
        when = period(row.run_starts_at, row.run_ends_at, row.run_zone)
        yield Knot(state="now", title=gettext(title), when=when)
    elif state == "seated":
        yield Knot(
            state="now",
            title=gettext(_("The first day")),
            when=day_in_words(row.run_starts_at, row.run_zone),
            icon="calendar",
        )


def _later(row: Row, *, own: bool) -> Iterator[Knot]:
    state = row.enrolment.state
    if state in ("awaiting_approval", "waitlisted", "offered"):
        title = _("You have a seat") if own else _("Has a seat")
        yield Knot(state="todo", title=gettext(title), when=seats_in_words(row))
        yield Knot(
            state="todo",
            title=gettext(_("The first day")),
            when=day_in_words(row.run_starts_at, row.run_zone),
        )
    when = ""
    if row.run_ends_at:
        when = gettext(
            _("After the last day, %(day)s"), day=day_in_words(row.run_ends_at, row.run_zone)
        )
    yield Knot(state="todo", title=gettext(_("Completed")), when=when)


def seats_in_words(row: Row) -> str:
    """ "5 of 16 seats are free"; an offered seat is held already."""
    if row.enrolment.state == "offered":
        return gettext(_("The seat is held until then"))
    free = max(row.run_capacity - row.run_taken, 0)
    if not free:
        return gettext(_("%(all)s of %(all)s seats are taken now"), all=row.run_capacity)
    return ngettext(
        "%(n)d of %(all)s seats is free now",
        "%(n)d of %(all)s seats are free now",
        free,
        all=row.run_capacity,
    )


def quoted(text: str) -> str:
    """Somebody's own words, in quotation marks."""
    return gettext(_("“%(words)s”"), words=text) if text else ""


def person_in_words(row: Row) -> str:
    """What somebody is and where: "Care worker, Home care north"; else the name."""
    parts = [local(row.function), row.unit or row.employer or ""]
    return ", ".join(part for part in parts if part) or row.person_name


def due_in_words(due: datetime | None, moment_now: datetime, zone: str) -> str:
    """ "Answer today", "Answer by tomorrow", "Answer within 7 days"."""
    if due is None:
        return gettext(_("Waits for an answer"))
    days = (_local_day(due, zone) - _local_day(moment_now, zone)).days
    if days < 0:
        return gettext(_("The time to answer is over"))
    if days == 0:
        return gettext(_("Answer today"))
    if days == 1:
        return gettext(_("Answer by tomorrow"))
    return ngettext("Answer within %(n)d day", "Answer within %(n)d days", days)


def _local_day(value: datetime, zone: str) -> date:
    return value.astimezone(ZoneInfo(zone)).date()


def first_day(row: Row) -> str:
    """The run's first day in short, or that nobody knows it yet."""
    if row.run_starts_at is None:
        return gettext(_("date not stated"))
    return short_date(row.run_starts_at, row.run_zone)


def weeks(away: Sequence[Away], moment_now: datetime, zone: str) -> list[Week]:
    """Hours away by ISO week, from this week on; a week without any is there with zero."""
    monday = this_monday(moment_now, zone)
    sure, maybe = [0] * WEEKS_AHEAD, [0] * WEEKS_AHEAD
    for session in away:
        index = (_local_day(session.starts_at, session.zone) - monday).days // 7
        if 0 <= index < WEEKS_AHEAD:
            length = int((session.ends_at - session.starts_at).total_seconds() // 60)
            (sure if session.sure else maybe)[index] += length
    return [
        Week(
            number=(monday + timedelta(weeks=index)).isocalendar().week,
            minutes=sure[index],
            maybe=maybe[index],
            is_this=index == 0,
        )
        for index in range(WEEKS_AHEAD)
    ]


def this_monday(moment_now: datetime, zone: str) -> date:
    """The Monday of the present week where the reader is."""
    today = _local_day(moment_now, zone)
    return today - timedelta(days=today.weekday())
