"""`lms upgrade` and `lms migrations` as an administrator types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click import Command
from click.testing import CliRunner, Result
from flask import Flask

from lms.cli.database import migrations, upgrade


@pytest.fixture
def lms(lms_app_factory: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command of `lms.cli.database` against an empty database; plugins stay blocked."""
    from tests.contract.conftest import BUNDLED

    app = lms_app_factory(migrated=False)
    monkeypatch.setenv("LMS_DATABASE_URL", app.config["DATABASE_URL"])
    monkeypatch.setenv("LMS_DATA_DIR", str(app.config["DATA_DIR"]))
    monkeypatch.setenv("LMS_SECRET_KEY", app.config["SECRET_KEY"])
    monkeypatch.setenv("LMS_PLUGINS_BLOCKED", " ".join(BUNDLED))

    def run(command: Command, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(command, arguments, input=typed)

    return run


def test_up_status_and_down(lms: Any) -> None:
    before = lms(migrations, "status")
    assert (before.exit_code, before.output) == (1, "core: at the beginning, waiting: 0001\n")

    first, second = lms(upgrade), lms(upgrade)
    assert (first.exit_code, first.output) == (0, "core: 0001\n")
    assert (second.exit_code, second.output) == (0, "core: already at 0001\n")
    assert lms(migrations, "status").exit_code == 0

    assert lms(migrations, "downgrade", "core", "base", typed="n\n").exit_code == 1
    assert lms(migrations, "status").exit_code == 0
    down = lms(migrations, "downgrade", "core", "base", typed="y\n")
    assert down.output.endswith("core: from 0001 to the beginning\n")
    assert lms(migrations, "status").exit_code == 1


@pytest.mark.parametrize(
    "arguments", [("downgrade", "nobody", "base", "--yes"), ("revision", "nobody", "-m", "x")]
)
def test_an_unknown_owner_is_told_in_a_sentence(lms: Any, arguments: tuple[str, ...]) -> None:
    result = lms(migrations, *arguments)
    assert result.exit_code == 1
    assert "Nobody called 'nobody' has tables here." in result.output


def test_a_broken_plugin_is_told_and_does_not_stop_the_upgrade(
    lms_app_factory: Callable[..., Flask],
    plugin_on_disk: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, "raise RuntimeError('no pebbles')")
    app = lms_app_factory(plugins=[pebbles.pair], migrated=False)
    monkeypatch.setattr("lms.cli.database._app", lambda: app)
    result = CliRunner().invoke(upgrade)
    assert result.exit_code == 0
    assert "core: 0001" in result.output
    assert "pebbles: stopped at the beginning" in result.output
    assert "no pebbles" in result.output


def test_a_written_step_is_shown(
    lms_app_factory: Callable[..., Flask],
    plugin_on_disk: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.models(
        """
        from sqlalchemy.orm import Mapped, mapped_column

        from lms.api import plugin_base

        class Pebble(plugin_base("pebbles")):
            __tablename__ = "pebbles_pebble"
            id: Mapped[int] = mapped_column(primary_key=True)
        """
    )
    app = lms_app_factory(plugins=[pebbles.pair], migrated=False)
    monkeypatch.setattr("lms.cli.database._app", lambda: app)
    for options, expected in (
        ((), "Wrote "),
        ((), "the models say nothing new"),
        (("--anew",), "Wrote "),
    ):
        result = CliRunner().invoke(migrations, ["revision", "pebbles", "-m", "first", *options])
        assert (result.exit_code, expected in result.output) == (0, True), result.output
    assert [path.name for path in Path(pebbles.versions).glob("*.py")] == ["0001_first.py"]
