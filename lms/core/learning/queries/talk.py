"""Questions about the talk beside activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.contracts import ActivityFacts
from lms.core.learning.models import Activity, Comment, Group
from lms.core.users.models import Person
from lms.db import db

MOST = 200
"""So many contributions stand on a page, the newest ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentFacts:
    """One contribution. `author_name` is None when nobody knows any more who wrote it; a withdrawn
    one has no text here."""

    id: int
    key: str
    activity_id: int
    group_id: int | None
    group_name: str | None
    author_id: int | None
    author_name: str | None
    by_team: bool
    text: str
    at: datetime
    state: str


def talk_kind(activity: ActivityFacts) -> str:
    """Who talks beside an activity: "all", each "group" by itself, or nobody: "off"."""
    said = activity.content.get("talk")
    return said if said in ("group", "off") else "all"


def comments_on(
    activity_id: int, *, group_id: int | None = None, every_group: bool = False
) -> Sequence[CommentFacts]:
    """The talk beside an activity in order, the newest `MOST` of it: everybody's, that of one
    group, or with `every_group` all there is."""
    condition: ColumnElement[bool] = Comment.activity_id == activity_id
    if not every_group:
        condition = and_(condition, Comment.group_id == group_id)
    rows = db.session.execute(
        _comments().where(condition).order_by(Comment.id.desc()).limit(MOST)
    ).all()
    return [CommentFacts(**_without_withdrawn(row._asdict())) for row in reversed(rows)]


def comment_by_key(key: str) -> CommentFacts | None:
    """One contribution, whoever asks."""
    return _one(Comment.key == key)


def comment_by_id(comment_id: int) -> CommentFacts | None:
    """The same by id."""
    return _one(Comment.id == comment_id)


def _one(condition: ColumnElement[bool]) -> CommentFacts | None:
    row = db.session.execute(_comments().where(condition)).first()
    return None if row is None else CommentFacts(**_without_withdrawn(row._asdict()))


def unanswered(run_ids: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """How many contributions of participants came after the last word of the team, by run id and
    activity id, what waits longest first."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    last = (
        select(
            Comment.activity_id,
            Comment.group_id,
            func.max(Comment.id).label("last"),
        )
        .where(Comment.by_team, Comment.state == "shown")
        .group_by(Comment.activity_id, Comment.group_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Activity.run_id, Comment.activity_id, func.count().label("number"))
        .join(Activity, Activity.id == Comment.activity_id)
        .outerjoin(
            last,
            and_(
                last.c.activity_id == Comment.activity_id,
                or_(
                    last.c.group_id == Comment.group_id,
                    and_(last.c.group_id.is_(None), Comment.group_id.is_(None)),
                ),
            ),
        )
        .where(
            Activity.run_id.in_(run_ids),
            Comment.state == "shown",
            ~Comment.by_team,
            or_(last.c.last.is_(None), Comment.id > last.c.last),
        )
        .group_by(Activity.run_id, Comment.activity_id)
        .order_by(func.min(Comment.id))
    )
    for row in rows:
        if row.run_id is not None:
            found[row.run_id][row.activity_id] = row.number
    return found


def _comments() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Comment.id,
            Comment.key,
            Comment.activity_id,
            Comment.group_id,
            Group.name.label("group_name"),
            Comment.author_id,
            Person.name.label("author_name"),
            Comment.by_team,
            Comment.text,
            Comment.at,
            Comment.state,
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(Group, Group.id == Comment.group_id)
    )


def _without_withdrawn(values: dict[str, Any]) -> dict[str, Any]:
    return values if values["state"] == "shown" else {**values, "text": ""}
