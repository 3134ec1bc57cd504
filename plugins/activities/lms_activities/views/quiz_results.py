"""How a quiz went: each participant's tries, and what the answers say of the questions."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Confirm,
    EditedMeanwhile,
    Refused,
    access,
    activity_to_mark,
    current_actor,
    enrolments_in_run,
    local,
    not_found,
    page,
    tell,
    unit_of_work,
    works_on,
)
from lms_activities.queries.quiz import attempts_of
from lms_activities.quiz import figures, quiz_from
from lms_activities.services import quiz as services
from lms_activities.views.base import blueprint
from lms_activities.views.quiz import QUIZ
from lms_activities.words import _

IN_CLASS = ("seated", "active", "completed", "not_completed")
MOST = 1000


@blueprint.get("/quiz/<key>/results")
@access()
def quiz_results(key: str) -> Response:
    """Tries and questions of a quiz, for the team of its run."""
    found = activity_to_mark(key, current_actor())
    if found is None or found[0].activity_type != QUIZ:
        not_found()
    activity, run = found
    quiz = quiz_from(activity.content)
    works = {work.enrolment_id: work for work in works_on(activity.id)}
    attempts = attempts_of([work.id for work in works.values()])
    finished = [a for tries in attempts.values() for a in tries if a.finished_at is not None]
    tries = [(a.percent or 0, a.results, a.answers) for a in finished]
    return page(
        "activities/quiz_results.html",
        activity=activity,
        run=run,
        quiz=quiz,
        rows=[
            (row, works.get(row.enrolment.id), attempts.get(works[row.enrolment.id].id, ()))
            if row.enrolment.id in works
            else (row, None, ())
            for row in enrolments_in_run(run.id, IN_CLASS, limit=MOST)
        ],
        items=list(
            zip(quiz.questions, figures([q.key for q in quiz.questions], tries), strict=True)
        ),
        tries=len(finished),
        button=Confirm(),
        title=local(activity.title),
    )


@blueprint.post("/quiz/<key>/another/<work>")
@access(rate="write")
def another_attempt(key: str, work: str) -> Response:
    """One more try for one participant."""
    actor = current_actor()
    found = activity_to_mark(key, actor)
    if found is None or found[0].activity_type != QUIZ:
        not_found()
    theirs = next((one for one in works_on(found[0].id) if one.key == work), None)
    if theirs is None:
        not_found()
    if Confirm().validate_on_submit():
        try:
            with unit_of_work():
                services.give_another(theirs, actor)
            tell(_("They have one more try."))
        except Refused as refused:
            tell(local(refused.refusals[0].message), "wait")
        except EditedMeanwhile:
            tell(_("Something changed just now. Look again."), "wait")
    return redirect(url_for("activities.quiz_results", key=key), 303)
