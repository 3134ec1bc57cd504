"""The heat list: what weighs most on most people in most places, by `services.heat`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from lms.api import Actor, db, organisations_by_id
from lms_challenges.models import Problem, Voice, Word
from lms_challenges.queries.seeing import Reader, readable, reader_of
from lms_challenges.similar import stems_of

PAGE_SIZE = 20
NOT_WEIGHED = ("clustered", "answered_locally", "known_solution", "declined", "withdrawn")
"""States of what is no need any more, or is weighed as part of another. Said as what is left out,
so that the list is read along the index of heat, hottest first, and not sorted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatFilter:
    """What of the list is asked for; empty means all. `place_kind` and `country` are where
    somebody says it happens, `theme` words in any form that it is about."""

    place_kind: str = ""
    country: str = ""
    theme: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatFacts:
    """A problem and all gathered with it, weighed."""

    id: int
    key: str
    title: str
    language: str
    state: str
    place_kind: str
    heat: int
    voices: int
    units: int
    organisations: int
    countries: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatList:
    """One page of the list, hottest first. `hottest` is the heat of the first of all pages, in the
    unit of `HeatFacts.heat`; `countries` are the codes that the filter can choose from."""

    rows: Sequence[HeatFacts]
    number: int
    has_more: bool
    hottest: int
    countries: Sequence[str]


def heat_list(
    actor: Actor,
    asked: HeatFilter,
    *,
    language: str,
    page: int = 1,
    reader: Reader | None = None,
) -> HeatList:
    """What the actor may read of the list; five queries at most. `language` is the theme's."""
    reader = reader or reader_of(actor)
    country_of = _country_of()
    matching = (
        select(
            Problem.id,
            Problem.key,
            Problem.title,
            Problem.language,
            Problem.state,
            Problem.place_kind,
            Problem.heat,
            Problem.voices,
            Problem.units,
            Problem.organisations,
            Problem.countries,
            Problem.created_at,
        )
        .where(
            Problem.heat > 0,
            Problem.state.not_in(NOT_WEIGHED),
            readable(actor, reader),
            *_filters(asked, country_of),
            *_about(asked.theme, language, readable(actor, reader)),
        )
        .order_by(Problem.heat.desc(), Problem.id.desc())
    )
    number = max(page, 1)
    # One row more than fits says whether there is another page; counting all would cost more than
    # the page itself.
    found = db.session.execute(matching.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)).all()
    rows = [HeatFacts(**row._mapping) for row in found[:PAGE_SIZE]]
    if number == 1:
        hottest = rows[0].heat if rows else 0
    else:
        first = db.session.execute(matching.limit(1)).first()
        hottest = first.heat if first else 0
    return HeatList(
        rows=rows,
        number=number,
        has_more=len(found) > PAGE_SIZE,
        hottest=hottest,
        countries=sorted(set(country_of.values())),
    )


def _country_of() -> Mapping[int, str]:
    """The country of every organisation somebody gave a voice from."""
    ids = db.session.scalars(select(Voice.organisation_id).distinct()).all()
    return {key: facts.country for key, facts in organisations_by_id(ids).items()}


def _filters(asked: HeatFilter, country_of: Mapping[int, str]) -> list[ColumnElement[bool]]:
    if not asked.place_kind and not asked.country:
        return []
    part = aliased(Problem)
    said = [part.root_id == Problem.id, Voice.state == "active"]
    if asked.place_kind:
        said.append(Voice.place_kind == asked.place_kind)
    if asked.country:
        here = [key for key, country in country_of.items() if country == asked.country]
        said.append(Voice.organisation_id.in_(sorted(here)))
    return [exists().where(Voice.problem_id == part.id, *said)]


def _about(theme: str, language: str, may_read: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Every word of the theme stands in the problem, or in one gathered with it that the reader
    may read: otherwise words of a text could be guessed that nobody has looked through yet."""
    return [
        Problem.id.in_(
            select(Problem.root_id)
            .join(Word, Word.problem_id == Problem.id)
            .where(Word.stem == stem, may_read)
            .correlate(None)
        )
        for stem in stems_of(theme, language)
    ]
