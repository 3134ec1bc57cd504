"""Seats over the API: the same services, checks and refusals as on the pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, jsonify, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import run_by_key, runs_by_id
from lms.core.enrolment import asking, presenting, services
from lms.core.enrolment.api_parts import (
    as_json,
    conflict,
    done,
    own_row,
    problems,
    row_or_404,
    typed,
    wanted_of_body,
)
from lms.core.enrolment.forms import (
    GOAL_LIMIT,
    KEY,
    PAIR,
    REASON_LIMIT,
    answers_in,
    ask_form,
)
from lms.core.enrolment.queries import (
    approvals_of,
    employment_of,
    join_link,
    mine,
    newest_of,
    waiting_for,
)
from lms.core.enrolment.services import ALREADY
from lms.web import access, current_actor, not_found
from lms.web import gettext as _
from lms.web.i18n import local

blueprint = Blueprint("enrolment_api", __name__, url_prefix="/api/v1")

MOST = 100


# --- one's own seats ----------------------------------------------------------------------------


@blueprint.get("/enrolments")
@access(known="token", rate="api", cache="none")
def enrolments() -> Response:
    """One's own enrolments, live ones first, at most 100.

    Answers {"items": [enrolment ...]}. An enrolment is {"key", "url", "run", "run_url", "title",
    "state", "source", "goal", "answers", "created_at", "answer_due", "place", "approvals",
    "pair"}: `run` is a run's key, `title` has da, sv and en, times are ISO 8601 in UTC or null,
    `answer_due` is until when a yes, a colleague's word or the answer to an offer is waited for,
    `place` is the place on the waiting list or null. `approvals` are {"kind", "state", "due",
    "decided_at"} in order, `state` being coming, open, yes, no or over; `pair` is null or
    {"name", "state"} of the colleague.
    """
    return jsonify(items=as_json(mine(current_actor(), limit=MOST)))


@blueprint.get("/enrolments/<key>")
@access(known="token", rate="api", cache="none")
def enrolment(key: str) -> Response:
    """One enrolment, if it is the reader's to see; else a problem 404."""
    return jsonify(as_json([row_or_404(key)])[0])


@blueprint.post("/runs/<key>/enrolments")
@access("enrolment.request", known="token", rate="api", cache="none")
def ask(key: str) -> Response:
    """Ask for a seat for oneself with {"goal": text, "answers": {"<plugin>.<question>": text},
    "entry_key": text, "invitation": the token of a link, "pair_with": a colleague's mail}; all
    may be left out.

    Answers 201 with the enrolment and its address in `Location`. A problem 422 has "errors":
    [{"field", "message"}], where `field` is one of these names, the name of a question, or null;
    a problem 409 is what stands against it, as {"field": null}; a run nobody may see is 404,
    unless the invitation is to it.
    """
    actor = current_actor()
    if actor.person_id is None:
        not_found()
    sent = wanted_of_body()
    if isinstance(sent, Response):
        return sent
    run = run_by_key(key, actor)
    if run is None and sent.token:
        link = join_link(sent.token)
        if link is not None and link.good and link.run_key == key:
            run = runs_by_id([link.run_id])[link.run_id]
    if run is None:
        not_found()
    terms = presenting.terms_once([run.id])[run.id]
    asked = asking.questions(run, terms)
    job = employment_of(actor.person_id)
    form, _asked = ask_form(
        asked,
        manager_decides=asking.manager_decides(terms),
        wants_key=asking.wants_key(terms, job, actor.person_id, by_link=bool(sent.token)),
        in_pairs=True,
        formdata=typed(sent, asked),
    )
    names = {item.field: item.name for item in asked}
    if not form.validate():
        return problems(422, form, names)
    wanted = asking.Wanted(
        goal=form.goal.data or "",
        answers=answers_in(form, asked),
        token=sent.token,
        entry_key=sent.entry_key,
        pair_with=form[PAIR].data or "",
    )
    _own, reasons = asking.ask(actor, run, terms, job, wanted)
    if reasons:
        codes = {reason.code for reason in reasons}
        for reason in reasons:
            field = reason.code.partition(".")[0]
            if field in (KEY, PAIR) and field in form:
                form[field].errors = [*form[field].errors, local(reason.message)]
            elif (sentence := local(reason.message)) not in form.form_errors:
                form.form_errors.append(sentence)
        return problems(409 if ALREADY in codes else 422, form, names)
    row = newest_of([actor.person_id], [run.id])[actor.person_id, run.id]
    response = jsonify(as_json([row])[0])
    response.status_code = 201
    response.headers["Location"] = url_for("enrolment_api.enrolment", key=row.enrolment.key)
    return response


@blueprint.post("/enrolments/<key>/withdraw")
@access(known="token", rate="api", cache="none")
def withdraw(key: str) -> Response:
    """Leave, with {"reason": text}, which is needed when it is late (a problem 422 for `reason`).

    Answers the enrolment; what cannot be left any more is a problem 409.
    """
    row = own_row(key)

    def act(actor: Actor, sent: Mapping[str, str]) -> None:
        services.withdraw(row.enrolment.id, actor, sent["reason"])

    return done(row, act, {"reason": REASON_LIMIT})


@blueprint.post("/enrolments/<key>/accept")
@access(known="token", rate="api", cache="none")
def accept(key: str) -> Response:
    """Take the seat that is offered. Answers the enrolment; where none is, a problem 409."""
    row = own_row(key)
    return done(row, lambda actor, _sent: services.accept_offer(row.enrolment.id, actor), {})


@blueprint.post("/enrolments/<key>/decline")
@access(known="token", rate="api", cache="none")
def decline(key: str) -> Response:
    """Let the seat go that is offered, with {"reason": text} if one likes. Answers the enrolment;
    where none is offered, a problem 409."""
    row = own_row(key)

    def act(actor: Actor, sent: Mapping[str, str]) -> None:
        services.decline_offer(row.enrolment.id, actor, sent["reason"])

    return done(row, act, {"reason": REASON_LIMIT})


@blueprint.post("/enrolments/<key>/confirm")
@access(known="token", rate="api", cache="none")
def confirm(key: str) -> Response:
    """Say yes to what somebody else has asked for one, with {"goal": text, "answers":
    {"<plugin>.<question>": text}}, as one asks oneself: to going with a colleague, or to being
    nominated where the run has questions (then without a goal). The no is to withdraw.

    Answers the enrolment. A problem 422 has "errors" as when one asks; where nobody waits for the
    reader's word, or not any more, it is a problem 409.
    """
    row = own_row(key)
    sent = wanted_of_body()
    if isinstance(sent, Response):
        return sent
    if not presenting.waits_for_own_word(row):
        return conflict([_("Nobody waits for your yes here, or not any more.")])
    run = runs_by_id([row.enrolment.run_id])[row.enrolment.run_id]
    terms = presenting.terms_once([run.id])[run.id]
    asked = asking.questions(run, terms)
    form, _asked = asking.own_word_form(row.enrolment, run, terms, formdata=typed(sent, asked))
    names = {item.field: item.name for item in asked}
    if not form.validate():
        return problems(422, form, names)
    goal, answers = asking.own_words(row.enrolment, form, asked)
    if reasons := asking.confirming_refusals(row.enrolment, run, goal, answers):
        form.form_errors.extend(dict.fromkeys(local(reason.message) for reason in reasons))
        return problems(422, form, names)

    def act(actor: Actor, _sent: Mapping[str, str]) -> None:
        services.fill_in(row.enrolment.id, actor, goal, answers)
        services.confirm(row.enrolment.id, actor)

    return done(row, act, {})


# --- answering for others -----------------------------------------------------------------------


@blueprint.get("/approvals")
@access(known="token", rate="api", cache="none")
def approvals() -> Response:
    """Requests that wait for the reader's yes, the most urgent first, at most 100.

    Answers {"items": [enrolment ...]}; each has besides "person": {"name", "function", "unit"}.
    """
    rows = waiting_for(current_actor(), limit=MOST)
    items = as_json(rows)
    for row, item in zip(rows, items, strict=True):
        item["person"] = {
            "name": row.person_name,
            "function": row.function.as_dict() if row.function else None,
            "unit": row.unit,
        }
    return jsonify(items=items)


@blueprint.post("/enrolments/<key>/answer")
@access(known="token", rate="api", cache="none")
def answer(key: str) -> Response:
    """Say {"answer": "yes"} or {"answer": "no", "reason": text}; with a yes "goal" adjusts the
    goal and signs it.

    Answers the enrolment. A no without a reason, or another answer, is a problem 422; who is not
    asked for a yes, or not any more, gets a problem 409; what one may not see is 404.
    """
    row, actor = row_or_404(key), current_actor()
    facts = row.enrolment
    asked = approvals_of([facts.id]).get(facts.id, ())
    if facts.state != "awaiting_approval" or not services.approval_to_answer(facts, asked, actor):
        if facts.person_id == actor.person_id:
            not_found()
        return conflict([_("You are not asked for an answer here, or not any more.")])

    def act(actor: Actor, sent: Mapping[str, str]) -> None:
        if sent["answer"] == "yes":
            goal = sent["goal"]
            changed = goal if goal and goal != row.enrolment.goal else None
            services.say_yes(row.enrolment.id, actor, goal=changed)
        else:
            services.say_no(row.enrolment.id, actor, sent["reason"])

    def check(sent: Mapping[str, str]) -> tuple[str, str] | None:
        if sent["answer"] not in ("yes", "no"):
            return "answer", _("Answer yes or no.")
        if sent["answer"] == "no" and not sent["reason"]:
            return "reason", _("Write why not now, so that it can be understood.")
        return None

    limits = {"answer": 3, "goal": GOAL_LIMIT, "reason": REASON_LIMIT}
    return done(row, act, limits, check)
