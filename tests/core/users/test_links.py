"""Single-use links: bound, short, hashed, and used once even by two at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.contracts import SYSTEM
from lms.core.users import queries, services
from lms.core.users.models import SingleUseLink
from lms.db import db
from lms.work import unit_of_work

HOUR = timedelta(hours=1)


@pytest.fixture
def in_app(lms_app):
    with lms_app.app_context():
        yield lms_app


def mint(person, purpose="reset", subject_id=None):
    with unit_of_work():
        return services.mint(purpose, person.id, subject_id, HOUR)


def test_a_link_tells_what_it_is_about_once(in_app, make_person):
    person = make_person()
    token = mint(person, "enrolment.decide", 7)
    facts = services.LinkFacts(person_id=person.id, subject_id=7)
    assert services.peek(token, "enrolment.decide") == facts
    assert services.peek(token, "enrolment.decide") == facts
    with unit_of_work():
        assert services.spend(token, "enrolment.decide") == facts
    with unit_of_work():
        assert services.spend(token, "enrolment.decide") is None
    assert services.peek(token, "enrolment.decide") is None


def test_a_link_serves_its_purpose_only(in_app, make_person):
    token = mint(make_person())
    assert services.peek(token, "invitation") is None
    with unit_of_work():
        assert services.spend(token, "invitation") is None
    assert services.peek(token, "reset") is not None


def test_a_link_ends(in_app, make_person, clock):
    token = mint(make_person())
    clock.move(minutes=60)
    assert services.peek(token, "reset") is None
    with unit_of_work():
        assert services.spend(token, "reset") is None


def test_the_secret_is_not_kept(in_app, make_person):
    token = mint(make_person())
    assert len(token) == 22
    stored = db.session.execute(select(SingleUseLink.token_hash)).scalar_one()
    assert token not in stored
    assert stored == queries.digest(token)


def test_an_undone_change_does_not_use_the_link_up(in_app, make_person):
    token = mint(make_person())

    def spend_and_fail():
        with unit_of_work():
            assert services.spend(token, "reset")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        spend_and_fail()
    assert services.peek(token, "reset") is not None


def test_of_two_at_the_same_time_one_wins(lms_app, make_person):
    person = make_person()
    with lms_app.app_context():
        token = mint(person)
    start = threading.Barrier(8)
    won: list[bool] = []

    def use() -> None:
        with lms_app.app_context():
            start.wait()
            with unit_of_work():
                won.append(services.spend(token, "reset") is not None)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


@pytest.mark.parametrize("verb", [services.suspend, services.leave])
def test_shutting_somebody_out_ends_their_links(in_app, make_person, verb):
    person, other = make_person(), make_person()
    token, kept = mint(person), mint(other)
    with unit_of_work():
        verb(person.id, actor=SYSTEM)
    assert services.peek(token, "reset") is None
    assert services.peek(kept, "reset") is not None
