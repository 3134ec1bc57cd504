"""What the tests of the courses plugin share: an app with the plugin, by its entry point."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses"]
