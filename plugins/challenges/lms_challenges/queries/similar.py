"""Problems like the one somebody is writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from lms.api import Actor, db
from lms_challenges.models import Problem, Word
from lms_challenges.queries.seeing import Reader, readable, reader_of
from lms_challenges.similar import FLOOR, LEAST_SHARED, likeness, pull, values_of, weighed

CANDIDATES = 40
"""Problems whose words are all looked at."""
POSTINGS = 3_000
"""At most so many rows of the word table are gathered to find them, from the rarest stem on ..."""
LEAST_STEMS = 3
"""... but never fewer stems than this."""
MOST_STEMS = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarFacts:
    """A problem that is like what was written; one that was gathered is shown as what it became
    part of, where the reader may see that. `likeness` is 0 to 1."""

    id: int
    key: str
    title: str
    language: str
    state: str
    place_kind: str
    organisation_id: int
    voices: int
    units: int
    organisations: int
    countries: int
    likeness: float


def similar_to(
    text: str,
    actor: Actor,
    language: str,
    limit: int = 5,
    *,
    title: str = "",
    without: Collection[int] = (),
    reader: Reader | None = None,
) -> Sequence[SimilarFacts]:
    """Problems that are like a title and a text, most alike first, as far as the actor may read
    them. `without` are ids of problems to leave out, `reader` saves a query.

    At most five queries; the work is bounded however many problems there are.
    """
    reader = reader or reader_of(actor)
    found = alike(text, actor, language, title=title, reader=reader)
    if not found:
        return ()
    rows = {
        row.id: row
        for row in db.session.execute(
            select(
                Problem.id,
                Problem.key,
                Problem.title,
                Problem.language,
                Problem.state,
                Problem.place_kind,
                Problem.organisation_id,
                Problem.voices,
                Problem.units,
                Problem.organisations,
                Problem.countries,
            ).where(
                Problem.id.in_(ids_of(found)),
                Problem.state != "withdrawn",
                readable(actor, reader),
            )
        )
    }
    facts = [
        SimilarFacts(**rows[shown]._mapping, likeness=score)
        for shown, score in best_of(found, rows, without).items()
    ]
    return sorted(facts, key=lambda one: (-one.likeness, -one.voices, -one.id))[:limit]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """A readable problem that is like a text: its id, the id of what it became part of (its own
    where it stands alone), and how alike, 0 to 1."""

    id: int
    root_id: int
    likeness: float


def alike(
    text: str, actor: Actor, language: str, *, title: str = "", reader: Reader
) -> Sequence[Alike]:
    """Problems like a title and a text, as `similar_to` finds them, by id; three queries."""
    query = weighed(title, text, language)
    if len(query) < LEAST_SHARED:
        return ()
    holding, problems = _holding(query)
    values = values_of(query, holding, problems)
    near = _near(query, holding, values, actor, reader)
    return [
        Alike(id=problem_id, root_id=near[problem_id], likeness=score)
        for problem_id, stems in _words_of(near).items()
        if (score := likeness(query, stems, values, problems)) >= FLOOR
    ]


def ids_of(found: Sequence[Alike]) -> list[int]:
    """What must be read to show them: themselves and what they became part of."""
    return sorted({one.id for one in found} | {one.root_id for one in found})


def best_of(
    found: Sequence[Alike], shown: Container[int], without: Collection[int] = ()
) -> Mapping[int, float]:
    """What is shown of them -> how alike: what they became part of where that is among `shown`,
    else themselves. What has to do with `without` is left out."""
    best: dict[int, float] = {}
    for one in found:
        if one.id in without or one.root_id in without:
            continue
        problem_id = one.root_id if one.root_id in shown else one.id
        if problem_id in shown:
            best[problem_id] = max(best.get(problem_id, 0.0), one.likeness)
    return best


def _holding(query: Mapping[str, int]) -> tuple[Mapping[str, int], int]:
    """How many problems hold each stem, and about how many there are."""
    # Counting all problems would cost more than all the rest; ids are dense enough for a logarithm.
    all_of_them = select(func.max(Problem.id)).scalar_subquery()
    rows = db.session.execute(
        select(Word.stem, func.count(), all_of_them)
        .where(Word.stem.in_(sorted(query)))
        .group_by(Word.stem)
    ).all()
    return {stem: number for stem, number, _ in rows}, int(rows[0][2] or 0) if rows else 0


def _near(
    query: Mapping[str, int],
    holding: Mapping[str, int],
    values: Mapping[str, float],
    actor: Actor,
    reader: Reader,
) -> Mapping[int, int]:
    """Readable problems that share the most with the query -> the root of each."""
    chosen: list[str] = []
    postings = 0
    for stem in sorted(holding, key=lambda stem: (holding[stem], stem))[:MOST_STEMS]:
        postings += holding[stem]
        if postings > POSTINGS and len(chosen) >= LEAST_STEMS:
            break
        chosen.append(stem)
    if not chosen:
        return {}
    worth = {stem: pull(query[stem]) * values[stem] ** 2 for stem in chosen}
    shared = (
        select(Word.problem_id, func.sum(case(worth, value=Word.stem, else_=0.0)).label("shared"))
        .where(Word.stem.in_(chosen))
        .group_by(Word.problem_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Problem.id, func.coalesce(Problem.root_id, Problem.id))
        .join(shared, shared.c.problem_id == Problem.id)
        .where(readable(actor, reader), Problem.state != "withdrawn")
        .order_by(shared.c.shared.desc(), Problem.id.desc())
        .limit(CANDIDATES)
    )
    return {row[0]: row[1] for row in rows}


def _words_of(problem_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if problem_ids:
        for problem_id, stem, weight in db.session.execute(
            select(Word.problem_id, Word.stem, Word.weight).where(
                Word.problem_id.in_(sorted(problem_ids))
            )
        ):
            found[problem_id][stem] = weight
    return found
