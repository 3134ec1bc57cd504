"""The drawn timeline: workshops as numbered knots, trial tests as diamonds, silences dotted.

Everything is laid out here, in units of the drawing, so that the page needs no script. A label is
put where it covers no other label and no stem; a crowded stretch grows upwards, never sideways.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lms.api import LocalisedText
from lms_technology_trials.facts import CollaborationFacts, SeriesFacts, WorkshopFacts
from lms_technology_trials.reading import SILENT_DAYS
from lms_technology_trials.words import WORKSHOP_TYPES

Place = Callable[[date], float]
InWords = Callable[[LocalisedText], str]

WIDTH = 1120
EDGE = 30
LINE = 150
AXIS = 220
KNOT = 14
DIAMOND = 10
BASE, STEP, MOST_LEVELS = 80, 46, 8
BOLD, PLAIN = 9.2, 7.4
"""How wide a letter is at most in the label's two lines, on average."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label of one or two lines; `y` is the baseline of the first."""

    text: str
    first: datetime | None
    last: datetime | None
    zone: str
    x: float
    y: float
    anchor: str
    stem_from: float
    stem_to: float
    stem_x: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """A workshop."""

    number: int
    x: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A silent stretch with its number of days."""

    start: float
    end: float
    days: int

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round((self.start + self.end) / 2, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """A tick of the axis."""

    number: int
    x: float
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The whole drawing; its box begins at `top` and is `height` high."""

    top: float
    height: float
    knots: Sequence[Knot]
    diamonds: Sequence[float]
    labels: Sequence[Label]
    solid: Sequence[tuple[float, float]]
    gaps: Sequence[Gap]
    years: Sequence[Year]


@dataclass(slots=True)
class _Room:
    """Boxes that are taken: (left, top, right, bottom)."""

    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        if left < 0 or right > WIDTH:
            return False
        return all(
            right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3]
            for other in self.taken
        )


def draw(found: CollaborationFacts, in_words: InWords) -> Timeline | None:
    """Lay out a collaboration; None when it has no dates. `in_words` says a localised text."""
    trials = found.trials
    days = sorted({w.held_on for w in found.workshops} | {t.held_on for t in trials})
    if not days:
        return None
    place = _scale(days[0], days[-1])
    gaps = _gaps(days, place)
    room = _Room()
    room.taken += [(gap.middle - 70, LINE + 14, gap.middle + 70, LINE + 56) for gap in gaps]
    said = [_of_workshop(one, place, in_words) for one in found.workshops]
    said += [_of_series(one, place, in_words) for one in found.series if one.trials]
    labels = _labels(room, said)
    top = min([label.y - 20 for label in labels] + [LINE - 40])
    return Timeline(
        top=top,
        height=AXIS + 36 - top,
        knots=[Knot(number=one.number, x=place(one.held_on)) for one in found.workshops],
        diamonds=[place(one.held_on) for one in trials],
        labels=labels,
        solid=_solid(days, place),
        gaps=gaps,
        years=_years(days[0], days[-1], place),
    )


def _scale(first: date, last: date) -> Place:
    """Days to units: some room before the first date and after the last."""
    span = max((last - first).days, 30)
    start, end = first - timedelta(days=span // 10), last + timedelta(days=span // 20 + 1)
    unit = (WIDTH - 2 * EDGE) / (end - start).days

    def place(day: date) -> float:
        return round(EDGE + (day - start).days * unit, 1)

    return place


def _gaps(days: Sequence[date], place: Place) -> list[Gap]:
    return [
        Gap(start=place(one) + KNOT + 4, end=place(two) - KNOT - 4, days=(two - one).days)
        for one, two in itertools.pairwise(days)
        if (two - one).days >= SILENT_DAYS
    ]


def _solid(days: Sequence[date], place: Place) -> list[tuple[float, float]]:
    """Stretches from the first to the last date between two silences."""
    stretches = [[days[0]]]
    for one, two in itertools.pairwise(days):
        if (two - one).days >= SILENT_DAYS:
            stretches.append([])
        stretches[-1].append(two)
    return [(place(one[0]), place(one[-1])) for one in stretches if one[0] != one[-1]]


def _years(first: date, last: date, place: Place) -> list[Year]:
    later = [
        Year(number=number, x=place(date(number, 1, 1)), anchor="middle")
        for number in range(first.year + 1, last.year + 1)
    ]
    if later and later[0].x < EDGE + 80:
        return later
    return [Year(number=first.year, x=EDGE, anchor="start"), *later]


# --- labels -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What a label says, over which point of the line, and the size of the sign there."""

    text: str
    first: datetime
    last: datetime | None
    zone: str
    x: float
    radius: float

    @property
    def width(self) -> float:
        """How wide the label is at most."""
        return max(len(self.text) * BOLD, (19 if self.last else 9) * PLAIN)


def _of_workshop(one: WorkshopFacts, place: Place, in_words: InWords) -> _Said:
    return _Said(
        text=in_words(WORKSHOP_TYPES.get(one.type, one.title_text)),
        first=one.moment,
        last=None,
        zone=one.zone,
        x=place(one.held_on),
        radius=KNOT,
    )


def _of_series(one: SeriesFacts, place: Place, in_words: InWords) -> _Said:
    first, last = one.trials[0], one.trials[-1]
    return _Said(
        text=in_words(one.short_title),
        first=first.moment,
        last=last.moment if last.held_on != first.held_on else None,
        zone=first.zone,
        x=place(one.trials[len(one.trials) // 2].held_on),
        radius=DIAMOND,
    )


def _labels(room: _Room, said: Sequence[_Said]) -> list[Label]:
    """All labels from the left; of neighbours under one stretch of line, every second of the trial
    tests is tried below the line first."""
    ordered = sorted(said, key=lambda one: one.x)
    labels = []
    for number, one in enumerate(ordered):
        before = ordered[number - 1].x if number else -WIDTH
        after = ordered[number + 1].x if number + 1 < len(ordered) else 2 * WIDTH
        crowded = one.width / 2 + 24
        lean = "middle"
        if (after - one.x < crowded) != (one.x - before < crowded):
            lean = "end" if after - one.x < crowded else "start"
        below_first = one.radius == DIAMOND and after - one.x < crowded and lean == "middle"
        label = _put(room, one, lean, below_first=below_first)
        if label is not None:
            labels.append(label)
    return labels


def _put(room: _Room, said: _Said, lean: str, *, below_first: bool) -> Label | None:
    """The label in the first place that is free: near before far, and leaning as is best. None
    when none is: the sign stays, and the words stand in the list."""
    above = [(False, float(BASE - STEP * level)) for level in range(MOST_LEVELS)]
    below = [(True, float(LINE + 40))]
    x, width = said.x, said.width
    lefts = {"middle": x - width / 2, "end": x + 14 - width, "start": x - 14}
    anchors = [lean, *(anchor for anchor in lefts if anchor != lean)]
    for is_below, y in below + above if below_first else above + below:
        for anchor in anchors:
            left = lefts[anchor]
            box = (left - 4, y - 16, left + width + 4, y + 24)
            stem = (x - 2, LINE + 1, x + 2, y - 16) if is_below else (x - 2, y + 24, x + 2, LINE)
            if room.is_free(box) and room.is_free(stem):
                room.taken += [box, stem]
                return _label(said, y, anchor, below=is_below)
    return None


def _label(said: _Said, y: float, anchor: str, *, below: bool) -> Label:
    lean = {"middle": 0, "end": 14, "start": -14}[anchor]
    return Label(
        text=said.text,
        first=said.first,
        last=said.last,
        zone=said.zone,
        x=round(said.x + lean, 1),
        y=y,
        anchor=anchor,
        stem_x=said.x,
        stem_from=LINE + said.radius if below else y + 26,
        stem_to=y - 18 if below else LINE - said.radius,
    )
