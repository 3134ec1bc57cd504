"""Published collaborations, their workshops and their trial tests as records on a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time

from flask import url_for

from lms.api import Actor, LocalisedText, RecordFacts, RecordType
from lms_technology_trials.queries import recorded
from lms_technology_trials.queries.recorded import Recorded

Read = Callable[[Sequence[str], Actor], Sequence[Recorded]]
Find = Callable[[str, Actor], Sequence[Recorded]]

NOON = time(12, tzinfo=UTC)
"""A record without a time of day stands at noon of its day, wherever it is read in Europe."""


def _facts(one: Recorded) -> RecordFacts:
    if one.part:
        url = url_for("technology_trials.workshop", slug=one.slug, workshop=one.part)
    else:
        url = url_for("technology_trials.show", slug=one.slug)
    return RecordFacts(
        key=one.key,
        title=one.title,
        url=url,
        at=datetime.combine(one.held_on, NOON) if one.held_on else one.published_at,
        may_link=one.keeps,
    )


def _type(
    key: str, title: LocalisedText, icon: str, stage: int, read: Read, found: Find
) -> RecordType:
    def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
        """What is published is for everybody; to link it is for those it belongs to."""
        return {one.key: _facts(one) for one in read(keys, actor)}

    def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
        return [_facts(one) for one in found(words, actor)]

    return RecordType(key=key, title=title, icon=icon, stage=stage, describe=describe, find=find)


RECORD_TYPES = (
    _type(
        "collaboration",
        LocalisedText(da="Samarbejde", sv="Samarbete", en="Collaboration"),
        "users",
        45,
        recorded.collaborations_recorded,
        recorded.collaborations_with_words,
    ),
    _type(
        "workshop",
        LocalisedText(da="Værksted", sv="Verkstad", en="Workshop"),
        "hand",
        50,
        recorded.workshops_recorded,
        recorded.workshops_with_words,
    ),
    _type(
        "trial_test",
        LocalisedText(da="Afprøvning", sv="Prövning", en="Test"),
        "clipboard-check",
        60,
        recorded.trial_tests_recorded,
        recorded.trial_tests_with_words,
    ),
)
