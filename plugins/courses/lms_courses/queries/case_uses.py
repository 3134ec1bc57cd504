"""Questions about cases in use: what a run works on, what came of a case elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from lms.api import SYSTEM, Actor, db, takes_part
from lms_courses.models import CaseResult, CaseUse, CaseVersion, CompanyCase
from lms_courses.queries.cases import CASE_COLUMNS, CaseFacts, as_at, facts_from


@dataclass(frozen=True, kw_only=True, slots=True)
class UseFacts:
    """A run works on a case. `case` is as the version says that was taken (`case.number`);
    `newest` is the version that holds in the library. `outcomes` are places in the course
    version's list. `takes_part`: has the reader a seat in the run or a place on its team?"""

    id: int
    key: str
    run_id: int
    case: CaseFacts
    newest: int
    outcomes: tuple[int, ...]
    fallback: bool
    fallback_case_id: int | None
    begun_at: datetime
    begun_by_id: int | None
    withdrawn_at: datetime | None
    reason: str
    hours_given: int
    takes_part: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PastUse:
    """One use in the history of a case, and how many results of its groups went back."""

    run_id: int
    key: str
    number: int
    begun_at: datetime
    withdrawn_at: datetime | None
    reason: str
    hours_given: int
    results: int
    taken_up: int
    stored: int
    not_usable: int


def _uses(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *CASE_COLUMNS,
            takes_part(actor.person_id, CaseUse.run_id).label("takes_part"),
            CaseVersion.content,
            CaseVersion.number.label("taken_number"),
            CaseUse.id.label("use_id"),
            CaseUse.key.label("use_key"),
            CaseUse.run_id,
            CaseUse.outcomes,
            CaseUse.fallback,
            CaseUse.fallback_case_id,
            CaseUse.begun_at,
            CaseUse.begun_by_id,
            CaseUse.withdrawn_at,
            CaseUse.reason.label("use_reason"),
            CaseUse.hours_given,
        )
        .join(CaseUse, CaseUse.case_id == CompanyCase.id)
        .join(
            CaseVersion,
            and_(CaseVersion.case_id == CaseUse.case_id, CaseVersion.number == CaseUse.number),
        )
    )


def _facts(row: Row[*tuple[Any, ...]], actor: Actor) -> UseFacts:
    current = facts_from(row._asdict(), actor)
    return UseFacts(
        id=row.use_id,
        key=row.use_key,
        run_id=row.run_id,
        case=as_at(current, row.taken_number, row.content),
        newest=current.number,
        outcomes=tuple(row.outcomes),
        fallback=row.fallback,
        fallback_case_id=row.fallback_case_id,
        begun_at=row.begun_at,
        begun_by_id=row.begun_by_id,
        withdrawn_at=row.withdrawn_at,
        reason=row.use_reason,
        hours_given=row.hours_given,
        takes_part=bool(row.takes_part),
    )


def use_by_key(key: str, actor: Actor) -> UseFacts | None:
    """One use, whoever asks: what the actor may do with it hangs on the run as well."""
    row = db.session.execute(_uses(actor).where(CaseUse.key == key)).one_or_none()
    return _facts(row, actor) if row is not None else None


def uses_by_id(ids: Sequence[int]) -> Mapping[int, UseFacts]:
    """Uses by id, whoever asks: for letters."""
    rows = db.session.execute(_uses(SYSTEM).where(CaseUse.id.in_(sorted(set(ids)))))
    return {row.use_id: _facts(row, SYSTEM) for row in rows}


def uses_in_runs(run_ids: Sequence[int], actor: Actor = SYSTEM) -> Mapping[int, UseFacts]:
    """What these runs work on now, by run id, whoever may see it: one query."""
    return _by_run(CaseUse.withdrawn_at.is_(None), run_ids, actor)


def _by_run(
    which: ColumnElement[bool], run_ids: Sequence[int], actor: Actor
) -> Mapping[int, UseFacts]:
    if not run_ids:
        return {}
    rows = db.session.execute(
        _uses(actor).where(CaseUse.run_id.in_(sorted(set(run_ids))), which).order_by(CaseUse.id)
    )
    return {row.run_id: _facts(row, actor) for row in rows}


def case_of_run(run_ids: Sequence[int]) -> Mapping[int, CaseFacts]:
    """The case each of these runs works on, by run id, at the version it was taken at."""
    return {run_id: use.case for run_id, use in uses_in_runs(run_ids).items()}


def withdrawn_in(run_id: int) -> Sequence[UseFacts]:
    """The cases that were withdrawn from a run, the first first."""
    rows = db.session.execute(
        _uses(SYSTEM)
        .where(CaseUse.run_id == run_id, CaseUse.withdrawn_at.is_not(None))
        .order_by(CaseUse.id)
    )
    return [_facts(row, SYSTEM) for row in rows]


def history_of(case_id: int) -> Sequence[PastUse]:
    """Every run that has worked on a case, the latest first, with what came back."""

    def results(*which: ColumnElement[bool]) -> Any:
        return (
            select(func.count())
            .where(
                CaseResult.run_id == CaseUse.run_id,
                CaseResult.sent_at.is_not(None),
                CaseResult.written_at >= CaseUse.begun_at,
                or_(CaseUse.withdrawn_at.is_(None), CaseResult.written_at < CaseUse.withdrawn_at),
                *which,
            )
            .correlate(CaseUse)
            .scalar_subquery()
        )

    rows = db.session.execute(
        select(
            CaseUse.run_id,
            CaseUse.key,
            CaseUse.number,
            CaseUse.begun_at,
            CaseUse.withdrawn_at,
            CaseUse.reason,
            CaseUse.hours_given,
            results().label("results"),
            *(
                results(CaseResult.response == answer).label(answer)
                for answer in ("taken_up", "stored", "not_usable")
            ),
        )
        .where(CaseUse.case_id == case_id)
        .order_by(CaseUse.begun_at.desc(), CaseUse.id.desc())
    )
    return [PastUse(**row._asdict()) for row in rows]


def run_ids_of_case(case_id: int) -> Sequence[int]:
    """The runs that work on a case now."""
    return list(
        db.session.scalars(
            select(CaseUse.run_id)
            .where(CaseUse.case_id == case_id, CaseUse.withdrawn_at.is_(None))
            .order_by(CaseUse.run_id)
        )
    )
