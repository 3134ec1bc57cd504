"""Who acts, what they may do, and for how long a sign-in holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.users import queries, services
from lms.core.users.models import Person, SignIn
from lms.core.users.queries.employers import people_at
from lms.db import now
from lms.work import unit_of_work

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def in_app(lms_app):
    with lms_app.app_context():
        yield lms_app


def signed_in(maker, person, **columns):
    values = {"created_at": now(), "expires_at": now() + timedelta(hours=12)} | columns
    maker.write(SignIn(person_id=person.id, token_hash=queries.digest("secret"), **values))
    return "secret"


def test_an_actor_takes_two_queries_whatever_they_hold(
    in_app, maker, make_person, make_organisation, make_assignment, make_access_role, count_queries
):
    person = make_person(name="Hjemmeplejeleder, Prøvelev")
    ours, other = make_organisation(), make_organisation()
    make_assignment(person=person, organisation=ours)
    for _ in range(30):
        make_assignment(organisation=ours, manager=person)
    make_access_role(person=person, role="teacher", organisation=other)
    token = signed_in(maker, person)
    with count_queries() as statements:
        actor = queries.load_actor(token)
    assert len(statements) == 2
    assert actor is not None
    assert actor.person_id == person.id
    assert actor.organisation_ids == {ours.id}
    assert actor.has_reports
    assert actor.may("enrolment.request")
    assert actor.may("enrolment.decide", ours.id)
    assert not actor.may("enrolment.decide")
    assert not actor.may("enrolment.decide", other.id)
    assert actor.may("learning.teach", other.id)
    assert not actor.may("learning.teach", ours.id)
    assert not actor.may_anywhere("people.manage")


def test_a_learner_may_ask_and_nothing_else(in_app, make_person):
    actor = queries.actor_for_person(make_person().id)
    assert set(actor.permissions) == {"enrolment.request"}
    assert not actor.has_reports


def test_a_site_administrator_has_everything_everywhere(in_app, make_person, make_access_role):
    person = make_person()
    make_access_role(person=person, role="site_admin")
    actor = queries.actor_for_person(person.id)
    assert set(actor.permissions) >= {
        "catalogue.view_internal",
        "catalogue.manage",
        "enrolment.request",
        "enrolment.decide",
        "enrolment.manage",
        "learning.teach",
        "learning.read_sums",
        "people.manage",
        "organisations.manage",
        "site.admin",
    }
    assert all(actor.may(permission) for permission in actor.permissions)


def test_an_ended_assignment_and_a_coming_one_give_nothing(
    in_app, make_person, make_assignment, make_organisation
):
    person, boss = make_person(), make_person()
    today = now().date()
    make_assignment(
        person=person,
        organisation=make_organisation(),
        manager=boss,
        to_day=today - timedelta(days=1),
    )
    make_assignment(
        person=person,
        organisation=make_organisation(),
        manager=boss,
        from_day=today + timedelta(days=1),
    )
    assert queries.actor_for_person(person.id).organisation_ids == frozenset()
    assert not queries.actor_for_person(boss.id).has_reports


@pytest.mark.parametrize("state", ["invited", "suspended", "left", "anonymised"])
def test_only_active_people_act(in_app, maker, make_person, state):
    person = make_person(state=state)
    assert queries.load_actor(signed_in(maker, person)) is None
    with unit_of_work():
        token = services.mint_api_token(person.id, "t", timedelta(days=1), actor=SYSTEM)
    assert queries.actor_for_api_token(token) is None
    with pytest.raises(LookupError):
        queries.actor_for_person(person.id)


def test_a_sign_in_holds_twelve_hours(in_app, maker, make_person, clock):
    token = signed_in(maker, make_person())
    clock.move(hours=11, minutes=59)
    assert queries.load_actor(token) is not None
    clock.move(minutes=1)
    assert queries.load_actor(token) is None


def test_an_ended_or_unknown_sign_in_is_nobody(in_app, maker, make_person):
    token = signed_in(maker, make_person(), ended_at=now())
    assert queries.load_actor(token) is None
    assert queries.load_actor("something else") is None


def test_api_tokens_expire_and_can_be_revoked(in_app, maker, make_person, clock):
    person = make_person()
    with unit_of_work():
        token = services.mint_api_token(person.id, "Udtræk", timedelta(days=1), actor=SYSTEM)
        other = services.mint_api_token(person.id, "Andet", timedelta(days=1), actor=SYSTEM)
    actor = queries.actor_for_api_token(token)
    assert actor is not None
    assert actor.person_key == person.key
    with unit_of_work():
        services.suspend(person.id, actor=SYSTEM)
        services.reopen(person.id, actor=SYSTEM)
    maker.write()
    assert queries.actor_for_api_token(other) is None
    clock.move(days=2)
    assert queries.actor_for_api_token(token) is None


def test_withdrawing_a_role_works_at_the_next_request(
    in_app, make_person, make_organisation, make_access_role
):
    person, place = make_person(), make_organisation()
    role = make_access_role(person=person, role="institution_admin", organisation=place)
    assert queries.actor_for_person(person.id).may("people.manage", place.id)
    with unit_of_work():
        services.withdraw_role(role.id, actor=SYSTEM)
    assert not queries.actor_for_person(person.id).may_anywhere("people.manage")


def test_plugins_add_to_roles(lms_app_factory):
    from lms.contracts import LocalisedText, Permission, RoleBundle
    from lms.hookspecs import hookimpl
    from lms.testing.rows import Maker

    class Adds:
        @hookimpl
        def lms_permissions(self):
            return (
                Permission(key="adds.weigh", title=LocalisedText(en="Weigh")),
                Permission(key="adds.sell", title=LocalisedText(en="Sell")),
            )

        @hookimpl
        def lms_role_bundles(self):
            return (
                RoleBundle(role="teacher", permissions=("adds.weigh",)),
                RoleBundle(role="company_user", permissions=("adds.sell",)),
            )

    app = lms_app_factory(plugins=[("adds", Adds())])
    maker = Maker(app)
    person, boss = maker.person(), maker.person()
    maker.access_role(person=person, role="teacher")
    maker.access_role(person=boss, role="site_admin")
    with app.app_context():
        assert queries.actor_for_person(person.id).may("adds.weigh")
        assert queries.actor_for_person(person.id).may("learning.teach")
        assert queries.actor_for_person(boss.id).may("adds.weigh")

    company, former = (maker.organisation(kind="company") for _which in range(2))
    maker.assignment(person=person, organisation=company)
    maker.assignment(person=person, organisation=former, to_day=now().date() - timedelta(days=1))
    maker.assignment(person=person)
    with app.app_context():
        worker = queries.actor_for_person(person.id)
        assert worker.organisations_with("adds.sell") == {company.id}
        assert set(queries.HELD_BY_ITSELF) == {"learner", "company_user"}
        everywhere = [company.id, former.id]
        assert people_at(everywhere) == {company.id: [person.id]}


def test_the_maker_makes_active_people(make_person, maker):
    assert maker.reload(make_person()).state == "active"
    assert isinstance(make_person(), Person)
