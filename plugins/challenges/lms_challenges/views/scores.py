"""Points: each gives them alone, one idea at a time; then everybody reads the result."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import Actor, access, current_actor, done, not_found, page, tell
from lms_challenges import workroom_pages
from lms_challenges.forms.ideas import points_from, score_form
from lms_challenges.queries.ideas import IdeaFacts, ideas_in_run, in_scope
from lms_challenges.queries.scores import own_scores, points_of
from lms_challenges.queries.workroom import Room, participants
from lms_challenges.services import scoring
from lms_challenges.stages import MOST_POINTS
from lms_challenges.states import IDEA
from lms_challenges.views.base import blueprint
from lms_challenges.views.workroom import entered
from lms_challenges.words import _


@blueprint.route("/runs/<key>/ideas/score", methods=["GET", "POST"])
@access(rate="write")
def score(key: str) -> Response:
    """Points for one idea: the one asked for, else the next without any of one's own."""
    actor = current_actor()
    room = entered(key, actor)
    if not room.takes_part:
        not_found()
    scope = [idea for idea in ideas_in_run(room.run.id) if in_scope(room.facts, idea)]
    mine = own_scores(room.run.id, actor.person_id or 0)
    idea = _asked(scope, [one.id for one in scope if one.id not in mine])
    if room.facts.stage != "scoring" or idea is None:
        return _over(room, key, actor)
    form = score_form(room.facts.criteria, mine.get(idea.id, {}))
    form.idea.data = idea.key
    shown = []

    def save() -> None:
        enrolment_id = room.part.enrolment_id if room.part else None
        if enrolment_id is None:
            raise LookupError("nobody to score")
        points = points_from(form, room.facts.criteria)
        shown.append(scoring.score_idea(room.run.id, idea.id, points, enrolment_id, actor))

    if form.validate_on_submit() and done(form, save):
        if shown[-1]:
            tell(_("You were the last one. Now everybody sees the points."))
            return redirect(url_for("challenges.points", key=key), 303)
        left = [one for one in scope if one.id not in mine and one.id != idea.id]
        if left:
            return redirect(url_for("challenges.score", key=key), 303)
        tell(_("You have given points to every idea. The result shows when the others have too."))
        return redirect(url_for("challenges.ideas", key=key), 303)
    number = [one.id for one in scope].index(idea.id)
    return page(
        "challenges/score.html",
        status=422 if form.submitted else 200,
        room=room,
        form=form,
        idea=idea,
        number=number + 1,
        before=scope[number - 1] if number else None,
        after=scope[number + 1] if number + 1 < len(scope) else None,
        scored=len([one for one in scope if one.id in mine]),
        to_score=len(scope),
    )


def _asked(scope: list[IdeaFacts], left: list[int]) -> IdeaFacts | None:
    wanted = request.form.get("idea") or request.args.get("idea", "")
    if wanted:
        return next((one for one in scope if one.key == wanted), None)
    return next((one for one in scope if one.id in left), scope[0] if scope else None)


def _over(room: Room, key: str, actor: Actor) -> Response:
    """There is nothing to score: say why, keep what was typed on the page before."""
    if room.facts.shown:
        sentence = _("The points were shown to everybody, so they can no longer be changed.")
    elif room.facts.stage == "scoring":
        sentence = _("That idea gets no points here: it has gone on, came later or was put aside.")
    else:
        sentence = _("It is not time for points yet. Wait for whoever leads.")
    if request.method == "POST":
        form = score_form((), {})
        form.validate_on_submit()
    tell(sentence, "wait")
    return redirect(url_for("challenges.ideas", key=key), 303)


@blueprint.get("/runs/<key>/ideas/points")
@access()
def points(key: str) -> Response:
    """What the group says together, once it is shown."""
    room = entered(key, current_actor())
    if not room.facts.shown:
        return page("challenges/points_hidden.html", room=room)
    people = participants(room.run.id)
    ranked = workroom_pages.ranking(ideas_in_run(room.run.id), points_of(room.run.id, list(people)))
    return page(
        "challenges/points.html",
        room=room,
        ranked=ranked,
        bars=workroom_pages.bars(ranked, MOST_POINTS),
        width=workroom_pages.CHART_WIDTH,
        row=workroom_pages.ROW,
        most=MOST_POINTS,
        states=IDEA,
    )
