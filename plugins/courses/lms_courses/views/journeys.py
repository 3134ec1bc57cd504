"""Citizens' journeys: written step by step on a phone, read, looked through."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Confirm,
    access,
    current_actor,
    done,
    not_found,
    page,
    tell,
    way_to_thread,
)
from lms_courses.forms.journeys import journey_form
from lms_courses.forms.looking import revision_of
from lms_courses.queries.journeys import JourneyPlace, journey_place
from lms_courses.queries.staff import StaffRun, staff_run
from lms_courses.services import journeys as services
from lms_courses.views.base import blueprint
from lms_courses.words import _


def placed_journey(key: str) -> JourneyPlace:
    """The journey as the reader meets it, or 404."""
    place = journey_place(key, current_actor())
    if place is None:
        not_found()
    return place


@blueprint.route("/runs/<key>/journeys/new", methods=["GET", "POST"])
@access(rate="write")
def new_journey(key: str) -> Response:
    """Begin a journey in a run that one takes part in, or teaches."""
    actor = current_actor()
    met = staff_run(key, actor)
    if met is None or not (met.at_work or met.teaches):
        not_found()
    form = journey_form()
    if more_asked(form):
        return _form_page(form, met=met)
    made: list[str] = []
    form.look()
    if form.validate_on_submit() and done(
        form,
        lambda: made.append(
            services.write_journey(
                met.run.id,
                met.run.key,
                met.part.enrolment_id if met.at_work and met.part else None,
                form.values(),
                actor,
            )
        ),
    ):
        tell(_("Kept. The run's teachers look it through before others read it."))
        return redirect(url_for("courses.journey", key=made[-1]), 303)
    return _form_page(form, met=met, status=422 if form.submitted else 200)


def more_asked(form: Any) -> bool:
    """Was one more step asked for? Then nothing is checked or kept yet."""
    if not form.submitted or "add" not in request.form:
        return False
    form.calm()
    return not form.stale


@blueprint.get("/journeys/<key>")
@access()
def journey(key: str) -> Response:
    """A journey, with its way to the thread."""
    place = placed_journey(key)
    return page(
        "courses/journey.html",
        place=place,
        journey=place.journey,
        button=Confirm(),
        thread=way_to_thread("journey", key),
    )


@blueprint.route("/journeys/<key>/edit", methods=["GET", "POST"])
@access(rate="write")
def edit_journey(key: str) -> Response:
    """Say it better; it is looked through anew then."""
    actor = current_actor()
    place = placed_journey(key)
    if not place.may_edit:
        not_found()
    form = journey_form(place.journey)
    if more_asked(form):
        return _form_page(form, place=place)
    form.look()
    if form.validate_on_submit() and done(
        form,
        lambda: services.change_journey(
            place.journey, form.values(), actor, revision=revision_of(form)
        ),
    ):
        tell(_("Kept. The run's teachers look it through before others read it."))
        return redirect(url_for("courses.journey", key=key), 303)
    return _form_page(form, place=place, status=422 if form.submitted else 200)


@blueprint.post("/journeys/<key>/check")
@access(rate="write")
def check_journey(key: str) -> Response:
    """Say that nobody can be known from it: now others read it."""
    actor = current_actor()
    place = placed_journey(key)
    if not place.looks_through:
        not_found()
    form = Confirm()
    if form.validate_on_submit() and done(
        form,
        lambda: services.look_through(place, actor, revision=place.journey.revision),
    ):
        tell(_("Looked through. Now others can read it."))
    for _field, sentence in form.error_list():
        tell(sentence, "wait")
    return redirect(url_for("courses.journey", key=key), 303)


def _form_page(
    form: Any,
    *,
    met: StaffRun | None = None,
    place: JourneyPlace | None = None,
    status: int = 200,
) -> Response:
    return page(
        "courses/journey_edit.html",
        status=status,
        form=form,
        run=met.run if met else place.run if place else None,
        place=place,
    )
