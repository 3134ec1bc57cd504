"""Who is asking: the cookie of a sign-in or the bearer token of the API becomes an `Actor`.

The web layer does not know where people are kept; the application hands it two loaders.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, g, request, session

from lms.contracts import GUEST, LANGUAGES, Actor
from lms.db import now

IDLE = timedelta(minutes=30)
_SEEN_EVERY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Loaders:
    """How a secret becomes an actor; None when it is not (or no longer) good for anything."""

    by_sign_in: Callable[[str], Actor | None]
    by_api_token: Callable[[str], Actor | None]


def current_actor() -> Actor:
    """The actor of this request; a guest when nobody is known."""
    actor: Actor | None = g.get("lms_actor")
    if actor is None:
        actor = g.lms_actor = _load()
    return actor


def _load() -> Actor:
    loaders: Loaders = current_app.extensions["lms_loaders"]
    if is_api_request():
        header = request.headers.get("Authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return GUEST
        return loaders.by_api_token(token.strip()) or GUEST
    token = session.get("in", "")
    if not token:
        return GUEST
    seen = session.get("seen", 0)
    age = timedelta(seconds=now().timestamp() - seen)
    actor = loaders.by_sign_in(token) if age <= IDLE else None
    if actor is None:
        _forget_sign_in()
        return GUEST
    if age > _SEEN_EVERY:
        session["seen"] = int(now().timestamp())
    if session.get("who") != actor.person_id:
        session["who"] = actor.person_id
    return actor


def _forget_sign_in() -> None:
    """The sign-in has run out. Whose it was is remembered: what they typed is theirs alone."""
    was = session.get("who") or session.get("was")
    session.clear()
    if was is not None:
        session["was"] = was


def who_was_here() -> int | None:
    """The person whose sign-in in this browser ran out; None when nobody's did."""
    was = session.get("was")
    return was if isinstance(was, int) else None


def browser_mark() -> str:
    """What a post kept for a guest is bound to: a digest of this browser's form secret."""
    secret: str = g.get("lms_csrf_before") or session.get("csrf", "")
    return hashlib.sha256(f"kept\0{secret}".encode()).hexdigest() if secret else ""


def is_api_request() -> bool:
    """Is this request for the API, where cookies count for nothing?"""
    return request.path.startswith("/api/")


def begin_sign_in(token: str) -> None:
    """Put a new sign-in's secret into a fresh cookie; nothing of the old one stays."""
    g.lms_csrf_before = session.get("csrf", "")
    session.clear()
    session["in"] = token
    session["seen"] = int(now().timestamp())
    g.pop("lms_actor", None)
    g.lms_signed_anew = True


def end_sign_in() -> None:
    """Empty the cookie."""
    session.clear()
    g.lms_actor = GUEST
    g.lms_signed_anew = True


def signed_anew() -> bool:
    """Does the answer to this request let somebody in or out?"""
    return bool(g.get("lms_signed_anew", False))


def sign_in_token() -> str:
    """The secret of this browser's sign-in; empty for guests."""
    token: str = session.get("in", "")
    return token


def csrf_token() -> str:
    """The form token of this browser, masked anew each time so that packing cannot reveal it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(16)
    secret = bytes.fromhex(session["csrf"])
    mask = secrets.token_bytes(len(secret))
    return (mask + bytes(a ^ b for a, b in zip(mask, secret, strict=True))).hex()


def csrf_token_is_good(token: str | None) -> bool:
    """Does the token belong to this browser? Notes that the request was checked, and how."""
    g.lms_csrf_checked = True
    g.lms_csrf_stale = not token_is_ours(token)
    return not g.lms_csrf_stale


def token_is_ours(token: str | None) -> bool:
    """`csrf_token_is_good` without the note: does the token belong to this browser?"""
    secret = session.get("csrf", "")
    try:
        raw = bytes.fromhex(token or "")
    except ValueError:
        return False
    half = len(raw) // 2
    if not secret or half != 16 or len(raw) != 32:
        return False
    plain = bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=True))
    return hmac.compare_digest(plain.hex(), secret)


def chosen_language() -> str:
    """The page's language: `?lang=` > chosen since signing in > own > cookie > browser > site."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if session.get("lang") in LANGUAGES:
        return str(session["lang"])
    actor = current_actor()
    if actor.signed_in and actor.language in LANGUAGES:
        return actor.language
    if request.cookies.get("lang") in LANGUAGES:
        return str(request.cookies["lang"])
    return request.accept_languages.best_match(LANGUAGES) or str(current_app.config["LANGUAGE"])


def remember_language() -> str | None:
    """The language asked for in the address, if it should be kept beyond this page."""
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES:
        return None
    if current_actor().signed_in:
        session["lang"] = asked
        return None
    return asked if request.cookies.get("lang") != asked else None
