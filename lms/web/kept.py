"""What somebody typed before they were signed out is carried through signing in again.

The sign-in page holds the posted fields in one signed hidden field; after signing in the reader
gets a page with one button that sends them once more. They are given back only to the person whose
sign-in had run out; when nobody knows who that was, to whoever signs in next in the same browser.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.web.identity import browser_mark, csrf_token, current_actor, who_was_here

MOST_CHARACTERS = 200_000
LONGEST_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post that waits to be sent again: where to, and its fields in order."""

    url: str
    fields: tuple[tuple[str, str], ...]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-post")


def present_post() -> KeptPost:
    """The present post without its token and without any password."""
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "kept") and "password" not in name
    )
    return KeptPost(request.full_path.rstrip("?"), fields)


def complete_post() -> KeptPost | None:
    """The present post with its token, to be sent again as it was; None when a page cannot carry
    all of it: a file, a password, too much, or a post that is not known to be from our pages."""
    post, token = present_post(), request.form.get("csrf_token", "")
    if not token or any("password" in name for name in request.form):
        return None
    if any(sent.filename for sent in request.files.values()):
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return None
    if sum(len(name) + len(value) for name, value in post.fields) > MOST_CHARACTERS:
        return None
    return KeptPost(post.url, (("csrf_token", token), *post.fields))


def keep_post() -> str:
    """The present post, signed, for a hidden field; empty when it is too large to carry. Signed
    is not secret: no password goes along."""
    post, was = present_post(), who_was_here()
    csrf_token()  # from here on this browser has a mark
    owner = was if was is not None else browser_mark()
    text = str(_serializer().dumps([post.url, post.fields, owner]))
    return text if len(text) <= MOST_CHARACTERS else ""


def kept_post(kept: str) -> KeptPost | None:
    """The post that `keep_post` signed, for the person who has now signed in; None for anything
    else, and for anybody else's."""
    try:
        url, fields, owner = _serializer().loads(kept, max_age=LONGEST_SECONDS)
        post = KeptPost(str(url), tuple((str(name), str(value)) for name, value in fields))
    except (BadData, ValueError, TypeError):
        return None
    mine = current_actor().person_id if isinstance(owner, int) else browser_mark()
    return post if owner == mine else None
