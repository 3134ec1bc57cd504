"""What holds for every test: how much Hypothesis tries, and which tests run in one pass only."""

from __future__ import annotations

import gc
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

# Fixtures are fresh per test and not per example, which is what the tests here want; and a busy
# machine is no reason to call a property false.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

settings.register_profile("quick", max_examples=25, derandomize=True, **_COMMON)
settings.register_profile("full", max_examples=500, print_blob=True, **_COMMON)
settings.load_profile("full" if os.environ.get("LMS_PROVE") == "1" else "quick")


# Thousands of tests, mapped classes and apps stay to the end, and looking through them all for what
# may go took an eighth of the time.
gc.set_threshold(20_000, 20, 50)

LONG = (
    "test_killing.py",
    "test_serving.py",
    "test_worker.py",
    "test_machine.py",
    "test_mutants.py",
    "test_at_once.py",
    "test_examples.py",
    "test_demo.py",
    "test_issuing.py",
    "test_in_browser.py",
    "test_migrations.py",
)
"""Files with few tests that take many seconds: begun last, one of them would hold up the end."""

FORMS = ("test_forms.py", "test_effects.py", "test_mass_assignment.py")
"""Files that ask every page for its forms first: one worker has them all, and asks once."""


class ByFile(LoadFileScheduling):
    """Each file stays with one worker, and so do those that need the same long preparation."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "forms" if file.endswith(FORMS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """With `--dist loadfile`."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `once` need no database: they run in the SQLite pass only. Where workers share
    the files, the long ones come first."""
    if os.environ.get("LMS_TEST_DATABASE", "sqlite") != "sqlite":
        left_out = [item for item in items if item.get_closest_marker("once")]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
    if "PYTEST_XDIST_WORKER" in os.environ:
        tests = Counter(item.path for item in items)
        first = (*FORMS, *LONG)
        items.sort(key=lambda item: (item.path.name not in first, -tests[item.path]))
