"""The thread of a seat: every step so far, by relation to the reader, and what comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.enrolment.presenting import Knot, is_asked_questions, quoted, rule_in_words
from lms.core.enrolment.queries import ApprovalFacts, Row, Step, Story, TermsFacts
from lms.core.enrolment.states import LIVE
from lms.web.i18n import date as day_in_words
from lms.web.i18n import gettext, moment, ngettext, period
from lms.web.i18n import marked as _

WHO: Mapping[str, tuple[str, str]] = {
    "line_manager": (_("Your manager"), _("The manager")),
    "cost_centre": (_("Whoever answers for the money"), _("Whoever answers for the money")),
    "programme_lead": (_("The programme lead"), _("The programme lead")),
}
"""Kind of approval -> (said to the one it is about, said to others)."""

STANDS_IN: Mapping[str, tuple[str, str]] = {
    "line_manager": (_("A stand-in for your manager"), _("A stand-in for the manager")),
    "cost_centre": (
        _("A stand-in for whoever answers for the money"),
        _("A stand-in for whoever answers for the money"),
    ),
}

STEPS: Mapping[tuple[str | None, str], tuple[str, str]] = {
    ("awaiting_approval", "lapsed"): (
        _("There was no answer in time"),
        _("There was no answer in time"),
    ),
    ("requested", "withdrawn"): (_("You took the request back"), _("Took the request back")),
    ("offered", "seated"): (_("You took the seat"), _("Took the seat")),
    ("offered", "waitlisted"): (
        _("You let the seat go, and wait again"),
        _("Let the seat go, and waits again"),
    ),
    ("offered", "withdrawn"): (_("You let the seat go"), _("Let the seat go")),
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
    "requested": (_("You asked for a seat"), _("Asked for a seat")),
    "waitlisted": (_("You are on the waiting list"), _("Came on the waiting list")),
    "offered": (_("A seat was free for you"), _("Was offered a seat")),
    "seated": (_("You have a seat"), _("Got a seat")),
    "active": (_("It began"), _("It began")),
    "completed": (_("You completed"), _("Completed")),
    "not_completed": (_("You did not complete"), _("Did not complete")),
    "no_show": (_("You did not come"), _("Did not come")),
    "declined": (_("The answer was not this time"), _("The answer was not this time")),
    "lapsed": (_("It ran out"), _("It ran out")),
    "withdrawn": (_("You withdrew"), _("Withdrew")),
    "cancelled": (_("The run was cancelled"), _("The run was cancelled")),
}
"""New state -> (said to oneself, said to others)."""

BAD_ENDS = frozenset({"declined", "lapsed", "withdrawn", "cancelled", "no_show", "not_completed"})
SAYS_IT_ITSELF = frozenset({"offered", "seated", "waitlisted", "declined"})
"""New states that follow from somebody else's step: by whom would tell about that one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An enrolment with all that its thread is told from."""

    row: Row
    steps: Sequence[Step]
    approvals: Sequence[ApprovalFacts]
    story: Story
    reader_id: int | None

    @property
    def own(self) -> bool:
        """Is the reader the one it is about?"""
        return self.reader_id is not None and self.reader_id == self.row.enrolment.person_id


def who_is_asked(approval: ApprovalFacts, *, own: bool) -> str:
    """ "Your manager", "The programme lead": whose yes this is."""
    kind = approval.kind if approval.approver_id is not None else "programme_lead"
    return gettext(WHO[kind][not own])


def who_decided(approval: ApprovalFacts, *, own: bool, reader_id: int | None) -> str:
    """Who answered, by relation to the reader, at the beginning of a sentence."""
    if reader_id is not None and approval.decided_by_id == reader_id:
        return gettext(_("You"))
    stood_in = approval.approver_id is not None and approval.decided_by_id not in (
        None,
        approval.approver_id,
    )
    if stood_in and approval.kind in STANDS_IN:
        return gettext(STANDS_IN[approval.kind][not own])
    return who_is_asked(approval, own=own)


# --- what has happened --------------------------------------------------------------------------


def past(told: Told) -> list[Knot]:
    """What has happened, step by step. Waiting is said by the knots that stand now."""
    dated = [
        *(
            (step.at, 1, _step(step, told))
            for step in told.steps
            if step.new != "awaiting_approval"
        ),
        *_approvals(told),
    ]
    return [knot for _at, _order, knot in sorted(dated, key=lambda one: one[:2])]


def _approvals(told: Told) -> Iterator[tuple[datetime, int, Knot]]:
    for approval in told.approvals:
        zone = told.row.run_zone
        if approval.reminded_at is not None:
            if approval.approver_id is not None and approval.approver_id == told.reader_id:
                title = gettext(_("You were reminded"))
            else:
                who = who_is_asked(approval, own=told.own)
                title = gettext(_("%(who)s was reminded"), who=who)
            when = moment(approval.reminded_at, zone)
            yield approval.reminded_at, 0, Knot(state="done", title=title, when=when, icon="mail")
        if approval.state == "yes" and approval.decided_at is not None:
            who = who_decided(approval, own=told.own, reader_id=told.reader_id)
            title = gettext(_("%(who)s said yes"), who=who)
            when = moment(approval.decided_at, zone)
            yield approval.decided_at, 0, Knot(state="done", title=title, when=when)


def _step(step: Step, told: Told) -> Knot:
    when, by = moment(step.at, told.row.run_zone), by_whom(step, told)
    body = step.reason or (told.row.enrolment.goal if step.new == "requested" else "")
    if step.new == "requested" and told.story.first_goal:
        body = told.story.first_goal
    return Knot(
        state="off" if step.new in BAD_ENDS else "done",
        title=_title(step, told),
        when=f"{when}, {by}" if by else when,
        body=quoted(body),
    )


def _title(step: Step, told: Told) -> str:
    story, own = told.story, told.own
    if step.new == "requested":
        return _how_it_began(told)
    if step.new == "declined":
        for approval in told.approvals:
            if approval.state == "no":
                who = who_decided(approval, own=own, reader_id=told.reader_id)
                return gettext(_("%(who)s said not this time"), who=who)
    if step.new == "withdrawn":
        if story.handed_to is not None:
            words = _("You handed the seat to %(who)s") if own else _("The seat went to %(who)s")
            return gettext(words, who=story.handed_to)
        if step.old == "requested" and step.by_id is None:
            return gettext(_("There was no answer in time"))
        if own and step.by_id != told.reader_id:
            return gettext(_("You were withdrawn"))
        if not own and step.by_id != told.row.enrolment.person_id:
            return gettext(_("Was withdrawn"))
    return gettext((STEPS.get((step.old, step.new)) or REACHED[step.new])[not own])


def _how_it_began(told: Told) -> str:
    story, own, facts = told.story, told.own, told.row.enrolment
    if story.handed_from_id is not None:
        if story.handed_from_person_id == facts.person_id:
            return gettext(_("Moved here when two runs were merged"))
        if story.handed_from is not None:
            words = _("%(who)s handed the seat to you") if own else _("Took over a seat: %(who)s")
            return gettext(words, who=story.handed_from)
    if story.nominated_by_id is not None:
        if story.nominated_by_id == told.reader_id:
            return gettext(_("You nominated"))
        if own:
            by_manager = story.nominated_by_id == facts.manager_id
            words = _("Your manager nominated you") if by_manager else _("You were nominated")
            return gettext(words)
        return gettext(_("Was nominated"))
    if own and story.partner is not None:
        if story.partner_asked_first:
            return gettext(_("%(who)s asked for you both"), who=story.partner)
        return gettext(_("You asked together with %(who)s"), who=story.partner)
    if facts.source == "import":
        return gettext(_("You were enrolled from a list") if own else _("Was enrolled from a list"))
    said = REACHED["requested"]
    return gettext(said[not own])


def by_whom(step: Step, told: Told) -> str:
    """Who took a step, by relation to the reader; empty where the step says it itself."""
    facts = told.row.enrolment
    if step.by_id is None:
        return gettext(_("by itself")) if step.new in ("lapsed", "offered") else ""
    if step.by_id == facts.person_id:
        return "" if told.own else gettext(_("by the participant"))
    if step.new in SAYS_IT_ITSELF:
        return ""
    if step.by_id == told.reader_id:
        return gettext(_("by you"))
    if step.by_id == facts.manager_id:
        return gettext(_("by your manager") if told.own else _("by the manager"))
    if any(step.by_id == a.decided_by_id and a.approver_id is not None for a in told.approvals):
        return gettext(_("by somebody who was asked for a yes"))
    return gettext(_("by those who run it"))


def short_past(row: Row) -> list[Knot]:
    """What has happened as far as the row alone tells, for the panel on the run's page."""
    facts = row.enrolment
    began = _("You were nominated") if facts.source == "nomination" else _("You asked for a seat")
    asked = Knot(
        state="done",
        title=gettext(began),
        when=moment(facts.created_at, row.run_zone),
        body=quoted(facts.goal),
    )
    if facts.state in ("requested", "awaiting_approval"):
        return [asked]
    reached = Knot(
        state="off" if facts.state in BAD_ENDS else "done",
        title=gettext(REACHED[facts.state][0]),
        when=moment(row.changed_at, row.run_zone),
    )
    return [asked, reached]


# --- what stands now, and what comes ------------------------------------------------------------


def ahead(
    row: Row,
    terms: TermsFacts | None,
    *,
    own: bool,
    approvals: Sequence[ApprovalFacts] | None = None,
    partner: str | None = None,
) -> list[Knot]:
    """What stands now and what comes after it; nothing once the enrolment is over. `approvals`
    None says that nobody looked: then it is told in general. `terms` matter while one waits."""
    if row.enrolment.state not in LIVE:
        return []
    return [*_now(row, terms, approvals, partner, own=own), *_later(row, own=own)]


def _now(
    row: Row,
    terms: TermsFacts | None,
    approvals: Sequence[ApprovalFacts] | None,
    partner: str | None,
    *,
    own: bool,
) -> Iterator[Knot]:
    state = row.enrolment.state
    if state == "requested":
        yield _resting(row, partner, own=own)
    elif state == "awaiting_approval":
        yield from _answers(row, approvals, partner, own=own)
    elif state == "waitlisted":
        yield _in_the_queue(row, terms)
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


def _resting(row: Row, partner: str | None, *, own: bool) -> Knot:
    """A request that a colleague began, a nomination with questions, or one of a run that answers
    everybody together."""
    if row.answer_due is not None and is_asked_questions(row):
        words = _("Answer the questions of the run") if own else _("Answers the run's questions")
        return Knot(
            state="now", title=gettext(words), when=_by_day(row.answer_due, row), icon="hand"
        )
    if row.answer_due is not None:
        words = _("Say whether you go together") if own else _("Says whether they go together")
        title = gettext(words)
        return Knot(state="now", title=title, when=_by_day(row.answer_due, row), icon="hand")
    return Knot(
        state="now",
        title=gettext(_("All requests are answered together")),
        when=gettext(_("When the time for asking is over.")),
    )


def _by_day(due: datetime, row: Row) -> str:
    day = day_in_words(due, row.run_zone)
    return gettext(_("By %(day)s. Otherwise the request runs out."), day=day)


def _answers(
    row: Row, approvals: Sequence[ApprovalFacts] | None, partner: str | None, *, own: bool
) -> Iterator[Knot]:
    if approvals is None:
        title = WHO["line_manager" if row.enrolment.manager_id else "programme_lead"][not own]
        when = _by_day(row.answer_due, row) if row.answer_due else ""
        yield Knot(state="now", title=gettext(_("%(who)s answers"), who=gettext(title)), when=when)
        return
    missing = [approval for approval in approvals if approval.state in ("open", "coming")]
    for approval in missing:
        who, is_open = who_is_asked(approval, own=own), approval.state == "open"
        if is_open:
            when = gettext(_("As soon as somebody can"))
            if due := approval.due or row.answer_due:
                when = _by_day(due, row)
        else:
            when = gettext(_("When the one before has said yes"))
        title = gettext(_("%(who)s answers"), who=who)
        yield Knot(state="now" if is_open else "todo", title=title, when=when)
    if not missing:
        if partner is None:
            yield Knot(state="now", title=gettext(_("Waits for an answer")))
        else:
            words = _("You get two seats or none, so yours waits for the answer.")
            title = gettext(_("Waits for %(who)s, who goes along"), who=partner)
            yield Knot(state="now", title=title, when=gettext(words) if own else "")


def _in_the_queue(row: Row, terms: TermsFacts | None) -> Knot:
    rule = rule_in_words(terms, row.run_zone) if terms else ""
    if terms and terms.waits_for_draw:
        return Knot(state="now", title=gettext(_("In the draw")), when=rule)
    title = gettext(_("Number %(n)s on the waiting list"), n=row.place or "?")
    return Knot(state="now", title=title, when=rule)


def _later(row: Row, *, own: bool) -> Iterator[Knot]:
    state = row.enrolment.state
    if state in ("requested", "awaiting_approval", "waitlisted", "offered"):
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
    free = max(row.run_capacity - row.run_taken - row.run_held, 0)
    if not free:
        return gettext(_("No seat is free just now"))
    return ngettext(
        "%(n)d of %(all)s seats is free now",
        "%(n)d of %(all)s seats are free now",
        free,
        all=row.run_capacity,
    )
