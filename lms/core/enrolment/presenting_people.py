"""How a manager's people and what nominating them comes to are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app

from lms.contracts import Badge, Refusal
from lms.core.enrolment.presenting import ANSWERS_FIRST, state_badge
from lms.core.enrolment.queries.leading import AskedOfMe, SeatOf, Worker
from lms.core.enrolment.queries.nominating import LiveSeat, Meanwhile, StandInFacts
from lms.core.enrolment.services import Outcome
from lms.core.enrolment.states import LIVE
from lms.web.i18n import date as day_in_words
from lms.web.i18n import gettext, local, moment, period, short_date
from lms.web.i18n import marked as _


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatLine:
    """One seat of somebody's: its badge, the course, the next day and what is due."""

    badge: Badge
    seat: SeatOf
    when: str
    due: str
    may_hand_over: bool
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """Somebody who reports to the reader, with their seats."""

    person: Worker
    seats: Sequence[SeatLine]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who may be nominated: what they have here already, and what else is on then."""

    person: Worker
    seat: LiveSeat | None
    badge: Badge | None
    meanwhile: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeLine:
    """What nominating one person comes to."""

    name: str
    kind: str
    words: str


def person_lines(
    people: Sequence[Worker], seats: Mapping[int, Sequence[SeatOf]]
) -> Sequence[PersonLine]:
    """These people with their seats in words."""
    return [
        PersonLine(person=one, seats=[_seat_line(seat) for seat in seats.get(one.id, ())])
        for one in people
    ]


def _seat_line(seat: SeatOf) -> SeatLine:
    return SeatLine(
        badge=_badge_of(seat),
        seat=seat,
        when=_next_day(seat),
        due=_due(seat),
        may_hand_over=seat.state == "seated" and seat.open_to_me,
        may_withdraw=seat.state in LIVE and seat.open_to_me,
    )


def _badge_of(seat: SeatOf | LiveSeat) -> Badge:
    return state_badge(seat.state, words=ANSWERS_FIRST[1] if seat.answers_first else None)


def _next_day(seat: SeatOf) -> str:
    if seat.state in ("completed", "not_completed"):
        return ""
    if seat.next_at is not None:
        return gettext(_("Next: %(day)s"), day=moment(seat.next_at, seat.run_zone))
    if seat.run_starts_at is not None:
        return short_date(seat.run_starts_at, seat.run_zone)
    return gettext(_("date not stated"))


def _due(seat: SeatOf) -> str:
    if seat.answer_due is None:
        return ""
    day = day_in_words(seat.answer_due, seat.run_zone)
    if seat.state == "offered":
        return gettext(_("Answers the offer by %(day)s"), day=day)
    if seat.state == "awaiting_approval":
        return gettext(_("Waits for a yes until %(day)s"), day=day)
    if seat.answers_first:
        return gettext(_("Answers by %(day)s"), day=day)
    return gettext(_("Due %(day)s"), day=day)


def for_whom(asked: AskedOfMe | None) -> str:
    """Why a request waits for the reader, where it is not simply as their manager."""
    if asked is None:
        return ""
    if asked.approver is not None:
        return gettext(_("You answer for %(who)s"), who=asked.approver)
    if asked.kind == "cost_centre":
        return gettext(_("You answer for the money"))
    if asked.kind == "programme_lead":
        return gettext(_("You lead this run"))
    return ""


def days_of(stand_in: StandInFacts) -> str:
    """From which day to which, both included."""
    return period(_noon(stand_in.from_day), _noon(stand_in.to_day), current_app.config["ZONE"])


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(current_app.config["ZONE"]))


def choices_of(people: Iterable[Worker]) -> list[tuple[str, str]]:
    """People to choose among: (key, name with function and unit)."""
    return [(one.key, f"{one.name} ({worker_in_words(one)})") for one in people]


def worker_in_words(person: Worker) -> str:
    """What somebody is and where: "Care worker, Home care north"."""
    return ", ".join(
        part for part in (local(person.function), person.unit or person.organisation) if part
    )


def candidates(
    people: Sequence[Worker],
    seats: Mapping[int, LiveSeat],
    meanwhile: Mapping[int, Sequence[Meanwhile]],
) -> Sequence[Candidate]:
    """These people with what they have here and what else is on."""
    return [
        Candidate(
            person=one,
            seat=(seat := seats.get(one.id)),
            badge=_badge_of(seat) if seat else None,
            meanwhile=[_clash_in_words(clash) for clash in meanwhile.get(one.id, ())],
        )
        for one in people
    ]


def _clash_in_words(clash: Meanwhile) -> str:
    when = moment(clash.starts_at, clash.zone)
    if clash.title is None:
        return gettext(_("Is elsewhere %(when)s"), when=when)
    if clash.sure:
        return gettext(_("Is at “%(course)s” %(when)s"), course=local(clash.title), when=when)
    return gettext(_("Has asked for “%(course)s” %(when)s"), course=local(clash.title), when=when)


def outcome_lines(
    outcomes: Sequence[Outcome], names: Mapping[int, str], *, foreseen: bool
) -> Sequence[OutcomeLine]:
    """What each nomination comes to (`foreseen`) or came to."""
    return [
        OutcomeLine(
            name=names[one.person_id],
            kind={"seated": "ok", "refused": "stop"}.get(one.state, "wait"),
            words=_outcome_in_words(one, foreseen=foreseen),
        )
        for one in outcomes
    ]


def _outcome_in_words(outcome: Outcome, *, foreseen: bool) -> str:
    if outcome.state == "seated":
        return gettext(_("Gets a seat") if foreseen else _("Has a seat"))
    if outcome.state == "waitlisted" and outcome.place is None:
        return gettext(_("Waits until lots are drawn"))
    if outcome.state == "waitlisted":
        words = _("Waits as number %(n)d") if foreseen else _("Is number %(n)d on the waiting list")
        return gettext(words, n=outcome.place)
    if outcome.state == "awaiting_approval":
        named = ", ".join(name for name in outcome.asked if name)
        if named:
            return gettext(_("One more yes is needed, from %(who)s"), who=named)
        if outcome.asked:
            return gettext(_("One more yes is needed, from those who run it"))
        return gettext(_("Waits for the other of the two"))
    if outcome.state == "refused":
        return said(outcome.reasons) or gettext(_("Cannot go without the other"))
    if outcome.answers_first:
        return gettext(_("Is asked the questions of the run first, by mail"))
    return gettext(_("Is kept until the run is closed for requests, then everybody is answered"))


def said(reasons: Sequence[Refusal]) -> str:
    """Reasons in the reader's language, each once."""
    return " ".join(dict.fromkeys(local(reason.message) for reason in reasons))
