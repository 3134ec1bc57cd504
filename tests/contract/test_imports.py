"""Who may import whom, and what starting costs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("LMS_")}
    environment["LMS_DATA_DIR"] = str(folder)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.once
def test_the_import_contracts_hold() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.once
def test_web_workers_never_import_what_draws_certificates(tmp_path: Path) -> None:
    code = """
import sys
from lms.app import create_app
app = create_app()
heavy = {"weasyprint", "pydyf", "fontTools", "alembic", "pytest"} & set(sys.modules)
assert not heavy, heavy
"""
    result = python(code, tmp_path)
    assert result.returncode == 0, result.stderr[-4000:]


@pytest.mark.once
def test_the_test_kit_costs_nothing_to_load(tmp_path: Path) -> None:
    code = """
import sys
import pytest
before = set(sys.modules)
import lms.testing
new = {name.partition(".")[0] for name in set(sys.modules) - before}
assert not new & {"flask", "sqlalchemy", "alembic", "pluggy_", "wtforms"}, new
"""
    result = python(code, tmp_path)
    assert result.returncode == 0, result.stderr[-4000:]


@pytest.mark.once
def test_plugins_import_no_orm_class_of_the_core() -> None:
    import lms.api
    from lms.db import Base

    named = [getattr(lms.api, name) for name in lms.api.__all__]
    assert not [one for one in named if isinstance(one, type) and issubclass(one, Base)]


def test_the_core_starts_with_no_plugin(lms_app_factory: Callable[..., Flask]) -> None:
    app = lms_app_factory(discover=False)
    client = app.test_client()
    for path in ("/", "/healthz", "/readyz"):
        assert client.get(path).status_code == 200, path
