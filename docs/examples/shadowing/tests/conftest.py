from __future__ import annotations

import pytest


@pytest.fixture
def lms_plugins():
    return ["shadowing"]
