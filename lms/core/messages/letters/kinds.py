"""The mails about somebody's own seat, as data: words, states, calendar entry, placeholders.

An organisation may put its own words in place of these (`lms.core.messages.own_words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.web.i18n import marked as _

ALWAYS = ("name", "course", "when", "place", "manager")

PLACEHOLDERS: Mapping[str, str] = {
    "name": _("the participant"),
    "course": _("the title of the run"),
    "when": _("the days of the run"),
    "place": _("where it is held"),
    "manager": _("the line manager"),
    "deadline": _("the last day to answer"),
    "reason": _("the reason that somebody wrote"),
}
"""The closed list of words in braces, and what each stands for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatKind:
    """One mail to the person whose seat it is. `subject` and `text` are marked messages with
    `%(title)s` and the like; `states` are those in which it still makes sense."""

    title: str
    subject: str
    text: str
    states: frozenset[str]
    why: str
    entry: str = ""  # REQUEST | CANCEL
    more: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words in braces that this mail knows."""
        return (*ALWAYS, *self.more)


ASKED = _("You get this mail because you have asked for a seat.")
HAS = _("You get this mail because you have a seat.")
TOOK_PART = _("You get this mail because you took part.")
HAD = _("You get this mail because you had a seat.")

LIVE_SEATS = frozenset({"seated", "active"})

KINDS: Mapping[str, SeatKind] = {
    "nominated": SeatKind(
        title=_("Somebody has nominated you"),
        subject=_("You are nominated: %(title)s"),
        text=_("Somebody at work thinks this is for you. You see on the page how it stands."),
        states=frozenset(
            {"requested", "awaiting_approval", "waitlisted", "offered", "seated", "active"}
        ),
        why=_("You get this mail because somebody has nominated you."),
    ),
    "questions_asked": SeatKind(
        title=_("You are nominated, and asked some questions"),
        subject=_("You are nominated: %(title)s"),
        text=_(
            "Somebody at work thinks this is for you. The run has a few questions for you first."
        ),
        states=frozenset({"requested"}),
        why=_("You get this mail because somebody has nominated you."),
        more=("deadline",),
    ),
    "answers_reminder": SeatKind(
        title=_("Your answers are still missing"),
        subject=_("Your answers are still missing: %(title)s"),
        text=_("You are nominated. Answer the questions in time, or the nomination runs out."),
        states=frozenset({"requested"}),
        why=_("You get this mail because somebody has nominated you."),
        more=("deadline",),
    ),
    "pair_asked": SeatKind(
        title=_("A colleague wants to go with you"),
        subject=_("Will you go together? %(title)s"),
        text=_("A colleague has asked for two seats, one of them for you. Say yes on the page."),
        states=frozenset({"requested"}),
        why=_("You get this mail because a colleague has named you."),
        more=("deadline",),
    ),
    "waitlisted": SeatKind(
        title=_("On the waiting list"),
        subject=_("You stand on the waiting list: %(title)s"),
        text=_("The run is full just now. We write as soon as a seat is free for you."),
        states=frozenset({"waitlisted"}),
        why=ASKED,
    ),
    "drawn_place": SeatKind(
        title=_("The draw is done: still waiting"),
        subject=_("The draw is done: %(title)s"),
        text=_("You did not draw a seat. You are number %(place_in_queue)s on the waiting list."),
        states=frozenset({"waitlisted"}),
        why=ASKED,
    ),
    "offered": SeatKind(
        title=_("A seat is offered"),
        subject=_("A seat is free for you: %(title)s"),
        text=_("You were next in the queue. Say yes in time, and the seat is yours."),
        states=frozenset({"offered"}),
        why=_("You get this mail because you stand on the waiting list."),
        more=("deadline",),
    ),
    "seated": SeatKind(
        title=_("You have a seat"),
        subject=_("You have a seat: %(title)s"),
        text=_("Everything is settled. You find days and places on the page of your seat."),
        states=frozenset({"seated"}),
        why=ASKED,
        entry="REQUEST",
    ),
    "active": SeatKind(
        title=_("The course begins"),
        subject=_("It begins: %(title)s"),
        text=_("You are taking part. You find days and places on the page of your seat."),
        states=frozenset({"active"}),
        why=HAS,
        entry="REQUEST",
    ),
    "session_moved": SeatKind(
        title=_("A session is moved"),
        subject=_("A session is moved: %(title)s"),
        text=_("%(session)s has a new time: %(now)s. It was %(before)s."),
        states=frozenset({"offered", "seated", "active"}),
        why=HAS,
        entry="REQUEST",
    ),
    "session_cancelled": SeatKind(
        title=_("A session is cancelled"),
        subject=_("A session is cancelled: %(title)s"),
        text=_("%(session)s, %(now)s, does not take place."),
        states=frozenset({"offered", "seated", "active"}),
        why=HAS,
        entry="CANCEL",
        more=("reason",),
    ),
    "declined": SeatKind(
        title=_("Not this time"),
        subject=_("Not this time: %(title)s"),
        text=_("The answer is no this time. It says:"),
        states=frozenset({"declined"}),
        why=ASKED,
        more=("reason",),
    ),
    "lapsed": SeatKind(
        title=_("The request ran out"),
        subject=_("Your request has lapsed: %(title)s"),
        text=_("The time for an answer is over. You can ask again whenever you like."),
        states=frozenset({"lapsed"}),
        why=ASKED,
    ),
    "withdrawn": SeatKind(
        title=_("Withdrawn"),
        subject=_("You are not taking part any more: %(title)s"),
        text=_("You have withdrawn. The seat goes on to whoever waits."),
        states=frozenset({"withdrawn"}),
        why=HAD,
        entry="CANCEL",
        more=("reason",),
    ),
    "handed_over": SeatKind(
        title=_("The seat is handed over"),
        subject=_("Your seat is handed over: %(title)s"),
        text=_("A colleague takes your seat. You need do nothing more."),
        states=frozenset({"withdrawn"}),
        why=HAD,
        entry="CANCEL",
    ),
    "cancelled": SeatKind(
        title=_("The run is cancelled"),
        subject=_("The course is cancelled: %(title)s"),
        text=_("The run does not take place. You find other runs in the catalogue."),
        states=frozenset({"cancelled"}),
        why=ASKED,
        entry="CANCEL",
        more=("reason",),
    ),
    "completed": SeatKind(
        title=_("Completed"),
        subject=_("You have completed %(title)s"),
        text="",
        states=frozenset({"completed"}),
        why=TOOK_PART,
    ),
    "not_completed": SeatKind(
        title=_("Not completed"),
        subject=_("%(title)s is over, and something is missing"),
        text="",
        states=frozenset({"not_completed"}),
        why=TOOK_PART,
    ),
    "no_show": SeatKind(
        title=_("You did not come"),
        subject=_("We missed you: %(title)s"),
        text=_("You had a seat and did not come. Write to your manager if that is wrong."),
        states=frozenset({"no_show"}),
        why=HAD,
    ),
}

EDITABLE = tuple(
    kind
    for kind, spec in KINDS.items()
    if spec.text and kind not in ("drawn_place", "session_moved", "session_cancelled")
)
"""Mails whose words an organisation may write itself. The others name a day or a number of their
own, or list the conditions for completing."""

VARIANTS: Mapping[str, str] = {
    "withdrawn_unanswered": _(
        "Your answer did not come in time, so the request has run out. Talk to your manager."
    ),
    "lapsed_begun": _(
        "The run has begun without a free seat. You find other runs in the catalogue."
    ),
    "lapsed_offer": _("Nobody took the seat in time, so it went on to the next in the queue."),
    "waiting_again": _("You said no this time. You keep standing on the waiting list."),
    "handed_to_you": _(
        "A colleague has handed you their seat. You find days and places on the page."
    ),
    "merged": _("The run is merged with another. You are moved there, and get a mail about it."),
    "merged_seat": _("Your run was merged with this one, and you have a seat here."),
    "withdrawn_by_others": _("You have been withdrawn. Ask your manager if you do not know why."),
    "withdrawn_waiting": _("You have withdrawn. You do not wait for a seat any more."),
}
"""What is said instead where the usual text would be wrong, an organisation's own as well."""
