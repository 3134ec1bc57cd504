"""The workroom of a run: ideas are written and read here, and the facilitator steers it."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    access,
    current_actor,
    done,
    enrolments_by_id,
    local,
    not_found,
    page,
    tell,
    unit_of_work,
)
from lms_challenges import workroom_pages
from lms_challenges.forms.ideas import IdeaForm, revision_of
from lms_challenges.forms.workroom import (
    ClusterForm,
    CriteriaForm,
    MoveIdeasForm,
    PlanForm,
    by_key,
    exercises_form,
    exercises_from,
)
from lms_challenges.queries.ideas import clusters_in_run, ideas_in_run
from lms_challenges.queries.scores import own_scores, scored_by
from lms_challenges.queries.workroom import (
    Room,
    challenges_to_choose,
    is_of_a_company,
    participants,
    room_of,
)
from lms_challenges.remarks import remarks
from lms_challenges.services import ideas as idea_services
from lms_challenges.services import workroom as services
from lms_challenges.services.ideas import Writer
from lms_challenges.stages import STAGE_MOVES, STAGES
from lms_challenges.states import IDEA
from lms_challenges.views.base import blueprint
from lms_challenges.words import _

MOVABLE = ("raw", "clustered", "shortlisted", "sheet", "stored")


def entered(key: str, actor: Actor) -> Room:
    """The workroom, or 404 for who may not see it."""
    room = room_of(key, actor)
    if room is None:
        not_found()
    return room


def led(key: str, actor: Actor) -> Room:
    """The workroom for who leads the run, or 404."""
    room = entered(key, actor)
    if not room.leads:
        not_found()
    return room


# --- ideas ----------------------------------------------------------------------------------------


@blueprint.route("/runs/<key>/ideas", methods=["GET", "POST"])
@access(rate="write")
def ideas(key: str) -> Response:
    """The ideas of a run; who takes part or leads writes some here."""
    actor = current_actor()
    room = entered(key, actor)
    form = None
    if room.takes_part or room.leads:
        form = IdeaForm()
        form.offer(room.facts.challenges, leads=room.leads, voiced=False)
    if request.method == "POST":
        if form is None:
            not_found()
        written = form
        if written.validate_on_submit() and done(written, lambda: _write(room, written, actor)):
            for remark in remarks([written.title.data or "", written.text.data or ""]):
                tell(remark.sentence, "wait")
            tell(_("Your idea is written down."))
            return redirect(url_for("challenges.ideas", key=key), 303)
    found = ideas_in_run(room.run.id)
    values = workroom_pages.overview(
        room,
        found,
        clusters_in_run(room.run.id),
        mine=own_scores(room.run.id, actor.person_id or 0) if _scores(room) else {},
        people=participants(room.run.id) if _awaits(room) else {},
        scored=scored_by([room.run.id]) if _awaits(room) else {},
    )
    return page(
        "challenges/ideas.html",
        status=422 if form is not None and form.submitted else 200,
        room=room,
        form=form if room.facts.writing else None,
        button=Confirm(),
        stages=STAGES,
        states=IDEA,
        **values,
    )


def _scores(room: Room) -> bool:
    return room.takes_part and room.facts.stage == "scoring"


def _awaits(room: Room) -> bool:
    return room.leads and room.facts.stage == "scoring"


def _write(room: Room, form: IdeaForm, actor: Actor) -> None:
    part = room.part
    enrolment_id = part.enrolment_id if part is not None and room.takes_part else None
    enrolments = enrolments_by_id([enrolment_id]) if enrolment_id is not None else {}
    employer = next((one.employer_id for one in enrolments.values()), None)
    with_company = is_of_a_company(actor)
    writer = Writer(enrolment_id=enrolment_id, organisation_id=employer, with_company=with_company)
    idea_services.write_idea(room.run.id, form.values, actor, writer)


@blueprint.post("/runs/<key>/ideas/stage")
@access(rate="write")
def ideas_stage(key: str) -> Response:
    """On to the next stage, or back."""
    actor = current_actor()
    room = led(key, actor)
    form, to = Confirm(), request.form.get("to", "")
    if form.validate_on_submit():
        if to not in STAGE_MOVES:
            not_found()
        if done(form, lambda: services.move_stage(room.run.id, to, actor)):
            tell(_("The group is at: %(stage)s.", stage=local(STAGES[to])))
        for sentence in form.form_errors:
            tell(str(sentence), "wait")
    return redirect(url_for("challenges.ideas", key=key), 303)


# --- what the facilitator prepares ----------------------------------------------------------------


@blueprint.route("/runs/<key>/ideas/plan", methods=["GET", "POST"])
@access(rate="write")
def plan_ideas(key: str) -> Response:
    """Which challenges the run works on, and the question to the group."""
    actor = current_actor()
    room = led(key, actor)
    known = challenges_to_choose(actor, room.run, [one.id for one in room.facts.challenges])
    form = PlanForm()
    form.offer(known, room.facts)

    def save() -> None:
        chosen = [one.id for one in known if one.key in (form.challenges.data or ())]
        services.set_challenges(room.run.id, chosen, actor, state=room.run.state)
        services.write_question(
            room.run.id,
            form.question.data or "",
            form.notes.data or "",
            actor,
            revision=revision_of(form),
        )

    if form.validate_on_submit() and done(form, save):
        tell(_("Written down."))
        return redirect(url_for("challenges.plan_ideas", key=key), 303)
    return page(
        "challenges/ideas_plan.html",
        status=422 if form.submitted else 200,
        room=room,
        form=form,
        known=known,
    )


@blueprint.route("/runs/<key>/ideas/criteria", methods=["GET", "POST"])
@access(rate="write")
def criteria(key: str) -> Response:
    """By what ideas get points; fixed once the group scores."""
    actor = current_actor()
    room = led(key, actor)
    form = CriteriaForm()
    form.offer(room.facts)
    if form.validate_on_submit() and done(
        form,
        lambda: services.set_criteria(
            room.run.id, form.criteria, actor, revision=revision_of(form)
        ),
    ):
        tell(_("Written down."))
        return redirect(url_for("challenges.criteria", key=key), 303)
    return page(
        "challenges/ideas_criteria.html",
        status=422 if form.submitted else 200,
        room=room,
        form=form,
    )


@blueprint.route("/runs/<key>/ideas/exercises", methods=["GET", "POST"])
@access(rate="write")
def exercises(key: str) -> Response:
    """What the facilitator does with the group."""
    actor = current_actor()
    room = led(key, actor)
    form = exercises_form(room.facts.exercises, room.facts.revision)
    if form.validate_on_submit() and done(
        form,
        lambda: services.set_exercises(
            room.run.id,
            exercises_from(form, room.facts.exercises),
            actor,
            revision=revision_of(form),
        ),
    ):
        tell(_("Written down."))
        return redirect(url_for("challenges.exercises", key=key), 303)
    return page(
        "challenges/ideas_exercises.html",
        status=422 if form.submitted else 200,
        room=room,
        form=form,
    )


@blueprint.post("/runs/<key>/ideas/exercises/<name>")
@access(rate="write")
def run_exercise(key: str, name: str) -> Response:
    """The facilitator ticks off an exercise, or takes the tick back."""
    actor = current_actor()
    room = led(key, actor)
    if name not in {one.key for one in room.facts.exercises}:
        not_found()
    if Confirm().validate_on_submit():
        finished = request.form.get("done") == "1"
        with unit_of_work():
            services.tick_exercise(room.run.id, name, finished, actor)
    return redirect(url_for("challenges.ideas", key=key), 303)


# --- clusters -------------------------------------------------------------------------------------


@blueprint.route("/runs/<key>/ideas/clusters", methods=["GET", "POST"])
@access(rate="write")
def clusters(key: str) -> Response:
    """Lay ideas together that belong together: ticks, a choice and a button; or by dragging."""
    actor = current_actor()
    room = led(key, actor)
    found = [idea for idea in ideas_in_run(room.run.id) if idea.state in MOVABLE]
    known = clusters_in_run(room.run.id)
    new = request.method == "POST" and request.form.get("act") == "new"
    cluster_form = ClusterForm() if new or request.method == "GET" else None
    move_form = MoveIdeasForm()
    move_form.offer(found, known)
    if new and cluster_form is not None:
        title = cluster_form.title
        if cluster_form.validate_on_submit() and done(
            cluster_form, lambda: services.add_cluster(room.run.id, title.data or "", actor)
        ):
            return redirect(url_for("challenges.clusters", key=key), 303)
    elif move_form.validate_on_submit():
        keys, into = move_form.ideas.data or [], by_key(known)[move_form.into.data]
        with unit_of_work():
            services.put_into_cluster(room.run.id, keys, into, actor)
        return redirect(url_for("challenges.clusters", key=key), 303)
    wrong = cluster_form if new else move_form
    return page(
        "challenges/ideas_clusters.html",
        status=422 if request.method == "POST" else 200,
        room=room,
        groups=workroom_pages.grouped(found, known),
        known=known,
        wrong=wrong if request.method == "POST" else None,
        cluster_form=cluster_form,
        move_form=move_form,
    )


@blueprint.post("/runs/<key>/ideas/clusters/<cluster_key>")
@access(rate="write")
def change_cluster(key: str, cluster_key: str) -> Response:
    """Rename a cluster or, with `drop`, take it away; its ideas stay."""
    actor = current_actor()
    room = led(key, actor)
    found = next((one for one in clusters_in_run(room.run.id) if one.key == cluster_key), None)
    if found is None:
        not_found()
    if request.form.get("act") == "drop":
        if Confirm().validate_on_submit():
            with unit_of_work():
                services.drop_cluster(room.run.id, found.id, actor)
            tell(_("The cluster is gone. Its ideas are still here."))
        return redirect(url_for("challenges.clusters", key=key), 303)
    form = ClusterForm()
    if form.validate_on_submit():
        with unit_of_work():
            services.rename_cluster(room.run.id, found.id, form.title.data or "", actor)
    else:
        # Of a page that was open too long it is said, and nothing else.
        for sentence in form.form_errors or [said for _field, said in form.error_list()]:
            tell(sentence, "wait")
    return redirect(url_for("challenges.clusters", key=key), 303)
