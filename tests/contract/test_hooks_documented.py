"""No hook without its heading, its exact signature, a working example and a test of its name."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType

import click
import flask
import pluggy
import pytest

import lms.api
import lms.hookspecs
from lms.host.answers import check_answer, promised

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
SPECS = {
    node.name: node
    for node in ast.parse(Path(lms.hookspecs.__file__).read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
}
LEFT_OUT = ("clear_the_table", "lay_a_place", "load_evening_classes")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def blocks(section: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def signature(node: ast.FunctionDef) -> str:
    return (
        f"{node.name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns or ast.Constant(1))}"
    )


def test_every_hook_has_its_heading_and_no_heading_is_left_over():
    assert list(SECTIONS) == list(SPECS)


@pytest.mark.parametrize("hook", SPECS)
def test_the_signature_on_the_page_is_the_one_in_the_code(hook):
    (written,) = ast.parse(blocks(SECTIONS[hook])[0].rstrip() + ": ...").body
    assert isinstance(written, ast.FunctionDef)
    assert signature(written) == signature(SPECS[hook])


@pytest.mark.parametrize("hook", SPECS)
def test_the_page_says_who_asks_and_what_a_failure_means(hook):
    assert "\nAsked by: " in SECTIONS[hook]
    assert "\nIf it fails: " in SECTIONS[hook]


def example_of(hook: str) -> ModuleType:
    """The page's example, run with what `lms.api` offers and stand-ins for what is left out."""
    example = ModuleType("example")
    given = {name: getattr(lms.api, name) for name in lms.api.__all__}
    left_out = dict.fromkeys(LEFT_OUT, lambda *_given: None)
    vars(example).update(given, Blueprint=flask.Blueprint, click=click, **left_out)
    exec("from __future__ import annotations\n" + blocks(SECTIONS[hook])[1], vars(example))
    return example


@pytest.mark.parametrize("hook", SPECS)
def test_the_example_fills_the_hook(hook):
    example = example_of(hook)
    manager = pluggy.PluginManager(lms.hookspecs.PROJECT)
    manager.add_hookspecs(lms.hookspecs)
    manager.register(example, "example")
    assert [call.plugin_name for call in getattr(manager.hook, hook).get_hookimpls()] == ["example"]


@pytest.mark.parametrize("hook", SPECS)
def test_the_example_answers_in_the_right_shape(hook):
    names = [argument.arg for argument in SPECS[hook].args.args]
    nothing_asked = [lms.api.GUEST if name == "actor" else [] for name in names]
    answer = getattr(example_of(hook), hook)(*nothing_asked)
    check_answer(promised(getattr(lms.hookspecs, hook)), answer)


def test_every_hook_has_a_test_of_its_name():
    files = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("plugins/*/tests/**/*.py")]
    names = {
        name
        for file in files
        for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
    }
    missing = [h for h in SPECS if not any(h.removeprefix("lms_") in name for name in names)]
    assert not missing, f"no test function is named for {', '.join(missing)}"
