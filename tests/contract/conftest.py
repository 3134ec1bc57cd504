"""What the contract tests share: the bundled plugins, the whole house, and plugins made on disk."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
BUNDLED = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`bundled`: each plugin of this repository; `owner`: the core and those with tables."""
    if "bundled" in metafunc.fixturenames:
        metafunc.parametrize("bundled", BUNDLED)
    if "owner" in metafunc.fixturenames:
        with_tables = [n for n in BUNDLED if (package_of(n) / "models.py").exists()]
        metafunc.parametrize("owner", ["core", *with_tables])


def package_of(plugin: str) -> Path:
    return ROOT / "plugins" / plugin / f"lms_{plugin}"


@pytest.fixture
def empty_house(lms_app_factory: Callable[..., Flask]) -> Flask:
    """Everything that is installed, on a database without tables."""
    return lms_app_factory(discover=True, migrated=False)


@pytest.fixture
def house(lms_app_factory: Callable[..., Flask]) -> Flask:
    """Everything that is installed, on a migrated database."""
    return lms_app_factory(discover=True)


class PluginOnDisk:
    """A plugin in a package of its own, as a stranger would ship it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.package = folder / f"lms_{name}"
        self.versions = self.package / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        (self.package / "__init__.py").touch()
        (self.package / "plugin.py").touch()

    @property
    def pair(self) -> tuple[str, object]:
        """As `create_app(plugins=[...])` takes it."""
        importlib.invalidate_caches()
        return self.name, importlib.import_module(f"lms_{self.name}.plugin")

    def models(self, code: str) -> None:
        (self.package / "models.py").write_text(textwrap.dedent(code))

    def step(self, number: int, up: str, down: str = "pass") -> None:
        """Write step `number` with one line (or more) of code for each way."""
        before = f"{number - 1:04}" if number > 1 else None
        code = textwrap.dedent(
            f"""
            import os
            import sqlalchemy as sa
            from alembic import op

            revision = "{number:04}"
            down_revision = {before!r}

            def upgrade():
            {{up}}

            def downgrade():
            {{down}}
            """
        ).format(
            up=textwrap.indent(textwrap.dedent(up).strip(), "    "),
            down=textwrap.indent(textwrap.dedent(down).strip(), "    "),
        )
        (self.versions / f"{number:04}_step.py").write_text(code)

    def without_step(self, number: int) -> None:
        (self.versions / f"{number:04}_step.py").unlink()


@pytest.fixture
def plugin_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], PluginOnDisk]]:
    """Makes plugins in packages of their own that can be imported during the test."""
    folder = tmp_path / "strangers"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made: list[str] = []

    def make(name: str) -> PluginOnDisk:
        made.append(f"lms_{name}")
        return PluginOnDisk(folder, name)

    yield make
    for module in list(sys.modules):
        if module.partition(".")[0] in made:
            del sys.modules[module]
