"""The thread as a drawing: a column for each stage that it has, a box for each record, lines.

A column that would be too tall ends in a box that says how many more there are; the list beside
the drawing has them all.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.core.records.tracing import Node, Ref, Thread, ends_of

BOX_WIDTH, BOX_HEIGHT = 192, 76
GAP_ACROSS, GAP_DOWN = 40, 14
LETTERS, LINES = 23, 2
MARGIN = 4
TALLEST = 8
"""Boxes in a column, so that a drawing stays one that a reader can take in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One record: its corner, its title in lines that fit, and itself."""

    x: int
    y: int
    lines: tuple[str, ...]
    node: Node

    @property
    def centre(self) -> int:
        """Half of its height, from the top of the drawing."""
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """The rest of a column: its corner, and how many records have no box of their own."""

    x: int
    y: int
    count: int

    @property
    def centre(self) -> int:
        """Half of its height, from the top of the drawing."""
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """Boxes and the paths between them, in one coordinate system."""

    width: int
    height: int
    boxes: Sequence[Box]
    folds: Sequence[Fold]
    paths: Sequence[str]


def drawn(thread: Thread, title: Callable[[Node], str]) -> Drawing:
    """Lay a thread out from need to effect; `title` says a record's in the page's language."""
    columns: dict[int, list[Node]] = {}
    for node in thread.nodes:
        columns.setdefault(node.kind.stage, []).append(node)
    tallest = min(TALLEST, max(len(nodes) for nodes in columns.values()))
    joints = Counter(end for link in thread.links for end in ends_of(link))
    boxes: dict[Ref, Box] = {}
    folds: list[Fold] = []
    at: dict[Ref, Box | Fold] = {}
    for number, stage in enumerate(sorted(columns)):
        shown, folded = _fitting(columns[stage], joints)
        # A short column stands in the middle of the tallest one.
        height = len(shown) + bool(folded)
        top = MARGIN + (tallest - height) * (BOX_HEIGHT + GAP_DOWN) // 2
        x = MARGIN + number * (BOX_WIDTH + GAP_ACROSS)
        for place, node in enumerate(shown):
            y = top + place * (BOX_HEIGHT + GAP_DOWN)
            boxes[node.ref] = Box(x=x, y=y, lines=_in_lines(title(node)), node=node)
        if folded:
            y = top + len(shown) * (BOX_HEIGHT + GAP_DOWN)
            folds.append(Fold(x=x, y=y, count=len(folded)))
            at |= {node.ref: folds[-1] for node in folded}
    at |= boxes
    pairs = [(at[first], at[second]) for first, second in map(ends_of, thread.links)]
    return Drawing(
        width=2 * MARGIN + len(columns) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS,
        height=2 * MARGIN + tallest * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN,
        boxes=tuple(boxes.values()),
        folds=tuple(folds),
        paths=tuple(
            dict.fromkeys(_path(first, second) for first, second in pairs if first is not second)
        ),
    )


def _fitting(nodes: Sequence[Node], joints: Mapping[Ref, int]) -> tuple[list[Node], list[Node]]:
    """The nodes of a column that get a box, and the rest: the record in question first, then what
    most lines meet in."""
    if len(nodes) <= TALLEST:
        return list(nodes), []
    by_weight = sorted(nodes, key=lambda node: (node.side != 0, -joints.get(node.ref, 0)))
    kept = {node.ref for node in by_weight[: TALLEST - 1]}
    return (
        [node for node in nodes if node.ref in kept],
        [node for node in nodes if node.ref not in kept],
    )


def _in_lines(title: str) -> tuple[str, ...]:
    lines = textwrap.wrap(title, LETTERS, max_lines=LINES, placeholder=" …")
    return tuple(lines) or ("…",)


def _path(first: Box | Fold, second: Box | Fold) -> str:
    """A curve from the right of what came first; within a column, round its left side."""
    if first.x == second.x:
        begin = end = first.x
        bend = first.x - GAP_ACROSS // 2
    elif first.x < second.x:
        begin, end = first.x + BOX_WIDTH, second.x
        bend = (begin + end) // 2
    else:
        begin, end = first.x, second.x + BOX_WIDTH
        bend = (begin + end) // 2
    up, down = first.centre, second.centre
    return f"M{begin} {up} C{bend} {up} {bend} {down} {end} {down}"
