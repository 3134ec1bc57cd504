"""Questions about completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from lms.contracts import CompletionFacts, CompletionRule
from lms.core.catalogue.models import Run
from lms.core.catalogue.queries import rule_from
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Agreement, Completion, Declaration, Standing
from lms.core.learning.queries.standing import Word
from lms.core.learning.queries.stood import Stood, reasons_from, standing_columns, stood
from lms.db import db

_WHOSE = ("enrolment_id", "enrolment_key", "run_id", "person_id", "course_type")
_DECIDED = (
    "result",
    "rule_version",
    "minutes_attended",
    "minutes_held",
    "decided_at",
    "decided_by_id",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """The teacher's word on one enrolment, how far its learning agreement is ("" without one),
    the standing written last, and `completion` once it is decided."""

    word: Word | None = None
    agreement: str = ""
    stood: Stood | None = None
    completion: CompletionFacts | None = None


def rules_of(run_ids: Sequence[int]) -> Mapping[int, CompletionRule]:
    """The completion rules of runs, as they were fixed, by run id."""
    rows = db.session.execute(select(Run.id, Run.rule).where(Run.id.in_(run_ids)))
    return {row.id: rule_from(row.rule) for row in rows}


def progress_of(enrolment_ids: Sequence[int]) -> Mapping[int, Progress]:
    """The teacher's word, the agreement's state, the standing and the outcome by enrolment id; one
    query, one row for each."""
    if not enrolment_ids:
        return {}
    rows = db.session.execute(
        _with_completion(Enrolment)
        .add_columns(Declaration.accepted, Declaration.note, Agreement.state.label("agreement"))
        .add_columns(*standing_columns())
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Declaration, Declaration.enrolment_id == Enrolment.id)
        .outerjoin(Agreement, Agreement.enrolment_id == Enrolment.id)
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    found = {}
    for row in rows:
        found[row.enrolment_id] = Progress(
            word=None if row.accepted is None else Word(accepted=row.accepted, note=row.note),
            agreement=row.agreement or "",
            stood=stood(row, **{name: getattr(row, name) for name in _WHOSE})
            if row.stood_result
            else None,
            completion=_as_facts(row) if row.result else None,
        )
    return found


def _with_completion(first: type[Enrolment | Completion]) -> Select[Any]:
    """Columns of `CompletionFacts`, from enrolments (decided or not) or from decisions alone."""
    statement = select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.key.label("enrolment_key"),
        Enrolment.run_id,
        Enrolment.person_id,
        Run.course_type,
        Completion.result,
        Completion.rule_version,
        Completion.minutes_attended,
        Completion.minutes_held,
        Completion.reasons,
        Completion.decided_at,
        Completion.decided_by_id,
    ).select_from(first)
    if first is Completion:
        statement = statement.join(Enrolment, Enrolment.id == Completion.enrolment_id)
    return statement.join(Run, Run.id == Enrolment.run_id)


def _as_facts(row: Any) -> CompletionFacts:
    values = {name: getattr(row, name) for name in (*_WHOSE, *_DECIDED)}
    return CompletionFacts(**values, reasons=reasons_from(row.reasons))


def completions_of(enrolment_ids: Sequence[int]) -> Mapping[int, CompletionFacts]:
    """Decided completions by enrolment id."""
    rows = db.session.execute(
        _with_completion(Completion).where(Completion.enrolment_id.in_(enrolment_ids))
    )
    return {row.enrolment_id: _as_facts(row) for row in rows}
