"""The catalogue over the API: the same runs as on the pages, for whoever the token acts as."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import CourseSessionFacts, RunFacts
from lms.core.catalogue.asking import as_arguments, asked_filters
from lms.core.catalogue.queries import listed_runs, run_with_partners, sessions_of, version_by_id
from lms.web import access, current_actor, not_found
from lms.web import gettext as _
from lms.web.errors import problem

blueprint = Blueprint("catalogue_api", __name__, url_prefix="/api/v1/runs")

MOST = 100
LAST_PAGE = 100_000


@blueprint.get("")
@access(known="token", rate="api", cache="none")
def runs() -> Response:
    """Runs of the catalogue, in its order.

    Asked with `q`, `type`, `host` (key), `spoken` (da, sv, en), `free=1` as on the page, each but
    `q` and `free` as often as wanted; `page` from 1 and `limit` from 1 to 100 (20).

    Answers {"items": [run ...], "total": n, "page": n, "limit": n, "next": address or null}. A run
    is {"key", "url", "course_type", "title", "lead", "state", "zone", "starts_at", "ends_at",
    "venue", "town", "capacity", "free", "minutes", "practice_minutes", "price", "currency",
    "languages", "hosts", "enrol_until"}: texts are objects with da, sv and en, times are ISO 8601
    in UTC or null, `price` is in whole units and 0 when free of charge. A `page` or `limit` that
    is no such number is a problem 400.
    """
    number, limit = _number("page", 1, LAST_PAGE), _number("limit", 20, MOST)
    if number is None or limit is None:
        return problem(
            400,
            _("That number cannot be used"),
            _("page counts from 1, and limit goes from 1 to %(most)d.", most=MOST),
        )
    filters = asked_filters()
    found, total = listed_runs(filters, current_actor(), limit=limit, offset=(number - 1) * limit)
    following = None
    if number * limit < total:
        arguments: dict[str, Any] = as_arguments(filters) | {"page": number + 1, "limit": limit}
        following = url_for("catalogue_api.runs", **arguments)
    return jsonify(
        items=[_as_json(run) for run in found],
        total=total,
        page=number,
        limit=limit,
        next=following,
    )


@blueprint.get("/<key>")
@access(known="token", rate="api", cache="none")
def run(key: str) -> Response:
    """One run: as in the list, and {"purpose", "target_group", "outcomes", "partners", "sessions"}.

    A session is {"key", "position", "title", "content", "starts_at", "ends_at", "minutes", "venue",
    "state", "between", "between_minutes"}. A run that does not exist, or is not the reader's to
    see, is a problem 404.
    """
    found = run_with_partners(key, current_actor())
    if found is None:
        not_found()
    shown, partners = found
    version = version_by_id(shown.course_version_id)
    return jsonify(
        **_as_json(shown),
        purpose=version.purpose.as_dict(),
        target_group=version.target_group.as_dict(),
        outcomes=[outcome.as_dict() for outcome in version.outcomes],
        partners=list(partners),
        sessions=[_session_as_json(session) for session in sessions_of([shown.id])[shown.id]],
    )


def _number(name: str, default: int, most: int) -> int | None:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return int(text) if 1 <= int(text) <= most else None


def _as_json(run: RunFacts) -> dict[str, Any]:
    return {
        "key": run.key,
        "url": url_for("catalogue.run", key=run.key),
        "course_type": run.course_type,
        "title": run.title.as_dict(),
        "lead": run.lead.as_dict(),
        "state": run.state,
        "zone": run.zone,
        "starts_at": run.starts_at.isoformat() if run.starts_at else None,
        "ends_at": run.ends_at.isoformat() if run.ends_at else None,
        "venue": run.venue,
        "town": run.town,
        "capacity": run.capacity,
        "free": run.free,
        "minutes": run.minutes,
        "practice_minutes": run.practice_minutes,
        "price": run.price,
        "currency": run.currency,
        "languages": list(run.languages),
        "hosts": list(run.host_names),
        "enrol_until": run.enrol_until.isoformat() if run.enrol_until else None,
    }


def _session_as_json(session: CourseSessionFacts) -> dict[str, Any]:
    return {
        "key": session.key,
        "position": session.position,
        "title": session.title.as_dict(),
        "content": session.content.as_dict(),
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "minutes": session.minutes,
        "venue": session.venue,
        "state": session.state,
        "between": session.between.as_dict(),
        "between_minutes": session.between_minutes,
    }
