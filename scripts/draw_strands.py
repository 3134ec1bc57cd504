"""Draw the site's own pictures: mark.svg, plait.svg, thread.svg and strands.svg in lms/static.

    python scripts/draw_strands.py

They are pictures from outside the page, so they carry two hues of their own that stand on chalk
and in the dark alike; a strand drawn inside a page takes its colour from the stylesheet.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "lms" / "static"
SEA, AMBER = "#23808f", "#d98a1f"
Point = tuple[float, float]


def smooth(points: list[Point]) -> str:
    """Path data of a curve through the points (Catmull-Rom written as cubic Béziers)."""
    ends = [points[0], *points, points[-1]]
    parts = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for before, a, b, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        parts.append("C" + " ".join(f"{v:.1f}".removesuffix(".0") for p in (c1, c2, b) for v in p))
    return "".join(parts)


def picture(
    size: tuple[int, int],
    stroke: float,
    paths: list[tuple[str, str]],
    top: int = 0,
    cap: str = "round",
) -> str:
    """An SVG of strokes without fill; `size` is its width and height, `top` where it begins."""
    width, height = size
    drawn = "".join(f'<path stroke="{colour}" d="{data}"/>' for colour, data in paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 {top} {width} {height}" '
        f'fill="none" stroke-width="{stroke}" stroke-linecap="{cap}">{drawn}</svg>\n'
    )


def wave(middle: float, height: float, start: float, end: float, length: float) -> str:
    """Half waves of a strand from `start` to `end`; `height` below zero begins downwards."""
    steps = round((end - start) / length * 8)
    places = [start + (end - start) * i / steps for i in range(steps + 1)]
    return smooth([(x, middle - height * sin(pi * x / length)) for x in places])


def ramp(low: float, high: float, at: float) -> float:
    """0 up to `low`, 1 from `high`, smooth between."""
    t = min(1.0, max(0.0, (at - low) / (high - low)))
    return t * t * (3 - 2 * t)


def strand(side: int) -> Callable[[float], Point]:
    """One strand of the front page's thread: loops that die away while the plait grows."""

    def at(t: float) -> Point:
        loops, plait = 1 - ramp(0.0, 0.56, t), ramp(0.3, 0.6, t)
        turn = 2 * pi * (13 * t + (0.15 if side > 0 else 0.45))
        x = 80 + 1058 * t + loops * 68 * cos(turn) * side
        tangle = loops * 50 * sin(turn * (0.83 if side > 0 else 1.13))
        return x, 66 + tangle + 17 * plait * side * sin(2 * pi * 4.75 * t)

    return at


def gathered(number: int) -> Callable[[float], Point]:
    """One of six strands that come from far apart and end in one plait."""

    def at(t: float) -> Point:
        apart = (number - 2.5) * 92 * (1 - ramp(0.03, 0.52, t))
        woven = 46 * ramp(0.3, 0.56, t) * sin(2 * pi * (2.1 * t + number / 6))
        return 6 + 668 * t, 250 + apart + woven

    return at


def main() -> None:
    """Write the four files."""
    mark = [
        (AMBER, "M3 19C14 19 11 5 22 5S30 19 41 19"),
        (SEA, "M3 5C14 5 11 19 22 19S30 5 41 5"),
    ]
    (STATIC / "mark.svg").write_text(picture((44, 44), 6, mark, top=-10), "utf-8")
    under, over = wave(4, -2.4, -2, 50, 24), wave(4, 2.4, -2, 50, 24)
    # Above at one crossing, below at the next: a piece of the first strand is laid on top again.
    plait = [(AMBER, under), (SEA, over), (AMBER, wave(4, -2.4, 18, 30, 24))]
    (STATIC / "plait.svg").write_text(picture((48, 8), 2.2, plait, cap="butt"), "utf-8")
    samples = [i / 180 for i in range(181)]
    two = ((AMBER, strand(1)), (SEA, strand(-1)))
    thread = [(colour, smooth([at(t) for t in samples])) for colour, at in two]
    (STATIC / "thread.svg").write_text(picture((1152, 136), 4.5, thread), "utf-8")
    six = [
        ((SEA, AMBER)[i % 2], smooth([gathered(i)(j / 40) for j in range(41)])) for i in range(6)
    ]
    (STATIC / "strands.svg").write_text(picture((680, 500), 5.5, six), "utf-8")


if __name__ == "__main__":
    main()
