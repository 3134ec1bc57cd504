"""What a problem could be gathered with, and what is gathered under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.api import Actor, db
from lms_challenges.models import Problem
from lms_challenges.queries.problems import (
    COLUMNS,
    ProblemFacts,
    as_seen,
    found_problems,
    problem_facts,
    readable_by_key,
)
from lms_challenges.queries.seeing import Reader, readable
from lms_challenges.queries.similar import similar_to

CLOSED_TO_OTHERS = frozenset({"withdrawn", "declined"})
MOST_OFFERED = 6
VERY_ALIKE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A problem that another may be gathered with. `very_alike` is None for one that was looked
    for by its words."""

    problem: ProblemFacts
    very_alike: bool | None = None


def candidates_for(
    problem: ProblemFacts, actor: Actor, reader: Reader, *, words: str = ""
) -> Sequence[Candidate]:
    """Problems like this one, most alike first; with `words`, those that hold all of them. At most
    seven queries."""
    if words.strip():
        return [
            Candidate(problem=found)
            for found in found_problems(words, actor)
            if _takes_others(found, problem)
        ][:MOST_OFFERED]
    alike = similar_to(
        f"{problem.what} {problem.today}",
        actor,
        problem.language,
        MOST_OFFERED,
        title=problem.title,
        without=(problem.id,),
        reader=reader,
    )
    known = readable_by_key([one.key for one in alike], actor)
    return [
        Candidate(problem=known[one.key], very_alike=one.likeness >= VERY_ALIKE)
        for one in alike
        if one.key in known and _takes_others(known[one.key], problem)
    ]


def _takes_others(found: ProblemFacts, problem: ProblemFacts) -> bool:
    return (
        found.merged_into_id is None
        and found.state not in CLOSED_TO_OTHERS
        and found.id != problem.id
    )


def gathered_under(
    problem: ProblemFacts, actor: Actor, reader: Reader, *, limit: int = 50
) -> Sequence[ProblemFacts]:
    """What was gathered with a problem at once, not by way of another, as far as the actor may
    read it; the latest first. One query."""
    rows = db.session.execute(
        select(*COLUMNS)
        .where(Problem.merged_into_id == problem.id, readable(actor, reader))
        .order_by(Problem.id.desc())
        .limit(limit)
    )
    return [as_seen(problem_facts(row), actor, reader) for row in rows]
