"""Questions about the questions of groups to the company, and its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from lms.api import Actor, Listing, beside, db, is_key, listed
from lms_courses.models import CaseQuestion
from lms_courses.queries.students import Module


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionFacts:
    """A question; see `lms_courses.models.CaseQuestion`. Names beside the ids."""

    id: int
    key: str
    run_id: int
    group_id: int | None
    asked_by_id: int | None
    asked_at: datetime
    text: str
    personal: bool
    answer: str
    answered_by_id: int | None
    answered_at: datetime | None
    asked_by: str | None
    answered_by: str | None

    @property
    def stamp(self) -> str:
        """What tells this answer from any other."""
        return self.answered_at.isoformat() if self.answered_at is not None else ""


_NAMES = ("asked_by", "answered_by")
_COLUMNS: tuple[Any, ...] = (
    *(getattr(CaseQuestion, name) for name in QuestionFacts.__slots__ if name not in _NAMES),
    beside(person=CaseQuestion.asked_by_id)[0].element.label("asked_by"),
    beside(person=CaseQuestion.answered_by_id)[0].element.label("answered_by"),
)


def questions_in(
    module: Module, actor: Actor, *, unanswered: bool, page: int
) -> Listing[QuestionFacts]:
    """The questions of a run that the reader may read, the latest first. Two queries."""
    statement = (
        select(*_COLUMNS)
        .where(CaseQuestion.run_id == module.run.id, _readable(module, actor))
        .order_by(CaseQuestion.asked_at.desc(), CaseQuestion.id.desc())
    )
    if unanswered:
        statement = statement.where(CaseQuestion.answered_at.is_(None))
    rows, total, number, pages = listed(statement, page)
    items = tuple(QuestionFacts(**row._asdict()) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def question_by_key(key: str) -> QuestionFacts | None:
    """One question, whoever asks; who may read it is decided by `is_readable`."""
    return next(iter(_found(CaseQuestion.key == key)), None) if is_key(key) else None


def questions_by_id(ids: Sequence[int]) -> Mapping[int, QuestionFacts]:
    """Questions by id, whoever asks: for letters."""
    return {one.id: one for one in _found(CaseQuestion.id.in_(sorted(set(ids))))} if ids else {}


def is_readable(question: QuestionFacts, module: Module, actor: Actor) -> bool:
    """May the reader read this question of their run? One query."""
    found = _found(CaseQuestion.id == question.id, _readable(module, actor))
    return question.run_id == module.run.id and bool(found)


def _readable(module: Module, actor: Actor) -> ColumnElement[bool]:
    """The team reads all, the company what was asked since its case is worked on; a student their
    own, and what the groups ask that is not personal: of groups with the agreement only when
    bound. A question whose group is gone may have been such a one, so its asker alone reads it."""
    if module.teaches:
        return true()
    if module.company and module.use is not None:
        return CaseQuestion.asked_at >= module.use.begun_at
    if module.seat is None:
        return false()
    groups = [one.id for one in module.groups.values() if module.bound or not one.with_nda]
    shared = and_(CaseQuestion.personal.is_(False), CaseQuestion.group_id.in_(groups))
    return or_(shared, CaseQuestion.asked_by_id == actor.person_id)


def _found(*which: ColumnElement[bool]) -> Sequence[QuestionFacts]:
    rows = db.session.execute(select(*_COLUMNS).where(*which).order_by(CaseQuestion.id))
    return [QuestionFacts(**row._asdict()) for row in rows]
