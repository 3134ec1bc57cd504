"""How the API reads what is sent about seats, and how it answers: what its routes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import jsonify, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.enrolment import asking
from lms.core.enrolment.forms import KEY, PAIR, Asked, AskForm, text_form
from lms.core.enrolment.queries import (
    ApprovalFacts,
    Row,
    approvals_of,
    partners_of,
    row_by_key,
)
from lms.core.refused import Refused
from lms.web import current_actor, not_found
from lms.web import gettext as _
from lms.web.errors import problem
from lms.web.forms import Form
from lms.web.i18n import local
from lms.work import unit_of_work

# --- reading what was sent ----------------------------------------------------------------------


def row_or_404(key: str) -> Row:
    """The enrolment, if the reader may see it; else a problem 404."""
    row = row_by_key(key, current_actor())
    if row is None:
        not_found()
    return row


def own_row(key: str) -> Row:
    """The reader's own enrolment; else a problem 404."""
    row = row_or_404(key)
    if row.enrolment.person_id != current_actor().person_id:
        not_found()
    return row


def _body() -> Any:
    """What was sent, or None when it is no JSON that anybody would send."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def wanted_of_body() -> asking.Wanted | Response:
    """What was sent by who wants a seat, or the problem with another shape."""
    body = _body()
    texts = answers = None
    if isinstance(body, dict):
        texts = [body.get(name, "") for name in ("goal", KEY, "invitation", PAIR)]
        answers = body.get("answers", {})
    if (
        texts is None
        or not isinstance(answers, dict)
        or not all(isinstance(text, str) for text in (*texts, *answers.values()))
    ):
        return problem(
            400,
            _("We could not read that"),
            _("Send a JSON object with the text goal and the object answers, of texts."),
        )
    goal, entry_key, token, pair_with = texts
    return asking.Wanted(
        goal=goal, answers=answers, token=token, entry_key=entry_key, pair_with=pair_with
    )


def typed(sent: asking.Wanted, asked: Sequence[Asked]) -> MultiDict[str, str]:
    """The same as if it had been typed into the form with these questions."""
    answers = sent.answers or {}
    fields = [("goal", sent.goal), (KEY, sent.entry_key), (PAIR, sent.pair_with), ("answer", "yes")]
    return MultiDict([*fields, *((item.field, answers.get(item.name, "")) for item in asked)])


def _texts(body: Any, limits: Mapping[str, int]) -> dict[str, str] | Response:
    """The texts that a body may have, checked as in a form; or the problem with it."""
    body = {} if body is None and not request.get_data() else body
    if not isinstance(body, dict) or not all(
        isinstance(body.get(name, ""), str) for name in limits
    ):
        return problem(400, _("We could not read that"), _("Send a JSON object of texts."))
    form = text_form(limits, MultiDict((name, body.get(name, "")) for name in limits))
    if not form.validate():
        return problems(422, form, {})
    return {name: form[name].data or "" for name in limits}


# --- answering ----------------------------------------------------------------------------------


def done(
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
        return problem_at(*wrong)
    try:
        with unit_of_work():
            act(current_actor(), sent)
    except Refused as refused:
        reasons = refused.refusals
        if reasons and all(reason.code == "reason.late" for reason in reasons):
            return problem_at("reason", local(reasons[0].message))
        return conflict([local(reason.message) for reason in reasons])
    return jsonify(as_json([row_or_404(row.enrolment.key)])[0])


def conflict(sentences: Sequence[str]) -> Response:
    """A problem 409: what stands against it as things are now."""
    errors = [{"field": None, "message": sentence} for sentence in sentences]
    return problem(409, _("That cannot be done now"), errors=errors)


def problem_at(field: str, sentence: str) -> Response:
    """A problem 422 with one field of what was sent."""
    errors = [{"field": field, "message": sentence}]
    return problem(422, _("Something is missing"), errors=errors)


def problems(status: int, form: Form, names: Mapping[str, str]) -> Response:
    """What a form has against what was sent; `names` are what its fields are called outside."""
    errors = [
        {"field": names.get(field.short_name, field.short_name) if field else None, "message": text}
        for field, text in form.error_list()
    ]
    title = _("The seat could not be asked for")
    if not isinstance(form, AskForm):
        title = _("Something is missing")
    return problem(status, title, errors=errors)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """These enrolments as the API shows them; see `api.enrolments`."""
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
