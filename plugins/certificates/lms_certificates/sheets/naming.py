"""How large a name can be set: the largest size at which it fits, then two lines.

Widths come from the bundled typeface itself. A letter it lacks counts as a wide one, because the
fallback typeface is wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent.parent / "fonts"
_FILES = (
    "schibsted-grotesk-latin-700-normal.woff2",
    "schibsted-grotesk-latin-ext-700-normal.woff2",
)
_UNKNOWN = 0.78
# The sheet sets names a little tighter than the typeface does.
_TRACKING = -0.02
# Rounding and kerning must not push a name over the edge.
_SPARE = 0.98


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A name's size in points and its lines."""

    size: int
    lines: tuple[str, ...]


def fit(name: str, width: float, sizes: Sequence[int], small: Sequence[int]) -> Setting:
    """Set `name` in `width` points.

    `sizes` are tried on one line from the largest down, then the last of them and `small` on
    two lines. A name that fits nowhere comes back whole in the smallest size: the sheet wraps it.
    """
    room = width * _SPARE
    for size in sizes:
        if extent(name) * size <= room:
            return Setting(size=size, lines=(name,))
    lines = _halves(name)
    smaller = (sizes[-1], *small)
    for size in smaller:
        if len(lines) == 2 and max(map(extent, lines)) * size <= room:
            return Setting(size=size, lines=lines)
    return Setting(size=smaller[-1], lines=(name,))


def extent(text: str) -> float:
    """The width of a text in bold, as a multiple of the size it is set in."""
    widths = _widths()
    return sum(widths.get(ord(sign), _UNKNOWN) + _TRACKING for sign in text)


def _halves(name: str) -> tuple[str, ...]:
    """A name in two lines of as equal width as its spaces and hyphens allow."""
    cuts = [place for place, sign in enumerate(name) if sign in " -"]
    if not cuts:
        return (name,)
    pairs = [(name[: cut + 1].rstrip(" "), name[cut + 1 :]) for cut in cuts]
    return min(pairs, key=lambda pair: max(map(extent, pair)))


@cache
def _widths() -> dict[int, float]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    widths: dict[int, float] = {}
    for file in reversed(_FILES):
        with TTFont(FONTS / file, lazy=True) as font:
            unit = font["head"].unitsPerEm
            advances = font["hmtx"].metrics
            for sign, glyph in font.getBestCmap().items():
                widths[sign] = advances[glyph][0] / unit
    return widths
