"""Letters to the person whose seat it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from lms.contracts import CourseSessionFacts
from lms.core.catalogue.queries import sessions_of
from lms.core.enrolment.presenting import is_asked_questions
from lms.core.enrolment.queries import Row, row_by_id, timeline
from lms.core.learning.queries import completions_of
from lms.core.messages.letters.kinds import KINDS, LIVE_SEATS, VARIANTS, SeatKind
from lms.core.messages.letters.shapes import About, Entry, Letter, address
from lms.core.messages.queries import first_host, seats_by_id, words_of_entry
from lms.core.users.services.links import mint
from lms.db import now
from lms.web.i18n import date, local, period
from lms.web.i18n import gettext as _
from lms.web.i18n import moment as moment_in_words

LEAST_LIFETIME = timedelta(days=3)
DAY_AFTER = timedelta(days=1)
OVER = frozenset({"running", "interrupted", "completed", "evaluated", "archived"})


def lifetime(row: Row) -> timedelta:
    """How long a link that answers holds: until the answer is due, and a day so that whoever is
    late reads why nothing can be answered any more."""
    if row.answer_due is None:
        return LEAST_LIFETIME
    return max(row.answer_due - now(), timedelta(0)) + DAY_AFTER


def facts(row: Row) -> tuple[tuple[str, str | None], ...]:
    """What every mail about an enrolment says in short."""
    return (
        (_("Course"), local(row.run_title)),
        (_("When"), period(row.run_starts_at, row.run_ends_at, row.run_zone)),
        (_("Where"), place(row)),
        (_("Answer by"), date(row.answer_due, row.run_zone) if row.answer_due else None),
    )


def place(row: Row) -> str | None:
    """Venue and town in one; None when neither is known."""
    return ", ".join(part for part in (row.run_venue, row.run_town) if part) or None


def reason(row: Row) -> str:
    """The words that came with the step to where the enrolment stands now."""
    steps = timeline(row.enrolment.id)
    return next((s.reason for s in reversed(steps) if s.new == row.enrolment.state), "")


def placeholders(row: Row, why: str = "") -> Mapping[str, str]:
    """What the words in braces stand for; see `kinds.PLACEHOLDERS`."""
    return {
        "name": row.person_name,
        "course": local(row.run_title),
        "when": period(row.run_starts_at, row.run_ends_at, row.run_zone),
        "place": place(row) or _("place not stated"),
        "manager": row.manager_name or _("Your manager"),
        "deadline": date(row.answer_due, row.run_zone),
        "reason": why,
    }


def organisation_for(row: Row) -> int | None:
    """Whose words a mail uses: the employer at the time of asking, else the run's first host."""
    return row.enrolment.employer_id or first_host(row.enrolment.run_id)


def writer(kind: str) -> Callable[[About], Letter | None]:
    """The function that writes this mail; see `KINDS`."""
    spec = KINDS[kind]

    def write(about: About) -> Letter | None:
        row = row_by_id(about.subject_id or 0)
        if row is None or row.enrolment.state not in spec.states:
            return None
        return _letter(kind, spec, row, about)

    return write


def _letter(kind: str, spec: SeatKind, row: Row, about: About) -> Letter:
    sessions = _sessions(spec, row, about)
    why = _reason_of(kind, row, about)
    said = {
        "title": local(row.run_title),
        "manager": row.manager_name or _("Your manager"),
        "place_in_queue": str(row.place or "?"),
        **_session_words(kind, row, sessions, about),
    }
    variant = _variant(kind, row, about)
    text = _(variant or spec.text, **said) if spec.text else ""
    shown = bool(spec.entry) and _in_calendar(kind, row, about)
    return Letter(
        subject=_(spec.subject, **said),
        paragraphs=(text,) if text else _conditions(row),
        warm=why,
        facts=facts(row),
        press=_press(kind, row, about),
        small=_("You need not sign in. The link opens a page that asks before anything happens.")
        if kind in ("offered", "pair_asked") or _asks_questions(kind, row)
        else "",
        why=_(spec.why),
        entry=Entry(method=spec.entry, row=row, sessions=sessions) if shown and sessions else None,
        own_words=organisation_for(row) if variant is None else None,
        placeholders=placeholders(row, why),
    )


def _press(kind: str, row: Row, about: About) -> tuple[str, str]:
    if kind == "offered":
        token = mint("enrolment.offer", about.person_id, row.enrolment.id, lifetime(row))
        return _("Read and answer"), address("enrolment.answer", token=token)
    if kind == "pair_asked":
        token = mint("enrolment.pair", about.person_id, row.enrolment.id, lifetime(row))
        return _("Read and answer"), address("enrolment.answer", token=token)
    if _asks_questions(kind, row):
        token = mint("enrolment.questions", about.person_id, row.enrolment.id, lifetime(row))
        return _("Read and answer"), address("enrolment.answer", token=token)
    return _("See your seat"), address("enrolment.show", key=row.enrolment.key)


def _asks_questions(kind: str, row: Row) -> bool:
    """Is it a mail to somebody nominated who has the run's questions to answer?"""
    return kind in ("questions_asked", "answers_reminder") and is_asked_questions(row)


def _variant(kind: str, row: Row, about: About) -> str | None:
    """The text instead of the usual one, where that would be wrong."""
    old = about.values.get("old")
    if kind == "withdrawn" and old == "requested" and about.values.get("by", 0) is None:
        return VARIANTS["withdrawn_unanswered"]
    if kind == "lapsed" and row.run_state in OVER:
        return VARIANTS["lapsed_begun"]
    if kind == "lapsed" and old == "offered":
        return VARIANTS["lapsed_offer"]
    if kind == "waitlisted" and old == "offered":
        return VARIANTS["waiting_again"]
    if kind == "cancelled" and about.values.get("merged"):
        return VARIANTS["merged"]
    if kind == "withdrawn" and about.values.get("by", about.person_id) != about.person_id:
        return VARIANTS["withdrawn_by_others"]
    if kind == "withdrawn" and old not in (None, "seated", "active", "offered"):
        return VARIANTS["withdrawn_waiting"]
    return _taken_over(row) if kind == "seated" else None


def _taken_over(row: Row) -> str | None:
    """Words for a seat that was somebody's before: a colleague's, or one's own in another run."""
    before_id = seats_by_id([row.enrolment.id])[row.enrolment.id].handed_from_id
    if before_id is None:
        return None
    before = seats_by_id([before_id]).get(before_id)
    own = before is not None and before.person_id == row.enrolment.person_id
    return VARIANTS["merged_seat" if own else "handed_to_you"]


def _in_calendar(kind: str, row: Row, about: About) -> bool:
    """Does the seat stand in the reader's calendar, or should it? An offer does not yet."""
    if kind in ("withdrawn", "cancelled"):
        return about.values.get("old", "seated") in LIVE_SEATS
    return kind == "handed_over" or row.enrolment.state in LIVE_SEATS


def _sessions(spec: SeatKind, row: Row, about: About) -> Sequence[CourseSessionFacts]:
    """The course sessions that the mail is about: one, or all that take place."""
    if not spec.entry:
        return ()
    found = sessions_of([row.enrolment.run_id])[row.enrolment.run_id]
    one = about.values.get("session")
    if one is not None:
        return [session for session in found if session.id == one]
    return [session for session in found if session.state != "cancelled"]


def _session_words(
    kind: str, row: Row, sessions: Sequence[CourseSessionFacts], about: About
) -> Mapping[str, str]:
    if not kind.startswith("session_") or not sessions:
        return {"session": "", "now": "", "before": ""}
    session, before = sessions[0], about.values.get("before")
    return {
        "session": local(session.title),
        "now": moment_in_words(session.starts_at, row.run_zone),
        "before": moment_in_words(datetime.fromisoformat(before), row.run_zone) if before else "",
    }


def _reason_of(kind: str, row: Row, about: About) -> str:
    if kind == "session_cancelled":
        return str(words_of_entry(int(about.values.get("entry", 0))).get("reason", ""))
    return reason(row) if "reason" in KINDS[kind].words else ""


def _conditions(row: Row) -> tuple[str, ...]:
    """How the rule for completing came out, condition by condition."""
    completion = completions_of([row.enrolment.id]).get(row.enrolment.id)
    return tuple(local(result.reason) for result in completion.reasons) if completion else ()
