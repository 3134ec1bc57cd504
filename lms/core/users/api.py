"""Lists of people over the API: an employer's own system tells who comes, moves and leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint, jsonify, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, LocalisedText, OrganisationFacts
from lms.core.organisations import queries as organisations
from lms.core.refused import Refused
from lms.core.users import queries, services
from lms.core.users.carrying import carry_out_now
from lms.core.users.outcome_words import LIST_FAILED
from lms.core.users.outcomes import Item, Plan, sentence
from lms.core.users.people_lists import AT_ONCE, MOST_ROWS, PeopleList, from_json
from lms.web import access, current_actor, not_found
from lms.web import gettext as _
from lms.web.errors import problem
from lms.web.i18n import local
from lms.work import unit_of_work

blueprint = Blueprint("users_api", __name__, url_prefix="/api/v1")

MOST_BYTES = 12 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    mode: Literal["full", "changes"]
    dry_run: bool
    confirmed: bool
    people: PeopleList


@blueprint.before_request
def longer_bodies() -> None:
    """A list of twenty thousand people is larger than what anybody else sends."""
    if request.endpoint == "users_api.people_sync":
        request.max_content_length = MOST_BYTES


@blueprint.post("/organisations/<key>/people-sync")
@access("people.manage", known="token", rate="api", cache="none")
def people_sync(key: str) -> Response:
    """Send a list of an organisation's people: {"mode": "changes" | "full", "dry_run": bool,
    "confirmed": bool, "rows": [{"employee_number", "email", "name", "language", "function",
    "unit", "manager", "from_day", "to_day", "status"}]}, all values texts or null.

    Up to 200 rows are answered at once with {"mode", "dry_run", "counts", "note", "rows": [{"row",
    "outcome", "employee_number", "reason", "message"}]}; up to 20,000 are answered 202 with the
    address of the outcome in `Location`. A full list that lacks more than a third of the people
    is a problem 409 until it is `confirmed`. Another organisation is 404.
    """
    actor = current_actor()
    where = _organisation(actor, key)
    asked = _asked(_body())
    if asked is None:
        return problem(
            400,
            _("We could not read that"),
            _("Send a JSON object with mode, dry_run and rows; a row is an object of texts."),
        )
    rows = asked.people.rows
    if len(rows) > MOST_ROWS:
        return problem(413, _("That was too much at once"), _("Send at most 20,000 rows."))
    try:
        if len(rows) <= AT_ONCE:
            return _at_once(actor, where, asked)
        with unit_of_work():
            list_key = services.start_list(
                rows,
                where.id,
                asked.mode,
                actor=actor,
                dry_run=asked.dry_run,
                confirmed=asked.confirmed,
            )
    except Refused as error:
        return problem(409, local(error.refusals[0].message))
    response = jsonify(state="working", url=url_for("users_api.people_sync_outcome", key=list_key))
    response.status_code = 202
    response.headers["Location"] = url_for("users_api.people_sync_outcome", key=list_key)
    return response


def _at_once(actor: Actor, where: OrganisationFacts, asked: _Asked) -> Response:
    rows = asked.people.rows
    if asked.dry_run:
        planned = services.plan(rows, where.id, asked.mode, actor=actor)
        return jsonify(_as_json(planned, planned.items, dry_run=True))
    with unit_of_work():
        planned = services.plan(rows, where.id, asked.mode, actor=actor)
        services.refuse_unconfirmed(planned, confirmed=asked.confirmed)
        items = carry_out_now(planned, actor=actor)
    return jsonify(_as_json(planned, items, dry_run=False))


@blueprint.get("/people-syncs/<key>")
@access("people.manage", known="token", rate="api", cache="none")
def people_sync_outcome(key: str) -> Response:
    """How far a long list is: {"state": "working" | "failed" | "done", "mode", "done", "total"};
    when it failed for good also {"message"}, which says what to do; and when it is done {"counts",
    "carried_out", "refusal", "note", "errors": [row ...]}."""
    found = queries.list_by_key(current_actor(), key)
    if found is None:
        not_found()
    result = found.result
    answer: dict[str, Any] = {"key": found.key, "state": found.state, "mode": result["mode"]}
    if found.state != "done":
        answer |= {"done": result.get("done", 0), "total": result.get("total", 0)}
        if found.state == "failed":
            answer["message"] = local(LIST_FAILED)
        return jsonify(answer)
    return jsonify(
        answer
        | {
            "counts": result["counts"],
            "carried_out": result["carried_out"],
            "refusal": _words(result["refusal"]),
            "note": _words(result["note"]),
            "errors": [_row(item) for item in result["errors"]],
        }
    )


def _organisation(actor: Actor, key: str) -> OrganisationFacts:
    found = organisations.facts_by_key(key)
    if found is None or not actor.may(queries.MANAGE, found.id):
        not_found()
    return found


def _body() -> Any:
    """What was sent, or None when it is no JSON that anybody would send."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        return None


def _asked(body: Any) -> _Asked | None:
    if not isinstance(body, dict) or not set(body) <= {"mode", "dry_run", "confirmed", "rows"}:
        return None
    mode, dry_run = body.get("mode"), body.get("dry_run", False)
    confirmed, people = body.get("confirmed", False), from_json(body.get("rows"))
    if mode not in ("full", "changes") or people is None:
        return None
    if not isinstance(dry_run, bool) or not isinstance(confirmed, bool):
        return None
    return _Asked(mode=mode, dry_run=dry_run, confirmed=confirmed, people=people)


def _as_json(planned: Plan, items: Sequence[Item], *, dry_run: bool) -> dict[str, Any]:
    counts: dict[str, int] = dict.fromkeys(planned.counts, 0)
    for item in items:
        counts[item.outcome] += 1
    return {
        "mode": planned.mode,
        "dry_run": dry_run,
        "counts": counts,
        "refusal": local(planned.refusal) if planned.refusal else None,
        "note": local(planned.note) if planned.note else None,
        "rows": [_row(item.as_json()) for item in sorted(items, key=lambda item: item.row)],
    }


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "row": item["row"] or None,
        "outcome": item["outcome"],
        "employee_number": item["employee_number"],
        "reason": item["reason"],
        "message": local(sentence(item["reason"], item["values"])),
    }


def _words(text: Mapping[str, str] | None) -> str | None:
    return local(LocalisedText.from_dict(text)) if text else None
