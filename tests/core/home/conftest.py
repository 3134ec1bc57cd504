"""People and the programme for the pages where one begins."""

from __future__ import annotations

import pytest

from lms.core.home.hooks import lms_demo


@pytest.fixture
def signed_in(lms_app, sign_in, make_person, make_access_role):
    """`signed_in(role=None, person=None)`: a browser of somebody with that access role."""

    def enter(role=None, person=None):
        person = person or make_person(language="en")
        if role:
            make_access_role(person=person, role=role)
        return sign_in(lms_app.test_client(), person)

    return enter


@pytest.fixture
def with_programme(lms_app):
    """The programme of the demo is loaded."""
    with lms_app.app_context():
        lms_demo()["10-programme"]()
