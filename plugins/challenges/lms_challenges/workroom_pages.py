"""What the pages of a workroom are drawn with: ideas by cluster, who is awaited, the chart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms_challenges.queries.ideas import ClusterFacts, IdeaFacts, in_scope
from lms_challenges.queries.scores import Points
from lms_challenges.queries.workroom import AT_WORK, Room

MOST_DRAWN = 20
CHART_WIDTH, ROW = 400, 34
PUT_ASIDE = frozenset({"stored", "declined"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A cluster with its ideas; `cluster` None holds those that lie in none."""

    cluster: ClusterFacts | None
    ideas: Sequence[IdeaFacts]


def grouped(ideas: Sequence[IdeaFacts], clusters: Sequence[ClusterFacts]) -> Sequence[Group]:
    """Ideas by cluster in the clusters' order, those in none last. Empty clusters are there too,
    and with no idea at all there is no group for those in none."""
    of: dict[int | None, list[IdeaFacts]] = {}
    for idea in ideas:
        of.setdefault(idea.cluster_id, []).append(idea)
    found = [Group(cluster=one, ideas=of.get(one.id, [])) for one in clusters]
    if None in of:
        found.append(Group(cluster=None, ideas=of[None]))
    return found


def overview(
    room: Room,
    ideas: Sequence[IdeaFacts],
    clusters: Sequence[ClusterFacts],
    *,
    mine: Mapping[int, object],
    people: Mapping[int, str],
    scored: Mapping[tuple[int, int], Collection[int]],
) -> dict[str, Any]:
    """The first page of a workroom: groups of ideas, how far the reader has scored (`mine` by idea
    id) and, for who leads, how many people have scored everything."""
    scope = {idea.id for idea in ideas if in_scope(room.facts, idea)}
    awaited = [person for person, state in people.items() if state in AT_WORK]
    ready = [p for p in awaited if scope <= set(scored.get((room.run.id, p), ()))]
    return {
        "groups": grouped([one for one in ideas if one.state not in PUT_ASIDE], clusters),
        "aside": [one for one in ideas if one.state in PUT_ASIDE],
        "number": len(ideas),
        "to_score": len(scope),
        "scored": len(scope & set(mine)),
        "awaited": len(awaited),
        "ready": len(ready),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One idea in the chart: where its bar stands, and how long it is of `CHART_WIDTH`."""

    number: int
    y: int
    width: float
    least: float | None
    most: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """An idea with its points and its place, the best first."""

    place: int
    idea: IdeaFacts
    points: Points


def ranking(ideas: Sequence[IdeaFacts], points: Mapping[int, Points]) -> Sequence[Ranked]:
    """The ideas that have points, the most first; equal ones share a place and stand in the order
    they came."""
    scored = [(idea, points[idea.id]) for idea in ideas if idea.id in points]
    scored.sort(key=lambda one: (-round(one[1].mean, 6), one[0].id))
    found: list[Ranked] = []
    for n, (idea, own) in enumerate(scored, start=1):
        same = bool(found) and abs(found[-1].points.mean - own.mean) < 1e-6
        found.append(Ranked(place=found[-1].place if same else n, idea=idea, points=own))
    return found


def bars(ranked: Sequence[Ranked], most: int) -> Sequence[Bar]:
    """The first `MOST_DRAWN` of a ranking, drawn; `most` points are the whole width."""
    return [
        Bar(
            number=n,
            y=(n - 1) * ROW,
            width=round(CHART_WIDTH * one.points.mean / most, 1),
            least=_x(one.points.least, most),
            most=_x(one.points.most, most),
        )
        for n, one in enumerate(ranked[:MOST_DRAWN], start=1)
    ]


def _x(value: float | None, most: int) -> float | None:
    return None if value is None else round(CHART_WIDTH * value / most, 1)
