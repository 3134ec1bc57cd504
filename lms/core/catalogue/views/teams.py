"""Who is on a run's team and has which function, for who manages it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.acting import done
from lms.core.catalogue import presenting_team
from lms.core.catalogue.forms import OffTeamForm, TeamForm
from lms.core.catalogue.needs import functions_of
from lms.core.catalogue.queries import organisations_of_run, team_of
from lms.core.catalogue.services import name_for, take_off_team
from lms.core.catalogue.views.base import blueprint, managed
from lms.core.users.addresses import email_key
from lms.core.users.queries.employers import colleague_at
from lms.web import access, current_actor, page, tell
from lms.web import gettext as _


@blueprint.route("/catalogue/<key>/team", methods=["GET", "POST"])
@access(rate="search")
def team(key: str) -> Response:
    """Everybody on the team by what they are there for, and a form that names one more."""
    actor = current_actor()
    run = managed(key, actor)
    choices = presenting_team.choices(functions_of(run.course_type))
    places = organisations_of_run(run.id)
    form = TeamForm(role=request.args.get("role"))
    form.role.choices = choices
    if form.validate_on_submit() and _named(form, run, places, actor):
        tell(_("They are on the team now, and get a mail about it."))
        return redirect(url_for("catalogue.team", key=key), 303)
    return _page(run, form, places, choices)


@blueprint.post("/catalogue/<key>/team/off")
@access(rate="write")
def team_off(key: str) -> Response:
    """Somebody is not on the team as this any more."""
    actor = current_actor()
    run = managed(key, actor)
    form = OffTeamForm()
    if form.validate_on_submit():
        there = {(one.person_key, one.role): one.person_id for one in team_of(run.id)}
        person_id = there.get((form.person.data or "", form.role.data or ""))
        role = form.role.data or ""
        if person_id is None:
            tell(_("They were off the team already."), "info")
        elif done(form, lambda: take_off_team(run.id, person_id, role, actor)):
            tell(_("They are off the team."))
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(url_for("catalogue.team", key=key), 303)


def _named(form: TeamForm, run: RunFacts, places: Mapping[int, str], actor: Actor) -> bool:
    # Only who works at one of the places of the run, or with the reader, is found by an address.
    among = {*places, *actor.organisation_ids}
    person_id = colleague_at(email_key(form.email.data or "") or "", among)
    if person_id is None:
        sentence = _("Nobody with that address works at %(places)s.", places=_said(places))
        form.email.errors = [*form.email.errors, sentence]
        return False
    role = str(form.role.data)
    return done(form, lambda: name_for(run.id, person_id, role, actor))


def _said(places: Mapping[int, str]) -> str:
    return ", ".join(places.values())


def _page(
    run: RunFacts, form: TeamForm, places: Mapping[int, str], choices: list[tuple[str, str]]
) -> Response:
    return page(
        "catalogue/team.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        places=_said(places),
        tasks=presenting_team.tasks(team_of(run.id), functions_of(run.course_type), choices),
    )
