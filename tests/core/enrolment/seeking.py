"""Somebody who seeks a seat, seats that are kept, and terms: what the book of a run is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

LIVE = {"requested", "awaiting_approval", "waitlisted", "offered", "seated", "active"}
SEAT = {"offered", "seated", "active", "completed", "not_completed", "no_show"}


class No(Exception):
    """The rules do not allow it; nothing has changed."""


@dataclass(eq=False)
class Seek:
    """Somebody who wants, or has, a seat."""

    person: int
    org: str | None
    state: str = "requested"
    kept: bool = False  # the seat is one kept for their organisation
    partner: Seek | None = None
    asked: list[str] = field(default_factory=list)  # whose yes is missing, in order
    due: datetime | None = None
    lot: float = 0
    number: int = 0  # in which order they asked
    nominated_by: str | None = None


@dataclass
class Kept:
    """Seats kept for an organisation."""

    seats: int
    used: int = 0
    until: datetime | None = None
    released: bool = False

    @property
    def left(self) -> int:
        return 0 if self.released else self.seats - self.used


@dataclass
class Rules:
    """The terms, as far as they decide anything here."""

    approvers: tuple[str, ...] = ()
    approval: str = "in_order"
    waiting: str = "first_come"
    drawn: bool = False
    per_employer: int | None = None
    after_no: str = "leave"
