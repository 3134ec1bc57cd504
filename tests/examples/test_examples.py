"""The examples of the documents are installed as a stranger would, and keep their own tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DOCUMENTS = ("README.md", "docs/writing_a_plugin.md")
QUOTED = re.compile(r"^```(?:python|toml|jinja|po)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(*command: str, **environment: str) -> str:
    """Run a command of this environment's `bin` to its good end; what it printed."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name(command[0])), *command[1:]],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the examples installed in it, beside the house's own packages."""
    words = EXAMPLES / "shadowing" / "lms_shadowing" / "translations"
    run("pybabel", "compile", "-d", str(words), "-D", "shadowing")
    folder = str(tmp_path_factory.mktemp("installed"))
    packages = [str(EXAMPLES / name) for name in ("quiet_runs", "shadowing")]
    offline = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run("pip", "install", "--disable-pip-version-check", *offline, "--target", folder, *packages)
    return folder


def test_their_own_tests_pass(installed: str, tmp_path: Path) -> None:
    said = run(
        "pytest", "-q", "-p", "no:cacheprovider", "docs/examples",
        f"--basetemp={tmp_path / 'inner'}", PYTHONPATH=installed,
    )  # fmt: skip
    assert re.search(r"\b\d+ passed", said), said


def test_they_are_found_and_have_their_tables(installed: str, tmp_path: Path) -> None:
    here = {"PYTHONPATH": installed, "LMS_DATA_DIR": str(tmp_path)}
    assert "shadowing: 0001" in run("lms", "upgrade", **here)
    assert run("lms", "migrations", "revision", "shadowing", "-m", "x", **here).endswith(
        "the models say nothing new.\n"
    )
    plugins = [json.loads(line) for line in run("lms", "plugins", "list", **here).splitlines()]
    states = {plugin["name"]: (plugin["state"], plugin["error"]) for plugin in plugins}
    assert states["shadowing"] == states["quiet_runs"] == ("active", "")


@pytest.mark.once
@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_the_documents_quote_is_what_is_tested(document: str) -> None:
    files = [
        path for path in EXAMPLES.rglob("*") if path.suffix in (".py", ".toml", ".html", ".po")
    ]
    texts = [path.read_text() for path in files]
    quotes = QUOTED.findall((ROOT / document).read_text())
    assert quotes
    strange = [quote for quote in quotes if not any(quote in text for text in texts)]
    assert not strange
