"""On the panel, with a phone in the hand: one form for each company or group."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    EditedMeanwhile,
    Refused,
    RunFacts,
    access,
    current_actor,
    is_of_a_company,
    local,
    marked,
    not_found,
    page,
    runs_by_id,
    show_in,
    tell,
    unit_of_work,
)
from lms_courses.forms.panels import feedback_form
from lms_courses.panel_kinds import COMPANY_ROLE, KINDS, ROLES, SCALES, TEXTS
from lms_courses.queries.panels import (
    PanelFacts,
    Panellist,
    SubjectFacts,
    candidates,
    leads_panel,
    living,
    own_forms,
    panel_by_key,
    panellists,
    subjects_of,
)
from lms_courses.services import panels as services
from lms_courses.views.base import blueprint
from lms_courses.words import _

SAVED_ELSEWHERE = marked("You have saved this on another page meanwhile. What you wrote is below.")


@blueprint.get("/panels/<key>")
@access()
def panel(key: str) -> Response:
    """All whom the panel hears, and how far one is; who leads it is shown the way."""
    actor = current_actor()
    found, run, me = _panel(key, actor)
    if me is None:
        return redirect(url_for("courses.lead_panel", key=key), 303)
    here = living(subjects_of([found.id]), candidates(run))[0]
    mine = own_forms(found.id, actor.person_id)
    return page(
        "courses/panel.html",
        run=run,
        panel=found,
        kind=KINDS[found.kind],
        here=here,
        mine=mine,
        given=len([one for one in here if one.id in mine]),
        barred=me.barred,
    )


@blueprint.route("/panels/<key>/forms/<subject>", methods=["GET", "POST"])
@access(rate="write")
def panel_form(key: str, subject: str) -> Response:
    """The form about one company or group."""
    actor = current_actor()
    found, run, me = _panel(key, actor)
    there = subjects_of([found.id]) if me is not None else ()
    one = next((each for each in there if each.key == subject), None)
    if me is None or one is None:
        not_found()
    here = living(there, candidates(run))[0]
    form = feedback_form(of_company=is_of_a_company(actor.person_id, run.id))
    if not form.submitted and (no := _too_late(found, me, one, here)) is not None:
        tell(local(no.refusals[0].message), "wait")
        return redirect(url_for("courses.panel", key=key), 303)
    mine = own_forms(found.id, actor.person_id)
    if not form.submitted:
        form.fill(mine.get(one.id), next((each.role for each in mine.values()), ""))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.give_feedback(one, run, form.values(), actor, seen=form.seen.data or "")
        except EditedMeanwhile as error:
            form.form_errors.append(_(SAVED_ELSEWHERE))
            form.seen.data = error.current.written_at.isoformat() if error.current else ""
        except Refused as error:
            show_in(form, error)
        else:
            following = next((e for e in here if e.id not in mine and e.id != one.id), None)
            if following is None:
                tell(_("Saved. All have yours now. You can change it until it is sent."))
                return redirect(url_for("courses.panel", key=key), 303)
            tell(_("Saved. Here is the next one."))
            return redirect(url_for("courses.panel_form", key=key, subject=following.key), 303)
    return page(
        "courses/panel_form.html",
        422 if form.submitted else 200,
        run=run,
        panel=found,
        kind=KINDS[found.kind],
        subject=one,
        form=form,
        number=here.index(one) + 1 if one in here else 0,
        total=len(here),
        given=len([each for each in here if each.id in mine]),
        role="" if "role" in form else local(ROLES[COMPANY_ROLE]),
        scales=list(SCALES),
        texts=list(TEXTS),
    )


def _too_late(
    found: PanelFacts, me: Panellist, one: SubjectFacts, here: Sequence[SubjectFacts]
) -> Refused | None:
    """Why there is no form to fill in: it was released, or is not theirs, or they have left."""
    if found.released_at is not None:
        return services.released()
    if me.barred:
        return services.company_barred()
    return None if one in here else services.left(one)


def _panel(key: str, actor: Actor) -> tuple[PanelFacts, RunFacts, Panellist | None]:
    """A panel that the actor is on or leads, its run, and them as one on it; else 404."""
    found = panel_by_key(key)
    if found is None:
        not_found()
    run = runs_by_id([found.run_id])[found.run_id]
    me = next(
        (one for one in panellists(run.id, found.kind) if one.person_id == actor.person_id), None
    )
    if me is None and not leads_panel(actor, run):
        not_found()
    return found, run, me
