from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError

from lms.contracts import SYSTEM
from lms.db import WRITER, db, now
from lms.journal import blank_payload, chain, deliver, record, seal
from lms.journal.models import JournalEntry
from lms.journal.services import entries
from lms.work import unit_of_work
from tests.core.journal.small_site import Site


def write(number: int = 1, **more: Any) -> list[int]:
    with unit_of_work():
        return [record("test.done", "thing", n, actor=SYSTEM, **more) for n in range(number)]


def positions() -> list[tuple[int, int | None]]:
    found = db.session.execute(select(entries.c.id, entries.c.position).order_by(entries.c.id))
    rows = [(row.id, row.position) for row in found]
    db.session.rollback()
    return rows


def test_an_entry_belongs_to_the_transaction_of_the_change(site: Site) -> None:
    with pytest.raises(RuntimeError):
        record("test.done", "thing", 1, actor=SYSTEM)
    with contextlib.suppress(ZeroDivisionError), unit_of_work():
        record("test.done", "thing", 1, actor=SYSTEM)
        raise ZeroDivisionError
    assert positions() == []


def test_positions_have_no_gaps_where_ids_have(site: Site) -> None:
    write(2)
    with contextlib.suppress(ZeroDivisionError), unit_of_work():
        record("test.undone", "thing", 9, actor=SYSTEM)
        raise ZeroDivisionError
    write(2)
    assert seal() == 4
    assert [position for _id, position in positions()] == [1, 2, 3, 4]
    assert seal() == 0
    assert chain.verify() is None


def test_sealing_goes_on_where_it_stopped(site: Site) -> None:
    write(5)
    assert [seal(limit=2), seal(limit=2), seal(limit=2), seal(limit=2)] == [2, 2, 1, 0]
    assert chain.verify() is None


def test_a_late_commit_is_sealed_later_and_heard(site: Site) -> None:
    heard: list[int] = []
    site.host.hearing["small"] = lambda told: heard.extend(entry.id for entry in told)
    values = {
        "at": now(),
        "verb": "test.late",
        "subject_kind": "thing",
        "subject_id": 1,
        "data": {},
    }
    with db.engine.connect().execution_options(**{WRITER: True}) as late:
        late_id = late.execute(insert(entries).values(values).returning(entries.c.id)).scalar_one()
        if site.is_sqlite:
            # One writer at a time: nobody can overtake, so the order of ids is that of commits.
            with db.engine.connect() as other:
                other.exec_driver_sql("PRAGMA busy_timeout=0")
                other.rollback()
                with pytest.raises(OperationalError, match="locked"):
                    other.execution_options(**{WRITER: True}).execute(
                        insert(entries).values(values)
                    )
                other.rollback()
                other.exec_driver_sql("PRAGMA busy_timeout=5000")
            late.commit()
            (early_id,) = write()
            assert seal() == 2
            expected = [late_id, early_id]
        else:
            (early_id,) = write()
            assert early_id > late_id
            assert seal() == 1
            deliver()
            assert heard == [early_id]
            late.commit()
            assert seal() == 1
            expected = [early_id, late_id]
    deliver()
    assert heard == expected
    assert sorted(position for _id, position in positions() if position) == [1, 2]
    assert chain.verify() is None


def test_many_sealers_and_writers_make_one_chain(site: Site) -> None:
    def in_thread(work: Any) -> threading.Thread:
        def run(app: Flask) -> None:
            with app.app_context():
                work()

        thread = threading.Thread(target=run, args=(site.app,))
        thread.start()
        return thread

    writing = [in_thread(lambda: [write() for _ in range(25)]) for _ in range(2)]
    sealing = [in_thread(lambda: [seal(limit=7) for _ in range(40)]) for _ in range(2)]
    for thread in writing + sealing:
        thread.join()
    while seal():
        pass
    assert sorted(position or 0 for _id, position in positions()) == list(range(1, 51))
    assert chain.verify() is None


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "test.other"},
        {"subject_id": 77},
        {"data": {"n": 2}},
        {"payload": {"name": "Anna"}},
        {"payload_digest": "0" * 64},
        {"hash": "f" * 64},
        {"previous_hash": "f" * 64},
    ],
)
def test_a_changed_entry_is_found(site: Site, change: dict[str, Any]) -> None:
    write(5, data={"n": 1}, payload={"name": "Anne"})
    seal()
    assert chain.verify() is None
    with unit_of_work():
        db.session.execute(update(entries).where(entries.c.position == 3).values(**change))
    assert chain.verify() == 3


def test_a_removed_and_a_moved_entry_are_found(site: Site) -> None:
    write(5)
    seal()
    with unit_of_work():
        db.session.execute(entries.delete().where(entries.c.position == 4))
    assert chain.verify() == 4
    with unit_of_work():
        db.session.execute(update(entries).where(entries.c.position == 5).values(position=4))
    assert chain.verify() == 4


def test_an_added_entry_is_found(site: Site) -> None:
    write(2)
    seal()
    with unit_of_work():
        db.session.add(
            JournalEntry(
                at=now(),
                verb="test.forged",
                subject_kind="thing",
                subject_id=1,
                data={},
                position=3,
                previous_hash="0" * 64,
                hash="0" * 64,
            )
        )
    assert chain.verify() == 3


def test_a_blanked_payload_is_gone_and_the_chain_holds(site: Site) -> None:
    ids = write(3, payload={"before": "Anne", "after": "Anna"})
    seal()
    with unit_of_work():
        assert blank_payload(ids[:2]) == 2
    with unit_of_work():
        assert blank_payload(ids[:2]) == 0
    rows = db.session.execute(
        select(entries.c.payload, entries.c.payload_salt, entries.c.payload_digest).order_by(
            entries.c.id
        )
    ).all()
    assert [row.payload for row in rows] == [None, None, {"before": "Anne", "after": "Anna"}]
    assert [row.payload_salt is None for row in rows] == [True, True, False]
    assert all(row.payload_digest for row in rows)
    assert len({row.payload_digest for row in rows}) == 3  # equal payloads do not look equal
    assert chain.verify() is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53), max_value=2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('aæ"\\ ', max_size=4), inner)
    ),
    max_leaves=6,
)
json_objects = st.dictionaries(st.text("kø", min_size=1, max_size=3), json_values, max_size=3)


@settings(max_examples=40)
@given(data=json_objects, payload=json_objects)
def test_whatever_json_is_written_verifies(
    site: Site, data: dict[str, Any], payload: dict[str, Any]
) -> None:
    write(data=data, payload=payload)
    seal()
    assert chain.verify() is None
