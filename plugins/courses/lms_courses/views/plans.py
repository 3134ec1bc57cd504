"""A company's work in a track, its signed plan, and what hosts say to it."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    EditedMeanwhile,
    Refused,
    RunFacts,
    access,
    current_actor,
    done,
    local,
    marked,
    not_found,
    organisations_by_id,
    page,
    people_by_id,
    pressed,
    run_by_key,
    runs_by_id,
    show_in,
    tell,
    unit_of_work,
)
from lms_courses.forms.plans import (
    CommentForm,
    SignForm,
    claims_form,
    plan_form,
    stamp_of,
)
from lms_courses.plan_rule import last_moment
from lms_courses.plan_template import FIELDS, ROLES, START
from lms_courses.queries.calls import (
    ApplicationFacts,
    company_in_run,
    confirmed_in,
)
from lms_courses.queries.panels import told_by_application
from lms_courses.queries.plans import (
    PlanFacts,
    claims_of,
    plan_by_key,
    plan_of,
    plans_in,
    works_with,
)
from lms_courses.queries.sharing import shared_in
from lms_courses.refusing import COLLEAGUE_SAVED
from lms_courses.services import plans as services
from lms_courses.types import COMPANY
from lms_courses.views.base import blueprint
from lms_courses.words import _

NOT_THAT = marked("A colleague has changed the plan meanwhile. Read it again before you sign.")


@blueprint.get("/runs/<key>/company")
@access()
def track(key: str) -> Response:
    """Everything of the reader's company in a run, and nothing of others."""
    run, company = of_company(key, current_actor())
    written = claims_of([company.id])[company.id]
    return page(
        "courses/track.html",
        run=run,
        company=company,
        claims=len([text for text in written.values() if text]),
        roles=len(ROLES),
        plan=plan_of(company.id),
        shared=shared_in(run.id),
        feedback=told_by_application(company.id),
    )


@blueprint.route("/runs/<key>/claims", methods=["GET", "POST"])
@access(rate="write")
def claims(key: str) -> Response:
    """What the company's solution is worth to citizen, employee and manager."""
    run, company = of_company(key, current_actor())
    form = claims_form()
    there = claims_of([company.id])[company.id]
    if not form.submitted:
        form.fill(there)
    others: list[tuple[str, str]] = []
    if form.validate_on_submit():
        seen = form.seen.data
        try:
            with unit_of_work():
                services.save_claims(
                    company, form.texts(), current_actor(), seen=lambda now: stamp_of(now) == seen
                )
        except EditedMeanwhile as error:
            form.form_errors.append(_(COLLEAGUE_SAVED))
            form.seen.data = stamp_of(error.current)
            others = [(local(title), error.current.get(r, "")) for r, title in ROLES.items()]
        else:
            tell(_("Saved."))
            return redirect(url_for("courses.claims", key=run.key), 303)
    return page(
        "courses/claims.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        roles=list(ROLES),
        others=others,
    )


@blueprint.route("/runs/<key>/plan", methods=["GET", "POST"])
@access(rate="write")
def plan(key: str) -> Response:
    """The company's test plan: written together, then signed."""
    run, company = of_company(key, current_actor())
    found = plan_of(company.id)
    form = plan_form()
    if not form.submitted:
        form.fill(found)
    others: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.save_plan(
                    company,
                    form.content(),
                    form.begins_on.data,
                    current_actor(),
                    revision=form.seen_revision,
                )
        except EditedMeanwhile as error:
            form.form_errors.append(_(COLLEAGUE_SAVED))
            if error.current is not None:
                others = _answers(error.current)
                form.revision.data = str(error.current.revision)
        except Refused as error:
            show_in(form, error)
        else:
            tell(_("Saved. It is a draft until you sign it."))
            return redirect(url_for("courses.plan", key=run.key), 303)
    return page(
        "courses/plan.html",
        422 if form.submitted else 200,
        run=run,
        company=company,
        plan=found,
        form=form,
        fields=[field.key for field in FIELDS],
        others=others,
        answers=_answers(found) if found is not None else [],
        until=last_moment(run),
        **_signed(found),
    )


@blueprint.post("/runs/<key>/plan/sign")
@access(rate="write")
def sign_plan(key: str) -> Response:
    """Sign the plan that the page showed."""
    run, company = of_company(key, current_actor())
    form = SignForm()
    signed = False
    if form.validate_on_submit():
        try:
            signed = done(
                form,
                lambda: services.sign_plan(company, current_actor(), revision=form.seen_revision),
            )
        except EditedMeanwhile:
            form.form_errors.append(_(NOT_THAT))
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    if signed:
        tell(_("Signed. The hosts can read it now, and one of them comments on it."))
    return redirect(url_for("courses.plan", key=run.key), 303)


@blueprint.post("/runs/<key>/plan/take-back")
@access(rate="write")
def take_plan_back(key: str) -> Response:
    """A signed plan becomes a draft again."""
    run, company = of_company(key, current_actor())
    if pressed(lambda: services.take_plan_back(company, current_actor())):
        tell(_("It is a draft again. Sign it when you are done."))
    return redirect(url_for("courses.plan", key=run.key), 303)


# --- for the team -------------------------------------------------------------------------------


@blueprint.get("/runs/<key>/plans")
@access()
def plans(key: str) -> Response:
    """How far each company is."""
    run = run_by_key(key, current_actor())
    if run is None or run.course_type != COMPANY or not works_with(current_actor(), run):
        not_found()
    companies = confirmed_in([run.id])[run.id]
    by_company = {found.application_id: found for found in plans_in([run.id])}
    claimed = claims_of([one.id for one in companies])
    rows = [
        (one, by_company.get(one.id), len([text for text in claimed[one.id].values() if text]))
        for one in companies
    ]
    return page("courses/plans.html", run=run, rows=rows, roles=len(ROLES))


@blueprint.route("/plans/<key>", methods=["GET", "POST"])
@access(rate="write")
def read_plan(key: str) -> Response:
    """One company's plan, for the team of its run; a host comments on it."""
    actor = current_actor()
    found = plan_by_key(key)
    run = runs_by_id([found.run_id])[found.run_id] if found is not None else None
    if found is None or run is None or not works_with(actor, run):
        not_found()
    hosts = [id_ for id_ in run.host_ids if id_ in actor.organisation_ids]
    names = organisations_by_id(hosts)
    form = CommentForm()
    form.host.choices = [(str(id_), names[id_].name) for id_ in hosts]
    may_comment = found.state == "signed" and bool(hosts)
    if not may_comment:
        Confirm().validate_on_submit()
    elif form.validate_on_submit() and done(
        form,
        lambda: services.comment_plan(
            found, run, form.comment.data or "", int(form.host.data), actor
        ),
    ):
        tell(_("Thank you. The company reads it on its page."))
        return redirect(url_for("courses.read_plan", key=key), 303)
    shown = found.state != "draft"
    return page(
        "courses/plan_read.html",
        422 if form.submitted else 200,
        run=run,
        plan=found,
        form=form,
        may_comment=may_comment,
        answers=_answers(found) if shown else [],
        claims=[
            (local(ROLES[role]), text)
            for role, text in claims_of([found.application_id])[found.application_id].items()
            if text
        ],
        **_signed(found),
    )


def of_company(key: str, actor: Actor) -> tuple[RunFacts, ApplicationFacts]:
    """A run in which the actor's company has a place, with its application; else 404."""
    run = run_by_key(key, actor)
    company = None
    if run is not None and run.course_type == COMPANY:
        company = company_in_run(run.id, sorted(actor.organisation_ids))
    if run is None or company is None:
        not_found()
    return run, company


def _answers(found: PlanFacts) -> list[tuple[str, str]]:
    day = found.begins_on.isoformat() if found.begins_on else ""
    return [
        *((local(field.label), found.content.get(field.key, "")) for field in FIELDS),
        (local(START), day),
    ]


def _signed(found: PlanFacts | None) -> dict[str, object]:
    """Who signed and who commented, by name."""
    ids = [found.signed_by_id, found.commented_by_id] if found is not None else []
    people = people_by_id([id_ for id_ in ids if id_ is not None])
    host = found.host_id if found is not None else None
    return {
        "signer": people.get(found.signed_by_id or 0) if found is not None else None,
        "host_name": organisations_by_id([host])[host].name if host is not None else "",
    }
