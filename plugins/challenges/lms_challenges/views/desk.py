"""The desk: what waits, and one problem with all that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Passage,
    Refused,
    access,
    asked_page,
    current_actor,
    documents_about,
    local,
    not_found,
    now,
    page,
    pager,
    passages,
    show_in,
    tell,
    unit_of_work,
)
from lms_challenges import presenting_problems as presenting
from lms_challenges.clock import zone_of
from lms_challenges.forms.desk import AnswerForm, AskForm, CheckForm, EndForm, SeenForm, end_form
from lms_challenges.queries.challenges import OWN, challenges_found
from lms_challenges.queries.desk import (
    WAITS,
    DeskFacts,
    DeskFilter,
    DeskStep,
    desk,
    desk_problem,
    steps_at_desk,
    voices_at_desk,
)
from lms_challenges.queries.problems import ProblemFacts, problem_by_key, problems_by_id, steps_of
from lms_challenges.queries.seeing import TRIAGE
from lms_challenges.scales import AFFECTED, CHANNELS, CONSEQUENCES, SHOWN
from lms_challenges.services.desk import (
    ENDS,
    SUBJECT,
    ChangedMeanwhile,
    accept_into_new,
    answer,
    ask,
    check,
    move_problem,
)
from lms_challenges.states import PROBLEM, PROBLEM_MOVES
from lms_challenges.views.base import blueprint
from lms_challenges.views.tabs import problem_tabs
from lms_challenges.words import _

MOST_CHALLENGES = 200
"""As many as one can choose from; a problem that belongs to an older one is added there."""


# --- the list -----------------------------------------------------------------------------------


@blueprint.get("/desk")
@access(TRIAGE)
def desk_list() -> Response:
    """What waits for the desk, what is due first on top."""
    actor = current_actor()
    asked = _asked()
    found = desk(actor, asked, asked_page())
    if found is None:
        not_found()
    return page(
        "challenges/desk.html",
        desk=found,
        asked=asked,
        pager=pager(found.number, found.pages),
        tabs=problem_tabs(actor, "desk"),
        waits=WAITS,
        channels=CHANNELS,
        states=PROBLEM,
        moment=now(),
    )


def _asked() -> DeskFilter:
    """What the address asks for; what cannot be meant is left out."""
    waits, channel = request.args.get("waits", ""), request.args.get("channel", "")
    place = request.args.get("organisation", "")
    sound = place.isascii() and place.isdigit() and len(place) < 10
    return DeskFilter(
        waits=waits if waits in WAITS else "unanswered",
        organisation=int(place) if sound else None,
        channel=channel if channel in CHANNELS else "",
        apv=request.args.get("apv") == "1",
        words=request.args.get("q", "")[:200],
    )


# --- one problem --------------------------------------------------------------------------------


@dataclass
class Meanwhile:
    """What a colleague did while this reader wrote something else: both are shown."""

    current: ProblemFacts
    written: Sequence[str]
    step: DeskStep | None = None


@dataclass
class Table:
    """One problem on the table, with the forms that its state allows."""

    facts: DeskFacts
    documents: Sequence[Any]
    found: Mapping[str, Sequence[Passage]]
    checking: CheckForm
    asking: AskForm | None
    ends: Mapping[str, EndForm]
    steps: Sequence[DeskStep] = ()
    meanwhile: Meanwhile | None = None
    open_end: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def problem(self) -> ProblemFacts:
        """The problem, with nothing hidden."""
        return self.facts.problem

    def pieces(self, name: str) -> Sequence[tuple[str, bool]]:
        """A text of the problem in pieces: the words, and whether they look personal."""
        text, reached = getattr(self.problem, name), 0
        pieces: list[tuple[str, bool]] = []
        for passage in self.found[name]:
            pieces += [(text[reached : passage.start], False), (passage.text, True)]
            reached = passage.end
        return [*pieces, (text[reached:], False)]


@blueprint.get("/desk/<key>")
@access(TRIAGE)
def desk_show(key: str) -> Response:
    """A problem with its sender, its way, its voices, and what can be done with it."""
    return _draw(_laid_out(key, current_actor()))


@blueprint.post("/desk/<key>/check")
@access(TRIAGE, rate="write")
def desk_check(key: str) -> Response:
    """Take out what tells who somebody is, and let others read the rest."""
    actor = current_actor()
    table = _laid_out(key, actor)
    form = table.checking
    if not form.validate_on_submit():
        return _draw(table, 422)
    pictures = [one.id for one in table.documents if one.key in form.chosen_pictures]
    release = "keep" not in request.form

    def deed(problem: ProblemFacts) -> None:
        check(problem, actor, taken=form.passages, pictures=pictures, release=release)

    written = [*form.passages]
    return _done(table, form, deed, written) or _back(
        key, _("Others can read it now.") if release else _("Taken out.")
    )


@blueprint.post("/desk/<key>/ask")
@access(TRIAGE, rate="write")
def desk_ask(key: str) -> Response:
    """Ask the sender something."""
    actor = current_actor()
    table = _laid_out(key, actor)
    form = table.asking or AskForm()
    if not form.validate_on_submit():
        return _draw(table, 422)
    question = form.question.data or ""

    def deed(problem: ProblemFacts) -> None:
        ask(problem, question, actor)

    return _done(table, form, deed, [question]) or _back(key, _("Your question is on its way."))


@blueprint.post("/desk/<key>/end/<state>")
@access(TRIAGE, rate="write")
def desk_end(key: str, state: str) -> Response:
    """Give the problem an end, with a reason that the sender reads."""
    if state not in ENDS:
        not_found()
    actor = current_actor()
    table = _laid_out(key, actor)
    # What a colleague has ended meanwhile has no form any more; what was written is shown anyway.
    form = table.ends.get(state) or _end_forms(table.problem, actor, (state,))[state]
    table.open_end = state
    if not form.validate_on_submit():
        return _draw(table, 422)
    new_title = (form.new_title.data or "") if "new_title" in form else ""
    chosen = form.challenge.data if "challenge" in form else ""
    challenges = {one.key: one.id for one in challenges_found("", actor, MOST_CHALLENGES)}

    def deed(problem: ProblemFacts) -> None:
        if new_title and not chosen:
            accept_into_new(problem, new_title, actor, reason=form.reason.data or "")
            return
        move_problem(
            problem,
            state,
            actor,
            reason=form.reason.data or "",
            known_url=(form.known_url.data or "") if "known_url" in form else "",
            wake_on=form.wake_on.data if "wake_on" in form else None,
            challenge_id=challenges.get(chosen or ""),
        )

    return _done(table, form, deed, [form.reason.data or ""]) or _back(
        key, _("The sender is told.") if table.facts.sender_active else _("Saved.")
    )


@blueprint.post("/desk/<key>/again")
@access(TRIAGE, rate="write")
def desk_again(key: str) -> Response:
    """Go on without an answer, or take up now what was put off."""
    actor = current_actor()
    table = _laid_out(key, actor)
    form = SeenForm()
    if not form.validate_on_submit():
        table.refused = list(form.form_errors)
        return _draw(table, 422)

    def deed(problem: ProblemFacts) -> None:
        move_problem(problem, "received", actor)

    return _done(table, form, deed, []) or _back(key, _("It lies on the desk again."))


def _laid_out(key: str, actor: Actor) -> Table:
    """The problem with its forms; 404 for who does not answer it."""
    facts = desk_problem(key, actor)
    if facts is None:
        not_found()
    problem = facts.problem
    documents = documents_about(SUBJECT, [problem.id])
    texts = {"title": problem.title, "what": problem.what, "today": problem.today}
    known = (facts.organisation, facts.unit)
    found = {name: passages(text, known) for name, text in texts.items()}
    checking = CheckForm()
    checking.offer([passage for of_text in found.values() for passage in of_text], documents)
    may_ask = "clarifying" in PROBLEM_MOVES[problem.state] and facts.sender_active
    allowed = [state for state in ENDS if state in PROBLEM_MOVES[problem.state]]
    if problem.merged_into_id is not None:
        allowed = []
    table = Table(
        facts=facts,
        documents=documents,
        found=found,
        checking=checking,
        asking=AskForm() if may_ask else None,
        ends=_end_forms(problem, actor, allowed),
    )
    for form in (table.checking, table.asking):
        if form is not None and not form.submitted:
            form.revision.data = str(problem.revision)
    return table


def _end_forms(
    problem: ProblemFacts, actor: Actor, allowed: Sequence[str]
) -> Mapping[str, EndForm]:
    challenges = challenges_found("", actor, MOST_CHALLENGES) if "accepted" in allowed else ()
    pairs = [(one.key, one.title) for one in challenges if one.whole]
    may_write = actor.may(OWN, problem.organisation_id)
    return {
        state: end_form(state, problem.revision, pairs, may_write=may_write) for state in allowed
    }


def _done(
    table: Table, form: SeenForm, deed: Callable[[ProblemFacts], None], written: Sequence[str]
) -> Response | None:
    """Do it, if the problem still is as the page showed it; None when it is done."""
    problem = table.problem
    try:
        if form.seen_revision != problem.revision:
            raise ChangedMeanwhile(problem)
        with unit_of_work():
            deed(problem)
    except ChangedMeanwhile as error:
        table.meanwhile = Meanwhile(error.current, [text for text in written if text])
        return _draw(_refreshed(table), 409)
    except Refused as refused:
        show_in(form, refused)
        table.refused = form.form_errors
        return _draw(table, 422)
    return None


def _refreshed(table: Table) -> Table:
    """The page after a colleague's deed: as the problem stands now, so that the next press is
    meant; what was written stays in the fields."""
    current = problems_by_id([table.problem.id])[table.problem.id]
    for form in (table.checking, table.asking, *table.ends.values()):
        if form is not None:
            form.revision.data = str(current.revision)
    return table


def _back(key: str, sentence: str) -> Response:
    tell(sentence)
    return redirect(url_for("challenges.desk_show", key=key), 303)


def _draw(table: Table, status: int = 200) -> Response:
    steps = steps_at_desk(table.problem.id)
    if table.meanwhile is not None:
        table.meanwhile.step = next(
            (step for step in reversed(steps) if step.kind in ("state", "question", "merge")), None
        )
    return page(
        "challenges/desk_problem.html",
        status,
        table=table,
        facts=table.facts,
        problem=table.problem,
        steps=steps,
        voices=voices_at_desk(table.problem),
        channels=CHANNELS,
        states=PROBLEM,
        shown=SHOWN,
        affected=", ".join(local(AFFECTED[code]) for code in table.problem.affected),
        consequences=", ".join(local(CONSEQUENCES[code]) for code in table.problem.consequences),
        words=presenting,
        zone=zone_of(table.facts.country),
        merge_url=url_for("challenges.merge", key=table.problem.key),
        moment=now(),
    )


# --- the sender's answer ------------------------------------------------------------------------


@blueprint.route("/problems/<key>/answer", methods=["GET", "POST"])
@access(rate="write")
def answer_question(key: str) -> Response:
    """The sender answers what the desk has asked."""
    actor = current_actor()
    problem = problem_by_key(key, actor)
    if problem is None or problem.sender_id != actor.person_id:
        not_found()
    form = AnswerForm()
    over: list[str] = []
    if form.validate_on_submit():
        try:
            with unit_of_work():
                answer(problem, form.text.data or "", actor)
        except (ChangedMeanwhile, Refused) as error:
            over = _over(error)
        else:
            tell(_("Thank you. Your answer is with those who asked."))
            return redirect(url_for("challenges.problem", key=key), 303)
    question = next(
        (step.text for step in reversed(steps_of(problem.id)) if step.kind == "question"), ""
    )
    return page(
        "challenges/answer.html",
        (409 if over else 422) if form.submitted else 200,
        problem=problem,
        question=question,
        form=form,
        over=over,
    )


def _over(error: ChangedMeanwhile | Refused) -> list[str]:
    if isinstance(error, Refused):
        return [local(refusal.message) for refusal in error.refusals]
    return [_("Something has happened with your problem meanwhile. What you wrote is still here.")]
