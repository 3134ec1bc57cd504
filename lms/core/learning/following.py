"""What follows by itself: whole runs judged anew, and mirrors asked for when they are due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from lms.contracts import (
    Finish,
    JobContext,
    JobType,
    JournalEntryFacts,
)
from lms.core.learning.queries.outline import activities_by_id
from lms.core.learning.queries.stood import judged_in_run
from lms.core.learning.services.agreeing import ASK, ask_due_follow_ups, ask_follow_up
from lms.core.learning.services.standing import JUDGED, RECOMPUTE, recompute, recompute_later
from lms.work import unit_of_work

PIECE = 100

ABOUT_RUNS = frozenset(
    {"catalogue.session_moved", "catalogue.session_cancelled", "enrolment.active"}
)
ABOUT_ACTIVITIES = frozenset(
    {
        "learning.activity_added",
        "learning.activity_changed",
        "learning.activity_put_back",
        "learning.activity_taken_out",
    }
)


def recompute_what_changed(entries: Sequence[JournalEntryFacts]) -> None:
    """Sessions or activities of a run have changed, or it has begun: everybody in it is judged
    anew, by a job."""
    runs = {int(e.data["run"]) for e in entries if e.verb in ABOUT_RUNS and "run" in e.data}
    about = [entry for entry in entries if entry.verb in ABOUT_ACTIVITIES]
    runs |= {int(entry.data["run"]) for entry in about if entry.data.get("run")}
    unsaid = [entry.subject_id for entry in about if "run" not in entry.data]
    if unsaid:
        runs |= {a.run_id for a in activities_by_id(unsaid).values() if a.run_id is not None}
    for run_id in sorted(runs):
        recompute_later(run_id)


def job_types() -> Sequence[JobType]:
    """The jobs of this part of the room."""
    return (
        JobType(name=RECOMPUTE, run=run_recompute),
        JobType(name="learning.follow_up", run=run_follow_up, every=timedelta(days=1)),
        JobType(name=ASK, run=run_ask),
    )


def run_recompute(context: JobContext) -> Finish | None:
    """The job: judge everybody in the run `args["run"]` anew. Doing it twice changes nothing, so
    what was done before an interruption costs time only."""
    done, changed = judge_run_anew(int(context.args["run"]), context.progress)
    context.log(f"{done} judged anew, {changed} changed")
    return None


def judge_run_anew(run_id: int, progress: Callable[[int, int], object]) -> tuple[int, int]:
    """Judge everybody in a run anew, in pieces that commit; `progress` hears how many of how many
    after each. Returns how many were judged and how many verdicts changed."""
    total = len(judged_in_run(run_id, JUDGED))
    done = changed = last = 0
    while True:
        with unit_of_work():
            piece = recompute(run_id, after_id=last, limit=PIECE)
        if not piece.looked:
            return done, changed
        done, changed, last = done + piece.looked, changed + piece.changed, piece.last_id
        progress(done, max(done, total))


def run_follow_up(context: JobContext) -> Finish:
    """Put the questions that are due today in the queue."""

    def finish() -> None:
        context.log(f"{ask_due_follow_ups()} asked what came of their agreement")

    return finish


def run_ask(context: JobContext) -> Finish:
    """Ask the two of one agreement."""

    def finish() -> None:
        people = ask_follow_up(int(context.args["enrolment"]), int(context.args["turn"]))
        context.log(f"{people} people asked")

    return finish
