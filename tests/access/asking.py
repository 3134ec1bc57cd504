"""Asking a route as a reader, for one thing on one side."""

from __future__ import annotations

import itertools
from typing import Any

from werkzeug.test import TestResponse

from lms.testing import csrf_of
from tests.access.world import Arguments, World

_addresses = itertools.count(1)


def fresh_address() -> dict[str, str]:
    """A machine nobody has counted yet, so that no limit is met by accident."""
    number = next(_addresses)
    return {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def ask(
    world: World,
    reader: str,
    method: str,
    endpoint: str,
    arguments: Arguments,
    *,
    fresh_token: bool = False,
    **more: Any,
) -> TestResponse:
    """One request; a post carries a token that holds, or one that is stale."""
    client = world.client(reader)
    url = world.url(endpoint, arguments)
    options: dict[str, Any] = {"environ_overrides": fresh_address(), **more}
    if url.startswith("/api/"):
        options["headers"] = {**world.bearer(reader), **options.get("headers", {})}
        if method == "POST":
            options.setdefault("json", {})
    elif method == "POST":
        token = csrf_of(client) if fresh_token else "stale"
        options["data"] = {"csrf_token": token, **options.get("data", {})}
    return client.open(url, method=method, buffered=True, **options)
