"""What mails say: one function per kind, in the reader's language.

A letter is plain values; `lms/templates/mail/letter.*` sets it as HTML and as text. Links are
absolute, built from the public address only, and single-use links are minted here, when the mail
is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from lms.contracts import LocalisedText
from lms.core.enrolment.queries import Row, row_by_id, timeline
from lms.core.learning.queries import completions_of
from lms.core.users.services.links import INVITATION_LIFETIME, RESET_LIFETIME, mint
from lms.web.i18n import date, local, period
from lms.web.i18n import gettext as _

DECISION_LIFETIME = timedelta(days=10)
OFFER_LIFETIME = timedelta(days=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail: `press` and `other` are (label, address) and lead to pages that ask first."""

    subject: str
    paragraphs: tuple[str, ...] = ()
    warm: str = ""
    facts: tuple[tuple[str, str | None], ...] = ()
    press: tuple[str, str] | None = None
    other: tuple[str, str] | None = None
    small: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """Whom a letter goes to and what it is about."""

    person_id: int
    subject_id: int | None
    values: Mapping[str, Any]


def address(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, from the public address alone: no header can bend it."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(public.netloc, public.path or "/", url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True)


def write(kind: str, about: About) -> Letter | None:
    """The letter of this kind; None when what it was about is gone or has moved on."""
    return WRITERS[kind](about)


# --- people -------------------------------------------------------------------------------------


def _invitation(about: About) -> Letter:
    token = mint("invitation", about.person_id, None, INVITATION_LIFETIME)
    return Letter(
        subject=_("You are invited to %(site)s", site=current_app.config["SITE_NAME"]),
        paragraphs=(
            _("Choose a password, and you can see your courses, your seats and your certificates."),
        ),
        press=(_("Choose a password"), address("users.invitation", token=token)),
        small=_("The link works once and for seven days."),
        why=_("You get this mail because your organisation has invited you."),
    )


def _reset(about: About) -> Letter:
    token = mint("reset", about.person_id, None, RESET_LIFETIME)
    return Letter(
        subject=_("Choose a new password"),
        paragraphs=(_("You, or somebody who wrote your address, asked for a new password."),),
        press=(_("Choose a new password"), address("users.reset_link", token=token)),
        small=_("The link works once and for one hour. If it was not you, you need do nothing."),
        why=_("You get this mail because a new password was asked for."),
    )


# --- seats --------------------------------------------------------------------------------------


def _facts(row: Row) -> tuple[tuple[str, str | None], ...]:
    return (
        (_("Course"), local(row.run_title)),
        (_("When"), period(row.run_starts_at, row.run_ends_at, row.run_zone)),
        (_("Answer by"), date(row.answer_due, row.run_zone) if row.answer_due else None),
    )


def _asked(about: About) -> Letter | None:
    row = row_by_id(about.subject_id or 0)
    if row is None or row.enrolment.state != "awaiting_approval":
        return None
    token = mint("enrolment.decide", about.person_id, row.enrolment.id, DECISION_LIFETIME)
    link = address("enrolment.answer", token=token)
    return Letter(
        subject=_("%(name)s asks for your yes", name=row.person_name),
        paragraphs=(_("One of your people would like to take part in a course."),),
        warm=row.enrolment.goal,
        facts=_facts(row),
        press=(_("Read and answer"), link),
        small=_("You need not sign in. The link opens a page that asks before anything happens."),
        why=_("You get this mail because you are the line manager."),
    )


def _about_seat(
    subject: Callable[[str], str], text: Callable[[Row], str], states: tuple[str, ...]
) -> Callable[[About], Letter | None]:
    def writer(about: About) -> Letter | None:
        row = row_by_id(about.subject_id or 0)
        if row is None or row.enrolment.state not in states:
            return None
        return Letter(
            subject=subject(local(row.run_title)),
            paragraphs=(text(row),),
            warm=_reason(row),
            facts=_facts(row),
            press=(_("See your seat"), address("enrolment.show", key=row.enrolment.key)),
            why=_("You get this mail because you have asked for a seat."),
        )

    return writer


def _reason(row: Row) -> str:
    """The words that came with the step to where the enrolment stands now."""
    steps = timeline(row.enrolment.id)
    return next((s.reason for s in reversed(steps) if s.new == row.enrolment.state), "")


def _offered(about: About) -> Letter | None:
    row = row_by_id(about.subject_id or 0)
    if row is None or row.enrolment.state != "offered":
        return None
    token = mint("enrolment.offer", about.person_id, row.enrolment.id, OFFER_LIFETIME)
    return Letter(
        subject=_("A seat is free for you: %(title)s", title=local(row.run_title)),
        paragraphs=(_("You were next in the queue. Say yes in time, and the seat is yours."),),
        facts=_facts(row),
        press=(_("Read and answer"), address("enrolment.answer", token=token)),
        small=_("You need not sign in. The link opens a page that asks before anything happens."),
        why=_("You get this mail because you stand on the waiting list."),
    )


def _lapsed_for_manager(about: About) -> Letter | None:
    row = row_by_id(about.subject_id or 0)
    if row is None:
        return None
    return Letter(
        subject=_("A request has lapsed: %(title)s", title=local(row.run_title)),
        paragraphs=(
            _(
                "%(name)s asked for your yes, and the time for an answer is over. "
                "They can ask again.",
                name=row.person_name,
            ),
        ),
        facts=_facts(row),
        why=_("You get this mail because you are the line manager."),
    )


def _completed(about: About) -> Letter | None:
    row = row_by_id(about.subject_id or 0)
    if row is None:
        return None
    completion = completions_of([row.enrolment.id]).get(row.enrolment.id)
    reasons = tuple(local(reason.reason) for reason in completion.reasons) if completion else ()
    met = row.enrolment.state == "completed"
    title = local(row.run_title)
    return Letter(
        subject=_("You have completed %(title)s", title=title)
        if met
        else _("%(title)s is over, and something is missing", title=title),
        paragraphs=reasons,
        press=(_("See your seat"), address("enrolment.show", key=row.enrolment.key)),
        why=_("You get this mail because you took part."),
    )


# --- what plugins write -------------------------------------------------------------------------


def _note(about: About) -> Letter:
    """A mail that a plugin asked for: localised subject and text, one link."""
    words = {
        name: local(LocalisedText.from_dict(about.values[name]))
        for name in ("subject", "text", "label", "why")
    }
    link = about.values.get("url", "")
    return Letter(
        subject=words["subject"],
        paragraphs=(words["text"],),
        press=(words["label"], link) if link else None,
        why=words["why"],
    )


WRITERS: Mapping[str, Callable[[About], Letter | None]] = {
    "invitation": _invitation,
    "reset": _reset,
    "asked": _asked,
    "seated": _about_seat(
        lambda title: _("You have a seat: %(title)s", title=title),
        lambda row: _("Everything is settled. You find days and places on the page of your seat."),
        ("seated", "active"),
    ),
    "waitlisted": _about_seat(
        lambda title: _("You stand on the waiting list: %(title)s", title=title),
        lambda row: _("The run is full just now. We write as soon as a seat is free for you."),
        ("waitlisted",),
    ),
    "offered": _offered,
    "declined": _about_seat(
        lambda title: _("Not this time: %(title)s", title=title),
        lambda row: _("Your manager has answered no, and writes:"),
        ("declined",),
    ),
    "lapsed": _about_seat(
        lambda title: _("Your request has lapsed: %(title)s", title=title),
        lambda row: (
            _("The run has begun without a free seat. You find other runs in the catalogue.")
            if row.run_state == "running"
            else _("The time for an answer is over. You can ask again whenever you like.")
        ),
        ("lapsed",),
    ),
    "lapsed_for_manager": _lapsed_for_manager,
    "cancelled": _about_seat(
        lambda title: _("The course is cancelled: %(title)s", title=title),
        lambda row: _("The run does not take place. You find other runs in the catalogue."),
        ("cancelled",),
    ),
    "completed": _completed,
    "not_completed": _completed,
    "note": _note,
}
