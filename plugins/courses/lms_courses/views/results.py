"""Results: written by a group, sent by the teacher, answered by practice."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    RunFacts,
    access,
    current_actor,
    done,
    language,
    not_found,
    page,
    people_by_id,
    runs_by_id,
    tell,
    way_to_thread,
)
from lms_courses.forms.cases import code_of
from lms_courses.forms.students import ResponseForm, ResultForm, SendForm
from lms_courses.queries.case_uses import case_of_run
from lms_courses.queries.results import (
    MOST_SENT,
    ResultFacts,
    hearers,
    reads,
    result_by_key,
    result_of_group,
    results_in,
)
from lms_courses.queries.students import Module, module_of
from lms_courses.result_states import LOOKS, RESPONSES
from lms_courses.services import results as services
from lms_courses.views.base import blueprint
from lms_courses.views.students import met
from lms_courses.words import _


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A result as the reader may read it; `answers`: do they say what became of it?"""

    result: ResultFacts
    run: RunFacts
    group: str
    answers: bool
    own: bool
    teaches: bool


@blueprint.get("/runs/<key>/results")
@access()
def case_results(key: str) -> Response:
    """The results of a run that the reader may read, and what became of them."""
    actor = current_actor()
    module = met(key, actor)
    found = results_in(module)
    own = module.own
    return page(
        "courses/results.html",
        module=module,
        run=module.run,
        found=found,
        groups={id_: one.name for id_, one in module.groups.items()},
        states=RESPONSES,
        looks=LOOKS,
        may_write=own is not None
        and module.works
        and (module.bound or not own.with_nda)
        and all(one.sent_at is None for one in found if one.group_id == own.id),
        written=own is not None and any(one.group_id == own.id for one in found),
        left=max(0, MOST_SENT - sum(one.sent_at is not None for one in found)),
    )


@blueprint.route("/runs/<key>/results/write", methods=["GET", "POST"])
@access(rate="write")
def write_result(key: str) -> Response:
    """A group writes its result."""
    actor = current_actor()
    module = _student(key, actor)
    own = module.own
    may = own is not None and (module.bound or not own.with_nda)
    there = result_of_group(own.id) if own is not None and may else None
    form = ResultForm()
    if there is not None and not form.submitted:
        form.show(there)
    code = code_of(language())

    def act() -> None:
        services.write_result(_student(key, actor), form.values(code), form.seen_revision, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved. You can write on until it is sent."))
        return redirect(url_for("courses.case_results", key=key), 303)
    return page(
        "courses/result_write.html",
        422 if form.submitted else 200,
        form=form,
        module=module,
        run=module.run,
        there=there,
        group=own,
        newer=form.submitted and there is not None and there.revision != form.seen_revision,
    )


@blueprint.route("/runs/<key>/results/send", methods=["GET", "POST"])
@access(rate="write")
def send_results(key: str) -> Response:
    """The teacher chooses up to three results that go to practice."""
    actor = current_actor()
    module = _taught(key, actor)
    unsent = [one for one in results_in(module) if one.sent_at is None]
    form = SendForm()
    form.offer([(one.key, _named(module, one)) for one in unsent])

    def act() -> None:
        chosen = form.results.data or ()
        services.send_results(_taught(key, actor), chosen, bool(form.looked.data), actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Sent. Practice and the groups get a letter."))
        return redirect(url_for("courses.case_results", key=key), 303)
    return page(
        "courses/results_send.html",
        422 if form.submitted else 200,
        form=form,
        run=module.run,
        use=module.use,
        unsent=unsent,
        most=MOST_SENT,
    )


@blueprint.route("/results/<key>", methods=["GET", "POST"])
@access(rate="write")
def result(key: str) -> Response:
    """One result, what became of it, and who taught it; practice answers here."""
    actor = current_actor()
    seen = _read(key, actor)
    found = seen.result
    form = ResponseForm()
    form.offer()
    if not form.submitted:
        form.response.data = found.response or None
        form.reason.data, form.seen.data = found.response_reason, found.stamp
    elif not seen.answers:
        not_found()

    def act() -> None:
        current = _read(key, actor)
        if not current.answers:
            not_found()
        services.respond(
            current.result,
            form.response.data or "",
            form.reason.data or "",
            form.seen.data or "",
            actor,
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved. The group gets a letter."))
        return redirect(url_for("courses.result", key=key), 303)
    if form.submitted:
        found = _read(key, actor).result
    teacher = people_by_id([found.sent_by_id]).get(found.sent_by_id) if found.sent_by_id else None
    return page(
        "courses/result.html",
        422 if form.submitted else 200,
        form=form,
        seen=seen,
        found=found,
        run=seen.run,
        teacher=teacher,
        states=RESPONSES,
        looks=LOOKS,
        thread=way_to_thread("case_result", key) if found.sent_at is not None else None,
    )


def _read(key: str, actor: Actor) -> Read:
    """A result that the reader may read: in their run, or as who told of the need it answers."""
    found = result_by_key(key)
    run = runs_by_id([found.run_id])[found.run_id] if found is not None else None
    if found is None or run is None or not actor.signed_in:
        not_found()
    module = module_of(run, actor)
    if module is not None and reads(found, module):
        group = module.groups.get(found.group_id or 0)
        return Read(
            result=found,
            run=run,
            group=group.name if group is not None else "",
            answers=module.practice and found.sent_at is not None,
            own=module.own is not None and module.own.id == found.group_id,
            teaches=module.teaches,
        )
    if not _hears(found, actor):
        not_found()
    return Read(result=found, run=run, group="", answers=True, own=False, teaches=False)


def _hears(found: ResultFacts, actor: Actor) -> bool:
    case = case_of_run([found.run_id]).get(found.run_id) if found.sent_at is not None else None
    return case is not None and actor.person_id in hearers(case)


def _named(module: Module, found: ResultFacts) -> str:
    group = module.groups.get(found.group_id or 0)
    if group is None:
        return _("%(title)s (the group is gone)", title=found.title)
    if group.with_nda:
        return _("%(title)s (%(group)s, with the agreement)", title=found.title, group=group.name)
    return f"{found.title} ({group.name})"


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
