"""What threads tell of published collaborations, their workshops and their trial tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, true

from lms.api import Actor, LocalisedText, all_words_in, db
from lms_technology_trials.models import Collaboration, Party, TrialSeries, TrialTest, Workshop
from lms_technology_trials.queries.publications import PUBLISHED

MANAGE = "catalogue.manage"
MOST_FOUND = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One record: its key, what it is called, its day, and where its collaboration is shown.
    `part` is the workshop's name in the address. `keeps` says whether the reader looks after the
    courses of a municipality that the collaboration belongs to."""

    key: str
    title: LocalisedText
    held_on: date | None
    published_at: datetime | None
    slug: str
    part: str
    keeps: bool


def _keeps(actor: Actor) -> ColumnElement[bool]:
    where = actor.organisations_with(MANAGE)
    if where is None:
        return true().label("keeps")
    homes = exists().where(
        Party.collaboration_id == Collaboration.id,
        Party.home.is_(True),
        Party.organisation_id.in_(sorted(where)),
    )
    return homes.label("keeps")


def _about(words: str) -> ColumnElement[bool]:
    return all_words_in(Collaboration.search_text, words)


def _collaborations(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select(
        Collaboration.key,
        Collaboration.title,
        Collaboration.published_at,
        Collaboration.slug,
        _keeps(actor),
    ).where(Collaboration.state == PUBLISHED)


def _workshops(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Workshop.key,
            Workshop.title_text.label("title"),
            Workshop.held_on,
            Collaboration.slug,
            Workshop.slug.label("part"),
            _keeps(actor),
        )
        .join(Collaboration, Collaboration.id == Workshop.collaboration_id)
        .where(Collaboration.state == PUBLISHED)
    )


def _trial_tests(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TrialTest.key,
            TrialSeries.title,
            TrialTest.held_on,
            Collaboration.slug,
            _keeps(actor),
        )
        .join(TrialSeries, TrialSeries.id == TrialTest.series_id)
        .join(Collaboration, Collaboration.id == TrialSeries.collaboration_id)
        .where(Collaboration.state == PUBLISHED)
    )


def collaborations_recorded(keys: Sequence[str], actor: Actor) -> Sequence[Recorded]:
    """The published collaborations with these keys. One query, as the next two."""
    return _read(_collaborations(actor).where(Collaboration.key.in_(keys)))


def workshops_recorded(keys: Sequence[str], actor: Actor) -> Sequence[Recorded]:
    """The workshops with these keys, of published collaborations."""
    return _read(_workshops(actor).where(Workshop.key.in_(keys)))


def trial_tests_recorded(keys: Sequence[str], actor: Actor) -> Sequence[Recorded]:
    """The trial tests with these keys, of published collaborations."""
    return _read(_trial_tests(actor).where(TrialTest.key.in_(keys)))


def collaborations_with_words(words: str, actor: Actor) -> Sequence[Recorded]:
    """Published collaborations with all of these words in what they say of themselves."""
    return _read(
        _collaborations(actor)
        .where(all_words_in(Collaboration.search_text, words))
        .limit(MOST_FOUND)
    )


def workshops_with_words(words: str, actor: Actor) -> Sequence[Recorded]:
    """Workshops of the published collaborations with these words, in the order of days."""
    found = (
        _workshops(actor)
        .where(all_words_in(Collaboration.search_text, words))
        .order_by(Workshop.held_on, Workshop.id)
    )
    return _read(found.limit(MOST_FOUND))


def trial_tests_with_words(words: str, actor: Actor) -> Sequence[Recorded]:
    """Trial tests of the published collaborations with these words, in the order of days."""
    found = (
        _trial_tests(actor)
        .where(all_words_in(Collaboration.search_text, words))
        .order_by(TrialTest.held_on, TrialTest.id)
    )
    return _read(found.limit(MOST_FOUND))


def _read(statement: Select[*tuple[Any, ...]]) -> Sequence[Recorded]:
    empty = {"held_on": None, "published_at": None, "part": ""}
    return [Recorded(**empty | dict(row._mapping)) for row in db.session.execute(statement)]
