"""Error pages that help: what happened, that nothing is lost, where to go, a number to quote."""

from __future__ import annotations

import contextlib
import logging
import secrets

from flask import Flask, Response, g, jsonify, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lms.db import db
from lms.host import PluginFailure
from lms.web.i18n import gettext as _
from lms.web.i18n import marked
from lms.web.identity import is_api_request
from lms.web.pages import Link, bare_page, page
from lms.work import Conflict

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


def problem(status: int, title: str, detail: str = "", **more: object) -> Response:
    """An answer of the API in the form of RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def error_page(status: int, reference: str = "") -> Response:
    """The page (or problem document) for a status. It is drawn without menu and reader when these
    cannot be asked for: the database is away, or what broke is a part of every page."""
    with contextlib.suppress(SQLAlchemyError):
        db.session.rollback()
    known = status if status in WORDS else (500 if status >= 500 else 400)
    title, text = (_(words) for words in WORDS[known])
    if is_api_request():
        more = {"reference": reference} if reference else {}
        return _with_time_to_wait(problem(status, title, text, **more))
    values = {
        "title": title,
        "text": text,
        "ways": _ways_on(),
        "search_url": url_for("catalogue.index") if status == 404 else "",
        "reference": reference,
    }
    try:
        response = page("errors/page.html", status, **values)
    except Exception:
        log.exception("The page for the error %d is drawn bare", status)
        response = bare_page("errors/page.html", status, bare=True, **values)
    return _with_time_to_wait(response)


def _with_time_to_wait(response: Response) -> Response:
    """Say how many seconds to wait where waiting helps."""
    if response.status_code in (429, 503):
        response.headers["Retry-After"] = "5" if response.status_code == 503 else "900"
    return response


def _ways_on() -> list[Link]:
    return [
        Link(_("Front page"), url_for("home.front")),
        Link(_("Find a course"), url_for("catalogue.index")),
    ]


def install(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return error.get_response()  # type: ignore[return-value]
        response = error_page(error.code)
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Conflict)
    def _conflict(_error: Conflict) -> Response:
        return error_page(503)

    @app.errorhandler(PluginFailure)
    def _plugin(error: PluginFailure) -> Response:
        log.error("plugin %s failed in %s", error.plugin, error.hook)
        return _unexpected(error)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        g.lms_error_reference = reference
        log.error("error %s in %s %s", reference, request.method, request.path, exc_info=error)
        return error_page(500, reference)
