"""However many are heard and whoever leads: ten queries a page."""

from __future__ import annotations

from typing import Any

import pytest

from lms.testing import sign_in_as
from tests.pages.counting import queries_by_sender

MOST = 10

pytestmark = pytest.mark.once


def asked(stage: Any, person: Any, address: str) -> int:
    """How many queries a page takes when it is drawn again."""
    client = sign_in_as(stage.app.test_client(), person)
    assert client.get(address).status_code == 200
    with queries_by_sender(stage.app) as queries:
        client.get(address)
    return sum(queries.by.values())


def test_panels_keep_to_their_queries_with_few_and_with_many(stage, module):
    module.set_up()
    stage.maker.team_member(run=module.run, person=stage.care, role="teacher")
    key, subject = module.key, module.subjects["Gruppe A"].key
    pages = [
        (stage.care, f"/courses/panels/{key}/lead"),
        (stage.care, f"/courses/panels/{key}/summaries/{subject}"),
        (stage.chief, f"/courses/panels/{key}"),
        (stage.chief, f"/courses/panels/{key}/forms/{subject}"),
    ]
    few = [asked(stage, *page) for page in pages]
    for n in range(8):
        person = stage.person(f"Studerende {n}", stage.school)
        seat = stage.maker.enrolment(run=module.run, person=person, state="active")
        module.seats[person.id] = seat.id
        module.regroup({person.id: f"Gruppe {n}"})
    stage.post(stage.teacher, f"/courses/panels/{key}/take-in")
    assert len(module.subjects) == 10
    assert [asked(stage, *page) for page in pages] == few
    assert max(few) <= MOST
