"""Who may use which route: `routes.txt` has one line per route, method and thing.

    endpoint                        how  thing                answer | own side | neighbour's side

`answer` is the status for those who may; a post is sent with a stale token, so that it is refused
as a form and changes nothing. Who is not named is answered as the route's declaration says: guests
are sent to sign in (GET 303, POST 401) or, over the API, told to send a token (401); everybody
else gets 404, whether the thing is another organisation's or does not exist. A single exception
for one reader is written `reader=status`. An empty side means that the thing has no such side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.access.world import READERS, SIGNED_IN

WORDS = {"everybody": READERS, "signed_in": SIGNED_IN}

BY_A_SCRIPT = frozenset({"challenges.similar", "web.check_text"})
"""Asked while somebody writes; the same is said by the form's own button."""

LINK_IS_OVER = {
    "activities.observed": 410,
    "activities.seen": 410,
    "enrolment.answer": 410,
    "enrolment.join": 410,
    "learning.agreement_link": 410,
}
"""What a link that was never minted answers, where that is not 404."""

LOOKS_NOTED = {("learning.company_desk", "GET"): ["journal_entry"]}
"""Pages that write down that somebody has looked at them, and where."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: for those named, by side, the status of their answer."""

    endpoint: str
    method: str
    thing: str
    status: int
    sides: Mapping[str, Mapping[str, int]]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} ({self.thing})"


def _line(text: str) -> Line:
    head, *sides = (part.strip() for part in text.split("|"))
    endpoint, method, *thing, status = head.split()
    answer = int(status)
    return Line(
        endpoint=endpoint,
        method=method,
        thing=" ".join(thing),
        status=answer,
        sides=dict(zip(("own", "neighbour"), (_who(side, answer) for side in sides), strict=True)),
    )


def _who(text: str, answer: int) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for word in text.split():
        name, _, own = word.partition("=")
        found |= {reader: int(own or answer) for reader in WORDS.get(name, (name,))}
    return found


TABLE = Path(__file__).with_name("routes.txt")
LINES = [_line(text) for text in TABLE.read_text(encoding="utf-8").splitlines() if text]
