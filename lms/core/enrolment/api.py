"""Seats over the API: the same services, checks and refusals as on the pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.core.catalogue.queries import run_by_key
from lms.core.enrolment import asking
from lms.core.enrolment.forms import AskForm, answers_in, ask_form
from lms.core.enrolment.queries import Row, employment_of, mine, newest_of, row_by_key
from lms.core.enrolment.services import ALREADY
from lms.web import access, current_actor, not_found
from lms.web import gettext as _
from lms.web.errors import problem
from lms.web.i18n import local

blueprint = Blueprint("enrolment_api", __name__, url_prefix="/api/v1")

MOST = 100


@blueprint.get("/enrolments")
@access(known="token", rate="api", cache="none")
def enrolments() -> Response:
    """One's own enrolments, live ones first, at most 100.

    Answers {"items": [enrolment ...]}. An enrolment is {"key", "url", "run", "run_url", "title",
    "state", "goal", "answers", "created_at", "answer_due", "place"}: `run` is a run's key, `title`
    has da, sv and en, times are ISO 8601 in UTC or null, `place` is the place on the waiting list
    or null.
    """
    return jsonify(items=[_as_json(row) for row in mine(current_actor(), limit=MOST)])


@blueprint.get("/enrolments/<key>")
@access(known="token", rate="api", cache="none")
def enrolment(key: str) -> Response:
    """One enrolment, if it is the reader's to see; else a problem 404."""
    row = row_by_key(key, current_actor())
    if row is None:
        not_found()
    return jsonify(_as_json(row))


@blueprint.post("/runs/<key>/enrolments")
@access("enrolment.request", known="token", rate="api", cache="none")
def ask(key: str) -> Response:
    """Ask for a seat for oneself with {"goal": text, "answers": {"<plugin>.<question>": text}}.

    Answers 201 with the enrolment and its address in `Location`. A problem 422 has "errors":
    [{"field", "message"}], where `field` is "goal", the name of a question, or null; a problem 409
    is what stands against it, as {"field": null}; a run nobody may see is 404.
    """
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or actor.person_id is None:
        not_found()
    sent = _plain(_body())
    if sent is None:
        return problem(
            400,
            _("We could not read that"),
            _("Send a JSON object with the text goal and the object answers, of texts."),
        )
    goal, answers = sent
    asked = asking.questions(run)
    typed = MultiDict([("goal", goal)])
    for item in asked:
        typed.add(item.field, answers.get(item.name, ""))
    form, _asked = ask_form(asked, manager_decides=asking.manager_decides(run), formdata=typed)
    if not form.validate():
        names = {item.field: item.name for item in asked}
        return _problems(422, form, names)
    job = employment_of(actor.person_id)
    reasons = asking.ask(actor, run, job, form.goal.data or "", answers_in(form, asked))
    if reasons:
        codes = {reason.code for reason in reasons}
        form.form_errors.extend(dict.fromkeys(local(reason.message) for reason in reasons))
        return _problems(409 if ALREADY in codes else 422, form, {})
    row = newest_of([actor.person_id], [run.id])[actor.person_id, run.id]
    response = jsonify(_as_json(row))
    response.status_code = 201
    response.headers["Location"] = url_for("enrolment_api.enrolment", key=row.enrolment.key)
    return response


def _body() -> Any:
    """What was sent, or None when it is no JSON that anybody would send."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def _plain(body: Any) -> tuple[str, dict[str, str]] | None:
    """Goal and answers, or None when the body has another shape."""
    if not isinstance(body, dict):
        return None
    goal, answers = body.get("goal", ""), body.get("answers", {})
    if not isinstance(goal, str) or not isinstance(answers, dict):
        return None
    if not all(isinstance(text, str) for text in answers.values()):
        return None
    return goal, answers


def _problems(status: int, form: AskForm, names: dict[str, str]) -> Response:
    errors = [
        {"field": names.get(field.short_name, field.short_name) if field else None, "message": text}
        for field, text in form.error_list()
    ]
    return problem(status, _("The seat could not be asked for"), errors=errors)


def _as_json(row: Row) -> dict[str, Any]:
    facts = row.enrolment
    return {
        "key": facts.key,
        "url": url_for("enrolment.show", key=facts.key),
        "run": facts.run_key,
        "run_url": url_for("catalogue.run", key=facts.run_key),
        "title": row.run_title.as_dict(),
        "state": facts.state,
        "goal": facts.goal,
        "answers": dict(facts.answers),
        "created_at": facts.created_at.isoformat(),
        "answer_due": row.answer_due.isoformat() if row.answer_due else None,
        "place": row.place,
    }
