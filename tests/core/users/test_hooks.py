"""What the room contributes to the house."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from lms.contracts import SYSTEM
from lms.core.users import queries, services
from lms.core.users.hooks import PERMISSIONS, ROLES, lms_data_policy, lms_doctor, lms_jobs
from lms.core.users.models import SignIn, SingleUseLink
from lms.db import Base, db
from lms.work import unit_of_work


def test_roles_carry_permissions_that_exist():
    known = {permission.key for permission in PERMISSIONS}
    assert {permission for role in ROLES for permission in role.permissions} <= known
    assert len(ROLES) == 9
    assert all(all(role.title.as_dict().values()) for role in ROLES if role.title)
    assert all(all(permission.title.as_dict().values()) for permission in PERMISSIONS)


def test_every_table_of_the_room_has_a_policy():
    tables = {name for name in Base.metadata.tables if name.startswith("users_")}
    assert {policy.table for policy in lms_data_policy()} == tables


def test_a_site_without_administrator_is_not_well(lms_app, make_person, make_access_role):
    with lms_app.app_context():
        assert not lms_doctor()[0].ok
    make_access_role(person=make_person(), role="site_admin")
    with lms_app.app_context():
        assert lms_doctor()[0].ok


def test_what_is_long_over_is_forgotten(lms_app, make_person, sign_in, clock):
    person = make_person()
    sign_in(lms_app.test_client(), person)
    with lms_app.app_context(), unit_of_work():
        services.mint("reset", person.id, None, timedelta(hours=1))
        token = services.mint_api_token(person.id, "t", timedelta(days=365), actor=SYSTEM)
    job = next(job for job in lms_jobs() if job.name == "users.tidy")

    def counts():
        return [
            db.session.execute(select(func.count(model.id))).scalar_one()
            for model in (SignIn, SingleUseLink)
        ]

    for days, left in ((89, [1, 1]), (3, [0, 0])):
        clock.move(days=days)
        with lms_app.app_context():
            finish = job.run(None)
            with unit_of_work():
                finish()
            assert counts() == left
    with lms_app.app_context():
        assert queries.actor_for_api_token(token) is not None
