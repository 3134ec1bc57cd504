"""A school, who works there, and what they write."""

from __future__ import annotations

import pytest

from lms.core.learning.models import Activity
from lms.db import now
from lms.testing.defaults import in_all_languages


@pytest.fixture
def school(make_organisation):
    return make_organisation(name="Skolen på Bakken")


@pytest.fixture
def enter(lms_app, sign_in, make_person, make_access_role):
    """`enter(role, organisation)`: a browser of somebody with that access role there."""

    def signed_in(role, organisation=None, person=None):
        person = person or make_person(language="en")
        make_access_role(person=person, role=role, organisation=organisation)
        return sign_in(lms_app.test_client(), person)

    return signed_in


@pytest.fixture
def draft(maker, make_person):
    """`draft(owner, **columns)`: a draft of the specimen's type, written by somebody."""

    def make(owner, author=None, state="draft", **columns):
        course = maker.course(owner=owner)
        return maker.version(
            course=course,
            state=state,
            title="Løft uden løft",
            created_by_id=(author or make_person()).id,
            **columns,
        )

    return make


@pytest.fixture
def activity(maker):
    """`activity(version, **columns)`: an activity of a version."""

    def make(version, title="Læs siden", **columns):
        values = {
            "module": "start",
            "position": 1,
            "activity_type": "page",
            "minutes": 10,
            "others_minutes": {},
            "outcomes": [],
            "content": {"text": {"da": "Hej"}},
            "changed_at": now(),
        }
        row = Activity(
            course_version_id=version.id, title=in_all_languages(title), **(values | columns)
        )
        maker.write(row)
        return row

    return make
