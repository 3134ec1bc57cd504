"""Going through the whole house: every page somebody may open, and every form printed there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from tests.access.asking import ask
from tests.access.html import FormOnPage, Page
from tests.access.table import LINES, Line
from tests.access.world import World


@dataclass(frozen=True)
class Visit:
    """A page that one reader may open, on one side."""

    line: Line
    reader: str
    side: str
    url: str

    def __str__(self) -> str:
        return f"{self.url} as {self.reader}"


def visits(world: World, *, one_reader: bool = False) -> Iterator[Visit]:
    """Every page with everybody who may open it and is answered 200."""
    for line in LINES:
        if line.method != "GET":
            continue
        for side, readers in line.sides.items():
            for reader, status in readers.items():
                arguments = world.arguments(line.thing, side, reader)
                if status != 200 or arguments is None:
                    continue
                yield Visit(line, reader, side, world.url(line.endpoint, arguments))
                if one_reader:
                    break


@dataclass(frozen=True)
class PrintedForm:
    """A form on a page, and the route it is sent to."""

    visit: Visit
    form: FormOnPage
    endpoint: str


def endpoint_of(world: World, url: str, method: str) -> str:
    """The route behind an address; empty when there is none."""
    adapter = world.app.url_map.bind("localhost")
    try:
        return str(adapter.match(urlsplit(url).path, method=method)[0])
    except HTTPException:
        return ""


def printed_forms(world: World) -> list[PrintedForm]:
    """Every form that is printed for anybody, once per route, address and set of fields."""
    found: dict[tuple[object, ...], PrintedForm] = {}
    for visit in visits(world):
        arguments = world.arguments(visit.line.thing, visit.side, visit.reader)
        assert arguments is not None
        answer = ask(world, visit.reader, "GET", visit.line.endpoint, arguments)
        if answer.mimetype != "text/html":
            continue
        for form in Page(answer.text, visit.url).forms:
            endpoint = endpoint_of(world, form.action, form.method)
            key = (endpoint, form.method, urlsplit(form.action).path, tuple(sorted(form.fields)))
            found.setdefault(key, PrintedForm(visit, form, endpoint))
    return list(found.values())
