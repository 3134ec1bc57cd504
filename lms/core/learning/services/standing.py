"""How each one stands, kept up to date: only those whose verdict changed are touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import SYSTEM, Actor
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.conditions import judge_all
from lms.core.learning.models import Standing
from lms.core.learning.queries.stood import Stood, judged_in_run, reasons_as_json, stored_standings
from lms.db import Base, db, now
from lms.jobs import enqueue
from lms.jobs.models import Job
from lms.journal import record
from lms.work import Conflict

JUDGED = ("seated", "active")
RECOMPUTE = "learning.recompute"

table = Base.metadata.tables[Standing.__tablename__]


def reassess(enrolment_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Judge these enrolments anew and write the standings that changed; returns their ids.

    Call it in the transaction that changed the facts, after the change. What is decided stays
    decided. Raises `Conflict` when two do so for one enrolment at once.
    """
    # Held while it is judged: of two changes at once the second sees what the first has made.
    held = db.session.scalars(
        select(Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.state.in_(JUDGED))
        .order_by(Enrolment.id)
        .with_for_update(key_share=True)
    ).all()
    if not held:
        return ()
    enrolments = list(enrolments_by_id(held).values())
    found = judge_all(enrolments)
    before = stored_standings(enrolments)
    changed = [id_ for id_ in sorted(found) if found[id_] != before.get(id_)]
    _write([id_ for id_ in changed if id_ in before], found, new=False)
    _write([id_ for id_ in changed if id_ not in before], found, new=True)
    for id_ in changed:
        facts, old = found[id_].facts, before.get(id_)
        if facts.result != (old.facts.result if old else "undecided"):
            record(
                "learning.standing_changed",
                "enrolment",
                id_,
                actor=actor,
                data={
                    "run": facts.run_id,
                    "result": facts.result,
                    "old": old.facts.result if old else None,
                },
            )
    return changed


class Piece(NamedTuple):
    """Part of a run judged anew: how many were looked at and changed, and the last one's id."""

    looked: int
    changed: int
    last_id: int


def recompute(run_id: int, *, after_id: int = 0, limit: int = 100) -> Piece:
    """Judge the next enrolments of a run anew, those behind `after_id`. Call it until it has
    looked at none."""
    ids = [id_ for id_ in judged_in_run(run_id, JUDGED) if id_ > after_id][:limit]
    if not ids:
        return Piece(0, 0, after_id)
    return Piece(len(ids), len(reassess(ids, SYSTEM)), ids[-1])


def recompute_later(run_id: int) -> int | None:
    """Have a whole run judged anew by a job; its id, or None when one waits already."""
    # One that waits is held until this transaction ends, so that it cannot begin before.
    waiting = db.session.scalars(
        select(Job.id)
        .where(
            Job.type == RECOMPUTE,
            Job.state == "queued",
            Job.args["run"].as_integer() == run_id,
        )
        .with_for_update()
    ).all()
    if waiting:
        return None
    return enqueue(RECOMPUTE, {"run": run_id})


def _write(ids: Sequence[int], found: Mapping[int, Stood], *, new: bool) -> None:
    if not ids:
        return
    moment = now()
    rows = [{"of": id_, **_values(found[id_]), "changed_at": moment} for id_ in ids]
    connection = db.session.connection()
    if not new:
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
        connection.execute(
            update(table).where(table.c.enrolment_id == bindparam("of")).values(columns), rows
        )
        return
    for row in rows:
        row["enrolment_id"] = row.pop("of")
    try:
        connection.execute(insert(table), rows)
    except IntegrityError as error:
        raise Conflict("one standing was written twice at once") from error


def _values(stood: Stood) -> dict[str, Any]:
    return {
        "result": stood.facts.result,
        "rule_version": stood.facts.rule_version,
        "minutes_attended": stood.facts.minutes_attended,
        "minutes_held": stood.facts.minutes_held,
        "outlook": stood.outlook,
        "done": stood.done,
        "required": stood.required,
        "reasons": reasons_as_json(stood.facts.reasons),
    }
