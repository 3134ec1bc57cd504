"""The readiness profile: six sides of a challenge on a scale from 0 to 9, drawn, and in words.

Rows of one drawing, from the top: a line with a dot for what is known, a dotted line for what is
not. Lengths are in units of the drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.api import LocalisedText
from lms_challenges.scales import READINESS

MOST = 9
APART = 3
"""From how many steps between two sides it is said that one runs ahead."""

LEFT, WIDTH, TOP, ROW = 120, 400, 30, 34
_UNIT = (WIDTH - LEFT - 20) / MOST


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One side: `value` 0 to 9, or None when it is unknown; `x` and `y` place its dot."""

    key: str
    title: LocalisedText
    value: int | None
    x: float
    y: float
    ahead: bool
    behind: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """The drawing: `left` is where 0 stands, `right` where 9 does; `ticks` are (number, x)."""

    sides: Sequence[Side]
    left: float
    right: float
    width: int
    height: int
    ticks: Sequence[tuple[int, float]]

    @property
    def known(self) -> Sequence[Side]:
        """The sides that somebody has said something of."""
        return [side for side in self.sides if side.value is not None]

    @property
    def ahead(self) -> Sequence[Side]:
        """The sides that run ahead; empty when the profile is even."""
        return [side for side in self.sides if side.ahead]

    @property
    def behind(self) -> Sequence[Side]:
        """The sides that lag behind those."""
        return [side for side in self.sides if side.behind]

    @property
    def last(self) -> Sequence[Side]:
        """The sides that are least ready of what is known."""
        least = min((side.value for side in self.sides if side.value is not None), default=None)
        return [side for side in self.sides if side.value is not None and side.value == least]

    @property
    def apart(self) -> int:
        """Steps between the furthest and the last of what is known; 0 when less than two are."""
        values = [side.value for side in self.sides if side.value is not None]
        return max(values) - min(values) if len(values) > 1 else 0


def drawn(values: Mapping[str, int]) -> Profile:
    """Lay out a profile; `values` maps keys of scales.READINESS to 0 to 9."""
    known = {key: value for key, value in values.items() if key in READINESS}
    most, least = max(known.values(), default=0), min(known.values(), default=0)
    uneven = len(known) > 1 and most - least >= APART
    sides = [
        Side(
            key=key,
            title=title,
            value=known.get(key),
            x=_x(known.get(key, MOST)),
            y=TOP + ROW * place + ROW / 2,
            ahead=uneven and known.get(key) == most,
            behind=uneven and key in known and most - known[key] >= APART,
        )
        for place, (key, title) in enumerate(READINESS.items())
    ]
    return Profile(
        sides=sides,
        left=LEFT,
        right=_x(MOST),
        width=WIDTH,
        height=TOP + ROW * len(sides) + 6,
        ticks=[(number, _x(number)) for number in range(0, MOST + 1, 3)],
    )


def _x(value: int) -> float:
    return round(LEFT + value * _UNIT, 1)
