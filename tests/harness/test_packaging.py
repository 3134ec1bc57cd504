"""What is handed out: locked, without addresses, complete, and careful with people's folders."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from babel.support import Translations

from scripts.compile_translations import compile_all

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock.txt", "requirements-dev.lock.txt")
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ \\]+)", re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)
    blocks = re.split(r"\n(?=[a-z])", text)
    assert all("--hash=sha256:" in block for block in blocks if PIN.match(block))


def test_locks_agree_and_cover_what_is_declared() -> None:
    small, large = (_pins(name) for name in LOCKS)
    assert small.items() <= large.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0] for line in requirements}

    assert names(project["dependencies"] + extras["build"]) <= small.keys()
    assert names(extras["dev"]) <= large.keys()


def test_translations_compile_once_and_speak(tmp_path: Path) -> None:
    folder = tmp_path / "plugins/x/lms_x/translations/da/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "x.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Seats: %(n)d"\nmsgstr "Pladser: %(n)d"\n',
        encoding="utf-8",
    )
    assert compile_all(tmp_path) == (1, 1)
    assert compile_all(tmp_path) == (0, 1)
    spoken = Translations.load(tmp_path / "plugins/x/lms_x/translations", ["da"], "x")
    assert spoken.gettext("Seats: %(n)d") == "Pladser: %(n)d"
    assert [path.name for path in folder.iterdir() if path.suffix == ".tmp"] == []


def test_wheel_carries_everything_that_runs_and_nothing_that_tests(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("samspil-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    packages = {name.split("/")[0] for name in inside if ".dist-info" not in name}
    assert packages == {"lms"} | {path.name for path in ROOT.glob("plugins/*/lms_*")}
    tracked = subprocess.run(
        ["git", "ls-files", "lms", "plugins/*/lms_*"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    wanted = {re.sub(r"^plugins/[^/]+/", "", name) for name in tracked if (ROOT / name).exists()}
    wanted |= {re.sub(r"\.po$", ".mo", name) for name in wanted if name.endswith(".po")}
    assert wanted - inside == set()


def test_reset_leaves_a_stranger_s_folder_alone(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "letter.txt").write_text("mine", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(kept)
    for folder in (kept, link):
        result = subprocess.run(
            [str(ROOT / "scripts/demo.sh")],
            env=os.environ | {"DATA": str(folder), "RESET": "1", "PORT": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 1
        assert "not ours to remove" in result.stderr
    assert (kept / "letter.txt").read_text(encoding="utf-8") == "mine"
