"""A phone that loses its network, and what it keeps until the network is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.harness.chromium import wait_until_cached
from tests.journeys.people import Somebody

LOST = "Failed to load resource"
KEPT = ".note.kept"
PATIENCE = 45_000
"""Milliseconds, in which a phone tries twice."""


def be_ready(phone: Somebody, *, page_too: bool = False) -> None:
    """Wait until the phone can do without network; with `page_too` for the page it is at."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until_cached(phone.page, "samspil-shell-1", "/offline")
    if page_too:
        wait_until_cached(phone.page, "samspil-pages", phone.path)


@contextmanager
def no_network(phone: Somebody) -> Iterator[None]:
    """Out of reach; the console may say that nothing could be loaded."""
    phone.page.context.set_offline(True)
    try:
        yield
    finally:
        phone.page.context.set_offline(False)
    forget_losses(phone)


def forget_losses(phone: Somebody) -> None:
    """What the browser notes by itself of answers that did not come, or were no."""
    problems = phone.visitor.problems
    problems[:] = [said for said in problems if LOST not in said]


def keep(phone: Somebody, button: str) -> None:
    """Press a button that cannot send now: what is written is kept, and said to be kept."""
    phone.page.locator(button).first.click()
    expect(phone.page.locator(f"{KEPT} li")).to_have_count(1)


def wait_until_sent(phone: Somebody) -> None:
    """The network is back, so what was kept goes by itself; on a slow day at the second try."""
    expect(phone.page.locator(f"{KEPT} p")).to_have_count(1, timeout=PATIENCE)
    expect(phone.page.locator(f"{KEPT} li")).to_have_count(0)
