"""Who leads whom, as a graph in which everybody has at most one manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Node = int | str


def circles(edges: Mapping[Node, Node]) -> Sequence[Sequence[Node]]:
    """The circles among `edges` (who -> their manager), each in its order."""
    seen: set[Node] = set()
    found = []
    for start in edges:
        way: dict[Node, int] = {}  # in the order in which it was walked
        node: Node | None = start
        while node is not None and node not in seen and node not in way:
            way[node] = len(way)
            node = edges.get(node)
        if node is not None and node in way:
            found.append(list(way)[way[node] :])
        seen.update(way)
    return found


def managers_first(managers: Mapping[int, int | None]) -> list[int]:
    """The keys, each after its manager where that is a key too. No circles, please."""
    ordered: dict[int, None] = {}
    for start in managers:
        way = []
        node: int | None = start
        while node is not None and node not in ordered and node in managers:
            way.append(node)
            node = managers[node]
        ordered.update(dict.fromkeys(reversed(way)))
    return list(ordered)
