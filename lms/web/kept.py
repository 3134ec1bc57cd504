"""What somebody typed before they were signed out is carried through signing in again.

The sign-in page holds the posted fields in one signed hidden field; after signing in the reader
gets a page with one button that sends them once more.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

MOST_CHARACTERS = 200_000
LONGEST_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post that waits to be sent again: where to, and its fields in order."""

    url: str
    fields: tuple[tuple[str, str], ...]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-post")


def keep_post() -> str:
    """The present post, signed, for a hidden field; empty when it is too large to carry. Signed
    is not secret: no password goes along."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "kept") and "password" not in name
    ]
    text = str(_serializer().dumps([request.full_path.rstrip("?"), fields]))
    return text if len(text) <= MOST_CHARACTERS else ""


def kept_post(kept: str) -> KeptPost | None:
    """The post that `keep_post` signed; None for anything else."""
    try:
        url, fields = _serializer().loads(kept, max_age=LONGEST_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return KeptPost(url, tuple((str(name), str(value)) for name, value in fields))
