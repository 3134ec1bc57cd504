"""An assignment between two sessions: done at work, and seen by somebody there."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    access,
    current_actor,
    editing,
    not_found,
    record_kind,
    work_of,
)
from lms_activities.assignment import IN_BETWEEN, Task
from lms_activities.forms.assignment import InBetweenForm
from lms_activities.queries.seen import SEEN, links_of
from lms_activities.services.assignment import together_in
from lms_activities.views.assignment import edit_page, participate
from lms_activities.views.base import blueprint, place_of
from lms_activities.views.links import ask, ask_form, take_back


@blueprint.route("/in-between/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def in_between(key: str) -> Response:
    """A task between two sessions for who does it."""
    place = place_of(key, IN_BETWEEN, current_actor())
    work = place.work
    kind = record_kind(work.record_type) if work is not None and work.record_type else None
    return participate(
        place,
        "activities/in_between.html",
        links=links_of(_works_of(place)),
        ask=ask_form(place) if place.may_work and work is not None else None,
        record_kind=kind,
        record_url=url_for(kind.page, key=work.record_key)
        if kind is not None and kind.page and work is not None
        else "",
    )


@blueprint.route("/edit/in-between/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_in_between(key: str) -> Response:
    """What a task between two sessions asks for."""
    edit = editing(key, InBetweenForm)
    if edit.activity.activity_type != IN_BETWEEN:
        not_found()
    return edit_page(edit)


@blueprint.post("/in-between/<key>/seen")
@access(rate="write")
def ask_to_see(key: str) -> Response:
    """Make a link for somebody at work: mailed to the manager, or shown once to be passed on."""
    actor = current_actor()
    place = place_of(key, IN_BETWEEN, actor)
    work = place.work
    if not place.may_work or work is None:
        not_found()
    return ask(place, actor, lambda: work, SEEN)


@blueprint.post("/seen-links/<key>/revoke")
@access(rate="write")
def revoke_seen(key: str) -> Response:
    """Take a link back."""
    return take_back(key, SEEN)


def _works_of(place: ActivityPlace) -> list[int]:
    """The works of the reader and of those they do it with."""
    if place.enrolment is None or place.work is None:
        return []
    together = together_in(Task.of(place.activity), place.enrolment.id)
    others = (work_of(place.activity.id, other) for other in together.enrolment_ids)
    return [place.work.id, *(work.id for work in others if work is not None)]
