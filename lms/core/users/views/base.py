"""What the pages of the room share."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, request

from lms.core.users.devices import device_name
from lms.web.identity import begin_sign_in

blueprint = Blueprint("users", __name__)


def device() -> str:
    """The asking browser in words."""
    return device_name(request.headers.get("User-Agent", ""))


def address() -> str:
    """The asking machine, for rate limits."""
    return request.remote_addr or ""


def safe_next(target: str) -> str:
    """A path of this site to go to after signing in; empty for anything that could leave it."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return ""
    if "\\" in target or any(ord(sign) < 33 or ord(sign) == 127 for sign in target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


def let_in(token: str) -> None:
    """The browser carries the new sign-in from here on."""
    begin_sign_in(token)
