"""Mails as examples: the usual words with their places in braces, and a letter to look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lms.core.messages.letters import Letter, in_own_words
from lms.core.messages.letters.kinds import KINDS, PLACEHOLDERS
from lms.web.i18n import gettext as _
from lms.web.i18n import language, marked, set_language

SAMPLES = {
    "name": marked("Kim Example"),
    "course": marked("Safe lifting at home"),
    "when": marked("14 April – 30 June 2027"),
    "place": marked("Meeting room 2, Town Hall"),
    "manager": marked("Robin Example"),
    "deadline": marked("Monday 5 April 2027"),
    "reason": marked("We are too few that week."),
}


@contextmanager
def written_in(code: str) -> Iterator[None]:
    """Words inside the block are in this language, those after it as before."""
    before = language()
    set_language(code)
    try:
        yield
    finally:
        set_language(before)


def usual_words(kind: str, code: str) -> tuple[str, str]:
    """Our own subject and text of a mail, with the words in braces that an editor may use."""
    spec = KINDS[kind]
    braces = {word: f"{{{word}}}" for word in PLACEHOLDERS} | {
        "title": "{course}",
        "place_in_queue": "2",
    }
    with written_in(code):
        return _(spec.subject, **braces), _(spec.text, **braces)


def sample(kind: str, code: str, subject: str, body: str) -> Letter:
    """What a mail in these words looks like, with made-up values."""
    with written_in(code):
        values = {word: _(text) for word, text in SAMPLES.items()}
        letter = Letter(
            subject="",
            warm=values["reason"] if "reason" in KINDS[kind].words else "",
            facts=(
                (_("Course"), values["course"]),
                (_("When"), values["when"]),
                (_("Where"), values["place"]),
            ),
            press=(_("Read and answer") if kind == "offered" else _("See your seat"), ""),
            why=_(KINDS[kind].why),
            placeholders=values,
        )
        return in_own_words(letter, subject, body)
