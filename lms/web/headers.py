"""Security headers on every answer, and compression of text."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from flask import Flask, Response, current_app, request

from lms.web.access import Access

_BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "samspil",
}

POLICIES: Mapping[str, str] = {
    name: "; ".join(f"{key} {value}".strip() for key, value in parts.items())
    for name, parts in {
        "page": _BASE,
        "with_frame": _BASE | {"frame-src": "'self'"},
        # A mail as it was sent carries its own styles; it is shown in a frame that can do nothing.
        "mail_body": {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "frame-ancestors": "'self'",
            "sandbox": "",
        },
        "file": {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""},
    }.items()
}

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

_TEXT = ("text/", "application/json", "application/problem+json", "image/svg+xml")
_SMALLEST_WORTH_PACKING = 1024


def apply(response: Response, access: Access | None, *, personal: bool) -> Response:
    """Set the headers that this answer needs. A `personal` one, drawn for somebody or carrying
    their cookie, is kept nowhere. Raises nothing."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    policy = POLICIES[access.policy if access else "page"]
    if current_app.config["FILES_URL"]:
        elsewhere = f"img-src 'self' {current_app.config['FILES_URL']}"
        policy = policy.replace("img-src 'self'", elsewhere)
    response.headers.setdefault("Content-Security-Policy", policy)
    if current_app.config["HTTPS"]:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=63072000; includeSubDomains"
        )
    if "Cache-Control" not in response.headers:
        public = access is not None and access.cache == "public" and not personal
        kept = public and response.status_code == 200 and "Set-Cookie" not in response.headers
        response.headers["Cache-Control"] = "public, max-age=60" if kept else "no-store"
        if kept:
            response.vary.update(("Cookie", "Accept-Language"))
    return pack(response)


def pack(response: Response) -> Response:
    """Gzip a text answer when the browser can take it."""
    if (
        response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or not (response.mimetype or "").startswith(_TEXT)
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    body = response.get_data()
    if len(body) < _SMALLEST_WORTH_PACKING:
        return response
    response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def configure_cookies(app: Flask) -> None:
    """`__Host-` and Secure when the public address is https; HttpOnly and Lax always."""
    https = app.config["HTTPS"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-samspil" if https else "samspil",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
