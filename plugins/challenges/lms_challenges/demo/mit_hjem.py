"""*Mit hjem* as a challenge: what it was called, what it turned out to be, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from lms.api import (
    SYSTEM,
    OrganisationValues,
    create_organisation,
    find_records,
    link_records,
    organisation_named,
)
from lms_challenges.demo.reading import ZONE, Replay, localised, read
from lms_challenges.queries.challenges import challenge_by_key
from lms_challenges.queries.notes import note_by_key
from lms_challenges.services.framing import (
    FramingValues,
    TextValues,
    add_collaborator,
    frame,
    publish,
    reframe,
)
from lms_challenges.services.notes import add_note, judge_note

SLUG = "mit-hjem"
LED_TO = ("collaboration", "workshop", "trial_test")
"""Kinds of records in which others publish what came of it."""


class MitHjem:
    """The challenge, told by nobody in particular: the published facts name no persons."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = read("mit_hjem")
        self.key = ""
        self.id = 0

    def put_on(self, replay: Replay) -> None:
        """Put its naming and renaming on the calendar, each on the day of its workshop."""
        replay.add(self._on("framed", 12), self._frame)
        replay.add(self._on("reframed", 16), self._reframe)

    def _on(self, name: str, hour: int) -> datetime:
        day = datetime.fromisoformat(self.told[name]).date()
        return datetime.combine(day, time(hour), tzinfo=ZoneInfo(ZONE))

    def _frame(self) -> None:
        owner, *partners = [self._owner(name) for name in self.told["owners"]]
        public = TextValues(public_text=localised(self.told["public"]))
        self.key = frame(self._framing("first"), owner, SYSTEM, public)
        self.id, _revision = self._facts()
        for partner in partners:
            add_collaborator(self.id, partner, SYSTEM)

    def _owner(self, name: str) -> int:
        known = organisation_named(name)
        if known is not None:
            return known.id
        note = localised(self.told["note"])
        values = OrganisationValues(name=name, kind="municipality", country="DK", note=note)
        return create_organisation(values, actor=SYSTEM)

    def _framing(self, name: str) -> FramingValues:
        told = self.told[name]
        return FramingValues(
            title=localised(told["title"]),
            question=localised(told["question"]),
            understood=localised(told["understood"]),
        )

    def _facts(self) -> tuple[int, int]:
        found = challenge_by_key(self.key, SYSTEM)
        if found is None:
            raise LookupError(SLUG)
        return found.id, found.revision

    def _reframe(self) -> None:
        _id, revision = self._facts()
        because = localised(self.told["because"])
        reframe(self.id, self._framing("now"), because, SYSTEM, revision=revision)
        notes = [("theme", one) for one in self.told["themes"]]
        for kind, text in [*notes, ("dilemma", self.told["dilemma"])]:
            note = note_by_key(add_note(self.id, kind, localised(text), SYSTEM))
            if note is not None:
                judge_note(note, "kept", SYSTEM)
        publish(self.id, SYSTEM)

    def link(self, led_to: Sequence[tuple[str, str]]) -> None:
        """Say what it led to: records by kind and key."""
        for record in led_to:
            link_records(("challenge", self.key), record, SYSTEM)


def published() -> Sequence[tuple[str, str]]:
    """Records of what came of it, as far as somebody publishes them here."""
    words = read("mit_hjem")["words"]
    # Who keeps a record says its address, too, and addresses are made for a request.
    with current_app.test_request_context():
        return [(kind, found.key) for kind in LED_TO for found in find_records(kind, words, SYSTEM)]
