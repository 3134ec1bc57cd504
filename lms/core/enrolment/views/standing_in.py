"""Who answers for a manager, who takes over a seat, and who answers for the money."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, EnrolmentRequest
from lms.core.catalogue.queries import may_in_run
from lms.core.enrolment import presenting, presenting_people, services
from lms.core.enrolment.forms_manager import (
    CostCentreForm,
    HandOverForm,
    StandInForm,
    hand_over_form,
    stand_in_form,
)
from lms.core.enrolment.queries import Row, colleague_by_email, stands_in
from lms.core.enrolment.queries.leading import Worker, found_or_chosen, leads
from lms.core.enrolment.queries.nominating import (
    colleagues,
    cost_centres_of,
    holds_cost_centre,
    stand_ins_around,
    to_take_over,
)
from lms.core.enrolment.views.base import MANAGE, blueprint, row_or_404, run_of, say_why
from lms.core.organisations.queries import OrganisationCard, card, units_of
from lms.core.refused import Refused, show_in
from lms.core.users.addresses import email_key
from lms.core.users.queries import id_by_email
from lms.db import today
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work

FOUND = 20


# --- standing in --------------------------------------------------------------------------------


@blueprint.route("/team/stand-in", methods=["GET", "POST"])
@access(rate="write")
def stand_in() -> Response:
    """Name somebody who answers for me from one day to another; see who does, and for whom I do."""
    actor = current_actor()
    around = stand_ins_around(actor.person_id)
    may_name = actor.has_reports or holds_cost_centre(actor.person_id)
    if not (may_name or around):
        not_found()
    search = request.values.get("q", "")[:200]
    found = found_or_chosen(
        colleagues(actor),
        search,
        request.form.get("person", ""),
        states=("active",),
        limit=FOUND if may_name else 0,
    )
    form = stand_in_form(presenting_people.choices_of(found), from_day=today())
    if form.validate_on_submit() and may_name and _named(form, found, actor):
        return redirect(url_for("enrolment.stand_in"), 303)
    return page(
        "enrolment/stand_in.html",
        422 if form.submitted else 200,
        form=form,
        may_name=may_name,
        found=found,
        search=search,
        for_me=[
            (one, presenting_people.days_of(one), one.on(today()))
            for one in around
            if one.person_id == actor.person_id
        ],
        by_me=[
            (one, presenting_people.days_of(one), one.on(today()))
            for one in around
            if one.stand_in_id == actor.person_id
        ],
    )


def _named(form: StandInForm, found: Sequence[Worker], actor: Actor) -> bool:
    chosen = next(one for one in found if one.key == form["person"].data)
    if actor.person_id is None or form.from_day.data is None or form.to_day.data is None:
        return False
    try:
        with unit_of_work():
            services.set_stand_in(
                actor.person_id, chosen.id, form.from_day.data, form.to_day.data, actor
            )
    except Refused as refused:
        show_in(form, refused)
        return False
    tell(gettext(_("%(who)s answers for you on those days."), who=chosen.name))
    return True


@blueprint.route("/team/stand-in/<key>/end", methods=["POST"])
@access(rate="write")
def end_stand_in(key: str) -> Response:
    """Nobody answers for me any more."""
    actor = current_actor()
    mine = {
        one.key for one in stand_ins_around(actor.person_id) if one.person_id == actor.person_id
    }
    if key not in mine or actor.person_id is None:
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            services.end_stand_in(key, actor.person_id, actor)
        tell(gettext(_("It is ended. You answer yourself again.")), "info")
    return redirect(url_for("enrolment.stand_in"), 303)


# --- handing over -------------------------------------------------------------------------------


@blueprint.route("/enrolments/<key>/hand-over", methods=["GET", "POST"])
@access(rate="write")
def hand_over(key: str) -> Response:
    """A seat goes to a colleague: for the line manager, who stands in, and who runs it."""
    actor = current_actor()
    row = row_or_404(key, actor)
    if not _may_hand_over(row, actor):
        not_found()
    search = request.values.get("q", "")[:200]
    over = row.enrolment.state != "seated" or row.run_state not in ("open", "closed")
    found: list[Worker] | None = None
    if _sees_colleagues(row, actor):
        chosen = request.form.get("person", "")
        found = found_or_chosen(to_take_over(row.enrolment), search, chosen, limit=FOUND)
        if request.method == "POST" and not found:
            # Sent from a page that has changed: there is somebody to choose, and nothing is lost.
            found = found_or_chosen(to_take_over(row.enrolment), "", chosen, limit=FOUND)
    form = hand_over_form(presenting_people.choices_of(found) if found is not None else None)
    if over:
        form.form_errors.append(
            gettext(_("Only a seat in a run that has not begun can be handed over."))
        )
    elif form.validate_on_submit() and _handed_over(form, found, row, actor):
        if leads(actor, row.enrolment.person_id):
            return redirect(url_for("enrolment.team"), 303)
        return redirect(url_for("enrolment.show", key=key), 303)
    return page(
        "enrolment/hand_over.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        over=over,
        found=found,
        search=search,
        badge=presenting.row_badge(row),
        who=presenting.person_in_words(row),
    )


def _may_hand_over(row: Row, actor: Actor) -> bool:
    facts = row.enrolment
    if facts.person_id == actor.person_id:
        return False
    return (
        (facts.manager_id is not None and stands_in(actor, facts.manager_id))
        or leads(actor, facts.person_id)
        or may_in_run(actor, run_of(row), MANAGE)
    )


def _sees_colleagues(row: Row, actor: Actor) -> bool:
    """May the actor read who works for this employer? Their own colleagues, and whom they manage;
    whoever only runs the course writes a mail."""
    employer = row.enrolment.employer_id
    if employer is None:
        return False
    return employer in actor.organisation_ids or actor.may("people.manage", employer)


def _handed_over(
    form: HandOverForm, found: Sequence[Worker] | None, row: Row, actor: Actor
) -> bool:
    colleague: tuple[int, str] | None = None
    if found is not None:
        chosen = next(one for one in found if one.key == form["person"].data)
        colleague = chosen.id, chosen.name
    else:
        known = colleague_by_email(email_key(form["mail"].data or ""), row.enrolment.employer_id)
        colleague = (known.id, known.name) if known else None
    if colleague is None:
        words = _("Nobody who works there has that mail.")
        form["mail"].errors = [*form["mail"].errors, gettext(words)]
        return False
    person_id, name = colleague
    asked = EnrolmentRequest(
        person_id=person_id,
        run=run_of(row),
        employer_id=row.enrolment.employer_id,
        goal=row.enrolment.goal,
        source="nomination",
        nominated_by_id=actor.person_id,
    )
    reasons = [one for one in services.refusals([asked]) if one.code != "not_open"]
    if reasons:
        say_why(form, reasons)
        return False
    try:
        with unit_of_work():
            services.hand_over(row.enrolment.id, person_id, actor, form.reason.data or "")
    except Refused as refused:
        say_why(form, refused.refusals)
        return False
    tell(gettext(_("%(who)s has the seat now. Both get a mail."), who=name))
    return True


# --- cost centres -------------------------------------------------------------------------------


@blueprint.route("/organisations/<key>/cost-centres", methods=["GET", "POST"])
@access("organisations.manage", rate="write")
def cost_centres(key: str) -> Response:
    """Who answers for the money of an organisation and its units."""
    actor = current_actor()
    place = _organisation_or_404(key, actor)
    form = CostCentreForm()
    units = {unit.key: unit for unit in units_of(place.facts.id, only_active=True)}
    form.unit.choices = [("", gettext(_("The whole organisation")))] + [
        (unit.key, unit.name) for unit in units.values()
    ]
    if form.unit.data in (None, "None"):
        form.unit.data = ""
    if form.validate_on_submit():
        holder_id = id_by_email(actor, email_key(form.holder.data or "") or "")
        if holder_id is None:
            form.holder.errors = [gettext(_("Nobody who works there has that mail."))]
        else:
            unit_id = units[form.unit.data].id if form.unit.data else None
            with unit_of_work():
                services.set_cost_centre(
                    place.facts.id, unit_id, form.code.data or "", holder_id, actor
                )
            tell(gettext(_("Saved.")))
            return redirect(url_for("enrolment.cost_centres", key=key), 303)
    return page(
        "enrolment/cost_centres.html",
        422 if form.submitted else 200,
        organisation=place.facts,
        form=form,
        centres=cost_centres_of(place.facts.id),
    )


@blueprint.route("/organisations/<key>/cost-centres/<centre_key>/end", methods=["POST"])
@access("organisations.manage", rate="write")
def end_cost_centre(key: str, centre_key: str) -> Response:
    """Nobody answers for the money there any more."""
    actor = current_actor()
    place = _organisation_or_404(key, actor)
    if centre_key not in {one.key for one in cost_centres_of(place.facts.id)}:
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            services.end_cost_centre(centre_key, place.facts.id, actor)
        tell(gettext(_("Saved.")))
    return redirect(url_for("enrolment.cost_centres", key=key), 303)


def _organisation_or_404(key: str, actor: Actor) -> OrganisationCard:
    return card(actor, key) or not_found()
