"""Hands whose every click and every field they fill in is counted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.journeys.people import Somebody


@dataclass(slots=True)
class Tally:
    """What a piece of work has taken so far, whoever did it: `clicks` count every press, tick and
    choice, `fields` every field that was typed in."""

    clicks: int = 0
    fields: int = 0
    _begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._begun


@dataclass(frozen=True, slots=True)
class Hands:
    """Somebody who gets everywhere by pressing what is on the page, never by an address."""

    who: Somebody
    tally: Tally

    def follow(self, selector: str) -> None:
        """Press the first link or button like this, which leads to another page."""
        self.tally.clicks += 1
        self.who.press(selector)

    def write(self, **texts: str) -> None:
        """Type into fields, by their names."""
        for name, text in texts.items():
            self.tally.fields += 1
            self.who.page.fill(f"main [name={name}]", text)

    def tick(self, name: str, value: str = "") -> None:
        """Tick a box, or choose one of several."""
        self.tally.clicks += 1
        exactly = f"[value='{value}']" if value else ""
        self.who.page.check(f"main input[name={name}]{exactly}")

    def choose(self, name: str, value: str) -> None:
        """Choose from a list: one click to open it, one to choose."""
        self.tally.clicks += 2
        self.who.page.select_option(f"main select[name={name}]", value)

    def save(self) -> None:
        """Press the first button of the page's form."""
        self.follow("main form.form p.row button.btn:not(.second)")
