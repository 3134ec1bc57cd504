"""Two addresses for machines: is the process alive, and can it serve?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, Response, jsonify

from lms.web.access import access

Checks = Mapping[str, Callable[[], str]]
"""Name of a check -> function that returns "" when fine, else a sentence."""


def install(app: Flask, needed: Checks, wished: Checks) -> None:
    """Add `/healthz` and `/readyz`. A failed `needed` check is 503, a failed `wished` a warning."""

    @access(known="public", cache="none", enduring=True)
    def healthz() -> Response:
        return jsonify(status="alive")

    @access(known="public", cache="none", enduring=True)
    def readyz() -> Response:
        problems = {name: said for name, check in needed.items() if (said := check())}
        warnings = {name: said for name, check in wished.items() if (said := check())}
        response = jsonify(ready=not problems, problems=problems, warnings=warnings)
        response.status_code = 503 if problems else 200
        return response

    app.add_url_rule("/healthz", "web.healthz", healthz)
    app.add_url_rule("/readyz", "web.readyz", readyz)
