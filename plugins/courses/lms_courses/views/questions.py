"""The list of questions to the company: asked by groups, answered once for all of them."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    access,
    asked_page,
    current_actor,
    done,
    not_found,
    page,
    pager,
    tell,
)
from lms_courses.forms.students import AnswerForm, QuestionForm
from lms_courses.queries.questions import (
    QuestionFacts,
    is_readable,
    question_by_key,
    questions_in,
)
from lms_courses.queries.students import Module, module_with
from lms_courses.services import questions as services
from lms_courses.views.base import blueprint
from lms_courses.views.students import met
from lms_courses.words import _

UNANSWERED = "unanswered"


@blueprint.get("/runs/<key>/questions")
@access(rate="search")
def case_questions(key: str) -> Response:
    """What the groups ask and the company answers; all of it or what waits."""
    actor = current_actor()
    module = _asking(key, actor)
    unanswered = request.args.get("show") == UNANSWERED
    found = questions_in(module, actor, unanswered=unanswered, page=asked_page())
    return page(
        "courses/questions.html",
        module=module,
        run=module.run,
        found=found,
        unanswered=unanswered,
        pager=pager(found.number, found.pages),
    )


@blueprint.route("/runs/<key>/questions/ask", methods=["GET", "POST"])
@access(rate="write")
def ask_company(key: str) -> Response:
    """Ask the company."""
    actor = current_actor()
    module = _student(key, actor)
    form = QuestionForm()

    def act() -> None:
        services.ask(_student(key, actor), form.text.data or "", bool(form.personal.data), actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Asked. You get a letter when there is an answer."))
        return redirect(url_for("courses.case_questions", key=key), 303)
    return page(
        "courses/question_ask.html",
        422 if form.submitted else 200,
        form=form,
        module=module,
        run=module.run,
    )


@blueprint.route("/questions/<key>", methods=["GET", "POST"])
@access(rate="write")
def case_question(key: str) -> Response:
    """One question with its answer; the company answers here."""
    actor = current_actor()
    question, module = _seen(key, actor)
    form = AnswerForm()
    if not form.submitted:
        form.answer.data, form.seen.data = question.answer, question.stamp
    elif not module.answers:
        not_found()

    def act() -> None:
        current, place = _seen(key, actor)
        if not place.answers:
            not_found()
        services.answer(current, form.answer.data or "", form.seen.data or "", actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Answered. The group gets a letter."))
        return redirect(url_for("courses.case_questions", key=module.run.key), 303)
    if form.submitted:
        question, _place = _seen(key, actor)
    return page(
        "courses/question.html",
        422 if form.submitted else 200,
        form=form,
        question=question,
        module=module,
        run=module.run,
        group=module.groups.get(question.group_id or 0),
    )


def _asking(key: str, actor: Actor) -> Module:
    module = met(key, actor)
    if module.seat is None and not module.teaches and not module.company:
        not_found()
    return module


def _student(key: str, actor: Actor) -> Module:
    module = met(key, actor)
    if module.seat is None:
        not_found()
    return module


def _seen(key: str, actor: Actor) -> tuple[QuestionFacts, Module]:
    question = question_by_key(key)
    module = module_with(question.run_id, actor) if question is not None else None
    if question is None or module is None or not is_readable(question, module, actor):
        not_found()
    return question, module
