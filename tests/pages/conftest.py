"""The world that all house-wide tests share."""

from tests.access.conftest import built_world, forms, state, world

__all__ = ["built_world", "forms", "state", "world"]
