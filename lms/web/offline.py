"""What a phone needs while it has no network: the service worker, a page to show, a fresh token.

Forms with `data-offline` are kept on the phone when they cannot be sent (`static/offline.js`), and
are sent when the network is back, by the person who filled them in. Nothing here is personal but
the token's answer, which is kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, Response, current_app, jsonify, request

from lms.web.access import access
from lms.web.identity import browser_mark, csrf_token, current_actor
from lms.web.pages import CORE_STATIC, bare_page

SERVICE_WORKER = CORE_STATIC / "service-worker.js"


@access(known="public", cache="none", enduring=True)
def service_worker() -> Response:
    """The one service worker of the whole site."""
    response = Response(SERVICE_WORKER.read_bytes(), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@access(known="public", cache="none", enduring=True)
def offline() -> Response:
    """The page that stands in for any other while there is no network; the same for everybody."""
    return bare_page("offline.html", 200)


@access(known="public", cache="none")
def form_token() -> Response:
    """A fresh token for what was kept: JSON with the token, whose it is (a digest; "" for guests)
    and a mark of the browser's secret, by which a token that was used once is known to hold."""
    actor = current_actor()
    if not actor.signed_in:
        return jsonify(token="", who="", mark="")
    secret = str(current_app.config["SECRET_KEY"]).encode()
    who = hmac.digest(secret, f"offline:{actor.person_id}".encode(), hashlib.sha256).hex()[:20]
    token = csrf_token()
    return jsonify(token=token, who=who, mark=browser_mark()[:20])


def install(app: Flask) -> None:
    """Add the three addresses."""
    app.add_url_rule("/service-worker.js", "web.service_worker", service_worker)
    app.add_url_rule("/offline", "web.offline", offline)
    app.add_url_rule("/form-token", "web.form_token", form_token)
