"""The states of a run and of a course version, and the moves between them, as data."""

from __future__ import annotations

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"announced", "cancelled"}),
    "announced": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed", "running", "cancelled"}),
    "closed": frozenset({"open", "running", "cancelled"}),
    "running": frozenset({"completed", "interrupted"}),
    "interrupted": frozenset({"running", "cancelled"}),
    "completed": frozenset({"evaluated"}),
    "evaluated": frozenset({"archived"}),
    "archived": frozenset(),
    "cancelled": frozenset(),
}

STATES: tuple[str, ...] = tuple(MOVES)
LISTED: tuple[str, ...] = ("announced", "open", "closed", "running")
"""States in which a run stands in the catalogue."""
SEEN: tuple[str, ...] = tuple(state for state in STATES if state != "planned")
"""States in which people outside the team may open a run's page."""
REASON_NEEDED: frozenset[str] = frozenset({"cancelled", "interrupted"})

VERSION_MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"review"}),
    "review": frozenset({"draft", "approved"}),
    "approved": frozenset({"retired"}),
    "retired": frozenset(),
}
"""Where a course version may go; what is approved is changed by making the next version."""
VERSION_STATES: tuple[str, ...] = tuple(VERSION_MOVES)
