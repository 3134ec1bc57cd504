"""What is said to those who answer: how the other answers stand, and why theirs is not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.contracts import Actor, Badge
from lms.core.enrolment.queries import ApprovalFacts, Row
from lms.core.enrolment.threads import who_decided, who_is_asked
from lms.web.i18n import core_domain, gettext, moment
from lms.web.i18n import date as day_in_words
from lms.web.i18n import marked as _

LINK_OVER: Mapping[str, tuple[str, str]] = {
    "used": (
        _("You have answered this already"),
        _("Each link works once, and your answer is kept. You need not do anything more."),
    ),
    "late": (
        _("The time for this link is over"),
        _("A link from a mail works for some days only. Signed in, you see whether it waits."),
    ),
    "left": (
        _("This link belongs to somebody who has left"),
        _("Those who run the course answer instead. You need not do anything."),
    ),
    "own": (
        _("Nobody answers about themselves"),
        _("Your request is with somebody else, and you get a mail when there is an answer."),
    ),
    "other": (
        _("This link is not for you to answer any more"),
        _("Somebody else answers now. You need not do anything."),
    ),
    "unknown": (
        _("This link has done its work"),
        _(
            "A link from a mail can be used once, and only for some days. If you have answered "
            "already, you need not do anything."
        ),
    ),
}
"""Why a link does nothing -> (heading, sentence)."""

OVER: Mapping[str, str] = {
    "cancelled": _("The run is cancelled, so there is nothing left to answer."),
    "withdrawn": _("The request has been taken back, so there is nothing left to answer."),
    "lapsed": _("Nobody answered in time, so the request ran out."),
}
OFFER_OVER: Mapping[str, str] = {
    "cancelled": _("The run is cancelled, so there is no seat to take."),
    "withdrawn": _("You let the seat go, and it was offered to the next."),
    "lapsed": _("The time to answer is over, and the seat was offered to the next."),
    "waitlisted": _("You let the seat go, and wait at the end of the queue."),
    "seated": _("You took the seat. It is yours."),
    "active": _("You took the seat. It is yours."),
}
BEGUN = _("It began before there was an answer, so the request ran out.")
ANSWERED = _("This has been answered, or is over.")
HAS_BEGUN = frozenset({"running", "interrupted", "completed", "evaluated", "archived"})

APPROVAL_STATES: Mapping[str, tuple[str, str, str]] = {
    "coming": (_("Is asked later"), "", "clock"),
    "open": (_("Is asked now"), "wait", "clock"),
    "yes": (_("Said yes"), "ok", "check"),
    "no": (_("Not this time"), "stop", "x"),
    "over": (_("Need not answer"), "", "history"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalLine:
    """One yes that is needed, in words."""

    who: str
    badge: Badge
    when: str


def approval_lines(
    approvals: Sequence[ApprovalFacts], row: Row, actor: Actor
) -> list[ApprovalLine]:
    """All approvals in order, by relation: names of other workplaces' people are not told."""
    lines = []
    for approval in approvals:
        words, kind, icon = APPROVAL_STATES[approval.state]
        at = approval.decided_at
        decided = approval.state in ("yes", "no")
        lines.append(
            ApprovalLine(
                who=who_decided(approval, own=False, reader_id=actor.person_id)
                if decided
                else who_is_asked(approval, own=False),
                badge=Badge(text=core_domain.localised(words), icon=icon, kind=kind),  # type: ignore[arg-type]
                when=moment(at, row.run_zone) if at else "",
            )
        )
    return lines


def decision_over(row: Row, approvals: Sequence[ApprovalFacts], actor: Actor) -> str:
    """Why somebody who was asked need not answer any more, or not yet."""
    state = row.enrolment.state
    if state == "lapsed" and row.run_state in HAS_BEGUN:
        return gettext(BEGUN)
    if state in OVER:
        return gettext(OVER[state])
    for approval in reversed(approvals):
        if approval.state in ("yes", "no") and approval.decided_at is not None:
            words = _answered(approval, row, actor)
            if state == "awaiting_approval":
                words += " " + gettext(_("Another answer is still missing."))
            return words
    if state == "awaiting_approval":
        for approval in approvals:
            if approval.state == "open":
                who = who_is_asked(approval, own=False)
                return gettext(_("It is not your turn yet. %(who)s answers first."), who=who)
    return gettext(ANSWERED)


def _answered(approval: ApprovalFacts, row: Row, actor: Actor) -> str:
    day = day_in_words(approval.decided_at, row.run_zone)
    if approval.decided_by_id == actor.person_id:
        if approval.state == "yes":
            return gettext(_("You said yes, %(day)s."), day=day)
        return gettext(_("You said not this time, %(day)s."), day=day)
    who = who_decided(approval, own=False, reader_id=actor.person_id)
    if approval.state == "yes":
        words = _("This is answered already: %(who)s said yes, %(day)s.")
    else:
        words = _("This is answered already: %(who)s said not this time, %(day)s.")
    return gettext(words, who=who[:1].lower() + who[1:], day=day)


def offer_over(row: Row) -> str:
    """Why an offer is not to be answered any more."""
    return gettext(OFFER_OVER.get(row.enrolment.state, ANSWERED))
