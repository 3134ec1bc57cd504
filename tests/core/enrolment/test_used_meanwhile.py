"""A link from a mail that is pressed twice: the later press is told that it is answered, also when
the first is written between what the later one reads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.contracts import Actor
from lms.core.enrolment.views import answers
from lms.core.learning.services import AgreementWords, write_agreement
from lms.core.learning.views import agreeing
from lms.core.users.services import mint
from lms.db import now
from lms.testing.databases import chosen_kind
from lms.work import unit_of_work

Links = dict[str, tuple[str, dict[str, str]]]
SOON = timedelta(days=3)
SENT = ["the same"]
if chosen_kind() == "postgresql":  # SQLite shows a page one moment, as it was when it was asked for
    SENT.append("nothing")


@pytest.fixture
def links(
    lms_app: Flask, make_run: Any, make_person: Any, make_assignment: Any, make_enrolment: Any
) -> Links:
    """An address and what is sent there, by purpose."""
    run, boss = make_run(capacity=9), make_person(language="en")

    def seat(state: str, **columns: Any) -> tuple[Any, Any]:
        person = make_person(language="en")
        make_assignment(person=person, manager=boss)
        return person, make_enrolment(run=run, person=person, manager=boss, state=state, **columns)

    due = {"answer_due": now() + SOON}
    taught = make_run(state="running", sessions=[now() - SOON])
    learner = make_person(language="en")
    signed = make_enrolment(run=taught, person=learner, manager=boss, state="active")
    asked = seat("awaiting_approval", goal="x", **due)[1]
    offered, nominated = (
        seat("offered", **due),
        seat("requested", source="nomination", **due),
    )
    with lms_app.app_context(), unit_of_work():
        words = AgreementWords(goal="Løft", task="Prøv lejet", minutes_promised=60)
        write_agreement(signed.id, words, Actor(person_id=learner.id))
        return {
            "decide": (
                "/answer/" + mint(answers.DECIDE, boss.id, asked.id, SOON),
                {"answer": "yes", "goal": "x"},
            ),
            "offer": (
                "/answer/" + mint(answers.OFFER, offered[0].id, offered[1].id, SOON),
                {"answer": "yes"},
            ),
            "own word": (
                "/answer/" + mint(answers.QUESTIONS, nominated[0].id, nominated[1].id, SOON),
                {"answer": "no"},
            ),
            "agreement": (
                "/agreement/" + mint(agreeing.AGREEMENT, boss.id, signed.id, SOON),
                {"act": "sign", "revision": "1"},
            ),
        }


@pytest.mark.parametrize("which", ["decide", "offer", "own word", "agreement"])
@pytest.mark.parametrize("sent", SENT)
def test_the_later_press_of_a_link_is_told_that_it_is_answered(
    lms_app: Flask,
    submit: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    links: Links,
    which: str,
    sent: str,
) -> None:
    url, fields = links[which]
    first: list[int] = []
    room = agreeing if which == "agreement" else answers
    real = room.look

    def look_and_be_overtaken(token: str) -> Any:
        found = real(token)
        if not first:
            first.append(0)
            with ThreadPoolExecutor(1) as pool:
                overtaking = pool.submit(submit, lms_app.test_client(), url, **fields)
                first[0] = overtaking.result().status_code
        return found

    monkeypatch.setattr(room, "look", look_and_be_overtaken)
    later = submit(
        lms_app.test_client(), f"{url}?lang=en", **(fields if sent == "the same" else {})
    )
    assert first == [303]
    assert later.status_code == 410
    assert "You have answered this already" in later.text
