"""Carrying out long lists, piece by piece, each in a transaction of its own.

Whatever stops in the middle goes on where it was: the list is planned again, and what is done
already is "as before".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.contracts import SYSTEM, Actor, Finish, JobContext
from lms.core.refused import Refused
from lms.core.users import services
from lms.core.users.models import Sync
from lms.core.users.outcomes import Item, Plan
from lms.core.users.queries import actor_for_person
from lms.core.users.services import lists
from lms.core.users.services.sync import Made, carry_out, in_pieces
from lms.db import db
from lms.work import unit_of_work

Progress = Callable[[int, int], None]


def carry_out_in_pieces(
    planned: Plan,
    *,
    actor: Actor,
    progress: Progress = lambda _done, _total: None,
    within: Progress = lambda _done, _total: None,
) -> list[Item]:
    """Do a whole plan; returns what became of each item that was to be done. `progress` is told
    after each piece, `within` in its transaction: both get rows done and rows in all."""
    made: Made = {}
    done: list[Item] = []
    pieces = in_pieces(planned.items)
    total = sum(len(piece) for piece in pieces)
    for piece in pieces:
        with unit_of_work():
            found = carry_out(piece, planned.organisation_id, made, actor=actor)
            within(len(done) + len(found), total)
        done += found
        progress(len(done), total)
    return done


def carry_out_now(planned: Plan, *, actor: Actor) -> list[Item]:
    """Do a short plan in the open unit of work; returns every item as it came out."""
    done = lists.carry_out_whole(planned, actor=actor)
    lists.tell_of_list(planned.organisation_id, lists.outcome(planned, done), actor=actor)
    return done + [item for item in planned.items if item.outcome in ("same", "error")]


def run_list(context: JobContext) -> Finish | None:
    """The job: plan a kept list and, but for a dry run, carry it out."""
    list_id, dry_run = context.args["list"], context.args["dry_run"]
    row = db.session.get(Sync, list_id)
    if row is None or row.state != "working":
        return None
    result, rows, where = dict(row.result), row.rows, row.organisation_id
    created_by = row.created_by_id
    try:
        actor = SYSTEM if created_by is None else actor_for_person(created_by)
        planned = services.plan(rows, where, result["mode"], actor=actor)
        again = "counts_at_start" in result
        if not again and result.get("digest", planned.digest()) != planned.digest():
            raise lists.changed_meanwhile()
        if not again and not dry_run:
            lists.refuse_unconfirmed(planned, confirmed=context.args["confirmed"])
    except Refused as error:
        refusal = error.refusals[0].message.as_dict()
        return _ended(list_id, result | {"refusal": refusal})
    except LookupError:  # whoever sent the list may not sign in any more
        return _ended(list_id, result)
    if dry_run:
        told = lists.shown(planned)
        done = lists.outcome(planned, (), carried_out=False) | {"items": told["items"]}
        return lambda: lists.finish_list(list_id, done, actor=actor)
    kept = _kept(result, planned)

    def within(done: int, total: int) -> None:
        lists.note_progress(list_id, kept | {"done": done, "total": total})

    with unit_of_work():
        within(0, max(1, planned.counts["come"]))
    found = carry_out_in_pieces(planned, actor=actor, progress=context.progress, within=within)
    final = lists.outcome(planned, found)
    # A second try finds done what the first one did: the counts are those of the first.
    lost = final["counts"]["error"] - planned.counts["error"]
    if again:
        final["counts"] = kept["counts_at_start"] | {
            "error": kept["counts_at_start"]["error"] + lost
        }
    return lambda: lists.finish_list(list_id, final, actor=actor)


def _kept(result: dict[str, Any], planned: Plan) -> dict[str, Any]:
    """What stays beside the progress: no names, they stand in the rows."""
    return {
        "mode": planned.mode,
        "counts_at_start": result.get("counts_at_start", planned.counts),
    }


def _ended(list_id: int, result: dict[str, Any]) -> Finish:
    """Nothing is done of the list."""
    counts = dict.fromkeys(("come", "move", "change", "leave", "same", "error"), 0)
    nothing = {
        "mode": result["mode"],
        "counts": counts,
        "errors": [],
        "refusal": result.get("refusal"),
        "note": None,
        "carried_out": False,
    }
    return lambda: lists.finish_list(list_id, nothing, actor=SYSTEM)
