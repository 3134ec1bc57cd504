"""What a problem could be gathered with, and what is gathered under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, false, or_, select

from lms.api import Actor, all_words_in, db
from lms_challenges.models import Problem
from lms_challenges.queries.problems import (
    COLUMNS,
    ProblemFacts,
    as_seen,
    problem_facts,
)
from lms_challenges.queries.seeing import Reader, readable
from lms_challenges.queries.similar import Alike, alike, best_of, ids_of

CLOSED_TO_OTHERS = frozenset({"withdrawn", "declined"})
MOST_OFFERED = 6
MOST_READ = 150
VERY_ALIKE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A problem that another may be gathered with. `very_alike` is None for one that was looked
    for by its words."""

    problem: ProblemFacts
    very_alike: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What stands beside a problem: what it may be the same as, most alike first, and what was
    gathered with it at once, not by way of another, the latest first."""

    candidates: Sequence[Candidate]
    under: Sequence[ProblemFacts]


def beside(problem: ProblemFacts, actor: Actor, reader: Reader, *, words: str = "") -> Beside:
    """Problems like this one, or with `words` those that hold all of them, as far as the actor may
    read them; none for one that is gathered already. At most four queries."""
    gathered = problem.merged_into_id is not None
    words = "" if gathered else words.strip()
    near: Sequence[Alike] = ()
    if not words and not gathered:
        near = alike(
            f"{problem.what} {problem.today}",
            actor,
            problem.language,
            title=problem.title,
            reader=reader,
        )
    rows = db.session.execute(
        select(*COLUMNS)
        .where(
            or_(
                Problem.merged_into_id == problem.id,
                Problem.id.in_(ids_of(near)),
                all_words_in(Problem.search_text, words) if words else false(),
            ),
            readable(actor, reader),
        )
        .order_by(
            case((Problem.merged_into_id == problem.id, 1), else_=0),
            Problem.created_at.desc(),
            Problem.id.desc(),
        )
        .limit(MOST_READ)
    )
    read = {row.id: as_seen(problem_facts(row), actor, reader) for row in rows}
    under = [one for one in read.values() if one.merged_into_id == problem.id]
    if words:
        found = [Candidate(problem=one) for one in read.values()]
    else:
        best = best_of(near, read, (problem.id,))
        found = [
            Candidate(problem=read[problem_id], very_alike=likeness >= VERY_ALIKE)
            for problem_id, likeness in sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
    fitting = [one for one in found if _takes_others(one.problem, problem)]
    return Beside(candidates=[] if gathered else fitting[:MOST_OFFERED], under=under)


def _takes_others(found: ProblemFacts, problem: ProblemFacts) -> bool:
    return (
        found.merged_into_id is None
        and found.state not in CLOSED_TO_OTHERS
        and found.id != problem.id
    )
