"""The outline: for who builds a version, for who runs a run, and for who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import ActivityFacts, Actor, CourseSessionFacts, LocalisedText, RunFacts
from lms.core.acting import done
from lms.core.catalogue.queries import (
    VersionFacts,
    course_owner,
    runs_by_id,
    sessions_of,
    version_by_id,
)
from lms.core.enrolment.queries import row_by_key
from lms.core.learning import outlines, services
from lms.core.learning import presenting_modules as lines
from lms.core.learning.editing import outline_url
from lms.core.learning.forms_outline import AddForm, MoveForm, OrderForm
from lms.core.learning.places import BUILD, ENTERED, OVER, activity_to_edit
from lms.core.learning.presenting_outline import editor_url
from lms.core.learning.queries import (
    activities_in_runs,
    marks_of,
    to_mark,
    works_by_enrolment,
)
from lms.core.learning.queries.outline import number_begun, outline_of, version_id_of
from lms.core.learning.services import ActivityValues
from lms.core.learning.views.base import blueprint, run_of
from lms.db import now
from lms.host import current_host
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """An outline on the desk of who builds it. `may_change` is False when it is only read."""

    owner: tuple[str, int]
    version: VersionFacts
    run: RunFacts | None
    may_change: bool
    url: str


@blueprint.route("/build/version/<key>/outline", methods=["GET", "POST"])
@access(rate="write")
def version_outline(key: str) -> Response:
    """What a version consists of; it is changed while it is a draft."""
    actor = current_actor()
    version_id = version_id_of(key)
    if version_id is None:
        not_found()
    version = version_by_id(version_id)
    owner = course_owner(version.course_id)
    builds = actor.may(BUILD, owner)
    if not builds and not actor.may("catalogue.manage", owner):
        not_found()
    desk = Desk(
        owner=("version", version.id),
        version=version,
        run=None,
        may_change=builds and version.state == "draft",
        url=url_for("learning.version_outline", key=key),
    )
    return _build(desk, actor)


@blueprint.route("/teach/<key>/outline", methods=["GET", "POST"])
@access(rate="write")
def run_outline(key: str) -> Response:
    """What a run consists of, for its team."""
    actor = current_actor()
    run = run_of(key, actor)
    desk = Desk(
        owner=("run", run.id),
        version=version_by_id(run.course_version_id),
        run=run,
        may_change=run.state not in OVER,
        url=url_for("learning.run_outline", key=key),
    )
    return _build(desk, actor)


def _build(desk: Desk, actor: Actor) -> Response:
    activities = outline_of(desk.owner)
    sessions = sessions_of([desk.run.id])[desk.run.id] if desk.run else None
    modules = outlines.arranged(desk.version, sessions or (), activities)
    form = _add_form(desk.version)
    if request.method == "POST" and not desk.may_change:
        not_found()
    if "order" in request.form:
        return _order(desk, activities, actor)
    if form.validate_on_submit():
        return _add(desk, form, actor)
    waiting = to_mark([desk.run.id])[desk.run.id] if desk.run else {}
    shown = [activity for activity in activities if activity.state != "withdrawn"]
    return page(
        "learning/outline_build.html",
        422 if form.submitted else 200,
        desk=desk,
        version=desk.version,
        run=desk.run,
        modules=lines.built_modules(modules, waiting, desk.run.zone if desk.run else None),
        withdrawn=[activity for activity in activities if activity.state == "withdrawn"],
        number=len(shown),
        hours=outlines.hours(desk.version, sessions, activities),
        uncovered=outlines.uncovered(desk.version, activities),
        form=form,
    )


def _add_form(version: VersionFacts) -> AddForm:
    form = AddForm(into=request.args.get("module", ""))
    kinds = [owned.item for owned in current_host().activity_types().values() if owned.item.editor]
    form.activity_type.choices = sorted(
        ((kind.key, local(kind.title)) for kind in kinds), key=lambda pair: pair[1].casefold()
    )
    form.into.choices = [(key, local(title)) for key, title in outlines.modules_of(version)]
    return form


def _add(desk: Desk, form: AddForm, actor: Actor) -> Response:
    kind = current_host().activity_types()[str(form.activity_type.data)].item
    titles = kind.title.as_dict()
    values = ActivityValues(
        title=LocalisedText(**{code: titles[code] for code in desk.version.languages}),
        module=str(form.into.data),
        minutes=kind.minutes,
    )
    made: list[int] = []
    if not done(
        form,
        lambda: made.append(
            services.add_activity(desk.owner, kind.key, values, actor, state="draft")
        ),
    ):
        return redirect(desk.url, 303)
    new = next(activity for activity in outline_of(desk.owner) if activity.id == made[0])
    return redirect(editor_url(new), 303)


def _order(desk: Desk, activities: Sequence[ActivityFacts], actor: Actor) -> Response:
    """A whole order as the script sends it; what was moved last is where the reader goes on."""
    form = OrderForm()
    ids = {activity.key: activity.id for activity in activities}
    known = {module["key"] for module in desk.version.modules}
    places = form.places()
    if form.validate_on_submit() and done(
        form,
        lambda: services.order_activities(
            desk.owner,
            [ids.get(key, 0) for _module, key in places],
            actor,
            modules={ids[key]: module for module, key in places if module in known and key in ids},
        ),
    ):
        here = request.form.get("moved", "")
        return redirect(f"{desk.url}#a-{here}" if here in ids else desk.url, 303)
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(desk.url, 303)


@blueprint.post("/build/activity/<key>/move")
@access(rate="write")
def move_activity(key: str) -> Response:
    """One place up or down; the same button is where the reader goes on."""
    actor = current_actor()
    activity = _editable(key, actor)
    way = request.form.get("way", "")
    form = MoveForm()
    back = outline_url(activity)
    if form.validate_on_submit():
        owner = _owner(activity)
        version, sessions = _surroundings(activity)
        modules = outlines.arranged(version, sessions, outline_of(owner))
        found = outlines.moved(modules, activity.id, way)
        if found is None or done(
            form,
            lambda: services.order_activities(owner, found[0], actor, modules=found[1]),
        ):
            return redirect(f"{back.partition('#')[0]}#{way}-{activity.key}", 303)
    # The first reason is the one to act on: a page that is too old says so before all else.
    for _field, sentence in form.error_list()[:1]:
        tell(sentence, "stop")
    return redirect(back, 303)


@blueprint.route("/build/activity/<key>/take-out", methods=["GET", "POST"])
@access(rate="write")
def take_out(key: str) -> Response:
    """Ask before an activity goes; where somebody has begun, their work stays."""
    actor = current_actor()
    activity = _editable(key, actor)
    form = Confirm()
    back = outline_url(activity).partition("#")[0]
    if form.validate_on_submit() and done(form, lambda: services.take_out(activity, actor)):
        tell(gettext(_("“%(title)s” is taken out."), title=local(activity.title)))
        return redirect(back, 303)
    return page(
        "learning/outline_take_out.html",
        422 if form.submitted else 200,
        activity=activity,
        form=form,
        begun=number_begun(activity.id) if activity.run_id else 0,
        back=back,
    )


@blueprint.post("/build/activity/<key>/put-back")
@access(rate="write")
def put_back(key: str) -> Response:
    """What was taken out of a run is shown again."""
    actor = current_actor()
    activity = activity_to_edit(key, actor)
    if activity is None or activity.state != "withdrawn":
        not_found()
    form = Confirm()
    if form.validate_on_submit() and done(form, lambda: services.put_back(activity, actor)):
        tell(gettext(_("“%(title)s” is shown again."), title=local(activity.title)))
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(outline_url(activity), 303)


def _editable(key: str, actor: Actor) -> ActivityFacts:
    activity = activity_to_edit(key, actor)
    if activity is None or activity.state == "withdrawn":
        not_found()
    return activity


def _owner(activity: ActivityFacts) -> tuple[str, int]:
    if activity.run_id is not None:
        return "run", activity.run_id
    return "version", activity.course_version_id or 0


def _surroundings(
    activity: ActivityFacts,
) -> tuple[VersionFacts, Sequence[CourseSessionFacts]]:
    if activity.run_id is None:
        return version_by_id(activity.course_version_id or 0), ()
    run = runs_by_id([activity.run_id])[activity.run_id]
    return version_by_id(run.course_version_id), sessions_of([run.id])[run.id]


@blueprint.get("/learn/<key>")
@access()
def outline(key: str) -> Response:
    """What somebody's own course consists of, how far they are, and the next step first."""
    actor, moment = current_actor(), now()
    row = row_by_key(key, actor)
    if row is None or row.enrolment.person_id != actor.person_id:
        not_found()
    enrolment = row.enrolment
    works = works_by_enrolment([enrolment.id])[enrolment.id]
    if enrolment.state not in ENTERED and not works:
        return redirect(url_for("enrolment.show", key=key), 303)
    run = runs_by_id([enrolment.run_id])[enrolment.run_id]
    version = version_by_id(run.course_version_id)
    sessions = sessions_of([run.id])[run.id]
    marks = marks_of([enrolment.id])[enrolment.id]
    everything = activities_in_runs([run.id], withdrawn=True, light=True)[run.id]
    activities = lines.for_participant(everything, works, sessions, marks)
    step = outlines.next_step(activities, works, enrolment.state, moment)
    return page(
        "learning/outline.html",
        run=run,
        enrolment=enrolment,
        version=version,
        step=lines.step(step, works, run.zone) if step else None,
        done=outlines.done_of(activities, works),
        hours=outlines.hours(version, sessions, activities),
        modules=lines.own_modules(
            outlines.arranged(version, sessions, activities),
            lines.Reader(
                enrolment=enrolment, works=works, marks=marks, zone=run.zone, moment=moment
            ),
            step,
        ),
    )
