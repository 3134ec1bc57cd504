"""What every page must stand up to: axe, a narrow screen, dark colours, a quiet console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.harness import axe
from tests.harness.chromium import ColourScheme

NARROW = 320
TALL = 720
KEYS = re.compile(r"/[a-z2-7]{16}(?=/|$)|/[0-9A-Za-z_-]{26,}(?=/|$)")


@dataclass(slots=True)
class Album:
    """Looks at pages, and keeps their pictures where it has a folder; a kind of page is judged once
    per language. Without `scripts` the visitor has none, and what they see is judged as a copy."""

    folder: Path | None
    number: int = 0
    scripts: bool = True
    _judged: set[str] = field(default_factory=set)

    def look(self, page: Page, name: str) -> None:
        """Judge the page as it is in light and dark, as wide as it is and at 320 px; with a folder
        keep a picture of both. `name` says in a word what is seen."""
        path = KEYS.sub("/*", page.url.partition("?")[0])
        kind = f"{path} {page.get_attribute('html', 'lang')} {name}"
        if kind in self._judged:
            return
        self._judged.add(kind)
        self.number += 1
        before = page.viewport_size or {"width": 1280, "height": 800}
        wrong: list[str] = []
        self.picture(page, name)
        views: tuple[tuple[int, ColourScheme], ...] = ((before["width"], "light"), (NARROW, "dark"))
        with self._where_axe_runs(page) as seen:
            for width, colours in views:
                seen.set_viewport_size({"width": width, "height": TALL})
                wrong += self._judge(seen, width, colours)
            self.picture(seen, f"{name}-{NARROW}-dark")
            wrong += self._judge(seen, NARROW, "light", axe_too=False)
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")
        assert not wrong, f"{name} at {page.url}: " + "\n".join(wrong)

    def picture(self, page: Page, name: str) -> None:
        """A picture of the whole page, where somebody wants to see it."""
        if self.folder is None:
            return
        page.screenshot(path=self.folder / f"{self.number:03d}-{name}.png", full_page=True)

    @contextmanager
    def _where_axe_runs(self, page: Page) -> Iterator[Page]:
        """The page itself; where scripts are off, and axe would never answer, a copy of what stands
        there, with its styles and none of its scripts."""
        if self.scripts:
            yield page
            return
        html = page.content()

        def answer(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif route.request.resource_type == "script":
                route.abort()
            else:
                route.continue_()

        browser = page.context.browser
        assert browser is not None
        with browser.new_context(reduced_motion="reduce") as context:
            copy = context.new_page()
            copy.route("**/*", answer)
            copy.goto(page.url)
            yield copy

    @staticmethod
    def _judge(page: Page, width: int, colours: ColourScheme, *, axe_too: bool = True) -> list[str]:
        page.emulate_media(color_scheme=colours)
        found = [f"{width} px {colours}: {line}" for line in axe.findings(page)] if axe_too else []
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{width} px {colours}: the page is {wide} px wide")
        return found
