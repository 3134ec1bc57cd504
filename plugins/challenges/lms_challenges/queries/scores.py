"""Questions about points: one's own, what a group says together, and how far it has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, literal, or_, select, union_all

from lms.api import db
from lms_challenges.models import Idea, Score, Workroom
from lms_challenges.stages import SCORED_STATES

FEWEST_SHOWN = 5
"""From how many people on it is told how far they are apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """What the group says of an idea: the mean of its criteria (0 to 5) and each one's, from how
    many people. `least` and `most` are means of single people, from five people on."""

    mean: float
    people: int
    by_criterion: Mapping[str, float]
    least: float | None = None
    most: float | None = None


def own_scores(run_id: int, person_id: int) -> Mapping[int, Mapping[str, int]]:
    """What one person has said, by idea id and criterion. Nobody else's is read here."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in db.session.execute(
        select(Score.idea_id, Score.criterion, Score.value)
        .join(Idea, Idea.id == Score.idea_id)
        .where(Idea.run_id == run_id, Score.person_id == person_id)
    ):
        found[row.idea_id][row.criterion] = row.value
    return found


def scored_by(run_ids: Sequence[int]) -> Mapping[tuple[int, int], Collection[int]]:
    """Ids of the ideas that each has scored, by (run id, person id). One query."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in db.session.execute(
        select(Idea.run_id, Score.person_id, Score.idea_id)
        .distinct()
        .join(Idea, Idea.id == Score.idea_id)
        .where(Idea.run_id.in_(run_ids), Score.person_id.is_not(None))
    ):
        found[row.run_id, row.person_id].add(row.idea_id)
    return found


def points_of(run_id: int, people: Collection[int]) -> Mapping[int, Points]:
    """What these people together say of each idea of a run, by idea id. One query."""
    theirs = and_(Idea.run_id == run_id, Score.person_id.in_(sorted(people)))
    mean = func.avg(Score.value).label("mean")
    by_criterion = (
        select(Score.idea_id, Score.criterion.label("criterion"), mean)
        .join(Idea, Idea.id == Score.idea_id)
        .where(theirs)
        .group_by(Score.idea_id, Score.criterion)
    )
    by_person = (
        select(Score.idea_id, literal("").label("criterion"), mean)
        .join(Idea, Idea.id == Score.idea_id)
        .where(theirs)
        .group_by(Score.idea_id, Score.person_id)
    )
    criteria: dict[int, dict[str, float]] = defaultdict(dict)
    single: dict[int, list[float]] = defaultdict(list)
    for idea_id, criterion, value in db.session.execute(union_all(by_criterion, by_person)):
        if criterion:
            criteria[idea_id][criterion] = float(value)
        else:
            single[idea_id].append(float(value))
    return {
        idea_id: Points(
            mean=sum(means.values()) / len(means),
            people=len(single[idea_id]),
            by_criterion=means,
            least=min(single[idea_id]) if len(single[idea_id]) >= FEWEST_SHOWN else None,
            most=max(single[idea_id]) if len(single[idea_id]) >= FEWEST_SHOWN else None,
        )
        for idea_id, means in criteria.items()
    }


def ideas_by_person(run_ids: Sequence[int]) -> Mapping[tuple[int, int], int]:
    """How many ideas of their own each has written, by (run id, person id). One query."""
    rows = db.session.execute(
        select(Idea.run_id, Idea.by_id, func.count())
        .where(Idea.run_id.in_(run_ids), Idea.by_id.is_not(None), Idea.voiced_for.is_(False))
        .group_by(Idea.run_id, Idea.by_id)
    )
    return {(run_id, by_id): number for run_id, by_id, number in rows if run_id and by_id}


def number_to_score(run_ids: Sequence[int]) -> Mapping[int, int]:
    """How many ideas of each run are scored or were, by run id. One query."""
    was_scored = select(Score.idea_id).where(Score.idea_id == Idea.id).exists()
    open_now = and_(
        Workroom.criteria_fixed_at.is_not(None),
        Idea.created_at <= Workroom.criteria_fixed_at,
        Idea.state.in_(sorted(SCORED_STATES)),
    )
    rows = db.session.execute(
        select(Idea.run_id, func.count())
        .join(Workroom, Workroom.run_id == Idea.run_id)
        .where(Idea.run_id.in_(run_ids), or_(was_scored, open_now))
        .group_by(Idea.run_id)
    )
    return {run_id: number for run_id, number in rows if run_id is not None}
