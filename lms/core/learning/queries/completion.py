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
from lms.core.learning.models import Agreement, Completion, Declaration
from lms.core.learning.queries.standing import Word, reasons_from
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """The teacher's word on one enrolment, how far its learning agreement is ("" without one),
    and `completion` once it is decided."""

    word: Word | None = None
    agreement: str = ""
    completion: CompletionFacts | None = None


def rules_of(run_ids: Sequence[int]) -> Mapping[int, CompletionRule]:
    """The completion rules of runs, as they were fixed, by run id."""
    rows = db.session.execute(select(Run.id, Run.rule).where(Run.id.in_(run_ids)))
    return {row.id: rule_from(row.rule) for row in rows}


def progress_of(enrolment_ids: Sequence[int]) -> Mapping[int, Progress]:
    """The teacher's word, the agreement's state and the outcome by enrolment id; one query, one
    row for each."""
    if not enrolment_ids:
        return {}
    rows = db.session.execute(
        _with_completion(Enrolment)
        .add_columns(Declaration.accepted, Declaration.note, Agreement.state.label("agreement"))
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Declaration, Declaration.enrolment_id == Enrolment.id)
        .outerjoin(Agreement, Agreement.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    found = {}
    for row in rows:
        values = row._asdict()
        accepted, note = values.pop("accepted"), values.pop("note")
        agreement = values.pop("agreement")
        found[row.enrolment_id] = Progress(
            word=None if accepted is None else Word(accepted=accepted, note=note),
            agreement=agreement or "",
            completion=_as_facts(values) if row.result else None,
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


def _as_facts(values: dict[str, Any]) -> CompletionFacts:
    return CompletionFacts(**{**values, "reasons": reasons_from(values["reasons"])})


def completions_of(enrolment_ids: Sequence[int]) -> Mapping[int, CompletionFacts]:
    """Decided completions by enrolment id."""
    rows = db.session.execute(
        _with_completion(Completion).where(Completion.enrolment_id.in_(enrolment_ids))
    )
    return {row.enrolment_id: _as_facts(row._asdict()) for row in rows}
