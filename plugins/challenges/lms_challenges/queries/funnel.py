"""How far problems came, counted in the database: never a problem, never a word of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import aliased

from lms.api import db
from lms_challenges.funnel import Told, Way
from lms_challenges.models import Challenge, Idea, Problem


def told_since(since: datetime | None) -> Sequence[Told]:
    """Problems that were told since a moment (None: ever), by the way they went. One query."""
    root = aliased(Problem)
    merged = Problem.merged_into_id.is_not(None)
    state = case((merged, root.state), else_=Problem.state).label("state")
    answered = Problem.answered_at.is_not(None).label("answered")
    challenge = case((merged, root.challenge_id), else_=Problem.challenge_id).label("challenge_id")
    in_time = case(
        (and_(Problem.answered_at.is_not(None), Problem.answered_at <= Problem.answer_due), 1),
        else_=0,
    )
    columns = (Problem.organisation_id, Problem.channel, state, answered, challenge)
    statement = (
        select(*columns, func.count().label("number"), func.sum(in_time).label("in_time"))
        .outerjoin(root, root.id == Problem.root_id)
        .group_by(*columns)
    )
    if since is not None:
        statement = statement.where(Problem.created_at >= since)
    return [Told(**row._mapping) for row in db.session.execute(statement)]


def ways_of(challenge_ids: Sequence[int]) -> Mapping[int, Way]:
    """How far these challenges have come. One query."""
    if not challenge_ids:
        return {}
    rows = db.session.execute(
        select(
            Challenge.id,
            Challenge.state,
            Challenge.state_before,
            Challenge.level,
            exists().where(Idea.challenge_id == Challenge.id).label("has_ideas"),
        ).where(Challenge.id.in_(sorted(set(challenge_ids))))
    )
    return {
        row.id: Way(
            state=row.state,
            state_before=row.state_before,
            level=row.level,
            has_ideas=row.has_ideas,
        )
        for row in rows
    }
