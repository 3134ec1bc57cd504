"""Lists of people that were sent: what they would do, how far they are, what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, false, literal, select, true

from lms.contracts import Actor
from lms.core.users.models import Sync
from lms.core.users.queries.people import MANAGE
from lms.db import db
from lms.jobs.models import Job

JOB = "users.carry_out_list"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFacts:
    """One list. `state` is waiting (nothing is done yet), working, done, or failed when its job
    has failed for good. `result` has "mode", "counts" and "errors"; while it waits also "items";
    while it works and when it failed "done" and "total" instead."""

    id: int
    key: str
    organisation_id: int
    created_by_id: int | None
    created_at: datetime
    state: str
    result: Mapping[str, Any]


def lists_visible(actor: Actor) -> ColumnElement[bool]:
    """Lists of the organisations where the actor manages people."""
    where = actor.organisations_with(MANAGE)
    if where is None:
        return true()
    return Sync.organisation_id.in_(sorted(where)) if where else false()


def job_failed() -> ColumnElement[bool]:
    """The list is under way, but its job has failed for good, and nobody has tried it again."""
    # The job's row is the truth: its worker may have died each time, and an administrator may put
    # the job back, so what the list says of itself would be wrong one way or the other.
    failed = select(Job.id).where(
        Job.unique_key == literal(f"{JOB}:") + cast(Sync.id, String), Job.state == "failed"
    )
    return (Sync.state == "working") & failed.exists()


_COLUMNS = (
    Sync.id,
    Sync.key,
    Sync.organisation_id,
    Sync.created_by_id,
    Sync.created_at,
    case((job_failed(), "failed"), else_=Sync.state).label("state"),
    Sync.result,
)


def list_by_key(actor: Actor, key: str) -> ListFacts | None:
    """One list, where the actor manages the people of its organisation; else None."""
    row = db.session.execute(select(*_COLUMNS).where(Sync.key == key, lists_visible(actor))).first()
    return ListFacts(**row._mapping) if row else None


def lists_of(actor: Actor, organisation_id: int, *, limit: int = 10) -> list[ListFacts]:
    """The latest lists of one organisation, the newest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(Sync.organisation_id == organisation_id, lists_visible(actor))
        .order_by(Sync.id.desc())
        .limit(limit)
    )
    return [ListFacts(**row._mapping) for row in rows]
