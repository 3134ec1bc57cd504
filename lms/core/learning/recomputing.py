"""Judging a whole run anew, in pieces that commit: by a job that says how far it is."""

from __future__ import annotations

from lms.contracts import Finish, JobContext
from lms.core.learning.queries.standing import judged_in_run
from lms.core.learning.services.standing import JUDGED, recompute
from lms.work import unit_of_work

PIECE = 100


def run_recompute(context: JobContext) -> Finish | None:
    """The job `learning.recompute`: everybody in the run `args["run"]`. Doing it twice changes
    nothing, so a piece that was done before an interruption costs time only."""
    run_id = int(context.args["run"])
    total = len(judged_in_run(run_id, JUDGED))
    done = last = 0
    while True:
        with unit_of_work():
            looked, last = recompute(run_id, after_id=last, limit=PIECE)
        if not looked:
            break
        done += looked
        context.progress(done, max(done, total))
    context.log(f"{done} judged anew")
    return None
