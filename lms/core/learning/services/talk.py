"""Verbs on the talk beside activities."""

from __future__ import annotations

from sqlalchemy import insert, update

from lms.contracts import ActivityFacts, Actor
from lms.core.learning.models import Comment
from lms.core.learning.queries.talk import CommentFacts
from lms.db import db, new_key, now
from lms.journal import record


def say(
    activity: ActivityFacts,
    text: str,
    actor: Actor,
    *,
    by_team: bool,
    group_id: int | None = None,
) -> int:
    """Say something beside an activity, to everybody or to one group. Returns the comment's id.

    Who may, the view has asked already; what is said is not journalled, only that it was.
    """
    (comment_id,) = db.session.execute(
        insert(Comment)
        .values(
            key=new_key(),
            activity_id=activity.id,
            group_id=group_id,
            author_id=actor.person_id,
            by_team=by_team,
            text=text,
            at=now(),
        )
        .returning(Comment.id)
    ).one()
    record(
        "learning.comment_said",
        "activity",
        activity.id,
        actor=actor,
        data={
            "run": activity.run_id,
            "comment": comment_id,
            "group": group_id,
            "by_team": by_team,
        },
    )
    return int(comment_id)


def unsay(comment: CommentFacts, actor: Actor) -> None:
    """Withdraw a contribution. Who takes their own words back takes them for good; what the team
    takes away is kept, so that it can be looked into."""
    own = comment.author_id is not None and comment.author_id == actor.person_id
    gone = db.session.execute(
        update(Comment)
        .where(Comment.id == comment.id, Comment.state == "shown")
        .values(state="withdrawn", **({"text": ""} if own else {}))
        .returning(Comment.id)
    ).first()
    if gone is not None:
        record(
            "learning.comment_withdrawn",
            "activity",
            comment.activity_id,
            actor=actor,
            data={"comment": comment.id, "own": own},
        )
