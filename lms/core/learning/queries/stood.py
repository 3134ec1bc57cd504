"""How each one stood last: the stored standings, and the reasons as they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.contracts import CompletionFacts, ConditionResult, EnrolmentFacts, LocalisedText
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Standing
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Stood:
    """A stored standing: the verdict with its reasons, the forecast of attendance, and how many
    of the required activities are accepted."""

    facts: CompletionFacts
    outlook: str
    done: int
    required: int


def stored_standings(enrolments: Sequence[EnrolmentFacts]) -> Mapping[int, Stood]:
    """The standings written last, by enrolment id; who has none yet is not among them."""
    by_id = {enrolment.id: enrolment for enrolment in enrolments}
    if not by_id:
        return {}
    rows = db.session.execute(
        select(Standing.enrolment_id, *standing_columns()).where(Standing.enrolment_id.in_(by_id))
    )
    found = {}
    for row in rows:
        enrolment = by_id[row.enrolment_id]
        found[enrolment.id] = stood(
            row,
            enrolment_id=enrolment.id,
            enrolment_key=enrolment.key,
            run_id=enrolment.run_id,
            person_id=enrolment.person_id,
            course_type=enrolment.course_type,
        )
    return found


def standing_columns() -> Sequence[ColumnElement[Any]]:
    """The columns that `stood` needs."""
    names = ("result", "rule_version", "minutes_attended", "minutes_held", "reasons")
    more = ("outlook", "done", "required")
    return [getattr(Standing, name).label(f"stood_{name}") for name in (*names, *more)]


def stood(row: Any, **whose: Any) -> Stood:
    """A stored standing from a row with `standing_columns`; `whose` is what else makes
    `CompletionFacts`."""
    return Stood(
        facts=CompletionFacts(
            **whose,
            result=row.stood_result,
            rule_version=row.stood_rule_version,
            minutes_attended=row.stood_minutes_attended,
            minutes_held=row.stood_minutes_held,
            reasons=reasons_from(row.stood_reasons),
        ),
        outlook=row.stood_outlook,
        done=row.stood_done,
        required=row.stood_required,
    )


def reasons_from(stored: Sequence[Mapping[str, Any]]) -> tuple[ConditionResult, ...]:
    """Reasons as they are stored with a standing or a completion."""
    return tuple(
        ConditionResult(
            name=reason["name"],
            met=reason["met"],
            reason=LocalisedText.from_dict(reason["reason"]),
            waived=reason.get("waived", False),
        )
        for reason in stored
    )


def reasons_as_json(reasons: Sequence[ConditionResult]) -> list[dict[str, Any]]:
    """The inverse of `reasons_from`."""
    return [
        {"name": r.name, "met": r.met, "reason": r.reason.as_dict(), "waived": r.waived}
        for r in reasons
    ]


def judged_in_run(run_id: int, states: Sequence[str]) -> Sequence[int]:
    """Ids of the enrolments of a run in these states, in order."""
    return db.session.scalars(
        select(Enrolment.id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(states))
        .order_by(Enrolment.id)
    ).all()


def counts_of_standings(run_id: int) -> Mapping[tuple[str, str], int]:
    """How many of those who take part stand how, by result and forecast. One query."""
    rows = db.session.execute(
        select(Standing.result, Standing.outlook, func.count())
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .where(Enrolment.run_id == run_id, Enrolment.state == "active")
        .group_by(Standing.result, Standing.outlook)
    )
    return {(result, outlook): number for result, outlook, number in rows}
