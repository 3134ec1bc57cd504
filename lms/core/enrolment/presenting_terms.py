"""How the terms of a run are said: ways in, who says yes, who is next, lots, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import url_for

from lms.contracts import Actor, LocalisedText, Panel, RunFacts, TodoItem
from lms.core.enrolment.queries import FIRST_COME, LOTTERY, SHARES, WAYS, TermsFacts
from lms.core.enrolment.queries.desk import (
    BEFORE_IT_BEGINS,
    MANAGE,
    UNDECIDED,
    LedRun,
    RuleFacts,
)
from lms.db import now
from lms.host import current_host
from lms.web.i18n import core_domain, gettext, local, moment, ngettext
from lms.web.i18n import date as day_in_words
from lms.web.i18n import marked as _

WAY_WORDS: Mapping[str, tuple[str, str]] = {
    "open": (_("Everybody"), _("Whoever can see the run can ask.")),
    "link": (_("With a link"), _("You make the link and send it to those you want.")),
    "key": (_("With a key"), _("Whoever knows a word that you choose.")),
    "rule": (_("By workplace or function"), _("Whoever works where you say, or as what you say.")),
    "nomination": (_("Through their manager"), _("Managers ask for seats for their people.")),
}
"""Way in -> (word, what it means)."""

APPROVER_WORDS: Mapping[str, str] = {
    "line_manager": _("The line manager"),
    "cost_centre": _("Who answers for the money"),
    "programme_lead": _("The programme lead"),
}

APPROVAL_WORDS: Mapping[str, str] = {
    "in_order": _("All of them, one after the other"),
    "any": _("One of them is enough"),
}

RULE_WORDS: Mapping[str, tuple[str, str]] = {
    FIRST_COME: (
        _("First come, first served"),
        _("Whoever has waited longest is offered the next free seat."),
    ),
    SHARES: (
        _("The workplaces share"),
        _("The next seat goes to the workplace that has the fewest; then to who waited longest."),
    ),
    LOTTERY: (
        _("Lots are drawn"),
        _(
            "Everybody who asks in time has the same chance. Lots are drawn from a secret number "
            "whose fingerprint is shown before, so that anybody can check the draw."
        ),
    ),
}

AFTER_NO_WORDS: Mapping[str, str] = {
    "leave": _("They leave the waiting list"),
    "return": _("They go to the end of the waiting list"),
}

KIND_WORDS: Mapping[str, str] = {
    "text": _("In their own words"),
    "choice": _("With one of several answers"),
    "yesno": _("With yes or no"),
}

MOST_QUESTIONS = 10

DECISIONS: Mapping[str, str] = {
    "run_anyway": _("You decided that it runs anyway."),
    "merge": _("It went into another run."),
    "cancel": _("It was cancelled because there were too few."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One run in the drawing of the desk: lengths in percent of its seats."""

    title: str
    taken: float
    held: float
    minimum: float | None
    words: str


def way_choices() -> list[tuple[str, str]]:
    """Ways in as (value, word and sentence)."""
    return [(way, f"{gettext(WAY_WORDS[way][0])}. {gettext(WAY_WORDS[way][1])}") for way in WAYS]


def approver_choices(nobody: str) -> list[tuple[str, str]]:
    """Who may be asked for a yes, beginning with nobody."""
    return [("", nobody)] + [(kind, gettext(words)) for kind, words in APPROVER_WORDS.items()]


def choices_of(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices in the reader's language."""
    return [(value, gettext(word)) for value, word in words.items()]


def rule_choices(present: str) -> list[tuple[str, str]]:
    """All waiting rules as (value, title and explanation); the present one, should its plugin be
    away."""
    keys = [*RULE_WORDS, *current_host().waiting_rules()]
    if present not in keys:
        keys.append(present)
    return [(key, " ".join(f"{text.rstrip('.')}." for text in rule_words(key))) for key in keys]


def rule_words(key: str) -> tuple[str, str]:
    """A waiting rule's title and explanation."""
    if key in RULE_WORDS:
        title, explanation = RULE_WORDS[key]
        return gettext(title), gettext(explanation)
    owned = current_host().waiting_rules().get(key)
    if owned is None:
        return gettext(_("A rule that is out of order")), gettext(
            _("People wait in the order they came until it is back.")
        )
    return local(owned.item.title), local(owned.item.explanation)


def who_asks(terms: TermsFacts) -> str:
    """ "Everybody; through their manager"."""
    words = [gettext(WAY_WORDS[way][0]) for way in terms.ways]
    return "; ".join(words[:1] + [word[:1].lower() + word[1:] for word in words[1:]])


def who_says_yes(terms: TermsFacts) -> str:
    """ "The line manager, then the programme lead"."""
    words = [gettext(APPROVER_WORDS[kind]) for kind in terms.approvers]
    if not words:
        return gettext(_("Nobody: whoever asks gets a seat while there is one"))
    rest = [word[:1].lower() + word[1:] for word in words[1:]]
    between = (
        gettext(_(", or %(who)s")) if terms.approval == "any" else gettext(_(", then %(who)s"))
    )
    return words[0] + "".join(between % {"who": word} for word in rest)


def rule_in_words(rule: RuleFacts, roles: Mapping[str, LocalisedText]) -> str:
    """What must fit, in one line."""
    role = roles.get(rule.role or "")
    parts = [
        rule.organisation,
        rule.unit,
        local(rule.function),
        (local(role) if role else rule.role) or "",
    ]
    return ", ".join(part for part in parts if part)


def run_panel(run: RunFacts, terms: TermsFacts, actor: Actor, *, inside: bool) -> Panel:
    """How seats in the run are given, for everybody; who is in it is led to the draw."""
    lots = terms.waiting_rule == LOTTERY
    leads = actor.may_in_any(MANAGE, run.host_ids)
    return Panel(
        template="enrolment/terms_panel.html",
        values={
            "lines": panel_lines(run, terms),
            "digest": terms.draw_digest if lots else None,
            "draw_url": url_for("enrolment.draw", key=run.key)
            if lots and (inside or leads)
            else None,
        },
        title=core_domain.localised(_("How seats are given")),
        order=60,
    )


def todo_item(run: LedRun) -> TodoItem:
    """A run that its lead must decide on, or whose lots are drawn today."""
    if run.too_few:
        return TodoItem(
            key=f"enrolment.too_few:{run.key}",
            title=core_domain.localised(_("Decide what happens to a run with too few people")),
            body=run.title,
            url=url_for("enrolment.seats", key=run.key),
            label=core_domain.localised(_("Decide")),
            due=run.decide_by or run.starts_at,
            minutes=5,
            order=8,
        )
    return TodoItem(
        key=f"enrolment.draw:{run.key}",
        title=core_domain.localised(_("See to it that lots are drawn")),
        body=run.title,
        url=url_for("enrolment.draw", key=run.key),
        label=core_domain.localised(_("See the draw")),
        due=run.draw_at,
        minutes=2,
        order=9,
    )


def panel_lines(run: RunFacts, terms: TermsFacts) -> list[tuple[str, str]]:
    """How seats are given, for everybody who reads the page of the run: (what, in words)."""
    title, explanation = rule_words(terms.waiting_rule)
    lines = [
        (gettext(_("Who can ask")), f"{who_asks(terms)}."),
        (gettext(_("Who says yes")), f"{who_says_yes(terms)}."),
        (gettext(_("When it is full")), f"{title.rstrip('.')}. {explanation}"),
    ]
    if terms.waiting_rule == LOTTERY:
        lines.append((gettext(_("The draw")), draw_in_words(run, terms)))
    if terms.minimum:
        lines.append((gettext(_("To take place")), minimum_in_words(run, terms)))
    if terms.per_employer:
        words = ngettext(
            "At most %(n)d seat for each employer.",
            "At most %(n)d seats for each employer.",
            terms.per_employer,
        )
        lines.append((gettext(_("Limit")), words))
    if run.held:
        words = ngettext(
            "%(n)d seat is kept for certain workplaces for a time.",
            "%(n)d seats are kept for certain workplaces for a time.",
            run.held,
        )
        lines.append((gettext(_("Kept")), words))
    if terms.in_pairs:
        lines.append((gettext(_("In pairs")), gettext(_("Two colleagues can ask together."))))
    if terms.withdraw_until:
        day = day_in_words(terms.withdraw_until, run.zone)
        words = gettext(_("Without a reason until %(day)s."), day=day)
        lines.append((gettext(_("Withdrawing")), words))
    return lines


def draw_in_words(run: RunFacts, terms: TermsFacts) -> str:
    """When lots are drawn, or that they were."""
    if terms.drawn_at:
        return gettext(_("Lots were drawn %(day)s."), day=moment(terms.drawn_at, run.zone))
    if terms.draw_at:
        return gettext(_("Lots are drawn %(day)s."), day=moment(terms.draw_at, run.zone))
    return gettext(_("Lots are drawn when the run closes for requests."))


def minimum_in_words(run: RunFacts, terms: TermsFacts) -> str:
    """How many it takes, and by when it is decided."""
    words = ngettext(
        "At least %(n)d person must have a seat.",
        "At least %(n)d people must have a seat.",
        terms.minimum,
    )
    if terms.minimum_decision == "run_anyway":
        return words + " " + gettext(_("It runs all the same."))
    if terms.decide_by:
        day = day_in_words(terms.decide_by, run.zone)
        return words + " " + gettext(_("That is decided by %(day)s."), day=day)
    return words


def is_short(run: RunFacts, terms: TermsFacts) -> bool:
    """Is the run under its minimum, and nobody has decided what happens?"""
    return (
        terms.minimum > run.taken
        and run.state in BEFORE_IT_BEGINS
        and terms.minimum_decision in UNDECIDED
    )


# --- times as people write them -----------------------------------------------------------------

END_OF_DAY = time(23, 59)


def local_day(value: datetime | None, zone: str) -> date | None:
    """The day of a moment, for a field."""
    return value.astimezone(ZoneInfo(zone)).date() if value else None


def local_clock(value: datetime | None, zone: str) -> time | None:
    """The time of day of a moment, for a field."""
    return value.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None) if value else None


def comes_twice(day: date, clock: time, zone: str) -> bool:
    """Do the clocks show this time twice that day, for they are put back?"""
    there = ZoneInfo(zone)
    first = datetime.combine(day, clock.replace(fold=0), tzinfo=there)
    again = datetime.combine(day, clock.replace(fold=1), tzinfo=there)
    return first.utcoffset() != again.utcoffset()


def twice_in_words(clock: time) -> str:
    """What became of a time that comes twice."""
    words = _("The clocks show %(time)s twice that night. The first time counts.")
    return gettext(words, time=f"{clock:%H:%M}")


# --- the desk -----------------------------------------------------------------------------------


def bar_of(run: LedRun) -> Bar:
    """A run's seats as lengths."""
    whole = max(run.capacity, 1)
    return Bar(
        title=local(run.title),
        taken=round(100 * run.taken / whole, 1),
        held=round(100 * run.held / whole, 1),
        minimum=round(100 * min(run.minimum / whole, 1), 1) if run.minimum else None,
        words=f"{run.taken}/{run.capacity}",
    )


def days_to_start(run: LedRun) -> str:
    """ "In 12 days", "Tomorrow", "Under way"."""
    if run.starts_at is None:
        return gettext(_("date not stated"))
    if run.state in ("running", "interrupted"):
        return gettext(_("Under way"))
    zone = ZoneInfo(run.zone)
    days = (run.starts_at.astimezone(zone).date() - now().astimezone(zone).date()).days
    if days < 0:
        return gettext(_("Should have begun"))
    if days == 0:
        return gettext(_("Today"))
    return ngettext("In %(n)d day", "In %(n)d days", days)


def code_of(key: str) -> str:
    """By which others know somebody's lot: the first letters of its key."""
    return key[:4]


def told(counts: Mapping[str, int], states: Sequence[str]) -> int:
    """How many people in these states hear of a change."""
    return sum(counts.get(state, 0) for state in states)
