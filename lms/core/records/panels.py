"""The thread as a panel on the page of a record."""

from __future__ import annotations

from flask import url_for

from lms.contracts import Actor, LocalisedText, Panel
from lms.core.records.drawing import drawn
from lms.core.records.tracing import thread_of
from lms.core.records.views import url_of
from lms.web.i18n import local

TITLE = LocalisedText(
    da="Fra behov til virkning", sv="Från behov till effekt", en="From need to effect"
)


def way_to_thread(kind: str, key: str) -> Panel:
    """A way to the thread of a record, where drawing it would cost a page too much."""
    return Panel(
        template="records/way.html",
        values={"url": url_for("records.thread", kind=kind, key=key)},
        title=TITLE,
        order=90,
        place="aside",
    )


def thread_panel(kind: str, key: str, actor: Actor, *, order: int = 80) -> Panel | None:
    """The thread of a record for its own page; None when the reader sees nothing else on it and
    may add nothing."""
    found = thread_of(kind, key, actor)
    if found is None or (len(found.nodes) == 1 and not found.start.facts.may_link):
        return None
    return Panel(
        template="records/panel.html",
        values={
            "thread": found,
            "drawing": drawn(found, lambda node: local(node.facts.title)),
            "url_of": url_of,
            "url": url_for("records.thread", kind=kind, key=key),
        },
        title=TITLE,
        order=order,
    )
