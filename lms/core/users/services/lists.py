"""A list of people between its dry run and its real run, and while it is being carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, update

from lms.contracts import Actor
from lms.core.refused import Refused, refused
from lms.core.users.models import Sync
from lms.core.users.outcomes import Item, Mode, Plan
from lms.core.users.people_lists import Row
from lms.core.users.queries.lists import JOB, job_failed
from lms.core.users.services.planning import plan
from lms.core.users.services.sync import Made, carry_out, in_pieces
from lms.db import db, now
from lms.jobs import enqueue
from lms.journal import record

KEPT_WAITING = timedelta(days=7)


def keep_list(rows: Sequence[Row], planned: Plan, ignored: Sequence[str], *, actor: Actor) -> str:
    """Keep a list with what it would do, until somebody says "do it"; returns its key."""
    row = Sync(
        organisation_id=planned.organisation_id,
        created_by_id=actor.person_id,
        created_at=now(),
        state="waiting",
        rows=[dict(one) for one in rows],
        result=shown(planned) | {"ignored": list(ignored)},
    )
    db.session.add(row)
    db.session.flush()
    return row.key


def start_list(
    rows: Sequence[Row],
    organisation_id: int,
    mode: Mode,
    *,
    actor: Actor,
    dry_run: bool,
    confirmed: bool,
) -> str:
    """Keep a list and let a job plan it and, but for a dry run, carry it out; returns its key."""
    row = Sync(
        organisation_id=organisation_id,
        created_by_id=actor.person_id,
        created_at=now(),
        state="working",
        rows=[dict(one) for one in rows],
        result={"mode": mode, "done": 0, "total": len(rows)},
    )
    db.session.add(row)
    db.session.flush()
    _enqueue(row.id, dry_run=dry_run, confirmed=confirmed)
    return row.key


def do_list(list_id: int, *, actor: Actor, confirmed: bool, at_once: int) -> bool:
    """Carry out a list that waits, as it was shown: at once when it has at most `at_once` rows,
    else by a job. False when it was begun already, by another browser or a second press.

    `Refused` when it would now do something else than was shown (what it would do is written
    anew), or when too many would leave and nobody confirmed it.
    """
    begun = db.session.scalar(
        update(Sync)
        .where(Sync.id == list_id, Sync.state == "waiting")
        .values(state="working")
        .returning(Sync.id)
        .execution_options(synchronize_session="fetch")
    )
    if begun is None:
        return False
    row = db.session.get_one(Sync, list_id)
    if len(row.rows) > at_once:
        if row.result["refusal"] and not confirmed:
            raise not_confirmed(row.result["leavers"])
        row.result = {**row.result, "done": 0, "total": len(row.rows)}
        _enqueue(list_id, dry_run=False, confirmed=confirmed)
        return True
    planned = plan(row.rows, row.organisation_id, row.result["mode"], actor=actor)
    if planned.digest() != row.result["digest"]:
        raise changed_meanwhile()
    refuse_unconfirmed(planned, confirmed=confirmed)
    done = carry_out_whole(planned, actor=actor)
    finish_list(list_id, outcome(planned, done), actor=actor)
    return True


def carry_out_whole(planned: Plan, *, actor: Actor) -> list[Item]:
    """Do a short plan in the open unit of work; returns what became of what was to be done."""
    made: Made = {}
    done: list[Item] = []
    for piece in in_pieces(planned.items):
        done += carry_out(piece, planned.organisation_id, made, actor=actor)
    return done


def show_anew(list_id: int, *, actor: Actor) -> None:
    """Write down what a list that waits would do now."""
    row = db.session.get_one(Sync, list_id)
    if row.state == "waiting":
        planned = plan(row.rows, row.organisation_id, row.result["mode"], actor=actor)
        row.result = shown(planned) | {"ignored": row.result.get("ignored", [])}
        db.session.flush()


def refuse_unconfirmed(planned: Plan, *, confirmed: bool) -> None:
    """`Refused` when more than a third would leave, which somebody must confirm."""
    if planned.refusal is not None and not confirmed:
        raise not_confirmed(missing_in(planned))


def missing_in(planned: Plan) -> int:
    """How many leave because they are not in the list."""
    return sum(1 for item in planned.items if item.row == 0)


def not_confirmed(leavers: int) -> Refused:
    """Nobody has said that so many really leave."""
    return refused(
        "confirmed.missing",
        da=f"Sæt kryds, hvis de {leavers} personer virkelig holder op.",
        sv=f"Kryssa i om de {leavers} personerna verkligen slutar.",
        en=f"Tick the box if these {leavers} people really leave.",
    )


def changed_meanwhile() -> Refused:
    """What was shown is not what would be done."""
    return refused(
        "list.changed",
        da="Nogen har ændret noget imens. Se listen igennem igen.",
        sv="Någon har ändrat något under tiden. Gå igenom listan igen.",
        en="Somebody has changed something meanwhile. Look through the list again.",
    )


def _enqueue(list_id: int, *, dry_run: bool, confirmed: bool) -> None:
    args = {"list": list_id, "dry_run": dry_run, "confirmed": confirmed}
    enqueue(JOB, args, unique_key=f"{JOB}:{list_id}")


# --- while it is carried out --------------------------------------------------------------------


def note_progress(list_id: int, result: Mapping[str, Any]) -> None:
    """Write down how far a list is."""
    db.session.get_one(Sync, list_id).result = dict(result)
    db.session.flush()


def finish_list(list_id: int, result: Mapping[str, Any], *, actor: Actor) -> None:
    """The list is done: its rows are forgotten, counts and errors stay."""
    row = db.session.get_one(Sync, list_id)
    row.state, row.rows = "done", []
    row.result = dict(result)
    db.session.flush()
    if result.get("carried_out"):
        tell_of_list(row.organisation_id, result, actor=actor)


def tell_of_list(organisation_id: int, result: Mapping[str, Any], *, actor: Actor) -> None:
    """A list was carried out: the journal has its counts."""
    record(
        "users.list_carried_out",
        "organisation",
        organisation_id,
        actor=actor,
        data={"mode": result["mode"], "counts": result["counts"]},
    )


def shown(planned: Plan) -> dict[str, Any]:
    """A plan as a page shows it, errors first."""
    order = {"error": 0, "leave": 1, "come": 2, "move": 3, "change": 4, "same": 5}
    items = sorted(planned.items, key=lambda item: (order[item.outcome], item.row))
    return {
        **_said(planned),
        "counts": planned.counts,
        "items": [item.as_json() for item in items],
        "digest": planned.digest(),
    }


def outcome(planned: Plan, done: Sequence[Item], *, carried_out: bool = True) -> dict[str, Any]:
    """What was done of a plan: its counts, and the rows of which nothing was done."""
    lost = [item for item in done if item.outcome == "error"]
    counts = planned.counts
    was = {(item.row, item.employee_number): item.outcome for item in planned.items}
    for item in lost:
        counts[was[item.row, item.employee_number]] -= 1
        counts["error"] += 1
    errors = sorted([*planned.errors, *lost], key=lambda item: item.row)
    return {
        **_said(planned),
        "counts": counts,
        "errors": [item.as_json() for item in errors],
        "carried_out": carried_out,
    }


def _said(planned: Plan) -> dict[str, Any]:
    return {
        "mode": planned.mode,
        "refusal": planned.refusal.as_dict() if planned.refusal else None,
        "note": planned.note.as_dict() if planned.note else None,
        "leavers": missing_in(planned),
    }


def forget_lists_that_wait() -> None:
    """Remove lists that nobody said "do it" to within a week, and those that failed for good and
    were not tried again: they are full of names."""
    db.session.execute(
        delete(Sync)
        .where(or_(Sync.state == "waiting", job_failed()), Sync.created_at < now() - KEPT_WAITING)
        .execution_options(synchronize_session=False)
    )
