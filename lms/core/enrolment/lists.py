"""Trying and doing a list of people in pieces that commit, while somebody waits or by a job.

A list of thousands holds nobody up for long, and goes on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable

from lms.contracts import SYSTEM, Actor, Finish, JobContext
from lms.core.catalogue.queries import runs_by_id
from lms.core.enrolment.queries.imports import (
    ImportFacts,
    import_by_id,
    rows_to_do,
    rows_to_try,
)
from lms.core.enrolment.services import importing, run_refusals
from lms.core.users.queries import actor_for_person
from lms.journal import record
from lms.work import unit_of_work

JOB = "enrolment.list"
AT_ONCE = 200
"""Lists of at most so many rows are tried and done while the reader waits; longer ones by a job."""
PIECE = 100

Progress = Callable[[int, int], None]


def nobody_looks(_done: int, _total: int) -> None:
    """Short lists are over before anybody could look how far they are."""


def try_list(found: ImportFacts, progress: Progress = nobody_looks) -> None:
    """Say of every row what would come of it."""
    with unit_of_work():
        importing.forget_trials(found.id)
    forecast = importing.forecast_of(found.run_id)
    closed = run_refusals(runs_by_id([found.run_id])[found.run_id])
    seen: set[int] = set()
    tried = 0
    while rows := rows_to_try(found.id, limit=PIECE):
        results = importing.try_rows(rows, found.run_id, forecast, closed, seen)
        tried += len(rows)
        with unit_of_work():
            importing.write_results(results)
            importing.note_import(found.id, done=tried)
        progress(tried, found.total)
    with unit_of_work():
        importing.note_import(found.id, state="tried", done=0)


def do_list(found: ImportFacts, actor: Actor, progress: Progress = nobody_looks) -> None:
    """Ask for the seats of a list, each row as it was tried or not at all."""
    done = found.done
    while rows := rows_to_do(found.id, limit=PIECE):
        ranks = importing.ranks_of_rows(rows, found.run_id)
        with unit_of_work():
            for row, rank in zip(rows, ranks, strict=True):
                importing.do_row(row, found.run_id, rank, actor)
            done += len(rows)
            importing.note_import(found.id, done=done)
        progress(done, found.total)
    with unit_of_work():
        importing.note_import(found.id, state="done")
        record("enrolment.list_done", "run", found.run_id, actor=actor, data={"import": found.id})


def run_list(context: JobContext) -> Finish | None:
    """The job: try a long list, or do it."""
    found = import_by_id(int(context.args["list"]))
    if found is None:
        return None
    if context.args["step"] == "try" and found.state == "trying":
        try_list(found, context.progress)
    elif context.args["step"] == "do" and found.state == "working":
        do_list(found, _sender(found), context.progress)
    return None


def _sender(found: ImportFacts) -> Actor:
    """Whoever sent the list; the house itself when they have left since they said "do it"."""
    try:
        return SYSTEM if found.created_by_id is None else actor_for_person(found.created_by_id)
    except LookupError:
        return SYSTEM
