"""The band of a certificate: two families of lines that swing around each other, many to one.

The drawing is calculated, the same each time; it belongs to the mark (two strands, plaited).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

LINES = 17
_STEPS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Length and breadth in millimetres, and how the lines run along the length.

    `swing` is how far a family's middle line leaves the axis, `spread` half the breadth of a
    family, both as functions of the way along (0 to 1) in millimetres; `turns` counts the swings.
    """

    length: float
    breadth: float
    upright: bool
    turns: float
    start: float
    swing: Callable[[float], float]
    spread: Callable[[float], float]
    first: str
    second: str
    faint: float


def drawing(band: Band) -> bytes:
    """The band as a whole SVG file in UTF-8."""
    paths = []
    for sign, colour in ((1, band.first), (-1, band.second)):
        for line in range(LINES):
            offset = 2 * line / (LINES - 1) - 1
            middle = line == LINES // 2
            look = 'stroke-width=".5"' if middle else f'stroke-opacity="{band.faint}"'
            paths.append(f'<path stroke="{colour}" {look} d="{_path(band, sign, offset)}"/>')
    width, height = band.breadth, band.length
    if not band.upright:
        width, height = height, width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" fill="none" stroke-width=".32">{"".join(paths)}</svg>'
    ).encode()


def _path(band: Band, sign: int, offset: float) -> str:
    def across(way: float) -> float:
        way = min(1.0, max(0.0, way))
        angle = 2 * math.pi * (band.turns * way + band.start)
        # The lines of a family lean on each other as they turn, which gives the twist.
        lean = math.cos(angle + 0.6 * sign)
        middle = sign * band.swing(way) * math.sin(angle)
        return band.breadth / 2 + middle + offset * band.spread(way) * (0.75 + 0.25 * lean)

    step = 1 / _STEPS
    nudge = 1e-4
    points = []
    for index in range(_STEPS + 1):
        way = index * step
        before, after = max(0.0, way - nudge), min(1.0, way + nudge)
        slope = (across(after) - across(before)) / (after - before)
        points.append((way, across(way), slope))
    commands = [f"M{_point(band, points[0][0], points[0][1])}"]
    # A cubic with the curve's own slope at both ends: smooth with few points.
    for (way, place, slope), (next_way, next_place, next_slope) in pairwise(points):
        commands.append(
            f"C{_point(band, way + step / 3, place + slope * step / 3)} "
            f"{_point(band, next_way - step / 3, next_place - next_slope * step / 3)} "
            f"{_point(band, next_way, next_place)}"
        )
    return "".join(commands)


def _point(band: Band, way: float, place: float) -> str:
    along = way * band.length
    return f"{place:.1f} {along:.1f}" if band.upright else f"{along:.1f} {place:.1f}"


def _settle(way: float) -> float:
    """From 1 at the loose end to 0 where the strands are one."""
    return math.pow(1 - way, 1.15)


_DEEP = {"first": "#ffb648", "second": "#8fd5de", "faint": 0.42}
_LIGHT = {"first": "#d98a1f", "second": "#23808f", "faint": 0.38}


def _landscape(colours: dict[str, object]) -> bytes:
    return drawing(
        Band(
            length=170,
            breadth=74,
            upright=True,
            turns=1.94,
            start=0.06,
            swing=lambda way: 30 * math.pow(1 - way, 0.7) * (0.4 + way),
            spread=lambda way: 30 * _settle(way) ** 1.6,
            **colours,  # type: ignore[arg-type]
        )
    )


def _portrait(colours: dict[str, object]) -> bytes:
    return drawing(
        Band(
            length=210,
            breadth=58,
            upright=False,
            turns=2.1,
            start=0.1,
            swing=lambda way: 9 + 8 * math.sin(math.pi * min(1.0, way + 0.15)),
            spread=lambda way: 25 * (1 - 0.94 * way) ** 1.5,
            **colours,  # type: ignore[arg-type]
        )
    )


def drawings() -> dict[str, bytes]:
    """Every band by the file name the style sheet uses."""
    return {
        "band-landscape.svg": _landscape(dict(_DEEP)),
        "band-landscape-light.svg": _landscape(dict(_LIGHT)),
        "band-portrait.svg": _portrait(dict(_DEEP)),
        "band-portrait-light.svg": _portrait(dict(_LIGHT)),
    }
