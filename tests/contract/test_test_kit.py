"""The test kit does what its fixtures promise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.states import STATES, WITH_SEAT
from lms.core.users.models import Person
from lms.db import db, now
from lms.testing.defaults import steps_to
from lms.testing.rows import Maker


@pytest.mark.parametrize("first", [True, False])
def test_each_test_has_an_empty_database(
    lms_app: Flask, make_person: Callable[..., Person], first: bool
) -> None:
    with lms_app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0
    assert make_person().id == 1


def test_two_apps_do_not_share_a_database(lms_app_factory: Callable[..., Flask]) -> None:
    one, two = lms_app_factory(), lms_app_factory()
    Maker(one).person()
    with two.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 0


@pytest.mark.parametrize("state", STATES)
def test_an_enrolment_can_begin_in_every_state(maker: Maker, lms_app: Flask, state: str) -> None:
    run = maker.run(capacity=3)
    enrolment = maker.enrolment(run=run, state=state)
    with lms_app.app_context():
        news = db.session.scalars(
            select(Transition.new)
            .where(Transition.enrolment_id == enrolment.id)
            .order_by(Transition.id)
        ).all()
        taken = db.session.scalar(select(Run.taken))
    assert news == steps_to(state)
    assert taken == (1 if state in WITH_SEAT else 0)
    assert (enrolment.position is not None) == ("waitlisted" in news)


def test_a_full_run_takes_nobody_more(maker: Maker, lms_app: Flask) -> None:
    run = maker.run(capacity=1)
    maker.enrolment(run=run)
    with pytest.raises(IntegrityError):
        maker.enrolment(run=run)
    with lms_app.app_context():
        assert db.session.scalar(select(func.count(Enrolment.id))) == 1


def test_a_signed_in_client_is_that_person(
    client: Any, sign_in: Callable[..., Any], make_person: Callable[..., Person], lms_app: Flask
) -> None:
    from lms.web import access, current_actor

    @access(known="public")
    def who() -> str:
        return current_actor().name or "nobody"

    lms_app.add_url_rule("/who", "who", who)
    assert client.get("/who").text == "nobody"
    assert sign_in(client, make_person(name="Hjemmeplejeleder")) is client
    assert client.get("/who").text == "Hjemmeplejeleder"


def test_queries_are_counted_without_transaction_control(
    lms_app: Flask, count_queries: Callable[..., Any], maker: Maker
) -> None:
    with count_queries() as queries, lms_app.app_context():
        db.session.scalar(select(func.count(Person.id)))
        db.session.rollback()
        db.session.scalar(select(func.count(Run.id)))
    assert len(queries) == 2
    maker.person()
    assert len(queries) == 2


def test_the_clock_stands_still_until_it_is_moved(clock: Any) -> None:
    assert now() == now()
    assert clock.stop_at(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == now()
    assert clock.move(hours=2) == datetime(2026, 3, 29, 3, 30, tzinfo=UTC)


def test_the_clock_runs_again_after_a_test() -> None:
    assert abs((now() - datetime.now(UTC)).total_seconds()) < 60  # noqa: TID251


@pytest.mark.once
@given(st.sampled_from(STATES))
def test_every_state_is_reached_from_the_first(state: str) -> None:
    assert steps_to(state)[0] == "requested"
    assert steps_to(state)[-1] == state
