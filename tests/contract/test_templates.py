"""Templates: they compile, and none of them breaks the content security policy or the escaping."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]

# Printed on paper by the certificate worker, never sent to a browser.
ON_PAPER = ("lms_certificates/sheets/", "lms_fairplay/sheets/")

TEMPLATES = sorted(
    str(path.relative_to(ROOT))
    for folder in ("lms", "plugins")
    for path in (ROOT / folder).rglob("*.html")
    if not any(part in path.as_posix() for part in ON_PAPER)
)
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "escaping switched off": re.compile(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\("),
    "another site": re.compile(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}


@pytest.mark.once
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_holds_only_what_a_page_may(template: str) -> None:
    text = (ROOT / template).read_text()
    # A mail is read far from our stylesheet and our policy.
    in_mail = "/mail/" in template
    found = [
        what
        for what, pattern in FORBIDDEN.items()
        if pattern.search(text) and not (in_mail and "style" in what)
    ]
    assert not found, f"{template} has {', '.join(found)}"


@pytest.mark.once
def test_no_python_file_marks_text_as_safe_html() -> None:
    # markdown.py is where people's own formatting becomes HTML, through an allow-list.
    allowed = ("lms/web/pages.py", "lms/web/i18n.py", "lms/web/markdown.py", *ON_PAPER)
    found = {
        str(path.relative_to(ROOT))
        for folder in ("lms", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bMarkup\(", path.read_text()) and "/tests/" not in path.as_posix()
    }
    assert not [name for name in found if not any(part in name for part in allowed)]


def test_every_template_compiles(lms_app_factory: Callable[..., Flask]) -> None:
    app = lms_app_factory(discover=True)
    names = app.jinja_env.list_templates(extensions=["html", "txt"])
    assert names
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.once
def test_a_plugins_templates_lie_under_its_name() -> None:
    for template in TEMPLATES:
        if template.startswith("plugins/"):
            _, plugin, package, folder, inner, *_ = Path(template).parts
            assert (package, folder, inner) == (f"lms_{plugin}", "templates", plugin)
