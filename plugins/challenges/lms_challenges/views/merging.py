"""Gathering a problem with another that says the same, and taking it apart again."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import Actor, access, current_actor, done, not_found, organisations_by_id, page, tell
from lms_challenges import presenting_problems as presenting
from lms_challenges.forms.merging import ApartForm, MergeForm
from lms_challenges.queries.merging import Beside, beside
from lms_challenges.queries.problems import ProblemFacts, problem_by_key, problem_with_root
from lms_challenges.queries.seeing import TRIAGE, Reader, may_triage, reader_of
from lms_challenges.services import merging
from lms_challenges.states import PROBLEM_MOVES
from lms_challenges.views.base import blueprint
from lms_challenges.words import _


@blueprint.route("/problems/<key>/merge", methods=["GET", "POST"])
@access(TRIAGE, rate="write")
def merge(key: str) -> Response:
    """Which problem this one is the same as: what is alike stands beside it."""
    actor = current_actor()
    reader = reader_of(actor)
    problem, root = _at_desk(key, actor, reader)
    if problem.merged_into_id is not None:
        return _together(problem, root, ApartForm(), actor, reader)
    form = MergeForm()
    if form.validate_on_submit():
        into = problem_by_key(form.into.data, actor, reader)
        if into is None:
            form.into.errors = [_("That problem is not there any more. Choose another.")]
        elif done(form, _merged(problem, into, actor, form.reason.data or "")):
            tell(_("They are gathered. Whoever told them hears of it."))
            return redirect(url_for("challenges.desk_show", key=problem.key), 303)
    words = request.args.get("q", "")[:100]
    found = beside(problem, actor, reader, words=words)
    form.offer([(one.problem.key, one.problem.title) for one in found.candidates])
    return _page(problem, None, form, found, words)


def _merged(
    problem: ProblemFacts, into: ProblemFacts, actor: Actor, reason: str
) -> Callable[[], None]:
    return lambda: merging.merge(problem.id, into.id, actor, reason)


@blueprint.post("/problems/<key>/unmerge")
@access(TRIAGE, rate="write")
def unmerge(key: str) -> Response:
    """Take a problem out of what it was gathered with."""
    actor = current_actor()
    reader = reader_of(actor)
    problem, root = _at_desk(key, actor, reader)
    form = ApartForm()
    fine = form.validate_on_submit()
    if problem.merged_into_id is None:
        tell(_("It stands by itself already."), "info")
        return redirect(url_for("challenges.merge", key=problem.key), 303)
    if fine and done(form, lambda: merging.unmerge(problem.id, actor, form.reason.data or "")):
        tell(_("It stands by itself again. Whoever told it hears of it."))
        return redirect(url_for("challenges.desk_show", key=problem.key), 303)
    return _together(problem, root, form, actor, reader)


def _at_desk(key: str, actor: Actor, reader: Reader) -> tuple[ProblemFacts, ProblemFacts | None]:
    """A problem of a desk where the actor sits, and what it is part of; else 404."""
    problem, root = problem_with_root(key, actor, reader)
    if problem is None or not may_triage(actor, problem.organisation_id, reader):
        not_found()
    return problem, root


def _together(
    problem: ProblemFacts,
    root: ProblemFacts | None,
    form: ApartForm,
    actor: Actor,
    reader: Reader,
) -> Response:
    return _page(problem, root, form, beside(problem, actor, reader), "")


def _page(
    problem: ProblemFacts,
    root: ProblemFacts | None,
    form: MergeForm | ApartForm,
    found: Beside,
    words: str,
) -> Response:
    shown = [problem, *(one.problem for one in found.candidates), *([root] if root else [])]
    return page(
        "challenges/merge.html",
        422 if form.submitted else 200,
        problem=problem,
        root=root,
        form=form,
        offered=found.candidates,
        q=words,
        may_merge="clustered" in PROBLEM_MOVES[problem.state],
        under=found.under,
        organisations=organisations_by_id([one.organisation_id for one in shown]),
        words=presenting,
    )
