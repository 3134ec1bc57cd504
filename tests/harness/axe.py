"""Accessibility rules of axe-core on the page a visitor stands on."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# What WCAG 2.2 AA asks for, and the field's own good manners.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


# Every element that passed would come along otherwise, with its place in the page.
_RUN = """
async rules => {
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: rules},
        resultTypes: ["violations"],
    });
    return {passes: found.passes.length, violations: found.violations};
}
"""


@cache
def _source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, *, rules: tuple[str, ...] = RULES) -> list[str]:
    """What axe finds on the page as it is now: one line each, empty when there is nothing.

    The script is handed over by the browser's debugging channel, so it runs under whatever
    content security policy the page has. Raises ``RuntimeError`` when axe did not run.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_source() + "\n;true")
    result: dict[str, Any] = page.evaluate(_RUN, list(rules))
    if not result["passes"] and not result["violations"]:
        raise RuntimeError(f"axe judged nothing on {page.url}")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['target']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
