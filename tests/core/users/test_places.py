"""Places and access roles of one person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core.users import queries, services
from lms.core.users.models import AccessRole, Person
from lms.db import db
from lms.work import unit_of_work


def test_a_place_begins_and_ends(lms_app, inside, submit, worker, place, make_function):
    fields = {"function": str(make_function().id), "unit": "", "from_day": "2026-01-15"}
    assert submit(inside, f"/people/{worker.key}/places/new", **fields).status_code == 303
    with lms_app.app_context():
        jobs = queries.assignments_of(worker.id)
    assert len(jobs) == 2
    url = f"/people/{worker.key}/places/{jobs[0].key}/end"
    assert inside.get(url).status_code == 200
    assert submit(inside, url, last_day="2020-01-01").status_code == 422
    assert submit(inside, url, last_day="2026-02-01").status_code == 303
    with lms_app.app_context():
        ended = {job.key: job.to_day for job in queries.assignments_of(worker.id)}
    assert str(ended[jobs[0].key]) == "2026-02-01"


def test_a_place_elsewhere_is_not_ours_to_end(inside, submit, worker, make_assignment):
    elsewhere = make_assignment(person=worker)
    url = f"/people/{worker.key}/places/{elsewhere.key}/end"
    assert inside.get(url).status_code == 404
    assert submit(inside, url, last_day="2026-02-01").status_code == 404


def test_nobody_leads_themselves(inside, submit, worker, make_function):
    fields = {"function": str(make_function().id), "unit": "", "manager": worker.email}
    assert submit(inside, f"/people/{worker.key}/places/new", **fields).status_code == 422


def test_roles_are_given_and_taken_back(lms_app, inside, submit, worker, place):
    fields = {"role": "teacher", "organisation": str(place.id)}
    for _ in range(2):
        assert submit(inside, f"/people/{worker.key}/roles", **fields).status_code == 303
    with lms_app.app_context():
        (role,) = queries.roles_of(worker.id)
        assert queries.actor_for_person(worker.id).may("learning.teach", place.id)
    url = f"/people/{worker.key}/roles/{role.id}/withdraw"
    assert submit(inside, url).status_code == 303
    with lms_app.app_context():
        assert queries.roles_of(worker.id) == []
    assert submit(inside, url).status_code == 404


@pytest.mark.parametrize("role", ["site_admin", "teacher", "made_up", ""])
@pytest.mark.parametrize("where", ["site", "other", "", "x"])
def test_an_institution_gives_its_own_roles_only(
    lms_app, inside, submit, worker, make_organisation, role, where
):
    organisation = str(make_organisation().id) if where == "other" else where
    fields = {"role": role, "organisation": organisation}
    assert submit(inside, f"/people/{worker.key}/roles", **fields).status_code == 422
    with lms_app.app_context():
        assert queries.roles_of(worker.id) == []


def test_services_hold_the_same_line(lms_app, boss, worker, place, make_organisation):
    from lms.core.refused import Refused

    other = make_organisation().id
    with lms_app.app_context():
        actor = queries.actor_for_person(boss.id)
        for role, where in [("site_admin", None), ("teacher", None), ("teacher", other)]:
            with pytest.raises(Refused), unit_of_work():
                services.grant_role(worker.id, role, where, actor=actor)
        with pytest.raises(Refused), unit_of_work():
            services.grant_role(worker.id, "site_admin", place.id, actor=actor)


def test_the_site_administrator_may_not_step_down_alone(lms_app, root, submit, maker):
    with lms_app.app_context():
        role = db.session.execute(
            select(AccessRole).where(AccessRole.role == "site_admin")
        ).scalar()
        person = db.session.get(Person, role.person_id)
        key, role_id = person.key, role.id
    assert submit(root, f"/people/{key}/roles/{role_id}/withdraw").status_code == 422


def test_a_role_of_a_person_is_only_taken_from_that_person(
    inside, submit, worker, make_access_role, place, maker
):
    other = make_access_role(role="teacher", organisation=place)
    url = f"/people/{worker.key}/roles/{other.id}/withdraw"
    assert submit(inside, url).status_code == 404
    assert maker.reload(other)
