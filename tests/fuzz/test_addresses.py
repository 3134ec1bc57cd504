"""Every address with junk in its parts and its parameters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.access.asking import fresh_address
from tests.access.table import LINES, Line
from tests.access.world import World
from tests.fuzz.judging import judge, outspoken
from tests.fuzz.junk import encoded, quoted, sparing, texts

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""(?:args\.get(?:list)?|_codes|_number)\(\s*"(\w+)" """.strip())


def parameters() -> list[str]:
    """Every parameter that some view reads from the address, found in the code."""
    found = {"lang", "v"}
    for path in (*ROOT.glob("lms/**/*.py"), *ROOT.glob("plugins/*/lms_*/**/*.py")):
        found.update(READ.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


PARAMETERS = parameters()
PAGES = list({line.endpoint: line for line in LINES if line.method == "GET"}.values())
SIMPLE = ["1", "2", "da", "sv", "open", "name"]


def test_the_parameters_are_found() -> None:
    assert {"q", "page", "next", "lang", "kind", "session", "host", "before"} <= set(PARAMETERS)


def reader_of(line: Line) -> str:
    """Somebody who may open the page, the most powerful if there is a choice."""
    readers = [reader for reader, status in line.sides["own"].items() if status == 200]
    return readers[-1] if readers else "guest"


def ask_raw(world: World, line: Line, address: str, method: str = "GET") -> Any:
    reader = reader_of(line)
    headers = world.bearer(reader) if address.startswith("/api/") else {}
    return world.client(reader).open(
        address, method=method, headers=headers, buffered=True, environ_overrides=fresh_address()
    )


@pytest.mark.parametrize("line", PAGES, ids=str)
def test_any_parameter_may_hold_anything(world: World, line: Line) -> None:
    arguments = world.arguments(line.thing, "own", reader_of(line))
    assert arguments is not None
    path = world.url(line.endpoint, arguments)
    values = st.one_of(texts, st.sampled_from(SIMPLE))
    whole = st.fixed_dictionaries({}, optional=dict.fromkeys(PARAMETERS, values))
    beside = st.lists(st.tuples(st.one_of(st.sampled_from(PARAMETERS), texts), values), max_size=4)

    @sparing
    @given(whole, beside)
    def check(once: dict[str, str], more: list[tuple[str, str]]) -> None:
        judge(ask_raw(world, line, f"{path}?{encoded([*once.items(), *more])}"), faults)

    with outspoken(world.app) as faults:
        for junk in ("=", "=%00", "=-1", "=9999999999999999999999", "%5B%5D=1", "=%FF"):
            query = "&".join(f"{name}{junk}&{name}{junk}" for name in PARAMETERS)
            judge(ask_raw(world, line, f"{path}?{query}"), faults)
        check()


@pytest.mark.parametrize("line", [line for line in PAGES if line.thing != "-"], ids=str)
def test_any_part_of_an_address_may_be_anything(world: World, line: Line) -> None:
    rules = [r.rule for r in world.app.url_map.iter_rules() if r.endpoint == line.endpoint]
    methods = sorted({other.method for other in LINES if other.endpoint == line.endpoint})
    parts = re.split(r"<[^>]+>", rules[0])

    @sparing
    @given(st.lists(texts, min_size=len(parts) - 1, max_size=len(parts) - 1))
    def check(junk: list[str]) -> None:
        pairs = zip(parts, [*map(quoted, junk), ""], strict=True)
        address = "".join(fixed + part for fixed, part in pairs)
        for method in methods:
            judge(ask_raw(world, line, address, method), faults)

    with outspoken(world.app) as faults:
        check()
