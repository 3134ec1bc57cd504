"""How courses being built are said: states, what is missing, what to look at once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from lms.contracts import ActivityFacts, LocalisedText
from lms.core.catalogue.completeness import missing, unwritten
from lms.core.catalogue.queries import VersionCard
from lms.core.catalogue.states import VERSION_MOVES
from lms.core.catalogue.words import LANGUAGE_WORDS
from lms.web.i18n import gettext, local, ngettext
from lms.web.i18n import hours as in_hours
from lms.web.i18n import marked as _

STATE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "draft": (_("Draft"), "info", "file-text"),
    "review": (_("Waits for a yes"), "wait", "clock"),
    "approved": (_("Approved"), "ok", "check"),
    "retired": (_("Retired"), "", "history"),
}
"""Word, kind and icon of a version's state."""

NOTE_WORDS: Mapping[str, str] = {
    "review": _("Sent for review"),
    "draft": _("Sent back"),
    "approved": _("Approved"),
    "retired": _("Retired"),
}

MOVE_WORDS: Mapping[str, tuple[str, str]] = {
    "review": (
        _("Send it for review"),
        _("Nobody can change it until somebody else has said yes, or sent it back."),
    ),
    "draft": (_("Send it back"), _("It becomes a draft again, with your word on what to change.")),
    "approved": (_("Approve it"), _("Runs can be made of it. It does not change any more.")),
    "retired": (_("Retire it"), _("No more runs are made of it. Those there are go on.")),
}
"""For each state a version may go to: the verb, and what happens then."""

FIELD_WORDS: Mapping[str, str] = {
    "title": _("The title"),
    "lead": _("What stands in the catalogue"),
    "purpose": _("The purpose"),
    "target_group": _("Whom it is for"),
    "outcomes": _("A learning outcome"),
    "modules": _("The title of a module"),
}

PART_OF: Mapping[str, str] = {
    "modules": "learning.version_modules",
    "module_minutes": "learning.version_modules",
    "rule": "learning.version_rule",
}
"""Where something that is missing is written; all else stands with the texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacking:
    """One sentence, and where to do something about it."""

    sentence: str
    url: str


def lacking(card: VersionCard) -> list[Lacking]:
    """What keeps a version from being sent for review."""
    return [
        Lacking(
            sentence=local(refusal.message),
            url=url_for(PART_OF.get(refusal.code, "learning.version_texts"), key=card.key),
        )
        for refusal in missing(card)
    ]


def warnings(card: VersionCard, activities: Sequence[ActivityFacts]) -> list[Lacking]:
    """What does not keep it back, but should be looked at: outcomes that no activity serves, texts
    that a language has not got, minutes that do not add up."""
    texts = url_for("learning.version_texts", key=card.key)
    outline = url_for("learning.version_outline", key=card.key)
    found = []
    for place in uncovered(card.outcomes, activities):
        words = gettext(
            _("No activity serves the learning outcome “%(outcome)s”."),
            outcome=local(card.outcomes[place]),
        )
        found.append(Lacking(sentence=words, url=outline))
    for name, code in unwritten(card):
        words = gettext(
            _("%(what)s is not written in %(language)s."),
            what=gettext(FIELD_WORDS[name]),
            language=in_a_sentence(gettext(LANGUAGE_WORDS[code])),
        )
        found.append(Lacking(sentence=words, url=texts))
    minutes = sum(module.get("minutes") or 0 for module in card.modules)
    if card.modules and minutes != card.minutes:
        words = gettext(
            _("The modules take %(modules)s together, the course says %(course)s."),
            modules=in_hours(minutes),
            course=in_hours(card.minutes),
        )
        found.append(Lacking(sentence=words, url=texts))
    keys = {module["key"] for module in card.modules}
    if lost := sum(activity.module not in keys for activity in activities):
        words = ngettext(
            "%(n)d activity stands in no module.", "%(n)d activities stand in no module.", lost
        )
        found.append(Lacking(sentence=words, url=outline))
    return found


def in_a_sentence(name: str) -> str:
    """The name of a language within a sentence: capital in English only, where it has one."""
    return name if name in LANGUAGE_WORDS.values() else name.lower()


def uncovered(outcomes: Sequence[LocalisedText], activities: Sequence[ActivityFacts]) -> list[int]:
    """The places of learning outcomes that no activity serves."""
    served = {place for activity in activities for place in activity.outcomes}
    return [place for place in range(len(outcomes)) if place not in served]


def moves(card: VersionCard, person_id: int | None) -> list[str]:
    """Where the reader may take a version: its writers send it for review, somebody who has not
    written in it answers, and whoever manages the owner's courses retires it."""
    offered = []
    for state in STATE_WORDS:
        if state not in VERSION_MOVES[card.state]:
            continue
        may = card.may_build if state == "review" else card.may_manage
        if state == "draft":
            may = card.may_manage or (card.may_build and person_id == card.sent_by_id)
        if state == "approved" and card.wrote:
            may = False
        if may:
            offered.append(state)
    return offered


def shown_module(card: VersionCard, key: str) -> str:
    """What a module is called; its key when it is gone."""
    return next(
        (local(LocalisedText.from_dict(m["title"])) for m in card.modules if m["key"] == key), key
    )
