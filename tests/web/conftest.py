"""The small world of the access tests, for what must hold on every route."""

from __future__ import annotations

from tests.access.conftest import built_world, state, world

__all__ = ["built_world", "state", "world"]
