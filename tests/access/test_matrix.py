"""Every route, as every reader, with own, neighbour's and missing things: one table decides."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

import pytest

from lms.testing.databases import chosen_kind
from lms.web.access import declared, undeclared
from tests.access.asking import ask
from tests.access.state import COUNTED, State, changed_tables
from tests.access.table import LINES, LINK_IS_OVER, LOOKS_NOTED, Line
from tests.access.world import READERS, SIDES, World

SAFE = {"HEAD", "OPTIONS"}


def refusal(world: World, line: Line, reader: str) -> int:
    """The status for a reader who may not."""
    known = "public" if line.endpoint == "static" else declared(world.app, line.endpoint).known
    if reader == "guest" and known == "token":
        return 401
    if reader == "guest" and known == "sign_in":
        return 303 if line.method == "GET" else 401
    return LINK_IS_OVER.get(line.endpoint, 404)


def test_every_route_stands_in_the_table_and_nothing_else(world: World) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - SAFE
    }
    listed = {(line.endpoint, line.method) for line in LINES}
    assert not routes - listed, "add a line for each to tests/access/routes.txt"
    assert not listed - routes, "these routes are gone"
    twice = [key for key, n in Counter((str(line)) for line in LINES).items() if n > 1]
    assert not twice


def test_every_route_declares_its_access(world: World) -> None:
    assert undeclared(world.app) == []
    for record in world.app.extensions["lms_host"].records.values():
        assert record.state == "active", f"{record.name}: {record.error}"


def asked_by(line: Line, side: str) -> Sequence[str]:
    """Who asks for a thing of this side: everybody. On PostgreSQL whoever may, and one of those who
    may not, a different one for each line: that all the others are refused no database changes."""
    if chosen_kind() == "sqlite":
        return READERS
    may = line.sides.get(side, {})
    others = [reader for reader in READERS if reader not in may]
    return [*may, *others[zlib.crc32(f"{line} {side}".encode()) % max(len(others), 1) :][:1]]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_route_answers_each_reader_as_declared(world: World, state: State, line: Line) -> None:
    before = state.content(without=COUNTED)
    wrong = []
    for side in SIDES:
        for reader in asked_by(line, side):
            arguments = world.arguments(line.thing, side, reader)
            if arguments is None:
                continue
            may = line.sides.get(side, {})
            expected = may.get(reader) or refusal(world, line, reader)
            if side == "missing" and line.endpoint == "users.sign_out":
                continue
            # Who may not is refused with everything in order; who may, for the stale token.
            answer = ask(
                world,
                reader,
                line.method,
                line.endpoint,
                arguments,
                fresh_token=reader not in may,
            )
            if answer.status_code != expected:
                wrong.append(f"{reader}, {side}: {answer.status_code} and not {expected}")
            if reader == "guest" and expected == 303 and reader not in may:
                assert answer.location.startswith("/sign-in?next=")
    assert not wrong, f"{line}\n" + "\n".join(wrong)
    changed = changed_tables(before, state.content(without=COUNTED))
    noted = LOOKS_NOTED.get((line.endpoint, line.method), [])
    assert changed == noted, f"{line} changed {', '.join(changed)} though nobody was let through"
