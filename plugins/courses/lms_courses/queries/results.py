"""Questions about what groups hand over, and what practice made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select

from lms.api import SYSTEM, Actor, beside, db, is_key, on_team, record_as_seen
from lms_courses.models import CaseResult, CaseUse, CompanyCase, GroupTerms
from lms_courses.permissions import PRACTICE
from lms_courses.queries.cases import CaseFacts, companies_of
from lms_courses.queries.students import Module

MOST_SENT = 3
OWN_TEAM = ("teacher", "programme_lead")
NEWEST = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultFacts:
    """A result; see `lms_courses.models.CaseResult`. Names beside the ids."""

    id: int
    key: str
    run_id: int
    group_id: int | None
    title: str
    text: str
    language: str
    written_at: datetime
    written_by_id: int | None
    revision: int
    sent_at: datetime | None
    sent_by_id: int | None
    response: str
    response_reason: str
    responded_at: datetime | None
    responded_by_id: int | None
    sent_by: str | None
    responded_by: str | None

    @property
    def stamp(self) -> str:
        """What tells this answer of practice from any other."""
        return self.responded_at.isoformat() if self.responded_at is not None else ""


_NAMES = ("sent_by", "responded_by")
_COLUMNS: tuple[Any, ...] = (
    *(getattr(CaseResult, name) for name in ResultFacts.__slots__ if name not in _NAMES),
    beside(person=CaseResult.sent_by_id)[0].element.label("sent_by"),
    beside(person=CaseResult.responded_by_id)[0].element.label("responded_by"),
)


def results_in(module: Module) -> Sequence[ResultFacts]:
    """The results of a run that the reader may read, those that were sent first. One query."""
    which = _readable(module)
    return _found(CaseResult.run_id == module.run.id, which)


def result_of_group(group_id: int) -> ResultFacts | None:
    """What a group has written."""
    return next(iter(_found(CaseResult.group_id == group_id)), None)


def result_by_key(key: str) -> ResultFacts | None:
    """One result, whoever asks; who may read it is decided by `reads`."""
    return next(iter(_found(CaseResult.key == key)), None) if is_key(key) else None


def results_by_id(ids: Sequence[int]) -> Mapping[int, ResultFacts]:
    """Results by id, whoever asks: for letters."""
    return {one.id: one for one in _found(CaseResult.id.in_(sorted(set(ids))))} if ids else {}


def reads(result: ResultFacts, module: Module) -> bool:
    """May the reader of this run read this result of it?"""
    return bool(_found(CaseResult.id == result.id, _readable(module)))


def sent_from(run_id: int) -> int:
    """How many results of a run were sent."""
    return (
        db.session.scalar(
            select(func.count()).where(CaseResult.run_id == run_id, CaseResult.sent_at.is_not(None))
        )
        or 0
    )


def hearers(found: CaseFacts) -> Sequence[int]:
    """Ids of who sent the need that a case answers, or looks after it; nobody when it is gone."""
    if not found.need_key:
        return ()
    seen = record_as_seen(found.need_kind, found.need_key, SYSTEM)
    return seen[1].hear if seen is not None else ()


def _readable(module: Module) -> ColumnElement[bool]:
    """The team reads all; a group its own; practice what was sent to it, and so does the company
    where the students share or sign over what they make."""
    if module.teaches:
        return CaseResult.id.is_not(None)
    ways: list[ColumnElement[bool]] = [false()]
    own = module.own
    if own is not None and (module.bound or not own.with_nda):
        ways.append(CaseResult.group_id == own.id)
    shares = module.use is not None and module.use.case.ownership != "owned_by_students"
    if module.practice or (module.company and shares):
        begun = module.use.begun_at if module.use is not None else None
        ways.append(and_(CaseResult.sent_at.is_not(None), CaseResult.sent_at >= begun))
    return or_(*ways)


def results_on_threads(
    keys: Sequence[str], actor: Actor
) -> Mapping[str, tuple[ResultFacts, bool, bool]]:
    """Those of these results that the actor may open, and by name those that went back to who
    sent a need: (facts, may they open it, do they teach it). A result of a group with the
    agreement is named to nobody else. One query."""
    teaches, opens = _opens(actor)
    secret = or_(
        CaseResult.group_id.is_(None),
        exists().where(GroupTerms.group_id == CaseResult.group_id, GroupTerms.with_nda),
    )
    named = and_(CaseResult.sent_at.is_not(None), CompanyCase.need_key != "", ~secret)
    shown = or_(opens, named) if actor.signed_in and not companies_of(actor) else opens
    rows = _joined(teaches, opens, CaseResult.key.in_(sorted(set(keys))), shown)
    return {facts.key: (facts, may_open, taught) for facts, may_open, taught in rows}


def newest_taught(actor: Actor) -> Sequence[ResultFacts]:
    """The newest results of runs that the actor teaches."""
    teaches, opens = _opens(actor)
    return [facts for facts, _open, _taught in _joined(teaches, opens, teaches)]


def _opens(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Does the actor teach the result's run, and may they open it?"""
    if actor.is_system:
        return CaseResult.id.is_not(None), CaseResult.id.is_not(None)
    if companies_of(actor) or not actor.signed_in:
        return false(), false()
    checks = actor.organisations_with(PRACTICE)
    if checks is None:
        return CaseResult.id.is_not(None), CaseResult.id.is_not(None)
    teaches = on_team(actor.person_id, CaseResult.run_id, OWN_TEAM)
    sent = and_(CaseResult.sent_at.is_not(None), CaseResult.sent_at >= CaseUse.begun_at)
    return teaches, or_(teaches, and_(sent, CompanyCase.practice_host_id.in_(sorted(checks))))


def _joined(
    teaches: ColumnElement[bool], opens: ColumnElement[bool], *which: ColumnElement[bool]
) -> Sequence[tuple[ResultFacts, bool, bool]]:
    rows = db.session.execute(
        select(
            *_COLUMNS,
            case((opens, 1), else_=0).label("may_open"),
            case((teaches, 1), else_=0).label("taught"),
        )
        .join(
            CaseUse,
            and_(CaseUse.run_id == CaseResult.run_id, CaseUse.withdrawn_at.is_(None)),
        )
        .join(CompanyCase, CompanyCase.id == CaseUse.case_id)
        .where(*which)
        .order_by(CaseResult.id.desc())
        .limit(NEWEST)
    )
    found = []
    for row in rows:
        values = row._asdict()
        may_open, taught = bool(values.pop("may_open")), bool(values.pop("taught"))
        found.append((ResultFacts(**values), may_open, taught))
    return found


def _found(*which: ColumnElement[bool]) -> Sequence[ResultFacts]:
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(*which)
        .order_by(CaseResult.sent_at.is_(None), CaseResult.sent_at, CaseResult.id)
    )
    return [ResultFacts(**row._asdict()) for row in rows]
