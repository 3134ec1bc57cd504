"""Questions about versions of the method and the model, and the rounds in which they were tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from lms.api import db, now
from lms_challenges.days import noon
from lms_challenges.documents import Document
from lms_challenges.models import LearningNote, Method, TestRound

METHOD = "challenges.method"


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodFacts:
    """A version: `state` is one of documents.STATES."""

    id: int
    key: str
    kind: str
    number: int
    state: str
    document: Document
    changed_because: str
    created_at: datetime
    current_from: datetime | None
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """A version tried in a unit for a time; `evaluated_at` once `findings` are written."""

    id: int
    key: str
    method_id: int
    organisation_id: int
    unit_id: int | None
    from_day: date
    to_day: date | None
    findings: str
    change: str
    evaluated_at: datetime | None

    @property
    def span(self) -> tuple[datetime, datetime | None]:
        """The first and the last day as moments."""
        return noon(self.from_day), noon(self.to_day)


def _methods() -> Select[*tuple[Any, ...]]:
    return select(*(getattr(Method, name) for name in MethodFacts.__slots__))


def _facts(row: Any) -> MethodFacts:
    return MethodFacts(**(row._asdict() | {"document": Document.of(row.document)}))


def methods(kind: str = "") -> Sequence[MethodFacts]:
    """All versions (of one kind), the newest first."""
    statement = _methods().order_by(Method.kind.desc(), Method.number.desc())
    if kind:
        statement = statement.where(Method.kind == kind)
    return [_facts(row) for row in db.session.execute(statement)]


def method_by_key(key: str) -> MethodFacts | None:
    """A version by its key."""
    row = db.session.execute(_methods().where(Method.key == key)).one_or_none()
    return _facts(row) if row is not None else None


def method_in_use(kind: str, organisation_id: int | None = None) -> MethodFacts | None:
    """The version that an organisation works by: the one it is trying just now, else the one in
    force, else (while none was ever in force) the newest that is being tried or was evaluated.
    None while there is none at all."""
    if organisation_id is not None:
        tried = db.session.execute(
            _methods()
            .join(TestRound, TestRound.method_id == Method.id)
            .where(
                Method.kind == kind,
                Method.state == "in_test",
                TestRound.organisation_id == organisation_id,
                _under_way(),
            )
            .order_by(Method.number.desc())
            .limit(1)
        ).one_or_none()
        if tried is not None:
            return _facts(tried)
    found = methods(kind)
    in_force = (one for one in found if one.state == "current")
    tried_elsewhere = (one for one in found if one.state in ("in_test", "evaluated"))
    return next(in_force, None) or next(tried_elsewhere, None)


def _under_way() -> ColumnElement[bool]:
    today = now().date()
    return and_(
        TestRound.from_day <= today,
        or_(TestRound.to_day.is_(None), TestRound.to_day >= today),
        TestRound.evaluated_at.is_(None),
    )


def rounds_of(method_id: int) -> Sequence[RoundFacts]:
    """The rounds in which a version was tried, the first begun first."""
    rows = db.session.execute(
        select(*(getattr(TestRound, name) for name in RoundFacts.__slots__))
        .where(TestRound.method_id == method_id)
        .order_by(TestRound.from_day, TestRound.id)
    )
    return [RoundFacts(**row._asdict()) for row in rows]


def round_by_key(key: str) -> RoundFacts | None:
    """One round by its key."""
    row = db.session.execute(
        select(*(getattr(TestRound, name) for name in RoundFacts.__slots__)).where(
            TestRound.key == key
        )
    ).one_or_none()
    return RoundFacts(**row._asdict()) if row is not None else None


def notes_to_cite(method_ids: Collection[int]) -> Sequence[tuple[str, str]]:
    """(key, title) of the learning notes of evaluated rounds of these versions."""
    rows = db.session.execute(
        select(LearningNote.key, LearningNote.title)
        .join(TestRound, TestRound.id == LearningNote.round_id)
        .where(TestRound.method_id.in_(sorted(set(method_ids))))
        .order_by(LearningNote.id)
    )
    return [(row.key, row.title) for row in rows]
