"""A quiz as who tries it meets it: begin, answer, keep, finish, read how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    Actor,
    Refused,
    access,
    activity_page,
    current_actor,
    local,
    not_found,
    now,
    start_work,
    unit_of_work,
    work_of,
)
from lms_activities.forms.quiz import AnswersForm, in_words
from lms_activities.forms.quiz import place_of as place_given
from lms_activities.queries.quiz import AttemptFacts, attempts_of
from lms_activities.quiz import Question, Quiz, quiz_from
from lms_activities.services import quiz as services
from lms_activities.views.base import blueprint, place_of
from lms_activities.words import _

QUIZ = "quiz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One question of a finished try: what was answered, whether it was right, what is said."""

    question: Question
    right: bool
    answered: Sequence[str]
    solution: Sequence[str]
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What the page shows: the try under way or none, finished ones, how many tries are left (None:
    as many as one likes), and the lines of the last try when they may be seen."""

    quiz: Quiz
    open: AttemptFacts | None
    seconds: int | None
    finished: Sequence[AttemptFacts]
    left: int | None
    lines: Sequence[Line]


@blueprint.route("/quiz/<key>", methods=["GET", "POST"])
@access(rate="write")
def quiz(key: str) -> Response:
    """The page of a quiz, and what its buttons do."""
    actor = current_actor()
    place = _closed_in_time(place_of(key, QUIZ, actor), actor)
    asked = quiz_from(place.activity.content)
    form = AnswersForm()
    if form.submitted:
        if place.enrolment is None:
            not_found()
        if form.validate_on_submit() and _acted(place, asked, form, actor):
            if _wants_data():
                return _data(key, form, kept=True)
            return redirect(url_for("activities.quiz", key=key, _anchor="quiz"), 303)
        if _wants_data():
            return _data(key, form, kept=False)
        place = place_of(key, QUIZ, actor)
    desk = _desk(place, asked, now())
    answers = _answers(desk, form)
    if desk.open is not None:
        form.revision.data = str(desk.open.revision)
    return activity_page(
        "activities/quiz.html",
        place,
        422 if form.submitted else 200,
        desk=desk,
        form=form,
        answers=answers,
        place_given=place_given,
    )


def _acted(place: ActivityPlace, asked: Quiz, form: AnswersForm, actor: Actor) -> bool:
    act = request.form.get("act", "keep")
    try:
        with unit_of_work():
            _do(act, place, asked, form, actor)
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return False
    return True


def _do(act: str, place: ActivityPlace, asked: Quiz, form: AnswersForm, actor: Actor) -> None:
    if place.enrolment is None or place.closed:
        raise services.closed()
    work = start_work(place.activity.id, place.enrolment.id, actor)
    if act == "begin":
        services.begin_attempt(work, asked, actor)
        return
    tries = attempts_of([work.id])[work.id]
    if not tries:
        raise services.closed()
    attempt = tries[-1]
    # Pressing twice finishes once; answers that come to a finished try are not let go unsaid.
    new = act == "keep" or form.seen_revision == attempt.revision
    if attempt.finished_at is None or new:
        given = form.given(attempt.questions, request.form)
        attempt = services.keep_answers(attempt, given, revision=form.seen_revision)
    if act == "finish":
        services.finish_attempt(attempt, asked, actor)


def _closed_in_time(place: ActivityPlace, actor: Actor) -> ActivityPlace:
    """The same place, after a try whose time is over was finished with what was kept."""
    if place.work is None:
        return place
    tries = attempts_of([place.work.id])[place.work.id]
    if not tries or not services.is_over(tries[-1], now()):
        return place
    with unit_of_work():
        services.finish_attempt(tries[-1], quiz_from(place.activity.content), actor)
    return place_of(place.activity.key, QUIZ, actor)


def _desk(place: ActivityPlace, asked: Quiz, moment: datetime) -> Desk:
    tries = attempts_of([place.work.id])[place.work.id] if place.work else ()
    under_way = tries[-1] if tries and tries[-1].finished_at is None else None
    finished = tries[:-1] if under_way else tries
    left = None
    if asked.attempts:
        allowed = asked.attempts + services.extra_attempts(place.work)
        left = max(allowed - len(tries), 0)
    passed = place.work is not None and place.work.state == "accepted"
    told = asked.show == "each" or (asked.show == "last" and (passed or left == 0))
    lines = _lines(finished[-1], told) if finished and under_way is None else ()
    seconds = None
    if under_way and under_way.ends_at:
        seconds = max(int((under_way.ends_at - moment).total_seconds()), 0)
    return Desk(
        quiz=asked, open=under_way, seconds=seconds, finished=finished, left=left, lines=lines
    )


def _lines(attempt: AttemptFacts, told: bool) -> list[Line]:
    found = []
    for question in attempt.questions:
        right = bool(attempt.results.get(question.key))
        found.append(
            Line(
                question=question,
                right=right,
                answered=in_words(question, attempt.answers.get(question.key, ())),
                solution=[local(text) for text in question.solution] if told else (),
                said=local(question.right if right else question.wrong),
            )
        )
    return found


def _answers(desk: Desk, form: AnswersForm) -> Mapping[str, Sequence[str]]:
    """What the fields of the try hold: what was sent just now and not kept, else what is kept."""
    if desk.open is None:
        return {}
    if form.submitted and form.seen_revision == desk.open.revision:
        return form.given(desk.open.questions, request.form)
    return desk.open.answers


def _wants_data() -> bool:
    """Is the page itself asking, to keep answers while somebody thinks?"""
    return request.accept_mimetypes.best == "application/json"


def _data(key: str, form: AnswersForm, *, kept: bool) -> Response:
    place = place_of(key, QUIZ, current_actor())
    attempt = None
    if place.work is not None:
        fresh = work_of(place.activity.id, place.work.enrolment_id)
        tries = attempts_of([fresh.id])[fresh.id] if fresh else ()
        attempt = tries[-1] if tries else None
    answer = jsonify(
        csrf_token=form.csrf_token._value(),
        kept=kept,
        revision=attempt.revision if attempt else 0,
        finished=attempt is None or attempt.finished_at is not None,
        words=_("Your answers are kept.") if kept else " ".join(form.form_errors),
    )
    answer.status_code = 200 if kept else 409
    return answer
