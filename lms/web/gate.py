"""The gate before every view: may this reader use this route, in this way, this often?"""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from lms.host import current_host
from lms.web import documents, headers, i18n, identity
from lms.web.access import Access, declared
from lms.web.errors import problem
from lms.web.forms import STALE
from lms.web.i18n import marked
from lms.web.kept import keep_post
from lms.web.limits import LIMITS, count_and_check, window_of
from lms.web.once import SAFE
from lms.web.pages import page, tell
from lms.web.uploads import MOST_POSTED

STALE_BUTTON = marked("This page was open for a long time. Press the button once more.")
STATIC = ("static", "web.plugin_static")
"""The same for everybody, and kept by whoever likes: never asked with a reader in mind."""


def check() -> AnyResponse | str | None:
    """Run before each view; an answer of its own ends the request."""
    if request.endpoint in STATIC:
        return None
    _drop_what_no_database_takes()
    i18n.set_language(identity.chosen_language())
    if "\0" in request.path:
        abort(404)
    if request.endpoint is None:
        return None
    access = declared(current_app, request.endpoint)
    if access is None or (documents.is_files_host() and request.endpoint != "web.contents"):
        abort(404)
    if (refusal := current_host().route_refusal(request.endpoint)) is not None:
        abort(refusal)
    if request.method not in SAFE and access.known != "token":
        refuse_other_sites()
    if access.uploads and _brings_files() and identity.current_actor().signed_in:
        request.max_content_length = MOST_POSTED
    limit = f"{access.rate}:address"
    if _is_counted(access) and limit in LIMITS and not count_and_check(limit, _address()):
        raise TooManyRequests(retry_after=int(window_of(limit).total_seconds()))
    return _known_enough(access)


def _brings_files() -> bool:
    """Can there be files in it? A form without any is read into memory whole, whatever its size."""
    return request.mimetype == "multipart/form-data"


def _is_counted(access: Access) -> bool:
    """Is this use counted here? Deeds are counted where they are done (`lms.web.once`)."""
    if access.rate == "search":
        return bool(request.args.get("q")) and not identity.current_actor().signed_in
    return access.rate in ("verify", "api")


def _address() -> str:
    return request.remote_addr or ""


def _drop_what_no_database_takes() -> None:
    """PostgreSQL asks no question with a NUL in it. No address of ours has one, so what has one
    is not there; in a form the field says so (`lms.web.forms`)."""
    if b"%00" in request.query_string:
        sent = request.args.items(multi=True)
        request.args = ImmutableMultiDict(pair for pair in sent if "\0" not in "".join(pair))


def refuse_other_sites() -> None:
    """A form must come from our own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def _known_enough(access: Access) -> AnyResponse | None:
    actor = identity.current_actor()
    if access.known == "token" and not actor.signed_in:
        response = problem(401, i18n.gettext("Send a valid bearer token"))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if access.known == "sign_in" and not actor.signed_in:
        here = request.full_path.rstrip("?")
        if request.method in SAFE:
            return redirect(url_for("users.sign_in", next=here), 303)
        return page("users/sign_in_again.html", 401, kept=keep_post(), next=here)
    if access.permission and not actor.may_anywhere(access.permission):
        abort(404)
    return None


def finish(response: Response) -> Response:
    """Run after each view: headers, language cookie, and the check that forms were checked."""
    access = declared(current_app, request.endpoint) if request.endpoint else None
    if request.endpoint in STATIC and response.status_code in (200, 206, 304):
        kept = "v" in request.args and response.status_code != 206
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if kept else "public, max-age=300"
        )
        response.direct_passthrough = False
        if response.status_code == 200:
            response.make_sequence()  # read here and now, or it could not be packed
        return headers.apply(response, access, personal=False)
    # Who reads may be what the database could not say: an error asks for nobody's language.
    code = identity.remember_language() if response.status_code < 400 else None
    if code is not None and response.status_code == 200:
        response.set_cookie(
            "lang",
            code,
            max_age=365 * 24 * 3600,
            secure=current_app.config["HTTPS"],
            httponly=True,
            samesite="Lax",
        )
    _insist_on_checked_forms(response, access)
    if g.get("lms_csrf_stale") and 300 <= response.status_code < 400:
        _say_that_nothing_was_done()
    # Flask writes the session's cookie after this, so its header cannot be looked for here.
    return headers.apply(response, access, personal="in" in session or session.modified)


def _say_that_nothing_was_done() -> None:
    """A stale form led to another page: no form says so there, and most buttons do not either."""
    sentences = {i18n.gettext(words) for words in (STALE, STALE_BUTTON)}
    if not any(text in sentences for _kind, text in session.get("_flashes", ())):
        tell(i18n.gettext(STALE_BUTTON), "stop")


def _insist_on_checked_forms(response: Response, access: Access | None) -> None:
    """A view that acted on a post without looking at the form's token is a fault of ours."""
    acted = request.method not in SAFE and response.status_code < 400
    if acted and access is not None and access.known != "token" and not g.get("lms_csrf_checked"):
        raise RuntimeError(f"{request.endpoint} acted on a post without checking its form")


def install(app: Flask) -> None:
    """Put the gate in front of every view."""
    app.before_request(check)
    app.after_request(finish)
