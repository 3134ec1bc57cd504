"""Building courses: the list, a new course, a version with its state and history, its copies."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, CourseType
from lms.core.acting import done, pressed
from lms.core.catalogue.queries import (
    VersionCard,
    course_plan,
    courses_built_by,
    history_of,
    types_built_by,
    version_card,
)
from lms.core.catalogue.queries.building import BUILD, card_by_id
from lms.core.catalogue.services import (
    approve_version,
    retire_version,
    send_back,
    send_for_review,
)
from lms.core.catalogue.words import type_word
from lms.core.learning import presenting_building as words
from lms.core.learning.forms_building import CopyForm, CourseForm, DecideForm, texts_form
from lms.core.learning.queries.outline import activities_in_version
from lms.core.learning.rules import rule_in_words
from lms.core.learning.services import building as services
from lms.core.learning.views.base import blueprint
from lms.core.organisations.queries import choices_for
from lms.host import current_host
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager


def card_of(key: str, actor: Actor) -> VersionCard:
    """The version, if the actor builds or approves its course; else 404."""
    card = version_card(key, actor)
    if card is None:
        not_found()
    return card


def draft_of(key: str, actor: Actor) -> VersionCard:
    """The version, if the actor may write it: a draft of a course they build; else 404."""
    card = card_of(key, actor)
    if not card.may_change:
        not_found()
    return card


def to_version(key: str) -> Response:
    """To the page of a version."""
    return redirect(url_for("learning.version", key=key), 303)


# --- the list -----------------------------------------------------------------------------------


@blueprint.get("/build")
@access(BUILD, rate="search")
def build() -> Response:
    """The courses that the reader builds or approves, with the state of each version."""
    actor = current_actor()
    state = request.args.get("state", "")
    state = state if state in words.STATE_WORDS else ""
    types = types_built_by(actor)
    course_type = request.args.get("type", "")
    course_type = course_type if course_type in types else ""
    courses = courses_built_by(actor, state=state, course_type=course_type, page=asked_page())
    return page(
        "learning/build.html",
        courses=courses,
        state=state,
        course_type=course_type,
        states=words.STATE_WORDS,
        types=sorted(((key, type_word(key)) for key in types), key=lambda pair: pair[1]),
        type_word=type_word,
        pager=pager(courses.number, courses.pages),
    )


# --- a new course -------------------------------------------------------------------------------


@blueprint.route("/build/new", methods=["GET", "POST"])
@access(BUILD, rate="write")
def build_new() -> Response:
    """A new course of some type: a draft with the phases, modules and rule that the type plans."""
    actor = current_actor()
    owners = choices_for(actor, BUILD)
    plans = {key: owned.item for key, owned in current_host().course_types().items()}
    form = texts_form(CourseForm, {}, 0, list(request.form))
    form.course_type.choices = [
        (key, f"{local(plan.title)}. {local(plan.summary)}") for key, plan in plans.items()
    ]
    form.owner.choices = [(owner.key, owner.name) for owner in owners]
    if not form.submitted:
        form.languages.data = [actor.language]
        form.course_type.data = request.args.get("type")
    if form.validate_on_submit():
        owner_id = next(owner.id for owner in owners if owner.key == form.owner.data)
        made: list[int] = []
        if done(form, lambda: made.append(_create(form, owner_id, actor))):
            tell(gettext(_("The course is there, as a draft.")))
            return to_version(card_by_id(made[0], actor).key)
    return page(
        "learning/build_new.html",
        422 if form.submitted else 200,
        form=form,
        plans=plans,
        owners=owners,
    )


def _create(form: CourseForm, owner_id: int, actor: Actor) -> int:
    plan: CourseType | None = course_plan(str(form.course_type.data))
    if plan is None:
        not_found()
    taught, practised = form.minutes.number, form.practice_minutes.number
    return services.begin_course(
        plan,
        owner_id,
        actor,
        title=form.text("title"),
        lead=form.text("lead"),
        purpose=form.text("purpose"),
        target_group=form.text("target_group"),
        outcomes=form.outcomes(),
        minutes=sum(m.minutes for m in plan.modules) if taught is None else taught,
        practice_minutes=(
            sum(m.between_minutes for m in plan.modules) if practised is None else practised
        ),
        languages=list(form.languages.data or ()),
    )


# --- one version --------------------------------------------------------------------------------


@blueprint.get("/build/version/<key>")
@access()
def version(key: str) -> Response:
    """A version as a whole: its state, what is missing, what it says, and its history."""
    actor = current_actor()
    card = card_of(key, actor)
    activities = activities_in_version(card.id)
    writing = card.state in ("draft", "review")
    return page(
        "learning/build_version.html",
        card=card,
        state=words.STATE_WORDS[card.state],
        states=words.STATE_WORDS,
        said=words.NOTE_WORDS,
        type_word=type_word(card.course_type),
        lacking=words.lacking(card) if writing else [],
        warnings=words.warnings(card, activities) if writing else [],
        moves=words.moves(card, actor.person_id),
        move_words=words.MOVE_WORDS,
        own=card.state == "review" and card.wrote,
        activities=activities,
        rule=rule_in_words(card.rule.conditions),
        history=history_of(card.course_id),
    )


@blueprint.route("/build/version/<key>/state", methods=["GET", "POST"])
@access(rate="write")
def version_state(key: str) -> Response:
    """Send a version for review, back, on to be approved, or retire it."""
    actor = current_actor()
    card = card_of(key, actor)
    offered = words.moves(card, actor.person_id)
    if not offered:
        not_found()
    form = DecideForm(state=request.args.get("to"))
    form.state.choices = [
        (state, f"{gettext(words.MOVE_WORDS[state][0])}. {gettext(words.MOVE_WORDS[state][1])}")
        for state in offered
    ]
    if form.validate_on_submit():
        verb = {
            "review": send_for_review,
            "draft": send_back,
            "approved": approve_version,
            "retired": retire_version,
        }[str(form.state.data)]
        if done(form, lambda: verb(card.id, actor, form.text.data or "")):
            tell(gettext(_("Done.")))
            return to_version(key)
    return page(
        "learning/build_state.html",
        422 if form.submitted else 200,
        card=card,
        form=form,
        state=words.STATE_WORDS[card.state],
        lacking=words.lacking(card) if "review" in offered else [],
        warnings=words.warnings(card, activities_in_version(card.id)),
    )


# --- copies -------------------------------------------------------------------------------------


@blueprint.post("/build/version/<key>/next")
@access(rate="write")
def version_next(key: str) -> Response:
    """The next version of the course, as a draft copied from this one."""
    actor = current_actor()
    card = card_of(key, actor)
    if not card.may_build or card.state not in ("approved", "retired"):
        not_found()
    made: list[int] = []
    if not pressed(lambda: made.append(services.next_version(card.id, actor))):
        return to_version(key)
    tell(gettext(_("The next version is there, as a draft.")))
    return to_version(card_by_id(made[0], actor).key)


@blueprint.route("/build/version/<key>/copy", methods=["GET", "POST"])
@access(rate="write")
def version_copy(key: str) -> Response:
    """A course of one's own that begins as a copy of this version."""
    actor = current_actor()
    card = card_of(key, actor)
    owners = choices_for(actor, BUILD)
    form = CopyForm()
    form.owner.choices = [(owner.key, owner.name) for owner in owners]
    if form.validate_on_submit():
        owner_id = next(owner.id for owner in owners if owner.key == form.owner.data)
        made: list[int] = []
        if done(
            form,
            lambda: made.append(services.copy_course(card.id, card.course_id, owner_id, actor)),
        ):
            tell(gettext(_("The copy is there, as a draft.")))
            return to_version(card_by_id(made[0], actor).key)
    return page(
        "learning/build_copy.html",
        422 if form.submitted else 200,
        card=card,
        form=form,
        owners=owners,
    )
