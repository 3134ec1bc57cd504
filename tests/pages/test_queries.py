"""Ten queries a page, and one for each hook of the core a plugin draws with, few rows or many."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from tests.access.asking import fresh_address
from tests.access.crawl import visits
from tests.access.state import State
from tests.access.world import World
from tests.pages.counting import Counted, queries_by_sender
from tests.pages.crowd import crowd

pytestmark = pytest.mark.once  # what is asked here no database changes

FEW, MANY = (50, 5_000) if os.environ.get("LMS_PROVE") == "1" else (20, 150)
MOST = 10
MOST_TOLD = 4
"""What a kind of record may ask to tell of many at once, and a socket that a plugin brings."""


def counted(world: World, *below: str) -> Mapping[str, Counted]:
    """The queries of every page (or of those below some addresses), for all who may open it."""
    found = {}
    warm: set[object] = set()
    for visit in visits(world):
        if below and not visit.url.startswith(below):
            continue
        client = world.client(visit.reader)
        headers = world.bearer(visit.reader) if visit.url.startswith("/api/") else {}
        options = {"headers": headers, "buffered": True, "environ_overrides": fresh_address()}
        if not {visit.line.endpoint, visit.reader} <= warm:
            # What is asked once in a process or once by a reader is not the page's.
            client.get(visit.url, **options)
            warm |= {visit.line.endpoint, visit.reader}
        with queries_by_sender(world.app) as queries:
            answer = client.get(visit.url, **options)
        assert answer.status_code == 200, visit
        found[str(visit)] = queries
    return found


def test_every_page_keeps_to_its_queries_with_few_rows_and_with_many(
    world: World, state: State
) -> None:
    crowd(world, FEW)
    few = counted(world)
    state.put_back(world.kept)
    crowd(world, MANY)
    many = counted(world)
    wrong = []
    for name, queries in many.items():
        if queries.core > MOST:
            wrong.append(
                f"{name}: {queries.core} queries in the core's part\n  "
                + "\n  ".join(" ".join(statement.split())[:150] for statement in queries.statements)
            )
        wrong += [
            f"{name}: {n} queries in {plugin}'s {hook}"
            for (plugin, hook), n in queries.plugins.items()
            if n > (1 if hook.startswith("lms_") else MOST_TOLD)
        ]
        before = few[name]
        if before.by != queries.by:
            wrong.append(
                f"{name}: {dict(before.by)} with {FEW} rows and {dict(queries.by)} with {MANY}"
            )
    assert not wrong, "\n".join(wrong)


def test_a_page_of_a_plugin_is_held_to_the_same(world: World) -> None:
    seen = counted(world, "/certificates", "/technology_trials")
    assert seen
    assert not {name: sum(q.by.values()) for name, q in seen.items() if sum(q.by.values()) > MOST}


def test_queries_are_put_down_to_who_sent_them(world: World) -> None:
    with queries_by_sender(world.app) as queries:
        world.client("learner").get(
            world.url("enrolment.show", world.objects["past enrolment"]["own"])
        )
    assert queries.core > 0
    assert ("certificates", "lms_enrolment_panels") in queries.plugins
