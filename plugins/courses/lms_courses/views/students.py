"""What students agree to before they start, and the groups they work in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    access,
    current_actor,
    done,
    not_found,
    page,
    pressed,
    tell,
)
from lms_courses.case_states import OWNERSHIP
from lms_courses.forms.students import ChooseGroupForm
from lms_courses.queries.ndas import NdaFacts, nda_of_run, ndas_of
from lms_courses.queries.students import (
    GroupAt,
    Module,
    module_at,
    people_of,
)
from lms_courses.services import students as services
from lms_courses.views.base import blueprint
from lms_courses.words import _


def met(key: str, actor: Actor) -> Module:
    """The run as the reader meets it; else 404."""
    module = module_at(key, actor)
    if module is None:
        not_found()
    return module


def of_the_class(key: str, actor: Actor) -> Module:
    """A run in which the reader is a student, or which they teach; else 404."""
    module = met(key, actor)
    if module.seat is None and not module.teaches:
        not_found()
    return module


@blueprint.get("/runs/<key>/case")
@access()
def student_case(key: str) -> Response:
    """In plain words, before they start: who owns what, what is secret, who sees the work, what
    happens to it, and the choice of a group with the agreement or without."""
    actor = current_actor()
    module = of_the_class(key, actor)
    nda = nda_of_run(module.run.id) if module.use is not None else None
    seat = module.seat or 0
    return page(
        "courses/student_case.html",
        module=module,
        run=module.run,
        use=module.use,
        ownership=OWNERSHIP,
        nda=nda,
        said_yes=nda is not None and nda.id in module.signed.get(seat, ()),
        own=module.own,
        may_choose=services.may_choose(module),
    )


@blueprint.post("/runs/<key>/case/agree")
@access(rate="write")
def say_yes_to_nda(key: str) -> Response:
    """A student says yes to the agreement."""
    actor = current_actor()
    _student(key, actor)
    shown = request.form.get("agreement", "")[:40]
    if pressed(lambda: services.say_yes(_student(key, actor), shown, actor)):
        tell(_("You have said yes to the agreement. You can be in a group that works with it."))
    return redirect(url_for("courses.student_case", key=key), 303)


@blueprint.route("/runs/<key>/case/group", methods=["GET", "POST"])
@access(rate="write")
def choose_group(key: str) -> Response:
    """Choose a group without the agreement."""
    actor = current_actor()
    module = _student(key, actor)
    form = ChooseGroupForm()
    form.offer(services.groups_to_choose(module))

    def act() -> None:
        chosen = form.group.data or ""
        name = _("Group without agreement")
        services.choose_group(_student(key, actor), chosen, name, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("You are in the group now. What you said yes to before, you have promised still."))
        return redirect(url_for("courses.student_case", key=key), 303)
    return page(
        "courses/student_group.html",
        422 if form.submitted else 200,
        form=form,
        run=module.run,
        may_choose=services.may_choose(module),
    )


@blueprint.get("/runs/<key>/case/groups")
@access()
def student_groups(key: str) -> Response:
    """The groups and the terms of each, for the team."""
    actor = current_actor()
    module = _taught(key, actor)
    groups = list(module.groups.values())
    people = people_of(groups)
    return page(
        "courses/student_groups.html",
        module=module,
        run=module.run,
        with_agreement=any(one.state != "ended" for one in _agreements(module)),
        groups=[
            (one, [(name, id_ in module.signed) for id_, name in people[one.id].items()])
            for one in groups
        ],
    )


@blueprint.post("/runs/<key>/case/groups/<group_key>")
@access(rate="write")
def group_terms(key: str, group_key: str) -> Response:
    """Set on what terms a group works."""
    actor = current_actor()
    _group(_taught(key, actor), group_key)
    with_nda = request.form.get("terms") == "with"

    def act() -> None:
        module = _taught(key, actor)
        services.set_terms(module, _group(module, group_key), with_nda, actor)

    if pressed(act):
        tell(_("Saved."))
    return redirect(url_for("courses.student_groups", key=key), 303)


def _agreements(module: Module) -> Sequence[NdaFacts]:
    case_id = module.use.case.id if module.use is not None else None
    return ndas_of([case_id])[case_id] if case_id is not None else ()


def _student(key: str, actor: Actor) -> Module:
    module = met(key, actor)
    if module.seat is None:
        not_found()
    return module


def _taught(key: str, actor: Actor) -> Module:
    module = met(key, actor)
    if not module.teaches:
        not_found()
    return module


def _group(module: Module, key: str) -> GroupAt:
    found = next((one for one in module.groups.values() if one.key == key), None)
    if found is None:
        not_found()
    return found
