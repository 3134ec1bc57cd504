"""A changed routine or a learning note, for who wrote it and for those who teach the run."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import (
    access,
    current_actor,
    may_in_run,
    not_found,
    page,
    people_by_id,
    record_kind,
    runs_by_id,
)
from lms_activities.queries.records import TEACH, record_with_key
from lms_activities.views.base import blueprint


@blueprint.get("/records/<key>")
@access()
def record(key: str) -> Response:
    """One record in the words of who wrote it."""
    actor, found = current_actor(), record_with_key(key)
    if found is None:
        not_found()
    run = runs_by_id([found.run_id])[found.run_id]
    if found.person_id != actor.person_id and not may_in_run(actor, run, TEACH):
        not_found()
    people = people_by_id([found.person_id]) if found.person_id is not None else {}
    return page(
        "activities/record.html",
        record=found,
        run=run,
        kind=record_kind(found.kind),
        who=next((person.name for person in people.values()), ""),
        mine=found.person_id == actor.person_id,
    )
