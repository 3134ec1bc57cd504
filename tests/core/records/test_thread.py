"""The thread: links both ways, rights at each end, cycles, taking back, drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.contracts import GUEST, SYSTEM, Actor, LocalisedText, RecordFacts, RecordType
from lms.core.records.drawing import BOX_HEIGHT, BOX_WIDTH, TALLEST, Box, Fold, drawn
from lms.core.records.models import RecordLink
from lms.core.records.queries import DEEPEST, LinkFacts, link_with_key
from lms.core.records.services import link_records, unlink_records
from lms.core.records.tracing import Node, Thread, ends_of, thread_of
from lms.core.refused import Refused
from lms.core.users.models import Person
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.journal.models import JournalEntry
from lms.testing import Plugin
from lms.work import unit_of_work

KINDS = {"need": 10, "try": 60, "effect": 90}
HIDDEN = "hidden"
BROKEN = "broken"


def _kind(name: str, stage: int) -> RecordType:
    def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
        if BROKEN in keys:
            raise RuntimeError("out of order")
        return {
            key: RecordFacts(key=key, title=LocalisedText(da=f"{name} {key}"), may_link=True)
            for key in keys
            if actor.signed_in or actor.is_system or not key.startswith(HIDDEN)
        }

    def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
        return list(describe([words], actor).values())

    return RecordType(
        key=name,
        title=LocalisedText(da=name, sv=name, en=name),
        icon="sprout",
        stage=stage,
        describe=describe,
        find=find,
    )


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    return tuple(_kind(name, stage) for name, stage in KINDS.items())


@pytest.fixture
def lms_plugins() -> Sequence[Plugin]:
    return [("needs", SimpleNamespace(lms_record_types=lms_record_types))]


@pytest.fixture
def app(lms_app: Flask) -> Iterator[Flask]:
    with lms_app.app_context():
        yield lms_app


def joined(*ends: tuple[str, str]) -> list[str]:
    """Link these records one after the other."""
    with unit_of_work():
        return [link_records(first, second, SYSTEM) for first, second in pairwise(ends)]


def refs(thread: Thread | None) -> list[tuple[str, str]]:
    assert thread is not None
    return [node.ref for node in thread.nodes]


def test_a_thread_runs_from_what_led_here_to_what_came_of_it(app: Flask) -> None:
    joined(("need", "a"), ("try", "b"), ("effect", "c"))
    joined(("need", "z"), ("try", "b"))
    joined(("need", "a"), ("try", "other"))
    found = thread_of("try", "b", SYSTEM)
    assert refs(found) == [("need", "a"), ("need", "z"), ("try", "b"), ("effect", "c")]
    assert found is not None
    assert [node.side for node in found.nodes] == [-1, -1, 0, 1]
    assert len(found.links) == 3


def test_what_a_reader_may_not_see_is_not_there_nor_what_hangs_on_it_alone(app: Flask) -> None:
    joined(("need", "a"), ("try", f"{HIDDEN}1"), ("effect", "c"))
    assert refs(thread_of("effect", "c", GUEST)) == [("effect", "c")]
    assert len(refs(thread_of("effect", "c", SYSTEM))) == 3
    assert thread_of("try", f"{HIDDEN}1", GUEST) is None
    assert thread_of("nobody", "keeps", SYSTEM) is None


def test_a_keeper_out_of_order_takes_only_its_own_records_with_it(app: Flask) -> None:
    joined(("need", "a"), ("try", BROKEN))
    assert refs(thread_of("need", "a", SYSTEM)) == [("need", "a")]


def test_a_circle_of_practice_ends(app: Flask) -> None:
    joined(("need", "a"), ("try", "b"), ("effect", "c"), ("need", "a"))
    assert set(refs(thread_of("need", "a", SYSTEM))) == {
        ("need", "a"),
        ("try", "b"),
        ("effect", "c"),
    }


def test_a_long_thread_is_followed_for_so_many_steps(app: Flask) -> None:
    joined(*(("need", str(n)) for n in range(2 * DEEPEST)))
    assert len(refs(thread_of("need", "0", SYSTEM))) == DEEPEST + 2


def test_linking_again_changes_nothing_and_the_other_way_round_is_refused(app: Flask) -> None:
    first = joined(("need", "a"), ("try", "b"))
    assert joined(("need", "a"), ("try", "b")) == first
    with pytest.raises(Refused), unit_of_work():
        link_records(("try", "b"), ("need", "a"), SYSTEM)
    with pytest.raises(Refused), unit_of_work():
        link_records(("try", "b"), ("try", "b"), SYSTEM)
    verbs = db.session.scalars(select(JournalEntry.verb)).all()
    assert verbs.count("records.linked") == 1


def test_a_link_is_taken_back_with_a_reason_and_may_stand_again(app: Flask) -> None:
    (key,) = joined(("need", "a"), ("try", "b"))
    link = link_with_key(key)
    assert link is not None
    with pytest.raises(Refused), unit_of_work():
        unlink_records(link, SYSTEM, "  ")
    with unit_of_work():
        unlink_records(link, SYSTEM, "Det var en anden seng")
    assert refs(thread_of("need", "a", SYSTEM)) == [("need", "a")]
    assert link_with_key(key) is None
    assert joined(("need", "a"), ("try", "b")) == [key]
    assert len(refs(thread_of("need", "a", SYSTEM))) == 2
    assert db.session.scalars(select(RecordLink.state)).all() == ["linked"]


@pytest.mark.once
@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=24),
    st.data(),
)
def test_no_two_boxes_meet_and_every_line_has_its_ends(
    kinds: list[str], data: st.DataObject
) -> None:
    nodes = [
        Node(
            kind=_kind(kind, KINDS[kind]),
            facts=RecordFacts(key=str(n), title=LocalisedText(da="x")),
            side=0,
        )
        for n, kind in enumerate(kinds)
    ]
    numbers = st.integers(0, len(nodes) - 1)
    pairs = data.draw(st.lists(st.tuples(numbers, numbers), max_size=10))
    links = [
        LinkFacts(
            id=1,
            key="k",
            from_kind=nodes[a].kind.key,
            from_key=str(a),
            to_kind=nodes[b].kind.key,
            to_key=str(b),
            state="linked",
            created_at=now(),
            created_by_id=None,
        )
        for a, b in pairs
    ]
    drawing = drawn(Thread(nodes=nodes, links=links), lambda node: node.facts.title.da)
    drawn_at: list[Box | Fold] = [*drawing.boxes, *drawing.folds]
    assert len(drawing.boxes) + sum(fold.count for fold in drawing.folds) == len(nodes)
    assert max(Counter(box.x for box in drawn_at).values()) <= TALLEST
    for box in drawn_at:
        assert 0 <= box.x <= drawing.width - BOX_WIDTH
        assert 0 <= box.y <= drawing.height - BOX_HEIGHT
        assert not any(
            abs(box.x - other.x) < BOX_WIDTH and abs(box.y - other.y) < BOX_HEIGHT
            for other in drawn_at
            if other is not box
        )
    whose = {box.node.ref: n for n, box in enumerate(drawing.boxes)}
    rest = {kind: -stage for kind, stage in KINDS.items()}
    between = {tuple(whose.get(end, rest[end[0]]) for end in ends_of(link)) for link in links}
    assert len(drawing.paths) == len([ends for ends in between if ends[0] != ends[1]])


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def at(
    app: Flask,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, Person], FlaskClient],
    make_person: Callable[..., Person],
) -> FlaskClient:
    return sign_in(client, make_person(name="Sisse"))


def test_a_thread_is_looked_at_and_added_to_in_two_steps(
    at: FlaskClient, submit: Callable[..., Any]
) -> None:
    joined(("need", "a"), ("try", "b"))
    shown = at.get("/records/need/a")
    assert "try b" in shown.text
    assert "<svg" in shown.text
    assert "effect c" in at.get("/records/need/a?what=effect&q=c").text
    asked = {"other_kind": "effect", "other_key": "c", "side": "came_of_it"}
    assert submit(at, "/records/need/a/links", **asked).status_code == 303
    assert ("effect", "c") in refs(thread_of("need", "a", SYSTEM))
    again = submit(at, "/records/need/a/links", **asked | {"side": "led_here"})
    assert again.status_code == 422
    assert submit(at, "/records/need/a/links", **asked | {"side": "above"}).status_code == 422


def test_a_reason_is_asked_before_a_link_is_taken_back(
    at: FlaskClient, submit: Callable[..., Any]
) -> None:
    (key,) = joined(("need", "a"), ("try", "b"))
    page = f"/records/links/{key}/take-back"
    assert submit(at, page, reason="").status_code == 422
    assert submit(at, page, reason="En anden seng").status_code == 303
    assert at.get(page).status_code == 404


def test_nothing_is_offered_for_nonsense(at: FlaskClient) -> None:
    for asked in ("what=poem&q=x", "what=need", "q=x", "what=need&q=" + "x" * 500):
        assert at.get(f"/records/need/a?{asked}").status_code == 200
    assert at.get("/records/poem/a").status_code == 404
    assert at.get("/records/links/nothing/take-back").status_code == 404
