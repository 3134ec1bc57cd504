"""Seats over the API: the same services, checks and refusals as on the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import run_by_key, runs_by_id
from lms.core.enrolment import asking, presenting, services
from lms.core.enrolment.forms import (
    GOAL_LIMIT,
    KEY,
    PAIR,
    REASON_LIMIT,
    AskForm,
    answers_in,
    ask_form,
    text_form,
)
from lms.core.enrolment.queries import (
    ApprovalFacts,
    Row,
    approvals_of,
    employment_of,
    join_link,
    mine,
    newest_of,
    partners_of,
    row_by_key,
    waiting_for,
)
from lms.core.enrolment.services import ALREADY
from lms.core.refused import Refused
from lms.web import access, current_actor, not_found
from lms.web import gettext as _
from lms.web.errors import problem
from lms.web.forms import Form
from lms.web.i18n import local
from lms.work import unit_of_work

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
    return jsonify(items=_as_json(mine(current_actor(), limit=MOST)))


@blueprint.get("/enrolments/<key>")
@access(known="token", rate="api", cache="none")
def enrolment(key: str) -> Response:
    """One enrolment, if it is the reader's to see; else a problem 404."""
    return jsonify(_as_json([_row(key)])[0])


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
    sent = _plain(_body())
    if sent is None:
        return problem(
            400,
            _("We could not read that"),
            _("Send a JSON object with the text goal and the object answers, of texts."),
        )
    run = run_by_key(key, actor)
    if run is None and sent.token:
        link = join_link(sent.token)
        if link is not None and link.good and link.run_key == key:
            run = runs_by_id([link.run_id])[link.run_id]
    if run is None:
        not_found()
    terms = presenting.terms_once([run.id])[run.id]
    asked = asking.questions(run, terms)
    answers = sent.answers or {}
    typed = MultiDict([("goal", sent.goal), (KEY, sent.entry_key), (PAIR, sent.pair_with)])
    for item in asked:
        typed.add(item.field, answers.get(item.name, ""))
    job = employment_of(actor.person_id)
    form, _asked = ask_form(
        asked,
        manager_decides=asking.manager_decides(terms),
        wants_key=asking.wants_key(terms, job, actor.person_id, by_link=bool(sent.token)),
        in_pairs=True,
        formdata=typed,
    )
    names = {item.field: item.name for item in asked}
    if not form.validate():
        return _problems(422, form, names)
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
        return _problems(409 if ALREADY in codes else 422, form, names)
    row = newest_of([actor.person_id], [run.id])[actor.person_id, run.id]
    response = jsonify(_as_json([row])[0])
    response.status_code = 201
    response.headers["Location"] = url_for("enrolment_api.enrolment", key=row.enrolment.key)
    return response


@blueprint.post("/enrolments/<key>/withdraw")
@access(known="token", rate="api", cache="none")
def withdraw(key: str) -> Response:
    """Leave, with {"reason": text}, which is needed when it is late (a problem 422 for `reason`).

    Answers the enrolment; what cannot be left any more is a problem 409.
    """
    row = _own_row(key)

    def act(actor: Actor, sent: Mapping[str, str]) -> None:
        services.withdraw(row.enrolment.id, actor, sent["reason"])

    return _done(row, act, {"reason": REASON_LIMIT})


@blueprint.post("/enrolments/<key>/accept")
@access(known="token", rate="api", cache="none")
def accept(key: str) -> Response:
    """Take the seat that is offered. Answers the enrolment; where none is, a problem 409."""
    row = _own_row(key)
    return _done(row, lambda actor, _sent: services.accept_offer(row.enrolment.id, actor), {})


@blueprint.post("/enrolments/<key>/decline")
@access(known="token", rate="api", cache="none")
def decline(key: str) -> Response:
    """Let the seat go that is offered, with {"reason": text} if one likes. Answers the enrolment;
    where none is offered, a problem 409."""
    row = _own_row(key)

    def act(actor: Actor, sent: Mapping[str, str]) -> None:
        services.decline_offer(row.enrolment.id, actor, sent["reason"])

    return _done(row, act, {"reason": REASON_LIMIT})


# --- answering for others -----------------------------------------------------------------------


@blueprint.get("/approvals")
@access(known="token", rate="api", cache="none")
def approvals() -> Response:
    """Requests that wait for the reader's yes, the most urgent first, at most 100.

    Answers {"items": [enrolment ...]}; each has besides "person": {"name", "function", "unit"}.
    """
    rows = waiting_for(current_actor(), limit=MOST)
    items = _as_json(rows)
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
    row, actor = _row(key), current_actor()
    facts = row.enrolment
    asked = approvals_of([facts.id]).get(facts.id, ())
    if facts.state != "awaiting_approval" or not services.approval_to_answer(facts, asked, actor):
        if facts.person_id == actor.person_id:
            not_found()
        return _conflict([_("You are not asked for an answer here, or not any more.")])

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
    return _done(row, act, limits, check)


# --- reading what was sent ----------------------------------------------------------------------


def _row(key: str) -> Row:
    row = row_by_key(key, current_actor())
    if row is None:
        not_found()
    return row


def _own_row(key: str) -> Row:
    row = _row(key)
    if row.enrolment.person_id != current_actor().person_id:
        not_found()
    return row


def _body() -> Any:
    """What was sent, or None when it is no JSON that anybody would send."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def _plain(body: Any) -> asking.Wanted | None:
    """What is wanted, or None when the body has another shape."""
    if not isinstance(body, dict):
        return None
    texts = [body.get(name, "") for name in ("goal", KEY, "invitation", PAIR)]
    answers = body.get("answers", {})
    if not isinstance(answers, dict):
        return None
    if not all(isinstance(text, str) for text in (*texts, *answers.values())):
        return None
    goal, entry_key, token, pair_with = texts
    return asking.Wanted(
        goal=goal, answers=answers, token=token, entry_key=entry_key, pair_with=pair_with
    )


def _texts(body: Any, limits: Mapping[str, int]) -> dict[str, str] | Response:
    """The texts that a body may have, checked as in a form; or the problem with it."""
    body = {} if body is None and not request.get_data() else body
    if not isinstance(body, dict) or not all(
        isinstance(body.get(name, ""), str) for name in limits
    ):
        return problem(400, _("We could not read that"), _("Send a JSON object of texts."))
    form = text_form(limits, MultiDict((name, body.get(name, "")) for name in limits))
    if not form.validate():
        return _problems(422, form, {})
    return {name: form[name].data or "" for name in limits}


# --- answering ----------------------------------------------------------------------------------


def _done(
    row: Row,
    act: Callable[[Actor, Mapping[str, str]], object],
    limits: Mapping[str, int],
    check: Callable[[Mapping[str, str]], tuple[str, str] | None] | None = None,
) -> Response:
    """Do one deed on an enrolment and answer how it stands after it."""
    sent = _texts(_body(), limits)
    if isinstance(sent, Response):
        return sent
    if check is not None and (wrong := check(sent)) is not None:
        return _problem_at(*wrong)
    try:
        with unit_of_work():
            act(current_actor(), sent)
    except Refused as refused:
        reasons = refused.refusals
        if reasons and all(reason.code == "reason.late" for reason in reasons):
            return _problem_at("reason", local(reasons[0].message))
        return _conflict([local(reason.message) for reason in reasons])
    return jsonify(_as_json([_row(row.enrolment.key)])[0])


def _conflict(sentences: Sequence[str]) -> Response:
    errors = [{"field": None, "message": sentence} for sentence in sentences]
    return problem(409, _("That cannot be done now"), errors=errors)


def _problem_at(field: str, sentence: str) -> Response:
    errors = [{"field": field, "message": sentence}]
    return problem(422, _("Something is missing"), errors=errors)


def _problems(status: int, form: Form, names: Mapping[str, str]) -> Response:
    errors = [
        {"field": names.get(field.short_name, field.short_name) if field else None, "message": text}
        for field, text in form.error_list()
    ]
    title = _("The seat could not be asked for")
    if not isinstance(form, AskForm):
        title = _("Something is missing")
    return problem(status, title, errors=errors)


def _as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    ids = [row.enrolment.id for row in rows]
    asked, partners = approvals_of(ids), partners_of(ids)
    return [
        _one(row, asked.get(row.enrolment.id, ()), partners.get(row.enrolment.id)) for row in rows
    ]


def _one(
    row: Row, asked: Sequence[ApprovalFacts], partner: tuple[str, str] | None
) -> dict[str, Any]:
    facts = row.enrolment
    return {
        "key": facts.key,
        "url": url_for("enrolment.show", key=facts.key),
        "run": facts.run_key,
        "run_url": url_for("catalogue.run", key=facts.run_key),
        "title": row.run_title.as_dict(),
        "state": facts.state,
        "source": facts.source,
        "goal": facts.goal,
        "answers": dict(facts.answers),
        "created_at": facts.created_at.isoformat(),
        "answer_due": row.answer_due.isoformat() if row.answer_due else None,
        "place": row.place,
        "approvals": [
            {
                "kind": one.kind,
                "state": one.state,
                "due": one.due.isoformat() if one.due else None,
                "decided_at": one.decided_at.isoformat() if one.decided_at else None,
            }
            for one in asked
        ],
        "pair": {"name": partner[0], "state": partner[1]} if partner else None,
    }
