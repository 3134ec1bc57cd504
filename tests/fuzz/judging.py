"""What no answer may be, whatever was sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.test import TestResponse

from lms.host import PluginFailure
from tests.access.html import Page
from tests.fuzz.junk import MARK, PRODUCT


class Faults(logging.Handler):
    """Errors that were written down instead of raised, such as a plugin's."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


@contextmanager
def outspoken(app: Flask) -> Iterator[Faults]:
    """An exception in a view reaches the test, and faults in plugins are gathered."""
    handlers = app.error_handler_spec[None][None]
    silenced = {kind: handlers.pop(kind) for kind in (Exception, PluginFailure)}
    faults, log = Faults(), logging.getLogger("lms")
    log.addHandler(faults)
    try:
        yield faults
    finally:
        log.removeHandler(faults)
        handlers.update(silenced)


def judge(answer: TestResponse, faults: Faults) -> Page | None:
    """Assert that the answer is one of ours and carries nothing of the junk alive.

    Returns the page, parsed, when it is one.
    """
    assert answer.status_code < 500, answer.status
    assert not faults.found, faults.found
    for name, value in answer.headers:
        assert name.lower() != "x-injected", value
        assert "\r" not in value
        assert "\n" not in value
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.partition("=")[0] in ("samspil", "lang"), cookie
    stays(answer.location)
    if answer.mimetype != "text/html":
        return None
    page = Page(answer.text, answer.request.path)
    alive(page)
    assert PRODUCT not in answer.text, "a template payload was worked out"
    return page


def alive(page: Page) -> None:
    """Assert that no payload became a tag, an attribute or an address that runs."""
    for tag, attributes in page.tags:
        assert MARK not in tag, tag
        assert not [name for name in attributes if MARK in name], attributes
    for address in page.addresses():
        assert not address.strip().lower().startswith(("javascript:", "data:", "vbscript:"))


def stays(location: str | None) -> None:
    """Assert that a redirect stays on this host, as a browser reads it."""
    if location is None:
        return
    assert location.startswith("/"), location
    # Browsers take tabs and line breaks out, and read \ as /.
    read = location.replace("\\", "/").translate({9: None, 10: None, 13: None})
    assert not read.startswith("//"), location
