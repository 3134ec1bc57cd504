"""What waits for one person in courses of these types: asked in one query, for it stands on
everybody's first page. Each part hands in selects of `what`, `key` and `title`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import union_all

from lms.api import Actor, TodoItem, db
from lms_courses import todo_offers, todo_panels, todo_staff, todo_students

PARTS = (todo_panels, todo_staff, todo_offers, todo_students)


def items(actor: Actor) -> Sequence[TodoItem]:
    """What waits for somebody signed in. One query."""
    if not actor.signed_in:
        return ()
    selects = [select for part in PARTS for select in part.waiting(actor)]
    rows = db.session.execute(union_all(*selects)).all()
    return [item for part in PARTS for item in part.items(rows)]
