"""Building a quiz: what it says of itself, and its questions, each on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityFacts,
    Actor,
    Confirm,
    EditedMeanwhile,
    access,
    current_actor,
    editing,
    local,
    not_found,
    page,
    save_activity,
    tell,
    unit_of_work,
    values_of,
)
from lms_activities.forms.quiz import KIND_WORDS, QuizForm, question_form
from lms_activities.quiz import MOST_QUESTIONS, Question, as_stored, missing, quiz_from
from lms_activities.views.base import blueprint, edited
from lms_activities.views.quiz import QUIZ
from lms_activities.words import _


@blueprint.route("/edit/quiz/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_quiz(key: str) -> Response:
    """The quiz itself and the list of its questions."""
    edit = editing(key, QuizForm)
    if edit.activity.activity_type != QUIZ:
        not_found()
    edit.form.offer(edit.version.languages)
    if edit.saved():
        left: Response = edit.left()
        return left
    quiz = quiz_from(edit.activity.content)
    drawn: Response = edit.page(
        "activities/edit_quiz.html",
        quiz=quiz,
        questions=[
            (question, KIND_WORDS[question.kind], missing(question, edit.version.languages))
            for question in quiz.questions
        ],
        button=Confirm(),
    )
    return drawn


@blueprint.route("/edit/quiz/<key>/question/<question>", methods=["GET", "POST"])
@access(rate="write")
def edit_question(key: str, question: str) -> Response:
    """One question; `new` is one that is not there yet."""
    edit = editing(key, QuizForm)
    activity = edit.activity
    if activity.activity_type != QUIZ:
        not_found()
    quiz = quiz_from(activity.content)
    known = next((one for one in quiz.questions if one.key == question), None)
    if known is None and question != "new":
        not_found()
    more = min(int("more" in request.form) * 3, 6) + _sent_rows()
    form = question_form(known, edit.version.languages, activity.revision, more)
    meanwhile = False
    if form.submitted and "more" not in request.form and form.validate_on_submit():
        if known is None and len(quiz.questions) >= MOST_QUESTIONS:
            form.form_errors.append(
                _("A quiz has at most %(n)d questions. Make another quiz.", n=MOST_QUESTIONS)
            )
        else:
            written = form.question()
            questions = [written if one.key == written.key else one for one in quiz.questions] + (
                [] if known else [written]
            )
            if _kept(activity, questions, edit.actor, form.seen_revision):
                tell(_("The question is kept."))
                if "next" in request.form:
                    return redirect(
                        url_for("activities.edit_question", key=key, question="new"), 303
                    )
                return redirect(url_for("activities.edit_quiz", key=key), 303)
            meanwhile = True
            form.revision.data = str(edited(key, QUIZ, edit.actor).revision)
    return page(
        "activities/edit_question.html",
        409 if meanwhile else (422 if form.submitted else 200),
        activity=activity,
        form=form,
        question=known,
        number=next(
            (n for n, one in enumerate(quiz.questions, 1) if known and one.key == known.key),
            len(quiz.questions) + 1,
        ),
        meanwhile=meanwhile,
        pools=sorted(quiz.pools),
        title=local(activity.title),
    )


def _sent_rows() -> int:
    """Rows beyond the first four that the page already had."""
    rows = sum(name.startswith("option_") for name in request.form)
    languages = len({name[-2:] for name in request.form if name.startswith("option_")}) or 1
    return max(rows // languages - 4, 0)


@blueprint.post("/edit/quiz/<key>/question/<question>/<act>")
@access(rate="write")
def move_question(key: str, question: str, act: str) -> Response:
    """Up, down or out."""
    actor = current_actor()
    activity = edited(key, QUIZ, actor)
    questions = list(quiz_from(activity.content).questions)
    place = next((n for n, one in enumerate(questions) if one.key == question), None)
    if place is None or act not in ("up", "down", "out"):
        not_found()
    if Confirm().validate_on_submit():
        taken = questions.pop(place)
        if act != "out":
            questions.insert(max(place - 1, 0) if act == "up" else place + 1, taken)
        if not _kept(activity, questions, actor, activity.revision):
            tell(_("Somebody else changed the quiz just now. Look again."), "wait")
    return redirect(url_for("activities.edit_quiz", key=key, _anchor="questions"), 303)


def _kept(
    activity: ActivityFacts, questions: Sequence[Question], actor: Actor, revision: int
) -> bool:
    """Write the questions; False when somebody saved the quiz meanwhile."""
    content = {**activity.content, "questions": [as_stored(_plain(q)) for q in questions]}
    try:
        with unit_of_work():
            save_activity(activity, values_of(activity), content, actor, revision=revision)
    except EditedMeanwhile:
        return False
    return True


def _plain(question: Question) -> Question:
    """A question as it is stored in a quiz: an order stands in its right order."""
    return replace(question, order=tuple(o.key for o in question.options) if question.order else ())
