"""Leading a panel: when it is held, who has given what, the summaries, and the release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Confirm,
    EditedMeanwhile,
    Refused,
    RunFacts,
    access,
    current_actor,
    done,
    local,
    not_found,
    now,
    page,
    pressed,
    run_by_key,
    runs_by_id,
    tell,
    unit_of_work,
)
from lms_courses.forms.panels import PanelForm, ReleaseForm, SummaryForm
from lms_courses.panel_kinds import ENOUGH, HIGHEST, KINDS, KINDS_OF, ROLES, SCALES, TEXTS
from lms_courses.queries.panels import (
    FormFacts,
    PanelFacts,
    averages,
    candidates,
    forms_on,
    is_member,
    leads_panel,
    living,
    own_forms,
    panel_by_key,
    panellists,
    panels_in,
    stamp_of,
    subject_by_key,
    subjects_of,
)
from lms_courses.refusing import COLLEAGUE_SAVED
from lms_courses.services import panels as services
from lms_courses.services.panel_release import gaps, release
from lms_courses.views.base import blueprint
from lms_courses.words import _, ngettext


@blueprint.route("/runs/<key>/panels/<kind>", methods=["GET", "POST"])
@access(rate="write")
def set_up_panel(key: str, kind: str) -> Response:
    """Set up a panel of a run, or move it to another day."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or kind not in KINDS_OF.get(run.course_type, ()) or not leads_panel(actor, run):
        not_found()
    found = panels_in([run.id])[run.id].get(kind)
    if found is not None and found.released_at is not None:
        return redirect(url_for("courses.lead_panel", key=found.key), 303)
    form = PanelForm()
    if found is not None and not form.submitted:
        form.fill(found, run.zone)
    if form.validate_on_submit():
        made: list[str] = []
        at = form.held_at(run.zone)
        if done(form, lambda: made.append(services.set_up_panel(run, kind, at, actor))):
            tell(_("Saved. Those on the panel find the form on their first page that day."))
            return redirect(url_for("courses.lead_panel", key=made[-1]), 303)
    return page(
        "courses/panel_set_up.html",
        422 if form.submitted else 200,
        run=run,
        kind=KINDS[kind],
        panel=found,
        form=form,
        heard=candidates(run),
        people=panellists(run.id, kind),
    )


@blueprint.route("/panels/<key>/lead", methods=["GET", "POST"])
@access(rate="write")
def lead_panel(key: str) -> Response:
    """Who has given what, what is missing, and sending it to all."""
    actor = current_actor()
    panel, run = _led(key)
    form = ReleaseForm()
    if form.validate_on_submit():
        seen = form.seen.data or ""
        if done(form, lambda: release(panel, run, actor, seen=seen)):
            tell(_("Sent. All got theirs at the same moment."))
            return redirect(url_for("courses.lead_panel", key=key), 303)
    subjects = subjects_of([panel.id])
    people = panellists(run.id, panel.kind)
    here, gone, new = living(subjects, candidates(run))
    if panel.released_at is not None:  # who leaves now has got theirs, and who comes gets none
        here, gone, new = list(subjects), [], []
    forms = forms_on([one.id for one in here])
    form.seen.data = stamp_of(here, forms)
    return page(
        "courses/panel_lead.html",
        422 if form.submitted else 200,
        run=run,
        panel=panel,
        kind=KINDS[panel.kind],
        form=form,
        here=here,
        gone=gone,
        new=new,
        people=people,
        barred=[one for one in people if one.barred],
        given={one.id: {written.person_id for written in forms[one.id]} for one in here},
        missing=[local(reason.message) for reason in gaps(here, forms)],
        late=panel.released_at is None and now() > panel.release_by,
        gives=any(one.person_id == actor.person_id and not one.barred for one in people),
    )


@blueprint.post("/panels/<key>/take-in")
@access(rate="write")
def take_into_panel(key: str) -> Response:
    """Those who have come since are heard too."""
    actor = current_actor()
    panel, run = _led(key)
    taken: list[int] = []
    if pressed(lambda: taken.append(services.take_in(panel, run, actor))):
        n = taken[-1]
        tell(ngettext("%(n)d is heard too now.", "%(n)d are heard too now.", n))
    return redirect(url_for("courses.lead_panel", key=key), 303)


@blueprint.route("/panels/<key>/summaries/<subject>", methods=["GET", "POST"])
@access(rate="write")
def sum_up(key: str, subject: str) -> Response:
    """What the panel said of one company or group, and the text that sums it up."""
    actor = current_actor()
    panel, run = _led(key)
    found = subject_by_key(subject)
    if found is None or found.panel_id != panel.id:
        not_found()
    forms = forms_on([found.id])[found.id]
    # Who is on the panel writes their own before they read what the others wrote.
    hidden = (
        panel.released_at is None
        and found.id not in own_forms(panel.id, actor.person_id)
        and is_member(run.id, actor.person_id)
    )
    form = SummaryForm()
    if not form.submitted:
        form.seen.data = stamp_of([found])
        form.summary.data = found.summary or ("" if hidden else _draft(forms))
    theirs = ""
    if hidden or panel.released_at is not None:
        Confirm().validate_on_submit()
    elif form.validate_on_submit():
        text, seen = form.summary.data or "", form.seen.data or ""
        try:
            with unit_of_work():
                services.save_summary(found, text, actor, seen=seen)
        except EditedMeanwhile as error:
            form.form_errors.append(_(COLLEAGUE_SAVED))
            theirs, form.seen.data = error.current.summary, stamp_of([error.current])
        except Refused as error:
            form.form_errors += [local(reason.message) for reason in error.refusals]
        else:
            tell(_("Saved. They read it when you send it to all."))
            return redirect(url_for("courses.lead_panel", key=key), 303)
    return page(
        "courses/panel_summary.html",
        422 if form.submitted else 200,
        run=run,
        panel=panel,
        kind=KINDS[panel.kind],
        subject=found,
        form=form,
        theirs=theirs,
        hidden=hidden,
        **answers_of(() if hidden else forms),
    )


def answers_of(forms: Sequence[FormFacts]) -> dict[str, Any]:
    """What a page draws of forms: without names, averages only of enough of them."""
    return {
        "forms": forms,
        "averages": averages(forms),
        "enough": ENOUGH,
        "scales": SCALES,
        "highest": HIGHEST,
        "texts": TEXTS,
        "roles": ROLES,
    }


def _draft(forms: Sequence[FormFacts]) -> str:
    """A summary to begin with: what was written, gathered under the questions."""
    parts = []
    for key, title in TEXTS.items():
        said = [text for one in forms if (text := getattr(one, key).strip())]
        if said:
            parts.append("\n".join([f"{local(title)}:", *(f"- {text}" for text in said)]))
    return "\n\n".join(parts)


def _led(key: str) -> tuple[PanelFacts, RunFacts]:
    """A panel that the reader leads, with its run; else 404."""
    panel = panel_by_key(key)
    run = runs_by_id([panel.run_id])[panel.run_id] if panel is not None else None
    if panel is None or run is None or not leads_panel(current_actor(), run):
        not_found()
    return panel, run
