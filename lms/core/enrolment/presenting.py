"""How enrolments are said: states in people's words, the thread of a seat, hours away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g

from lms.contracts import LANGUAGES, Badge, LocalisedText
from lms.core.enrolment.presenting_terms import rule_words
from lms.core.enrolment.queries import (
    LOTTERY,
    ApprovalFacts,
    Away,
    Employment,
    Row,
    Story,
    TermsFacts,
    terms_of,
)
from lms.web.i18n import (
    core_domain,
    gettext,
    local,
    moment,
    ngettext,
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

ANSWERS_FIRST = (_("Waits for your answers"), _("Waits for the person's own answers"))
"""What a nomination waits for where the run has questions: said to oneself, said to others."""

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


def row_badge(
    row: Row, *, own: bool = False, approvals: Sequence[ApprovalFacts] | None = None
) -> Badge:
    """How an enrolment stands, in words for the one it is about (`own`) or for others. Where the
    page knows the approvals it tells whether it is the manager who is waited for."""
    facts = row.enrolment
    manager_asked = facts.manager_id is not None and (
        approvals is None or any(a.kind == "line_manager" and a.state == "open" for a in approvals)
    )
    if facts.state == "awaiting_approval" and not manager_asked:
        return state_badge(facts.state, own=own, words=_("Waits for an answer"))
    if is_pair_request(row):
        words = _("A colleague asks you along") if own else _("Waits for the person's own yes")
        return state_badge(facts.state, own=own, words=words)
    if is_asked_questions(row):
        return state_badge(facts.state, own=own, words=ANSWERS_FIRST[not own])
    return state_badge(facts.state, own=own)


def state_badge(state: str, *, own: bool = False, words: str | None = None) -> Badge:
    """A state in words; `words` where the state alone says too little."""
    usual, kind, icon = STATE_WORDS[state]
    said = words or (OWN_WORDS.get(state, usual) if own else usual)
    return Badge(text=core_domain.localised(said), icon=icon, kind=kind)  # type: ignore[arg-type]


def is_pair_request(row: Row) -> bool:
    """Has a colleague asked for both, and the one it is about has not answered yet?"""
    facts = row.enrolment
    by_colleague = bool(facts.pair_key) and facts.source != "nomination"
    return facts.state == "requested" and by_colleague and row.answer_due is not None


def is_asked_questions(row: Row) -> bool:
    """Was somebody nominated who has the run's questions to answer first?"""
    facts = row.enrolment
    nominated = facts.source == "nomination"
    return facts.state == "requested" and nominated and row.answer_due is not None


def waits_for_own_word(row: Row) -> bool:
    """Has somebody else asked, and the one it is about has not said yes or no yet?"""
    return is_pair_request(row) or is_asked_questions(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """The first half of the learning agreement: the goal as asked, as agreed when it differs, and
    who signed it when, in words; `signed` is empty while nobody has."""

    asked: str
    agreed: str
    signed: str


def agreement(row: Row, story: Story, *, reader_id: int | None) -> Agreement:
    """The goal, and by whom it was signed: by function, else by relation to the participant."""
    goal, first = row.enrolment.goal, story.first_goal or row.enrolment.goal
    signed = ""
    if story.goal_signed_at is not None:
        day = day_in_words(story.goal_signed_at, row.run_zone)
        if reader_id is not None and story.goal_signed_by_id == reader_id:
            signed = gettext(_("Signed by you, %(day)s"), day=day)
        elif story.signer_function is not None:
            who = local(story.signer_function)
            signed = gettext(_("Signed by %(who)s, %(day)s"), who=who, day=day)
        else:
            signed = gettext(_("Signed on %(day)s"), day=day)
    return Agreement(asked=first, agreed=goal if goal != first else "", signed=signed)


def withdrawing_in_words(until: datetime, moment_now: datetime, zone: str) -> str:
    """Until when nobody asks why."""
    day = moment(until, zone)
    if until < moment_now:
        return gettext(
            _("The day for withdrawing was %(day)s. You can still, and then say why."), day=day
        )
    return gettext(_("You can withdraw without saying why until %(day)s."), day=day)


def quoted(text: str) -> str:
    """Somebody's own words, in quotation marks."""
    return gettext(_("“%(words)s”"), words=text) if text else ""


def person_in_words(row: Row) -> str:
    """What somebody is and where: "Care worker, Home care north"; else the name."""
    parts = [local(row.function), row.unit or row.employer or ""]
    return ", ".join(part for part in parts if part) or row.person_name


def rule_in_words(terms: TermsFacts, zone: str) -> str:
    """How the waiting list goes on, in one line."""
    if terms.waiting_rule != LOTTERY:
        return rule_words(terms.waiting_rule)[1]
    if terms.drawn_at:
        return gettext(_("Lots were drawn %(day)s."), day=moment(terms.drawn_at, zone))
    if terms.draw_at:
        return gettext(_("Lots are drawn %(day)s."), day=moment(terms.draw_at, zone))
    return gettext(_("Lots are drawn when the run closes for requests."))


def approvers_in_words(terms: TermsFacts, job: Employment) -> list[str]:
    """Who will be asked for a yes, in order; of names only that of the reader's own manager."""
    words = []
    for kind in terms.approvers:
        if kind == "line_manager" and job.manager_id is not None:
            words.append(gettext(_("Your manager, %(name)s"), name=job.manager_name))
        elif kind == "line_manager":
            words.append(gettext(_("The programme lead, for we do not know your manager")))
        elif kind == "cost_centre":
            words.append(gettext(_("Whoever answers for the money at your workplace")))
        else:
            words.append(gettext(_("The programme lead")))
    return words


def time_left(due: datetime, moment_now: datetime) -> str:
    """ "3 days left", "5 hours left", "20 minutes left"."""
    minutes = int((due - moment_now).total_seconds() // 60)
    if minutes < 0:
        return gettext(_("The time to answer is over"))
    if minutes >= 48 * 60:
        return ngettext("%(n)d day left", "%(n)d days left", minutes // (24 * 60))
    if minutes >= 60:
        return ngettext("%(n)d hour left", "%(n)d hours left", minutes // 60)
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes)


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
