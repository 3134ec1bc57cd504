"""Runs as records on a thread: a title, a state, a day, and whether the reader may link them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true

from lms.contracts import Actor, LocalisedText
from lms.core.catalogue.models import Run, RunHost, TeamMember
from lms.core.catalogue.queries.runs import TEAM_RIGHTS, visible
from lms.core.listing import all_words_in
from lms.db import db

MANAGE = "catalogue.manage"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedRun:
    """What a thread tells of a run."""

    key: str
    title: LocalisedText
    state: str
    starts_at: datetime | None
    may_manage: bool


def runs_recorded(keys: Sequence[str], actor: Actor) -> Sequence[RecordedRun]:
    """The runs with these keys that the actor may see. One query."""
    return _read(_rows(actor).where(Run.key.in_(keys)))


def runs_with_words(words: str, actor: Actor, *, limit: int) -> Sequence[RecordedRun]:
    """Runs with all of these words in their text that the actor may see, the latest first."""
    found = _rows(actor).where(all_words_in(Run.search_text, words))
    return _read(found.order_by(Run.id.desc()).limit(limit))


def _rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = (Run.key, Run.title, Run.state, Run.starts_at, _managed(actor).label("may_manage"))
    return select(*columns).where(visible(actor))


def _read(statement: Select[*tuple[Any, ...]]) -> Sequence[RecordedRun]:
    return [RecordedRun(**row._mapping) for row in db.session.execute(statement)]


def _managed(actor: Actor) -> ColumnElement[bool]:
    """As `may_in_run`, for many runs at once."""
    held = actor.organisations_with(MANAGE)
    if held is None:
        return true()
    if not actor.signed_in:
        return false()
    leading = [role for role, rights in TEAM_RIGHTS.items() if MANAGE in rights]
    return or_(
        exists().where(
            RunHost.run_id == Run.id,
            RunHost.role == "host",
            RunHost.organisation_id.in_(sorted(held)),
        ),
        exists().where(
            TeamMember.run_id == Run.id,
            TeamMember.person_id == actor.person_id,
            TeamMember.role.in_(leading),
        ),
    )
