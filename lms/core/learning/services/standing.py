"""How each one stands, kept up to date: only those whose verdict changed are touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, CompletionFacts
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.conditions import standings
from lms.core.learning.models import Standing
from lms.db import db, now
from lms.journal import record
from lms.work import Conflict

JUDGED = ("seated", "active")


def reassess(enrolment_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Judge these enrolments anew and write the standings that changed; returns their ids.

    What is decided stays decided. Raises `Conflict` when two do so for one enrolment at once.
    """
    enrolments = [e for e in enrolments_by_id(enrolment_ids).values() if e.state in JUDGED]
    if not enrolments:
        return ()
    found = standings(enrolments)
    stored = {
        row.enrolment_id: row
        for row in db.session.execute(
            select(
                Standing.id,
                Standing.enrolment_id,
                Standing.result,
                Standing.rule_version,
                Standing.minutes_attended,
                Standing.minutes_held,
                Standing.outlook,
                Standing.done,
                Standing.required,
                Standing.reasons,
            ).where(Standing.enrolment_id.in_(found))
        )
    }
    changed = []
    for enrolment_id, standing in sorted(found.items()):
        values = _values(standing)
        old = stored.get(enrolment_id)
        if old is not None and all(getattr(old, name) == new for name, new in values.items()):
            continue
        values["changed_at"] = now()
        if old is None:
            _insert(enrolment_id, values)
        else:
            db.session.execute(update(Standing).where(Standing.id == old.id).values(**values))
        if old is None or old.result != standing.result:
            record(
                "learning.standing_changed",
                "enrolment",
                enrolment_id,
                actor=actor,
                data={"run": standing.run_id, "result": standing.result},
            )
        changed.append(enrolment_id)
    return changed


def _values(standing: CompletionFacts) -> dict[str, Any]:
    return {
        "result": standing.result,
        "rule_version": standing.rule_version,
        "minutes_attended": standing.minutes_attended,
        "minutes_held": standing.minutes_held,
        "outlook": "",
        "done": 0,
        "required": 0,
        "reasons": [
            {"name": r.name, "met": r.met, "reason": r.reason.as_dict()} for r in standing.reasons
        ],
    }


def _insert(enrolment_id: int, values: dict[str, Any]) -> None:
    try:
        db.session.execute(insert(Standing).values(enrolment_id=enrolment_id, **values))
    except IntegrityError as error:
        raise Conflict("one standing was written twice at once") from error
