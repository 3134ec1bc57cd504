"""Access declarations: every route says who may use it and how they are known.

A core route without a declaration stops the start; a plugin's puts the plugin in quarantine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask

Known = Literal["sign_in", "public", "token", "link"]
Rate = Literal["sign_in", "reset", "verify", "search", "write", "api"]
Cache = Literal["private", "public", "none"]
Policy = Literal["page", "with_frame", "mail_body", "file"]

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """How one route may be used.

    `permission`: must hold somewhere, or the page does not exist for the reader (404).
    `known`: by sign-in, by API token, by a single-use link, or not at all (public).
    `rate`: the class of limits that counts uses. `cache`: who may keep the answer.
    `policy`: the content security policy. `enduring`: answers even when the plugin is off.
    `uploads`: somebody signed in may send files, so the request may be as large as they are.
    """

    permission: str | None = None
    known: Known = "sign_in"
    rate: Rate | None = None
    cache: Cache = "private"
    policy: Policy = "page"
    enduring: bool = False
    uploads: bool = False


def access(
    permission: str | None = None,
    *,
    known: Known = "sign_in",
    rate: Rate | None = None,
    cache: Cache = "private",
    policy: Policy = "page",
    enduring: bool = False,
    uploads: bool = False,
) -> Callable[[View], View]:
    """Declare a route's access; put it under `@blueprint.route(...)`. See `Access`."""

    def mark(view: View) -> View:
        view.lms_access = Access(  # type: ignore[attr-defined]
            permission=permission,
            known=known,
            rate=rate,
            cache=cache,
            policy=policy,
            enduring=enduring,
            uploads=uploads,
        )
        return view

    return mark


def declared(app: Flask, endpoint: str) -> Access | None:
    """The declaration of an endpoint's view, or None."""
    found: Access | None = getattr(app.view_functions.get(endpoint), "lms_access", None)
    return found


def undeclared(app: Flask) -> list[str]:
    """Endpoints without a declaration; the static files of Flask itself are known."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and declared(app, rule.endpoint) is None
    )
