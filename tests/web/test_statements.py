"""Statements that every request runs: past the ORM, and on PostgreSQL prepared once."""

from __future__ import annotations

import os
import time
from functools import cache

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import DataError

from lms import postgres
from lms.db import db, execute, now
from lms.web.models import RateCount


@cache
def counted():
    return select(RateCount.count).where(RateCount.key_hash == bindparam("key"))


def test_what_the_session_holds_is_found(lms_app):
    with lms_app.app_context():
        db.session.add(RateCount(key_hash="held", window_start=now(), count=7))
        assert execute(counted(), {"key": "held"}).scalar_one() == 7
        db.session.rollback()
        assert execute(counted(), {"key": "held"}).first() is None


def test_an_insert_takes_its_columns(lms_app):
    with lms_app.app_context():
        row = {"key_hash": "written", "window_start": now(), "count": 3}
        execute(insert(RateCount), row)
        assert execute(counted(), {"key": "written"}).scalar_one() == 3
        db.session.rollback()


if os.environ.get("LMS_TEST_DATABASE") == "postgresql":

    def prepared() -> int:
        return db.session.execute(
            text("select count(*) from pg_prepared_statements where statement like '%rate_count%'")
        ).scalar_one()

    def test_what_is_prepared_outlives_a_rollback(lms_app):
        with lms_app.app_context():
            for _ in range(8):
                execute(counted(), {"key": "often"})
                db.session.rollback()
            assert prepared() == 1

    def test_a_failed_transaction_is_rolled_back(lms_app):
        with lms_app.app_context():
            with pytest.raises(DataError):
                db.session.execute(text("select 1 / 0"))
            db.session.rollback()
            assert execute(counted(), {"key": "after"}).first() is None

    def test_a_connection_that_has_rested_is_asked_whether_it_lives(lms_app, monkeypatch):
        asked = []
        with lms_app.app_context():
            real = db.engine.dialect.do_ping
            monkeypatch.setattr(
                db.engine.dialect, "do_ping", lambda one: asked.append(one) or real(one)
            )
            execute(counted(), {"key": "x"})
            db.session.rollback()
            execute(counted(), {"key": "x"})
            db.session.rollback()
            assert not asked
            monkeypatch.setattr(postgres, "FRESH_SECONDS", 0.0)
            execute(counted(), {"key": "x"})
            assert len(asked) == 1

    def test_one_that_died_while_resting_is_replaced(lms_app, monkeypatch):
        monkeypatch.setattr(postgres, "FRESH_SECONDS", 0.0)
        with lms_app.app_context(), db.engine.connect() as other:
            with db.engine.connect() as resting:
                died = resting.scalar(text("select pg_backend_pid()"))
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": died})
            time.sleep(0.1)
            assert execute(counted(), {"key": "x"}).first() is None
