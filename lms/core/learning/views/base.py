"""What the pages of the learning room share."""

from __future__ import annotations

from flask import Blueprint

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import run_to_work_in
from lms.core.enrolment.queries import Row, in_run
from lms.web import not_found
from lms.web.paging import asked_page

TEACH = "learning.teach"
READ_SUMS = "learning.read_sums"
PAGE_SIZE = 100
MOST_AT_ONCE = 2000
IN_CLASS = ("active", "completed", "not_completed", "no_show")

blueprint = Blueprint("learning", __name__)


def run_of(key: str, actor: Actor, permission: str = TEACH) -> RunFacts:
    """The run, if the actor may do this in it; else 404."""
    run = run_to_work_in(key, actor, permission)
    if run is None:
        not_found()
    return run


def page_of(run: RunFacts, states: tuple[str, ...]) -> tuple[list[Row], int, int]:
    """Participants on the page asked for, how many there are in all, and the page's number."""
    number = max(asked_page(), 1)
    rows = in_run(run.id, states, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    if not rows and number > 1:
        number, rows = 1, in_run(run.id, states, limit=PAGE_SIZE)
    return rows, rows[0].of if rows else 0, number
