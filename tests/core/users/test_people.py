"""People for those who manage them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from lms.core.users import queries
from lms.core.users.models import AccessRole, Assignment, Person
from lms.db import db, new_key, now
from lms.journal.models import JournalEntry
from lms.work import unit_of_work


@pytest.fixture
def stranger(make_person, make_assignment):
    person = make_person(name="Terapeut, Anderledes")
    make_assignment(person=person)
    return person


def everything_about(person):
    return [
        ("get", f"/people/{person.key}"),
        ("get", f"/people/{person.key}/change"),
        ("get", f"/people/{person.key}/leave"),
        ("get", f"/people/{person.key}/places/new"),
        ("post", f"/people/{person.key}/change"),
        ("post", f"/people/{person.key}/suspend"),
        ("post", f"/people/{person.key}/reopen"),
        ("post", f"/people/{person.key}/send-link"),
        ("post", f"/people/{person.key}/sign-out"),
        ("post", f"/people/{person.key}/leave"),
        ("post", f"/people/{person.key}/places/new"),
        ("post", f"/people/{person.key}/roles"),
        ("post", f"/people/{person.key}/roles/1/withdraw"),
    ]


def answer(client, submit, how, url, **fields):
    return client.get(url) if how == "get" else submit(client, url, **fields)


def verbs(app):
    with app.app_context():
        return list(
            db.session.execute(select(JournalEntry.verb).order_by(JournalEntry.id)).scalars()
        )


# --- who may ------------------------------------------------------------------------------------


def test_other_organisations_people_do_not_exist(inside, submit, stranger, maker):
    for how, url in everything_about(stranger):
        assert answer(inside, submit, how, url).status_code == 404, url
    assert maker.reload(stranger).state == "active"


def test_nobody_without_the_permission_sees_the_pages(
    lms_app, sign_in, submit, worker, make_person
):
    learner = sign_in(lms_app.test_client(), make_person())
    for how, url in [("get", "/people"), ("get", "/people/invite"), *everything_about(worker)]:
        assert answer(learner, submit, how, url).status_code == 404, url


def test_guests_are_sent_to_sign_in(client, worker):
    assert client.get("/people").status_code == 303
    assert client.get(f"/people/{worker.key}").status_code == 303


def test_the_list_holds_ones_own_only(inside, root, worker, stranger):
    page = inside.get("/people").text
    assert worker.name in page
    assert stranger.name not in page
    page = root.get("/people").text
    assert worker.name in page
    assert stranger.name in page


def test_parents_give_no_rights(inside, make_organisation, make_person, make_assignment, place):
    person = make_person(name="Medarbejder under os")
    make_assignment(person=person, organisation=make_organisation(parent=place))
    assert inside.get(f"/people/{person.key}").status_code == 404


def test_whoever_has_stopped_here_is_not_seen(inside, make_person, make_assignment, place):
    person = make_person()
    make_assignment(person=person, organisation=place, to_day=now().date() - timedelta(days=1))
    assert inside.get(f"/people/{person.key}").status_code == 404


def test_somebody_with_more_rights_elsewhere_is_out_of_reach(
    inside, submit, worker, make_access_role, maker
):
    make_access_role(person=worker, role="site_admin")
    assert inside.get(f"/people/{worker.key}").status_code == 200
    fields = {"name": "Nyt navn", "email": "taken-over@proevelev.example", "language": "da"}
    assert submit(inside, f"/people/{worker.key}/change", **fields).status_code == 422
    assert submit(inside, f"/people/{worker.key}/suspend").status_code == 422
    assert submit(inside, f"/people/{worker.key}/leave", sure="y").status_code == 422
    person = maker.reload(worker)
    assert (person.email, person.state, person.name) == (worker.email, "active", worker.name)


# --- search, pages, queries ---------------------------------------------------------------------


def fill(app, organisation, function, number):
    with app.app_context(), unit_of_work():
        rows = [
            {
                "key": new_key(),
                "name": f"Person {n:05}",
                "search_text": f"person {n:05} p{n}@x.example",
                "email": f"p{n}@x.example",
                "email_key": f"p{n}@x.example",
                "created_at": now(),
            }
            for n in range(number)
        ]
        ids = db.session.execute(insert(Person).returning(Person.id), rows).scalars().all()
        db.session.execute(
            insert(Assignment),
            [
                {
                    "key": new_key(),
                    "person_id": person_id,
                    "function_id": function.id,
                    "organisation_id": organisation.id,
                    "from_day": now().date(),
                }
                for person_id in ids
            ],
        )


def test_the_list_costs_the_same_with_50_and_5000(
    lms_app, inside, place, make_function, count_queries, submit
):
    costs = []
    for number in (50, 5000):
        with lms_app.app_context(), unit_of_work():
            for table in (Assignment, AccessRole, Person):
                keep = table.id < 0 if table is Assignment else table.id > 0
                db.session.execute(table.__table__.delete().where(~keep))
        with lms_app.app_context(), unit_of_work():
            query = Person.__table__.delete().where(Person.name.like("Person %"))
            db.session.execute(query)
        fill(lms_app, place, make_function(), number)
        with count_queries() as statements:
            page = inside.get("/people?q=person&page=1")
        assert page.status_code == 200
        assert page.text.count('href="/people/') >= 50
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 10


def test_pages_can_be_turned(lms_app, inside, place, make_function):
    fill(lms_app, place, make_function(), 120)
    first = inside.get("/people?q=person").text
    assert "Person 00000" in first
    assert "Person 00050" not in first
    assert "page=2" in first
    assert "Person 00050" in inside.get("/people?q=person&page=2").text
    for odd in ("0", "-1", "99999999999", "x", "3", "٣"):
        assert inside.get(f"/people?q=person&page={odd}").status_code == 200


@pytest.mark.parametrize("q", ["ÆBLE", "æble", "gård æble", "AEBLE@proevelev.EXAMPLE"])
def test_search_knows_danish_letters(inside, make_person, make_assignment, place, q):
    person = make_person(name="Æblegård, vært", email="aeble@proevelev.example")
    make_assignment(person=person, organisation=place)
    assert person.key in inside.get("/people", query_string={"q": q}).text


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", '"><b>'])
def test_signs_of_the_database_are_only_letters(inside, worker, q):
    page = inside.get("/people", query_string={"q": q})
    assert page.status_code == 200
    assert worker.key not in page.text
    assert "<b>" not in page.text.replace("<b aria", "")


@pytest.mark.parametrize("path", ["", "/change", "/leave", "/places/new"])
def test_pages_about_one_person_take_few_queries(inside, worker, make_access_role, path, place):
    from lms.testing import counted_queries

    make_access_role(person=worker, role="teacher", organisation=place)
    with counted_queries(inside.application) as statements:
        assert inside.get(f"/people/{worker.key}{path}").status_code == 200
    assert len(statements) <= 10


# --- invite and change --------------------------------------------------------------------------


def invitation(chosen, /, **more):
    return {
        "name": "Social- og sundhedsassistent, Hjortebo",
        "email": "Hjortebo@Proevelev.example",
        "language": "sv",
        "function": str(chosen.id),
        "unit": "",
        "manager": "",
        "from_day": "",
    } | more


def test_inviting_somebody(inside, submit, place, make_function, make_unit, worker, lms_app):
    unit = make_unit(organisation=place)
    fields = invitation(make_function(), unit=str(unit.id), manager=worker.email.upper())
    result = submit(inside, f"/people/invite?organisation={place.key}", **fields)
    assert result.status_code == 303
    with lms_app.app_context():
        known = queries.credentials("hjortebo@proevelev.example")
        assert (known.state, known.password_hash) == ("invited", None)
        (job,) = queries.assignments_of(known.person_id)
        assert (job.organisation_id, job.unit, job.manager) == (place.id, unit.name, worker.name)
        assert queries.manager_of(known.person_id, place.id) == worker.id
    assert "users.invited" in verbs(lms_app)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "not a mail"},
        {"email": ""},
        {"function": "999999"},
        {"function": "x"},
        {"unit": "999999"},
        {"manager": "nobody@proevelev.example"},
        {"manager": "no mail"},
        {"from_day": "i morgen"},
        {"from_day": "99999-01-01"},
        {"language": "xx"},
        {"name": "Anne 010190-1234"},
    ],
)
def test_what_is_wrong_comes_back_as_typed(inside, submit, make_function, lms_app, wrong):
    result = submit(inside, "/people/invite", **invitation(make_function(), **wrong))
    assert result.status_code == 422
    assert 'role="alert"' in result.text
    assert "Hjortebo" in result.text
    with lms_app.app_context():
        assert queries.credentials("hjortebo@proevelev.example") is None


def test_a_unit_of_somebody_else_is_refused(inside, submit, make_function, make_unit, lms_app):
    fields = invitation(make_function(), unit=str(make_unit().id))
    assert submit(inside, "/people/invite", **fields).status_code == 422


def test_a_manager_of_somebody_else_is_unknown_here(inside, submit, make_function, stranger):
    fields = invitation(make_function(), manager=stranger.email)
    assert submit(inside, "/people/invite", **fields).status_code == 422


def test_one_mail_is_one_person(inside, submit, make_function, worker, stranger):
    for person in (worker, stranger):
        for mail in (person.email, f" {person.email.upper()}\u200b"):
            fields = invitation(make_function(), email=mail)
            assert submit(inside, "/people/invite", **fields).status_code == 422


def test_inviting_to_another_organisation_does_not_exist(
    inside, submit, make_function, make_organisation
):
    url = f"/people/invite?organisation={make_organisation().key}"
    assert inside.get(url).status_code == 404
    assert submit(inside, url, **invitation(make_function())).status_code == 404


def test_only_what_the_form_asks_for_is_taken(
    inside, submit, make_function, worker, maker, lms_app
):
    columns = {c.name: "1" for model in (Person, Assignment) for c in model.__table__.columns}
    more = columns | {
        "state": "active",
        "role": "site_admin",
        "password_hash": "x",
        "is_system": "1",
    }
    fields = more | invitation(make_function())
    assert submit(inside, "/people/invite", **fields).status_code == 303
    with lms_app.app_context():
        known = queries.credentials("hjortebo@proevelev.example")
        assert (known.state, known.password_hash) == ("invited", None)
        assert queries.roles_of(known.person_id) == []
    fields = more | {"name": "Nyt navn", "email": worker.email, "language": "da"}
    assert submit(inside, f"/people/{worker.key}/change", **fields).status_code == 303
    person = maker.reload(worker)
    assert (person.id, person.key, person.state) == (worker.id, worker.key, "active")
    assert person.password_hash == worker.password_hash


def test_a_new_mail_ends_sign_ins(lms_app, inside, sign_in, submit, worker, maker):
    browser = sign_in(lms_app.test_client(), worker)
    fields = {"name": worker.name, "email": "ny@proevelev.example", "language": "en"}
    assert submit(inside, f"/people/{worker.key}/change", **fields).status_code == 303
    assert maker.reload(worker).email_key == "ny@proevelev.example"
    assert browser.get("/account").status_code == 303


# --- in and out ---------------------------------------------------------------------------------


def test_shut_out_and_let_in(lms_app, inside, sign_in, submit, make_person, make_assignment, place):
    person = make_person(password="tre ord og en bro")
    make_assignment(person=person, organisation=place)
    browser = sign_in(lms_app.test_client(), person)
    assert submit(inside, f"/people/{person.key}/suspend").status_code == 303
    assert browser.get("/account").status_code == 303
    assert submit(inside, f"/people/{person.key}/send-link").status_code == 422
    assert submit(inside, f"/people/{person.key}/reopen").status_code == 303
    assert submit(inside, f"/people/{person.key}/send-link").status_code == 303
    assert verbs(lms_app)[-1] == "users.reset_asked"


def test_nobody_shuts_themselves_out(inside, submit, boss, make_assignment, place, maker):
    make_assignment(person=boss, organisation=place)
    assert submit(inside, f"/people/{boss.key}/suspend").status_code == 422
    assert submit(inside, f"/people/{boss.key}/leave", sure="y").status_code == 422
    assert maker.reload(boss).state == "active"


def test_leaving_takes_places_roles_and_ways_in(
    lms_app, root, sign_in, submit, worker, make_access_role, place, maker, clock
):
    make_access_role(person=worker, role="teacher", organisation=place)
    browser = sign_in(lms_app.test_client(), worker)
    assert submit(root, f"/people/{worker.key}/leave").status_code == 422
    assert submit(root, f"/people/{worker.key}/leave", sure="y").status_code == 303
    assert maker.reload(worker).state == "left"
    assert browser.get("/account").status_code == 303
    clock.move(days=1)
    with lms_app.app_context():
        assert queries.roles_of(worker.id) == []
        assert queries.assignments_of(worker.id, only_current=True) == []
        assert len(queries.assignments_of(worker.id)) == 1


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_manager_of_people_elsewhere_is_not_ours_to_give_a_new_mail(
    inside, submit, worker, make_person, make_assignment, make_organisation, place, elsewhere
):
    where = make_organisation() if elsewhere else place
    make_assignment(person=make_person(), organisation=where, manager=worker)
    url = f"/people/{worker.key}/change"
    fields = {"name": worker.name, "email": "taken.over@elsewhere.example", "language": "da"}
    assert submit(inside, url, **fields).status_code == (422 if elsewhere else 303)
