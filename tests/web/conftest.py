"""The small world of the access tests, for what must hold on every route; and what tests of deeds
sent twice ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import db, now
from lms.testing import sign_in_as
from lms.web import access
from lms.web.models import OnceKey, RateCount
from tests.access.conftest import built_world, state, world
from tests.web.documents_kit import readers, sender

__all__ = ["built_world", "readers", "sender", "state", "world"]


@pytest.fixture
def deeds(lms_app):
    """`deeds()`: how many deeds are in the database."""

    def count():
        with lms_app.app_context():
            named = RateCount.key_hash.startswith("deed")
            return db.session.scalar(select(func.count()).select_from(RateCount).where(named))

    return count


@pytest.fixture
def rows(lms_app):
    """`rows()`: the keys as (status, body)."""

    def read():
        with lms_app.app_context():
            return [
                tuple(row) for row in db.session.execute(select(OnceKey.status, OnceKey.body)).all()
            ]

    return read


@pytest.fixture
def karen(lms_app, client, make_person):
    """A signed-in browser and its person."""
    person = make_person(language="en")
    sign_in_as(client, person)
    return person


@pytest.fixture
def form_view(lms_app):
    """`form_view(view, **access)`: a form at /try."""

    def add(view, **declared):
        lms_app.add_url_rule("/try", "try", access(**declared)(view), methods=["GET", "POST"])

    return add


@pytest.fixture
def api_view(lms_app, maker, karen):
    """`api_view(view)` at /api/v1/try; gives the headers of Karen's token."""

    def add(view):
        marked = access(known="token")(view)
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        lms_app.add_url_rule("/api/v1/try", "try_api", marked, methods=methods)
        maker.write(
            ApiToken(
                person_id=karen.id,
                name="Test",
                token_hash=digest("a secret"),
                created_at=now(),
                expires_at=now() + timedelta(days=30),
            )
        )
        return {"Authorization": "Bearer a secret"}

    return add
