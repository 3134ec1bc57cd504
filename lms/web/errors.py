"""Error pages that help: what happened, that nothing is lost, where to go, a number to quote."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, jsonify, request, url_for
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lms.db import db
from lms.host import PluginFailure
from lms.web.i18n import gettext as _
from lms.web.i18n import marked
from lms.web.identity import csrf_token, is_api_request
from lms.web.kept import KeptPost, complete_post
from lms.web.limits import SHORT_WINDOW
from lms.web.once import InFlight
from lms.web.pages import Link, bare_page, page
from lms.work import Conflict, Unsure, is_away

log = logging.getLogger("lms.web")

WORDS = {
    400: (
        marked("We could not read that"),
        marked("Something in the address or the form was not as expected. Go back and try again."),
    ),
    403: (
        marked("That came from another site"),
        marked("For your safety we only take forms sent from our own pages. Open the page here."),
    ),
    404: (
        marked("That page does not exist, or is not yours to see"),
        marked("The address may be old, or the page belongs to somebody else."),
    ),
    405: (
        marked("That cannot be done here"),
        marked("Open the page from the start and use its buttons."),
    ),
    413: (
        marked("That was too much at once"),
        marked("What you sent is larger than we can take. Send less, or a smaller file."),
    ),
    429: (
        marked("That was many tries in a short time"),
        marked("Wait a quarter of an hour, then try again. Nothing has been lost."),
    ),
    500: (
        marked("Something broke on our side"),
        marked("It is not your fault. We have written it down. Try again in a moment."),
    ),
    503: (
        marked("It is very busy here just now"),
        marked("Nothing has been lost. Wait a few seconds and send it once more."),
    ),
}

TOO_OFTEN = (WORDS[429][0], marked("Wait a minute, then try again. Nothing has been lost."))
IN_FLIGHT = (
    marked("We are still working on it"),
    marked("You have sent this before, and it is not done yet. Wait a few seconds and try again."),
)
UNSURE = (
    marked("We cannot say whether that was done"),
    marked("The connection broke while we wrote it down. Look first, before you send it again."),
)
OTHERWISE = (
    marked("You have sent this before, with something else in it"),
    marked("What you sent first is done. Look at it before you send this as well."),
)
DONE = (
    marked("That is done"),
    marked("You have sent this before. It was done then, and is not done twice."),
)
SECONDS = {409: 2, 429: 900, 503: 5}
"""How long to wait, where waiting helps."""
SOON = SHORT_WINDOW.total_seconds()


def problem(status: int, title: str, detail: str = "", **more: object) -> Response:
    """An answer of the API in the form of RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def error_page(
    status: int,
    reference: str = "",
    *,
    words: tuple[str, str] | None = None,
    wait: int | None = None,
    again: KeptPost | None = None,
    bare: bool = False,
) -> Response:
    """The page (or problem document) for a status. It is drawn without menu and reader when these
    cannot be asked for: the database is away, or what broke is a part of every page.

    `words` are title and sentence, `wait` seconds for Retry-After; `again` is a post that can be
    sent once more from the page.
    """
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    known = status if status in WORDS else (500 if status >= 500 else 400)
    title, text = (_(sentence) for sentence in words or WORDS[known])
    if is_api_request():
        more = {"reference": reference} if reference else {}
        return _with_time_to_wait(problem(status, title, text, **more), wait)
    values = {
        "title": title,
        "text": text,
        "ways": _ways_on(),
        "search_url": url_for("catalogue.index") if status == 404 else "",
        "reference": reference,
        "again": again,
    }
    try:
        response = _bare(status, values) if bare else page("errors/page.html", status, **values)
    except Exception:
        log.exception("The page for the error %d is drawn bare", status)
        response = _bare(status, values)
    return _with_time_to_wait(response, wait)


def _bare(status: int, values: Mapping[str, Any]) -> Response:
    return bare_page("errors/page.html", status, bare=True, **values)


def _with_time_to_wait(response: Response, wait: int | None) -> Response:
    """Say how many seconds to wait where waiting helps."""
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _away(*, bare: bool) -> Response:
    """The database is not to be had: what was typed is on the page, and sending it once more is
    safe, for it carries the same token."""
    return error_page(503, wait=SECONDS[503], again=_sent(), bare=bare)


def sent_before_otherwise() -> Response:
    """The key of this request was used with another body; nothing was done this time. The page
    can send it all the same, as a new form."""
    again = _sent()
    if again is not None:
        again = KeptPost(again.url, (("csrf_token", csrf_token()), *again.fields[1:]))
    return error_page(422, words=OTHERWISE, again=again)


def done_without_answer(status: int) -> Response:
    """The same request was done before, but its answer is not kept."""
    return error_page(status, words=DONE)


def _sent() -> KeptPost | None:
    return complete_post() if request.method == "POST" and not is_api_request() else None


def _ways_on() -> list[Link]:
    return [
        Link(_("Front page"), url_for("home.front")),
        Link(_("Find a course"), url_for("catalogue.index")),
    ]


# --- what a view raised -------------------------------------------------------------------------


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    wait = getattr(error, "retry_after", None)
    if not isinstance(wait, int):
        wait = SECONDS.get(error.code)
    soon = error.code == 429 and wait is not None and wait <= SOON
    response = error_page(error.code, words=TOO_OFTEN if soon else None, wait=wait)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _in_flight(_error: InFlight) -> Response:
    return error_page(409, words=IN_FLIGHT, wait=SECONDS[409], again=_sent())


def _conflict(error: Conflict) -> Response:
    return _away(bare=isinstance(error.__cause__, DBAPIError))


def _unsure(error: Unsure) -> Response:
    log.error("%s: %s", error, error.__cause__)
    return error_page(503, words=UNSURE, wait=SECONDS[503], bare=True)


def _database(error: SQLAlchemyError) -> Response:
    if not is_away(error):
        return _unexpected(error)
    log.error("the database is away: %s", error)
    return _away(bare=True)


def _plugin(error: PluginFailure) -> Response:
    log.error("plugin %s failed in %s", error.plugin, error.hook)
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    g.lms_error_reference = reference
    log.error("error %s in %s %s", reference, request.method, request.path, exc_info=error)
    return error_page(500, reference)


def install(app: Flask) -> None:
    """Register the handlers."""
    for kind, handler in (
        (HTTPException, _http),
        (InFlight, _in_flight),
        (Conflict, _conflict),
        (Unsure, _unsure),
        (SQLAlchemyError, _database),
        (PluginFailure, _plugin),
        (Exception, _unexpected),
    ):
        app.register_error_handler(kind, handler)
