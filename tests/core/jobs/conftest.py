from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.testing.databases import Databases
from tests.core.journal import small_site


@pytest.fixture
def site(lms_databases: Databases, tmp_path: Path) -> Iterator[small_site.Site]:
    with small_site.opened(lms_databases, tmp_path) as opened:
        yield opened
