"""From facts to what the templates of the home room draw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lms.contracts import Actor, DataPolicy, LocalisedText, TodoItem
from lms.core.home.queries import TargetFacts
from lms.db import now
from lms.host import current_host
from lms.web.i18n import gettext as _
from lms.web.i18n import language, local, marked, ngettext, num
from lms.web.pages import DrawnPanel

GLOSSARY = Path(__file__).parent / "glossary.json"
FAR = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(days=3)

ERASE_WORDS: Mapping[str, str] = {
    "keep": marked("It stays, because others rely on it"),
    "delete": marked("It is deleted"),
    "anonymise": marked("It stays without anything that points to you"),
    "blank": marked("Your name and your words are taken out"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """A way into the catalogue by kind of course."""

    key: str
    icon: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits for the reader: the first thing, the rest, and whether somebody failed to say."""

    first: TodoItem | None
    rest: Sequence[TodoItem]
    incomplete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A word of the field in the page's language, what it means, and the neighbours' words."""

    word: str
    meaning: str
    others: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptData:
    """One line of what is kept about people."""

    purpose: str
    kept: str
    erased: str
    copied: bool


def doors(limit: int = 4) -> list[Door]:
    """The kinds of course there are, in the order of their words."""
    types = (owned.item for owned in current_host().course_types().values())
    found = [
        Door(key=item.key, icon=item.icon, title=local(item.title), text=local(item.summary))
        for item in types
    ]
    return sorted(found, key=lambda door: door.title.casefold())[:limit]


def stories(actor: Actor) -> list[DrawnPanel]:
    """What plugins tell on the front page, in order; a plugin that fails is left out here."""
    answers = current_host().draw("lms_front_panels", actor=actor)
    panels = [panel for answer in answers for panel in answer.value or ()]
    drawn = [DrawnPanel(p.title, p.template, p.values, p.place, p.order) for p in panels]
    return sorted(drawn, key=lambda panel: panel.order)


def waiting(actor: Actor) -> Waiting:
    """Everybody's todo items: what is due within three days by its time, the rest by order."""
    answers = current_host().draw("lms_todo_items", actor=actor)
    items = [item for answer in answers for item in answer.value or ()]
    soon = now() + SOON

    def urgency(item: TodoItem) -> tuple[int, datetime, int, datetime, str]:
        due = item.due or FAR
        pressing = due <= soon
        return (not pressing, due if pressing else FAR, item.order, due, local(item.title))

    items.sort(key=urgency)
    return Waiting(
        first=items[0] if items else None,
        rest=items[1:],
        incomplete=any(answer.value is None for answer in answers),
    )


def nothing_waits(actor: Actor) -> tuple[str, str]:
    """The heading and the sentence of the page when nothing waits, by what the reader does."""
    if actor.may("site.admin"):
        return _("All is well"), _("When something breaks, it stands here and says where.")
    if actor.has_reports:
        return (
            _("Nobody waits for your yes"),
            _("When somebody you lead asks for a seat, it stands here and in your mail."),
        )
    if actor.may_anywhere("learning.teach"):
        return (
            _("Nothing waits to be read or registered"),
            _("Your next session and what participants hand in will stand here."),
        )
    return (
        _("Nothing waits for you"),
        _("When you ask for a seat, the next step stands here, and how long it takes."),
    )


def promised(target: TargetFacts) -> str:
    """ "30", "3–6"; empty where no number is stated."""
    if target.minimum is None:
        return ""
    if target.maximum is None or target.maximum == target.minimum:
        return num(target.minimum)
    return f"{num(target.minimum)}–{num(target.maximum)}"


def kept_data(policies: Iterable[DataPolicy]) -> list[KeptData]:
    """What is kept about people, in plain words; what holds no person is left out."""
    lines = [
        KeptData(
            purpose=policy.purpose[:1].upper() + policy.purpose[1:].rstrip("."),
            kept=_how_long(policy.retention_months),
            erased=_(ERASE_WORDS[policy.erase]),
            copied=policy.export,
        )
        for policy in policies
        if policy.person_columns
    ]
    return sorted(lines, key=lambda line: line.purpose)


def _how_long(months: int | None) -> str:
    if months is None:
        return _("As long as you are here")
    if months % 12 == 0:
        return ngettext("%(n)d year", "%(n)d years", months // 12)
    return ngettext("%(n)d month", "%(n)d months", months)


@cache
def _glossary() -> tuple[tuple[LocalisedText, LocalisedText], ...]:
    entries = json.loads(GLOSSARY.read_text(encoding="utf-8"))
    return tuple(
        (LocalisedText.from_dict(entry["word"]), LocalisedText.from_dict(entry["meaning"]))
        for entry in entries
    )


def terms() -> list[Term]:
    """The words of the field in the alphabet of the page's language."""
    here = language()
    found = [
        Term(
            word=word.in_language(here),
            meaning=meaning.in_language(here),
            others=[(code, text) for code, text in word.as_dict().items() if code != here and text],
        )
        for word, meaning in _glossary()
    ]
    return sorted(found, key=lambda term: term.word.casefold())
