"""The states of an enrolment and the moves between them, as data."""

from __future__ import annotations

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"awaiting_approval", "waitlisted", "seated", "withdrawn", "cancelled"}),
    "awaiting_approval": frozenset(
        {"waitlisted", "seated", "declined", "lapsed", "withdrawn", "cancelled"}
    ),
    "waitlisted": frozenset({"offered", "lapsed", "withdrawn", "cancelled"}),
    "offered": frozenset({"seated", "waitlisted", "lapsed", "withdrawn", "cancelled"}),
    "seated": frozenset({"active", "withdrawn", "cancelled"}),
    "active": frozenset({"completed", "not_completed", "no_show", "withdrawn", "cancelled"}),
    "completed": frozenset(),
    "not_completed": frozenset(),
    "no_show": frozenset(),
    "declined": frozenset(),
    "lapsed": frozenset(),
    "withdrawn": frozenset(),
    "cancelled": frozenset(),
}

STATES: tuple[str, ...] = tuple(MOVES)
LIVE: frozenset[str] = frozenset(
    {"requested", "awaiting_approval", "waitlisted", "offered", "seated", "active"}
)
WITH_SEAT: frozenset[str] = frozenset(
    {"offered", "seated", "active", "completed", "not_completed", "no_show"}
)
"""States that hold one of the run's seats; an offer holds the seat it offers."""
OVER: frozenset[str] = frozenset(STATES) - LIVE
"""States in which nothing more happens with this enrolment."""
REASON_NEEDED: frozenset[str] = frozenset({"declined"})


class IllegalMove(ValueError):
    """A move that the table does not know; a fault of the code or a page that was too old."""


def check_move(old: str | None, new: str) -> None:
    """Raise `IllegalMove` unless `old` may become `new`. The first state is always `requested`."""
    if old is None:
        if new != "requested":
            raise IllegalMove(f"an enrolment begins as requested, not as {new}")
        return
    if new not in MOVES[old]:
        raise IllegalMove(f"{old} may not become {new}")
