"""People who manage people, and one who is managed."""

from __future__ import annotations

import pytest


@pytest.fixture
def place(make_organisation):
    return make_organisation(name="Prøvelev Kommune")


@pytest.fixture
def boss(make_person, make_access_role, place):
    """The administrator of one institution."""
    person = make_person(name="Administrator, Prøvelev")
    make_access_role(person=person, role="institution_admin", organisation=place)
    return person


@pytest.fixture
def inside(client, sign_in, boss):
    return sign_in(client, boss)


@pytest.fixture
def root(lms_app, sign_in, make_person, make_access_role):
    """A browser of the site administrator."""
    person = make_person(name="Administrator")
    make_access_role(person=person, role="site_admin")
    return sign_in(lms_app.test_client(), person)


@pytest.fixture
def worker(make_person, make_assignment, place):
    person = make_person(name="Terapeut, Prøvelev")
    make_assignment(person=person, organisation=place)
    return person
