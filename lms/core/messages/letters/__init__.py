"""What mails say: one function per kind, in the reader's language.

A letter is plain values; `lms/templates/mail/letter.*` sets it as HTML and as text. Links are
absolute, built from the public address only, and single-use links are minted here, when the mail
is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lms.core.messages.letters import (
    accounts,
    agreements,
    approvals,
    classes,
    digests,
    notes,
    runs,
    seats,
)
from lms.core.messages.letters.kinds import EDITABLE, KINDS
from lms.core.messages.letters.shapes import (
    About,
    Entry,
    Letter,
    Line,
    Section,
    address,
    in_language,
)
from lms.core.messages.own_words import fill, paragraphs, uses
from lms.core.messages.queries import text_of
from lms.web.i18n import language

__all__ = [
    "WRITERS",
    "About",
    "Entry",
    "Letter",
    "Line",
    "Section",
    "address",
    "in_own_words",
    "write",
]


def write(kind: str, about: About) -> Letter | None:
    """The letter of this kind; None when what it was about is gone or has moved on."""
    letter = WRITERS[kind](about)
    return None if letter is None else _finished(kind, letter)


def _finished(kind: str, letter: Letter) -> Letter:
    """In the organisation's own words where it has some, and with links in the reader's language:
    the buttons and the small print stay ours."""
    if kind in EDITABLE and letter.own_words is not None:
        own = text_of(letter.own_words, kind, language())
        if own is not None:
            letter = in_own_words(letter, own.subject, own.body)
    return replace(
        letter,
        press=_leading(letter.press),
        other=_leading(letter.other),
        sections=tuple(
            replace(
                section,
                lines=tuple(
                    replace(line, url=in_language(line.url, language())) for line in section.lines
                ),
            )
            for section in letter.sections
        ),
    )


def in_own_words(letter: Letter, subject: str, body: str) -> Letter:
    """The letter with another subject and text. A reason told in the text is not told twice."""
    return replace(
        letter,
        subject=fill(subject, letter.placeholders),
        paragraphs=paragraphs(fill(body, letter.placeholders)),
        warm="" if uses(body, "reason") else letter.warm,
    )


def _leading(link: tuple[str, str] | None) -> tuple[str, str] | None:
    return None if link is None else (link[0], in_language(link[1], language()))


def _digest(about: About) -> Letter | None:
    return digests.digest(about, write)


WRITERS: Mapping[str, Callable[[About], Letter | None]] = {
    "invitation": accounts.invitation,
    "reset": accounts.reset,
    "left": accounts.left,
    **{kind: seats.writer(kind) for kind in KINDS},
    "asked": approvals.asked,
    "reminder": approvals.reminder,
    "answered": approvals.answered,
    "lapsed_for_manager": approvals.lapsed_for_manager,
    "news": approvals.news,
    "late_withdrawal": approvals.late_withdrawal,
    "agreement": agreements.agreement,
    "follow_up": agreements.follow_up,
    "under_minimum": runs.under_minimum,
    "seats_released": runs.seats_released,
    "drawn": runs.drawn,
    "session_for_team": runs.session_for_team,
    "team_named": runs.team_named,
    "class_message": classes.class_message,
    "talk": classes.talk,
    "digest": _digest,
    "note": notes.note,
}
