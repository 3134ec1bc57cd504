"""What is odd, said no to, or done twice at once: nobody's fault, and done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.contracts import SYSTEM, Actor, LocalisedText, RecordDraft, RecordFacts, RecordType
from lms.core.records import services
from lms.core.records.making import make_record
from lms.core.records.models import RecordLink
from lms.core.records.queries import link_between, link_with_key, links_around
from lms.core.records.services import link_records, unlink_records
from lms.core.records.tracing import record_as_seen, records_found, thread_of
from lms.core.refused import Refused, refused
from lms.core.users.models import Person
from lms.db import db
from lms.hookspecs import hookimpl
from lms.host import current_host
from lms.journal.models import JournalEntry
from lms.testing import Plugin
from lms.work import Conflict, unit_of_work

ODD = ("a\0b", "x" * 41, "", "æ", "a b", "a/b", "a\n")
A, B = ("stone", "a"), ("stone", "b")


def _describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    db.session.execute(select(RecordLink.id).where(RecordLink.from_key.in_(keys))).all()
    if set(ODD) & set(keys):
        raise RuntimeError("no such thing")
    return {
        key: RecordFacts(key=key, title=LocalisedText(da=f"Sten {key}"), may_link=True)
        for key in keys
    }


def _find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    db.session.execute(select(RecordLink.id).where(RecordLink.reason == words)).all()
    return [RecordFacts(key="b", title=LocalisedText(da=words))]


def _make(draft: RecordDraft, actor: Actor) -> str:
    link_records(("stone", draft.title), ("stone", "made"), actor)
    if draft.title == "no":
        raise refused("title", da="Nej", sv="Nej", en="Not this one")
    if draft.title == "twice":
        raise Conflict("made twice at once")
    if draft.title == "broken":
        raise RuntimeError("out of order")
    return "made"


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    return (
        RecordType(
            key="stone",
            title=LocalisedText(da="Sten", en="Stone"),
            icon="sprout",
            stage=10,
            describe=_describe,
            find=_find,
            make=_make,
        ),
        RecordType(
            key="stamp",
            title=LocalisedText(da="Stempel", en="Stamp"),
            icon="sprout",
            stage=80,
            describe=_describe,
        ),
    )


@pytest.fixture
def lms_plugins() -> Sequence[Plugin]:
    return [("stones", SimpleNamespace(lms_record_types=lms_record_types))]


@pytest.fixture
def app(lms_app: Flask) -> Iterator[Flask]:
    with lms_app.app_context():
        yield lms_app


@pytest.fixture
def at(
    app: Flask,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, Person], FlaskClient],
    make_person: Callable[..., Person],
) -> FlaskClient:
    return sign_in(client, make_person(name="Sisse", language="en"))


def failures() -> int:
    """How often the plugin was at fault so far."""
    host = current_host()
    host.flush_failures()
    (line,) = [line for line in host.report() if line.name == "stones"]
    return line.failures


def verbs() -> Sequence[str]:
    with unit_of_work():
        return db.session.scalars(select(JournalEntry.verb)).all()


def draft(title: str) -> RecordDraft:
    return RecordDraft(
        title=title,
        text="",
        language="da",
        person_id=1,
        organisation_id=None,
        run_id=1,
        work_key="",
    )


# --- odd keys and words ---------------------------------------------------------------------------


def test_what_no_record_can_be_called_is_not_asked_for(app: Flask) -> None:
    for key in ODD:
        assert record_as_seen("stone", key, SYSTEM) is None
        assert thread_of("stone", key, SYSTEM) is None
        assert thread_of(key, "a", SYSTEM) is None
        assert not links_around("stone", key).links
    assert failures() == 0


@pytest.mark.parametrize("kind", ["stone", "course"])
def test_an_odd_key_in_a_hidden_field_is_nothing(
    at: FlaskClient, submit: Callable[..., Any], kind: str
) -> None:
    for key in ODD[:-1]:  # a form trims what hangs over
        sent = {"other_kind": kind, "other_key": key, "side": "came_of_it"}
        assert submit(at, "/records/stone/a/links", **sent).status_code == 404
    sent = {"other_kind": "sto\0ne", "other_key": "b", "side": "came_of_it"}
    assert submit(at, "/records/stone/a/links", **sent).status_code == 404
    assert failures() == 0


def test_words_are_looked_for_without_what_no_database_takes(app: Flask) -> None:
    (found,) = records_found("stone", "\0grå\0sten", SYSTEM)
    assert found.title.da == "grå sten"
    assert not records_found("stone", "\0 ", SYSTEM)
    assert failures() == 0


def test_only_kinds_that_can_be_found_are_offered(at: FlaskClient) -> None:
    page = at.get("/records/stone/a?lang=en").text
    assert "Add to the thread" in page
    assert 'value="stone"' in page
    assert 'value="stamp"' not in page
    assert at.get("/records/stone/a?what=stamp&q=x").status_code == 200


# --- saying no ------------------------------------------------------------------------------------


def test_a_keepers_no_reaches_whoever_asked_and_is_no_fault(app: Flask) -> None:
    with unit_of_work():
        with pytest.raises(Refused) as caught:
            make_record("stone", draft("no"), SYSTEM)
        # What it wrote before it said no is gone, also where the rest goes on.
        assert not links_around("stone", "no").links
    assert caught.value.refusals[0].message.en == "Not this one"
    with pytest.raises(Conflict, match="made twice"), unit_of_work():
        make_record("stone", draft("twice"), SYSTEM)
    assert failures() == 0
    with pytest.raises(Refused) as caught, unit_of_work():
        make_record("stone", draft("broken"), SYSTEM)
    assert caught.value.refusals[0].code == "record"
    assert failures() == 1
    with unit_of_work():
        assert make_record("stone", draft("good"), SYSTEM) == "made"
    assert len(links_around("stone", "good").links) == 1


# --- twice at once --------------------------------------------------------------------------------


def seeing_nothing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The next questions for a link are answered as before anybody linked."""
    real, left = link_between, [None] * times

    def stale(*ends: str) -> Any:
        return left.pop() if left else real(*ends)

    monkeypatch.setattr(services, "link_between", stale)


def test_two_records_linked_twice_at_once_are_linked_once(
    at: FlaskClient, submit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        link_records(A, B, SYSTEM)
    seeing_nothing(monkeypatch, 2)
    with pytest.raises(Conflict), unit_of_work():
        link_records(A, B, SYSTEM)
    seeing_nothing(monkeypatch, 2)
    sent = {"other_kind": "stone", "other_key": "b", "side": "came_of_it"}
    assert submit(at, "/records/stone/a/links", **sent).status_code == 303
    assert verbs().count("records.linked") == 1


def test_a_link_taken_back_or_put_back_twice_at_once_is_told_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        key = link_records(A, B, SYSTEM)
    link = link_with_key(key)
    assert link is not None
    for reason in ("Den forkerte sten", "Den var det ikke"):
        with unit_of_work():
            unlink_records(link, SYSTEM, reason)
    assert db.session.scalar(select(RecordLink.reason)) == "Den forkerte sten"
    assert verbs().count("records.unlinked") == 1
    before = link_between(*A, *B)
    monkeypatch.setattr(services, "link_between", lambda *ends: before if ends == A + B else None)
    for _time in range(2):
        with unit_of_work():
            assert link_records(A, B, SYSTEM) == key
    assert verbs().count("records.linked") == 2
