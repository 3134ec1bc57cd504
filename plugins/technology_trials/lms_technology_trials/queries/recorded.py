"""What threads tell of published collaborations, their workshops and their trial tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from lms.api import LocalisedText, db, search_key
from lms_technology_trials.models import Collaboration, TrialSeries, TrialTest, Workshop
from lms_technology_trials.queries.publications import MOST_WORDS, PUBLISHED

MOST_FOUND = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One record: its key, what it is called, its day, and where its collaboration is shown.
    `part` is the workshop's name in the address."""

    key: str
    title: LocalisedText
    held_on: date | None
    published_at: datetime | None
    slug: str
    part: str


def _collaborations() -> Select[*tuple[Any, ...]]:
    return select(
        Collaboration.key,
        Collaboration.title,
        Collaboration.published_at,
        Collaboration.slug,
    ).where(Collaboration.state == PUBLISHED)


def _workshops() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Workshop.key,
            Workshop.title_text.label("title"),
            Workshop.held_on,
            Collaboration.slug,
            Workshop.slug.label("part"),
        )
        .join(Collaboration, Collaboration.id == Workshop.collaboration_id)
        .where(Collaboration.state == PUBLISHED)
    )


def _trial_tests() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TrialTest.key,
            TrialSeries.title,
            TrialTest.held_on,
            Collaboration.slug,
        )
        .join(TrialSeries, TrialSeries.id == TrialTest.series_id)
        .join(Collaboration, Collaboration.id == TrialSeries.collaboration_id)
        .where(Collaboration.state == PUBLISHED)
    )


def collaborations_recorded(keys: Sequence[str]) -> Sequence[Recorded]:
    """The published collaborations with these keys. One query, as the next two."""
    return _read(_collaborations().where(Collaboration.key.in_(keys)))


def workshops_recorded(keys: Sequence[str]) -> Sequence[Recorded]:
    """The workshops with these keys, of published collaborations."""
    return _read(_workshops().where(Workshop.key.in_(keys)))


def trial_tests_recorded(keys: Sequence[str]) -> Sequence[Recorded]:
    """The trial tests with these keys, of published collaborations."""
    return _read(_trial_tests().where(TrialTest.key.in_(keys)))


def collaborations_with_words(words: str) -> Sequence[Recorded]:
    """Published collaborations with all of these words in what they say of themselves."""
    return _read(_collaborations().where(*_about(words)).limit(MOST_FOUND))


def workshops_with_words(words: str) -> Sequence[Recorded]:
    """Workshops of the published collaborations with these words, in the order of days."""
    found = _workshops().where(*_about(words)).order_by(Workshop.held_on, Workshop.id)
    return _read(found.limit(MOST_FOUND))


def trial_tests_with_words(words: str) -> Sequence[Recorded]:
    """Trial tests of the published collaborations with these words, in the order of days."""
    found = _trial_tests().where(*_about(words)).order_by(TrialTest.held_on, TrialTest.id)
    return _read(found.limit(MOST_FOUND))


def _about(words: str) -> list[ColumnElement[bool]]:
    return [
        Collaboration.search_text.contains(word, autoescape=True)
        for word in search_key(words.replace("\0", " ")).split()[:MOST_WORDS]
    ]


def _read(statement: Select[*tuple[Any, ...]]) -> Sequence[Recorded]:
    empty = {"held_on": None, "published_at": None, "part": ""}
    return [Recorded(**empty | dict(row._mapping)) for row in db.session.execute(statement)]
