"""The browser for journeys: the machine's own Chromium, driven by Playwright, kept at home.

``with browser() as chromium, visit(chromium, "http://127.0.0.1:8000") as visitor:`` gives a
visitor with a clean profile; ``visitor.page`` is its page. Leaving the block fails the test
when a page asked any other host for anything.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

PATH_VARIABLE = "LMS_TEST_CHROMIUM"
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--font-render-hinting=none",
    # Whatever the browser itself would like to look up, it finds only this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
TIMEOUT_MS = 10_000
OWN_SCHEMES = frozenset({"about", "blob", "data"})

ColourScheme = Literal["light", "dark"]


# `Page.wait_for_function` takes a promise for a yes, whatever comes of it.
_CACHED = """
async ([cache, path, patience]) => {
    const until = performance.now() + patience;
    while (!(await caches.match(path, {cacheName: cache}))) {
        if (performance.now() > until) throw new Error(`${path} does not come into ${cache}`);
        await new Promise(done => setTimeout(done, 50));
    }
}
"""


class ChromiumMissingError(RuntimeError):
    """The machine has no Chromium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One visitor with a profile of their own.

    ``foreign`` and ``problems`` fill up while pages are used: addresses asked for outside the
    site, and what the console or an uncaught error said.
    """

    base_url: str
    context: BrowserContext
    page: Page
    foreign: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def executable() -> Path:
    """The Chromium to drive: ``LMS_TEST_CHROMIUM``, else the first one found on the machine."""
    named = os.environ.get(PATH_VARIABLE)
    if named:
        if Path(named).exists():
            return Path(named)
        raise ChromiumMissingError(f"{PATH_VARIABLE} names {named}, which is not there.")
    for name in CANDIDATES:
        found = shutil.which(name)
        if found:
            return Path(found)
    for app in MAC_APPS:
        if Path(app).exists():
            return Path(app)
    raise ChromiumMissingError(
        "No Chromium was found. Debian: apt-get install chromium. "
        "macOS: brew install --cask chromium."
    )


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Start a headless Chromium; it is closed however the block ends."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable(),
            headless=True,
            # The sandbox will not start for root, nor in many containers; the pages are ours.
            chromium_sandbox=False,
            args=list(FLAGS),
        )
        try:
            yield chromium
        finally:
            chromium.close()


@contextlib.contextmanager
def visit(
    chromium: Browser,
    base_url: str,
    *,
    locale: str = "da-DK",
    colour_scheme: ColourScheme = "light",
    width: int = 1280,
    height: int = 800,
    javascript: bool = True,
    trust_any_certificate: bool = False,
) -> Iterator[Visitor]:
    """Open a clean profile on a site; width and height in CSS pixels.

    Raises ``AssertionError`` at the end when a page asked another host for anything.
    ``trust_any_certificate`` is for the pass over https, whose certificate nobody knows.
    """
    context = chromium.new_context(
        base_url=base_url,
        locale=locale,
        timezone_id="Europe/Copenhagen",
        color_scheme=colour_scheme,
        viewport={"width": width, "height": height},
        java_script_enabled=javascript,
        ignore_https_errors=trust_any_certificate,
        # A service worker is fetched with no regard to what is trusted here, and fails aloud.
        service_workers="block" if trust_any_certificate else "allow",
        reduced_motion="reduce",
        accept_downloads=True,
    )
    try:
        context.set_default_timeout(TIMEOUT_MS)
        visitor = Visitor(base_url=base_url, context=context, page=context.new_page())
        home = urlsplit(base_url)

        def watch(request: Request) -> None:
            asked = urlsplit(request.url)
            own = (asked.scheme, asked.netloc) == (home.scheme, home.netloc)
            if not own and asked.scheme not in OWN_SCHEMES:
                visitor.foreign.append(request.url)

        context.on("request", watch)
        context.on(
            "console",
            lambda message: (
                visitor.problems.append(message.text) if message.type == "error" else None
            ),
        )
        context.on("weberror", lambda error: visitor.problems.append(str(error.error)))
        yield visitor
        if visitor.foreign:
            raise AssertionError(f"Asked outside the site: {sorted(set(visitor.foreign))}")
    finally:
        context.close()


def wait_until_cached(page: Page, cache: str, path: str) -> None:
    """Wait until a page's own store of answers has this address. Raises Playwright's ``Error``
    when it does not come."""
    page.evaluate(_CACHED, [cache, path, TIMEOUT_MS])
