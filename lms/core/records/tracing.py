"""The thread of a record as one reader may see it: gathered from whoever keeps the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.contracts import Actor, RecordFacts, RecordType
from lms.core.records.queries import LinkFacts, links_around, may_be_key
from lms.host import current_host

Ref = tuple[str, str]
"""A record's kind and key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One record of a thread. `side`: -1 led to the record in question, 0 is it, 1 came of it."""

    kind: RecordType
    facts: RecordFacts
    side: int

    @property
    def ref(self) -> Ref:
        """Kind and key."""
        return self.kind.key, self.facts.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """What led to a record and what came of it, in the order of the line from need to effect.

    Records the reader may not see are not in it, nor what hangs on it by those alone. `whole` says
    whether all the links around the record were followed.
    """

    nodes: Sequence[Node]
    links: Sequence[LinkFacts]
    whole: bool = True

    @property
    def start(self) -> Node:
        """The record in question."""
        return next(node for node in self.nodes if node.side == 0)

    def node(self, ref: Ref) -> Node:
        """The node of a record on this thread."""
        return next(node for node in self.nodes if node.ref == ref)


def thread_of(kind: str, key: str, actor: Actor) -> Thread | None:
    """The thread of a record; None when nobody keeps such records or the actor may not see it.

    One query for the links, and what each kind of record on it takes for all of its own.
    """
    around = links_around(kind, key)
    links = around.links
    start = (kind, key)
    ends = {start} | {end for link in links for end in ends_of(link)}
    seen = records_as_seen(ends, actor)
    if start not in seen:
        return None
    sides = (
        {start: 0} | _side(start, links, seen, back=True) | _side(start, links, seen, back=False)
    )
    nodes = [Node(kind=seen[ref][0], facts=seen[ref][1], side=side) for ref, side in sides.items()]
    nodes.sort(key=_place)
    shown = [link for link in links if all(end in sides for end in ends_of(link))]
    return Thread(nodes=nodes, links=shown, whole=around.whole)


def record_as_seen(kind: str, key: str, actor: Actor) -> tuple[RecordType, RecordFacts] | None:
    """One record, when the actor may see it."""
    return records_as_seen({(kind, key)}, actor).get((kind, key))


def records_found(kind: str, words: str, actor: Actor) -> Sequence[RecordFacts]:
    """Records of a kind by their words, as its keeper offers them; none when it fails."""
    host = current_host()
    owned = host.record_types().get(kind)
    find = owned.item.find if owned is not None else None
    words = words.replace("\0", " ").strip()
    if owned is None or find is None or not words:
        return ()
    attempt = host.attempt(owned.plugin, f"find {kind}", lambda: find(words, actor))
    return tuple(attempt.value) if attempt.ok else ()


def kinds_to_find() -> Sequence[RecordType]:
    """The kinds of records that can be found and put on a thread, from need to effect."""
    types = [owned.item for owned in current_host().record_types().values()]
    return sorted(
        (one for one in types if one.describe is not None and one.find is not None),
        key=lambda kind: (kind.stage, kind.key),
    )


def records_as_seen(
    refs: Iterable[Ref], actor: Actor
) -> Mapping[Ref, tuple[RecordType, RecordFacts]]:
    """Those of these records that the actor may see, with their kinds: one question to each kind's
    keeper. What no record can be called is not asked for, so that nonsense is nobody's fault."""
    host = current_host()
    types = host.record_types()
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in sorted(refs):
        if may_be_key(key):
            keys[kind].append(key)
    found: dict[Ref, tuple[RecordType, RecordFacts]] = {}
    for kind, asked in keys.items():
        owned = types.get(kind)
        describe = owned.item.describe if owned is not None else None
        if owned is None or describe is None:
            continue
        attempt = host.attempt(
            owned.plugin,
            f"describe {kind}",
            lambda describe=describe, asked=asked: describe(asked, actor),  # type: ignore[misc]
        )
        if attempt.ok:
            found |= {(kind, key): (owned.item, facts) for key, facts in attempt.value.items()}
    return found


def _side(
    start: Ref, links: Sequence[LinkFacts], seen: Mapping[Ref, object], *, back: bool
) -> dict[Ref, int]:
    """What is reached from the start on one side, over records that are seen."""
    steps: dict[Ref, list[Ref]] = defaultdict(list)
    for link in links:
        first, second = ends_of(link)
        steps[second if back else first].append(first if back else second)
    reached: dict[Ref, int] = {}
    waiting = [start]
    while waiting:
        for ref in steps[waiting.pop()]:
            if ref in seen and ref != start and ref not in reached:
                reached[ref] = -1 if back else 1
                waiting.append(ref)
    return reached


def ends_of(link: LinkFacts) -> tuple[Ref, Ref]:
    """What led to the other, and the other."""
    return (link.from_kind, link.from_key), (link.to_kind, link.to_key)


def _place(node: Node) -> tuple[int, int, str, str]:
    at = node.facts.at.isoformat() if node.facts.at is not None else "9"
    return node.kind.stage, node.side, at, node.facts.key
