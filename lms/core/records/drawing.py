"""The thread as a drawing: a column for each stage that it has, a box for each record, lines."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.core.records.tracing import Node, Ref, Thread

BOX_WIDTH, BOX_HEIGHT = 192, 76
GAP_ACROSS, GAP_DOWN = 40, 14
LETTERS, LINES = 23, 2
MARGIN = 4


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
class Drawing:
    """Boxes and the paths between them, in one coordinate system."""

    width: int
    height: int
    boxes: Sequence[Box]
    paths: Sequence[str]


def drawn(thread: Thread, title: Callable[[Node], str]) -> Drawing:
    """Lay a thread out from need to effect; `title` says a record's in the page's language."""
    columns: dict[int, list[Node]] = {}
    for node in thread.nodes:
        columns.setdefault(node.kind.stage, []).append(node)
    tallest = max(len(nodes) for nodes in columns.values())
    boxes: dict[Ref, Box] = {}
    for number, stage in enumerate(sorted(columns)):
        nodes = columns[stage]
        # A short column stands in the middle of the tallest one.
        top = (tallest - len(nodes)) * (BOX_HEIGHT + GAP_DOWN) // 2
        for place, node in enumerate(nodes):
            boxes[node.ref] = Box(
                x=MARGIN + number * (BOX_WIDTH + GAP_ACROSS),
                y=MARGIN + top + place * (BOX_HEIGHT + GAP_DOWN),
                lines=_in_lines(title(node)),
                node=node,
            )
    return Drawing(
        width=2 * MARGIN + len(columns) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS,
        height=2 * MARGIN + tallest * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN,
        boxes=tuple(boxes.values()),
        paths=tuple(
            _path(boxes[link.from_kind, link.from_key], boxes[link.to_kind, link.to_key])
            for link in thread.links
        ),
    )


def _in_lines(title: str) -> tuple[str, ...]:
    lines = textwrap.wrap(title, LETTERS, max_lines=LINES, placeholder=" …")
    return tuple(lines) or ("…",)


def _path(first: Box, second: Box) -> str:
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
