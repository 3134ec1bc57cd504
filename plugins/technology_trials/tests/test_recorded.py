"""Published collaborations on a thread: for everybody to read, for whose they are to link."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.api import SYSTEM, Actor, RecordType, db
from lms.testing.rows import Maker
from lms_technology_trials.models import Collaboration, Party, TrialTest, Workshop
from lms_technology_trials.records import RECORD_TYPES


def facts(kind: RecordType, key: str, actor: Actor) -> Any:
    assert kind.describe is not None
    return kind.describe([key], actor)[key]


@pytest.mark.parametrize(
    ("kind", "model"),
    list(zip(RECORD_TYPES, (Collaboration, Workshop, TrialTest), strict=True)),
    ids=[kind.key for kind in RECORD_TYPES],
)
def test_only_who_keeps_the_courses_of_a_home_links_it(
    mit_hjem: Flask, maker: Maker, kind: RecordType, model: Any
) -> None:
    with mit_hjem.app_context():
        key = db.session.scalars(select(model.key)).first()
        homes = dict.fromkeys(
            db.session.scalars(select(Party.organisation_id).where(Party.home.is_(True)))
        )
        guests = set(db.session.scalars(select(Party.organisation_id))) - set(homes) - {None}
    home = next(one for one in homes if one is not None)
    guest = next(iter(guests))
    elsewhere = maker.organisation(name="En helt anden kommune").id

    def keeper(*organisations: int) -> Actor:
        return Actor(person_id=1, permissions={"catalogue.manage": frozenset(organisations)})

    with mit_hjem.test_request_context():
        assert facts(kind, key, keeper(home)).may_link
        assert facts(kind, key, keeper(elsewhere, home)).may_link
        assert facts(kind, key, SYSTEM).may_link
        for actor in (Actor(), keeper(elsewhere), keeper(guest)):
            assert not facts(kind, key, actor).may_link
        assert kind.find is not None
        assert {one.may_link for one in kind.find("", keeper(elsewhere))} == {False}
        assert {one.may_link for one in kind.find("", keeper(home))} == {True}
        assert kind.find("findes slet ikke \0", keeper(home)) == []
