"""Organisations, their names, units and functions, in services and on pages."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import insert, select

from lms.contracts import SYSTEM, LocalisedText
from lms.core.organisations import queries, services
from lms.core.organisations.models import Organisation, OrganisationName, Unit
from lms.core.organisations.services import OrganisationValues
from lms.core.refused import Refused
from lms.db import db, new_key
from lms.work import unit_of_work


@pytest.fixture
def in_app(lms_app):
    with lms_app.app_context():
        yield lms_app


@pytest.fixture
def place(make_organisation):
    return make_organisation(name="Prøvelev Kommune")


@pytest.fixture
def root(lms_app, sign_in, make_person, make_access_role):
    """A browser of the site administrator."""
    person = make_person()
    make_access_role(person=person, role="site_admin")
    return sign_in(lms_app.test_client(), person)


@pytest.fixture
def inside(client, sign_in, make_person, make_access_role, place):
    """A browser of the administrator of `place`."""
    person = make_person()
    make_access_role(person=person, role="institution_admin", organisation=place)
    return sign_in(client, person)


def values(name="Prøvelev Teknik", **more):
    return OrganisationValues(**({"name": name, "kind": "company", "country": "DK"} | more))


def create(**more):
    with unit_of_work():
        return services.create(values(**more), actor=SYSTEM)


def found(text):
    return [item.facts.name for item in queries.listing(SYSTEM, search=text).items]


# --- services -----------------------------------------------------------------------------------


def test_a_former_name_is_still_found_with_its_last_day(in_app):
    number = create(name="Gamle Ærø Teknik", registration_number="DK 12 34 56 74")
    with unit_of_work():
        services.change(
            number,
            values("Ny Teknik", registration_number="12345674"),
            actor=SYSTEM,
            old_name_until=date(2025, 12, 31),
        )
        services.add_name(number, "alias", "NyTek", actor=SYSTEM)
    for text in ("ny teknik", "gamle ærø", "NYTEK", "12345674", "12 34 56 74", "Ærø 12345674"):
        assert found(text) == ["Ny Teknik"], text
    names = queries.other_names(number)
    assert [(n.kind, n.name, n.until) for n in names] == [
        ("alias", "NyTek", None),
        ("former", "Gamle Ærø Teknik", date(2025, 12, 31)),
    ]
    with unit_of_work():
        services.remove_alias(number, names[0].id, actor=SYSTEM)
    assert found("nytek") == []
    with pytest.raises(LookupError), unit_of_work():
        services.remove_alias(number, names[1].id, actor=SYSTEM)
    assert found("gamle") == ["Ny Teknik"]


def test_a_slip_of_the_pen_leaves_no_trace(in_app):
    number = create(name="Prøvelv")
    with unit_of_work():
        services.change(number, values("Prøvelev"), actor=SYSTEM, keep_old_name=False)
    assert queries.other_names(number) == []
    assert found("prøvelv") == []


def test_an_unknown_day_stays_unknown(in_app):
    number = create()
    with unit_of_work():
        services.change(number, values("Nyt navn"), actor=SYSTEM)
    assert queries.other_names(number)[0].until is None


def test_a_number_belongs_to_one_per_country(in_app):
    create(registration_number="12345674")
    with pytest.raises(Refused, match=r"registration_number\.taken"):
        create(name="En anden", registration_number="12 34 56 74")
    create(name="I Norge", country="NO", registration_number="12345674")
    create(name="Uden nummer")
    create(name="Også uden nummer")
    with pytest.raises(Refused, match=r"registration_number\.wrong"):
        create(name="Forkert", registration_number="12345678")
    assert queries.id_by_registration_number("DK", "12345674") is not None


def test_of_two_with_one_number_at_the_same_time_one_wins(lms_app):
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def add(name):
        with lms_app.app_context():
            start.wait()
            try:
                create(name=name, registration_number="12345674")
                outcomes.append("made")
            except Refused:
                outcomes.append("refused")

    threads = [threading.Thread(target=add, args=(f"Nr. {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["refused"] * 3


def test_changing_to_a_taken_number_is_refused(in_app):
    create(registration_number="12345674")
    other = create(name="En anden")
    with pytest.raises(Refused, match=r"registration_number\.taken"), unit_of_work():
        services.change(other, values("Tredje navn", registration_number="12345674"), actor=SYSTEM)
    assert queries.other_names(other) == []


def test_nobody_is_their_own_ancestor(in_app):
    top = create(name="Øverst")
    below = create(name="Under", parent_id=top)
    with pytest.raises(Refused, match=r"parent\.circle"), unit_of_work():
        services.change(top, values("Øverst", parent_id=below), actor=SYSTEM)


def test_closing_deletes_nothing(in_app):
    number = create()
    with unit_of_work():
        services.close(number, actor=SYSTEM)
    card = queries.listing(SYSTEM, search="prøvelev teknik").items[0]
    assert card.state == "closed"
    assert number not in {o.id for o in queries.choices_for(SYSTEM, "people.manage")}
    assert queries.facts_of([number])[number].name == "Prøvelev Teknik"


def test_units_have_one_name_each(in_app):
    number, other = create(), create(name="En anden")
    with unit_of_work():
        services.add_unit(number, "Distrikt  Nord", "home_care", actor=SYSTEM)
        services.add_unit(other, "Distrikt Nord", "home_care", actor=SYSTEM)
    with pytest.raises(Refused, match=r"name\.taken"), unit_of_work():
        services.add_unit(number, "Distrikt Nord", "ward", actor=SYSTEM)
    assert [unit.name for unit in queries.units_of(number)] == ["Distrikt Nord"]


def test_the_dictionary_has_each_function_once(in_app):
    title = LocalisedText(da="Hjælpemiddelterapeut", sv="Arbetsterapeut", en="Aids therapist")
    with unit_of_work():
        first = services.ensure_function(title, actor=SYSTEM)
        assert services.ensure_function(title, actor=SYSTEM) == first
    with pytest.raises(Refused), unit_of_work():
        services.add_function(title, actor=SYSTEM)
    assert [function.key for function in queries.functions()] == ["hjaelpemiddelterapeut"]


# --- pages --------------------------------------------------------------------------------------


def test_others_organisations_do_not_exist(lms_app, inside, submit, make_organisation, make_unit):
    other = make_organisation()
    unit = make_unit(organisation=other)
    pages = ["", "/edit", f"/units/{unit.key}"]
    posts = ["/edit", "/close", "/names", "/names/1/remove", "/units", f"/units/{unit.key}"]
    for path in pages:
        assert inside.get(f"/organisations/{other.key}{path}").status_code == 404, path
    for path in posts:
        answer = submit(inside, f"/organisations/{other.key}{path}", name="Nyt", kind="company")
        assert answer.status_code == 404, path
    for path in ("/new", "/functions", "/functions/1"):
        assert inside.get(f"/organisations{path}").status_code == 404, path
    with lms_app.app_context():
        assert db.session.get(Organisation, other.id).name == other.name


def test_learners_and_guests_see_none_of_it(client, lms_app, sign_in, make_person, place):
    learner = sign_in(lms_app.test_client(), make_person())
    for path in ("", "/new", f"/{place.key}", f"/{place.key}/edit", "/functions"):
        assert learner.get(f"/organisations{path}").status_code == 404, path
        assert client.get(f"/organisations{path}").status_code == 303, path


def test_the_list_holds_ones_own(inside, root, place, make_organisation):
    other = make_organisation(name="Anderledes Kommune")
    page = inside.get("/organisations").text
    assert place.key in page
    assert other.key not in page
    page = root.get("/organisations?q=anderledes").text
    assert other.key in page
    assert place.key not in page


def test_an_institution_changes_itself_but_does_not_close(inside, submit, place, maker):
    fields = {"name": "Prøvelev Ny Kommune", "kind": "municipality", "country": "DK"}
    assert submit(inside, f"/organisations/{place.key}/edit", **fields).status_code == 303
    assert maker.reload(place).name == "Prøvelev Ny Kommune"
    assert "Prøvelev Kommune" in inside.get(f"/organisations/{place.key}").text
    assert submit(inside, f"/organisations/{place.key}/close").status_code == 404
    assert maker.reload(place).state == "active"


def test_the_site_administrator_adds_and_closes(root, submit, lms_app):
    fields = {
        "name": "Prøvelev Teknik",
        "kind": "company",
        "country": "DK",
        "registration_number": "12 34 56 74",
    }
    assert submit(root, "/organisations/new", **fields).status_code == 303
    answer = submit(root, "/organisations/new", **(fields | {"name": "Kopi"}))
    assert answer.status_code == 422
    assert "12 34 56 74" in answer.text
    assert 'id="registration_number-e"' in answer.text
    with lms_app.app_context():
        key = db.session.execute(select(Organisation.key)).scalars().all()[-1]
    assert submit(root, f"/organisations/{key}/close").status_code == 303
    assert submit(root, f"/organisations/{key}/close").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"kind": "made_up"},
        {"country": "dk"},
        {"country": ""},
        {"registration_number": "12345678"},
        {"name": "Firma 010190-1234"},
    ],
)
def test_what_is_wrong_comes_back_as_typed(root, submit, lms_app, wrong):
    fields = {"name": "Prøvelev", "kind": "company", "country": "DK", "registration_number": ""}
    answer = submit(root, "/organisations/new", **(fields | wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    (typed,) = wrong.values()
    assert typed in answer.text or "country" in wrong or "kind" in wrong
    with lms_app.app_context():
        assert db.session.execute(select(Organisation.id)).first() is None


def test_only_what_the_form_asks_for_is_taken(inside, submit, place, maker):
    columns = {column.name: "77" for column in Organisation.__table__.columns}
    fields = columns | {"name": place.name, "kind": "municipality", "country": "DK"}
    fields |= {"registration_number": "", "state": "closed"}
    assert submit(inside, f"/organisations/{place.key}/edit", **fields).status_code == 303
    row = maker.reload(place)
    assert (row.id, row.key, row.state, row.parent_id) == (place.id, place.key, "active", None)


def test_names_and_units_on_the_page(inside, submit, place, lms_app, make_unit):
    url = f"/organisations/{place.key}"
    named = {"n-name": "Gamlelev", "n-kind": "former", "n-until": "2006-12-31"}
    assert submit(inside, f"{url}/names", **named).status_code == 303
    assert submit(inside, f"{url}/names", **{"n-name": "", "n-kind": "alias"}).status_code == 422
    assert submit(inside, f"{url}/names", **(named | {"n-until": "nytår"})).status_code == 422
    unit = {"u-name": "Distrikt Syd", "u-kind": "home_care"}
    assert submit(inside, f"{url}/units", **unit).status_code == 303
    assert submit(inside, f"{url}/units", **unit).status_code == 422
    page = inside.get(url).text
    assert "Gamlelev" in page
    assert "31. december 2006" in page
    assert "Distrikt Syd" in page
    with lms_app.app_context():
        key = db.session.execute(select(Unit.key)).scalar_one()
        former = db.session.execute(select(OrganisationName.id)).scalar_one()
    assert submit(inside, f"{url}/names/{former}/remove").status_code == 404
    closed = {"name": "Distrikt Syd", "kind": "ward", "state": "closed"}
    assert inside.get(f"{url}/units/{key}").status_code == 200
    assert submit(inside, f"{url}/units/{key}", **closed).status_code == 303
    other = make_unit()
    assert inside.get(f"{url}/units/{other.key}").status_code == 404


def test_functions_on_the_page(root, submit, lms_app):
    assert root.get("/organisations/functions").status_code == 200
    fields = {"da": "Visitator", "sv": "Biståndshandläggare", "en": ""}
    assert submit(root, "/organisations/functions", **fields).status_code == 303
    assert submit(root, "/organisations/functions", **fields).status_code == 422
    with lms_app.app_context():
        (function,) = queries.functions()
    url = f"/organisations/functions/{function.id}"
    assert root.get(url).status_code == 200
    assert submit(root, url, da="Visitator", sv="", en="Needs assessor").status_code == 303
    assert root.get("/organisations/functions/999999").status_code == 404
    with lms_app.app_context():
        (function,) = queries.functions()
        assert (function.key, function.title.en) == ("visitator", "Needs assessor")


def test_the_list_costs_the_same_with_50_and_5000(lms_app, root, count_queries):
    costs = []
    for number in (50, 4950):
        rows = [
            {
                "key": new_key(),
                "name": f"Nr. {n:05}",
                "search_text": f"nr. {n:05}",
                "kind": "company",
                "country": "NO",
            }
            for n in range(number)
        ]
        with lms_app.app_context(), unit_of_work():
            db.session.execute(insert(Organisation), rows)
        with count_queries() as statements:
            page = root.get("/organisations?q=nr")
        assert page.text.count("<tr") == 51
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 10


def test_one_organisation_takes_few_queries(root, place, make_unit, count_queries):
    for _ in range(30):
        make_unit(organisation=place)
    for path in ("", "/edit"):
        with count_queries() as statements:
            assert root.get(f"/organisations/{place.key}{path}").status_code == 200
        assert len(statements) <= 10


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_every_page_is_drawn_in_each_language(root, place, language):
    for path in ("", "/new", "/functions", f"/{place.key}", f"/{place.key}/edit"):
        page = root.get(f"/organisations{path}?lang={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
