"""Lists from an employer's own system: who comes, changes, moves and leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.contracts import SYSTEM
from lms.core.refused import Refused
from lms.core.users import queries, services
from lms.core.users.models import Assignment, Person
from lms.db import db, now
from lms.journal.models import JournalEntry
from lms.work import unit_of_work
from tests.core.users.lists import do, outcomes, people_at, plan, reasons, row


@pytest.fixture
def grounds(place, make_function, make_unit):
    """An employer with two functions and two units."""
    make_function(key="carer")
    make_function(key="nurse")
    make_unit(organisation=place, name="Nord")
    make_unit(organisation=place, name="Syd")
    return place.id


@pytest.fixture
def house(lms_app, grounds):
    """The same, from within the app."""
    with lms_app.test_request_context():
        yield grounds


def verbs() -> list[str]:
    return list(db.session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)))


def test_people_come_with_their_managers_whatever_the_order(house) -> None:
    rows = [
        row("2", manager="1", unit="nord", language="svensk"),
        row("3", manager=f"P2@{'proevelev.example'}"),
        row("1", "Åse Østergård", function="CARER"),
    ]
    assert {item.outcome for item in plan(rows, house).items} == {"come"}
    do(rows, house)
    by_number = {one["employee_number"]: one for one in people_at(house)}
    assert by_number["2"]["manager_id"] == by_number["1"]["id"]
    assert by_number["3"]["manager_id"] == by_number["2"]["id"]
    assert {one["state"] for one in by_number.values()} == {"invited"}
    assert verbs().count("users.invited") == 3
    assert db.session.scalar(select(Person.language).where(Person.name == "Person 2")) == "sv"


def test_a_list_sent_again_changes_nothing(house) -> None:
    rows = [row("1", from_day="2020-01-01"), row("2", manager="1", to_day="2099-01-01")]
    do(rows, house, "full")
    before, told = people_at(house), verbs()
    assert set(outcomes(plan(rows, house, "full")).values()) == {"same"}
    do(rows, house, "full")
    assert (people_at(house), verbs()) == (before, told)


def test_who_moves_keeps_the_history(house, clock) -> None:
    do([row("1", unit="Nord", from_day="2020-01-01")], house)
    clock.move(days=10)
    moved = [row("1", unit="Syd", function="nurse", from_day="2020-01-01")]
    assert reasons(plan(moved, house)) == {1: "move"}
    do(moved, house)
    old, new = people_at(house)
    today = now().date()
    assert (old["to_day"], new["from_day"]) == (today - timedelta(days=1), today)
    assert old["unit_id"] != new["unit_id"]
    again = plan(moved, house)
    assert outcomes(again) == {1: "same"}


def test_a_move_on_the_first_day_corrects_the_place(house) -> None:
    do([row("1", unit="Nord")], house)
    do([row("1", unit="Syd")], house)
    (only,) = people_at(house)
    assert only["to_day"] is None


def test_names_and_mails_change_and_a_new_mail_ends_the_old_ways_in(house, sign_in) -> None:
    do([row("1")], house)
    changed = [row("1", "Person Andersen", email="ny@proevelev.example")]
    (item,) = plan(changed, house).items
    assert (item.outcome, item.values) == ("change", {"fields": "name email"})
    assert item.sentence.da == "Ændres: navn, mail."
    do(changed, house)
    (one,) = people_at(house)
    assert (one["name"], one["email"]) == ("Person Andersen", "ny@proevelev.example")
    assert verbs().count("users.invited") == 2, "the old link works no more"


def test_a_language_is_ones_own_once_one_has_signed_in(house, maker) -> None:
    do([row("1", language="da")], house)
    person = db.session.scalars(select(Person)).all()[-1]
    with unit_of_work():
        db.session.get_one(Person, person.id).state = "active"
    assert outcomes(plan([row("1", language="sv")], house)) == {1: "same"}


def test_somebody_known_by_mail_gets_the_number(house, worker) -> None:
    known = [row("77", worker.name, email=worker.email, function="")]
    (item,) = plan(known, house).items
    assert (item.outcome, item.values["fields"]) == ("change", "number")
    do(known, house)
    assert people_at(house)[-1]["employee_number"] == "77"
    assert outcomes(plan(known, house)) == {1: "same"}


# --- leaving ------------------------------------------------------------------------------------


def test_a_leaver_is_out_at_once_and_keeps_what_was_done(
    grounds, lms_app, place, make_access_role, sign_in
) -> None:
    with lms_app.test_request_context():
        do([row("1")], grounds)
        person = db.session.scalars(select(Person).where(Person.name == "Person 1")).one()
        with unit_of_work():
            db.session.get_one(Person, person.id).state = "active"
            link = services.mint("reset", person.id, None, timedelta(hours=1))
            token = services.mint_api_token(person.id, "HR", timedelta(days=1), actor=SYSTEM)
        person = db.session.get_one(Person, person.id)
        db.session.expunge(person)
    make_access_role(person=person, role="institution_admin", organisation=place)
    bearer = {"Authorization": f"Bearer {token}"}
    client = sign_in(lms_app.test_client(), person)
    assert client.get("/account").status_code == 200
    assert client.get("/api/v1/runs", headers=bearer).status_code == 200
    with lms_app.test_request_context():
        assert reasons(plan([row("1", status="leave")], grounds)) == {1: "leave.now"}
        do([row("1", status="leave")], grounds)
    assert client.get("/account").status_code == 303
    assert client.get("/api/v1/runs", headers=bearer).status_code == 401
    with lms_app.test_request_context():
        assert services.peek(link, "reset") is None
        assert queries.roles_of(person.id) == []
        assert verbs().count("users.left") == 1
        (only,) = people_at(grounds)
        assert (only["state"], only["to_day"]) == ("left", now().date())
        assert outcomes(plan([row("1", status="leave")], grounds)) == {1: "same"}


def test_who_works_elsewhere_or_looks_after_the_site_keeps_the_account(
    house, make_assignment, make_access_role
) -> None:
    do([row("1"), row("2"), row("3")], house)
    ids = {one["employee_number"]: one["id"] for one in people_at(house)}
    people = {n: db.session.get_one(Person, i) for n, i in ids.items()}
    make_assignment(person=people["1"])
    make_access_role(person=people["2"], role="site_admin")
    gone = [row(number, status="leave") for number in "123"]
    found = {item.employee_number: item.reason for item in plan(gone, house).items}
    assert found == {"1": "leave.place", "2": "leave.place", "3": "leave.now"}
    do(gone, house)
    states = {one["employee_number"]: one["state"] for one in people_at(house)}
    assert states == {"1": "invited", "2": "invited", "3": "left"}
    assert set(outcomes(plan(gone, house)).values()) == {"same"}


def test_a_last_day_to_come_is_kept_until_then(house, clock) -> None:
    do([row("1")], house)
    last = (now() + timedelta(days=3)).date()
    ending = [row("1", to_day=last.isoformat())]
    assert reasons(plan(ending, house)) == {1: "leave.on"}
    do(ending, house)
    assert outcomes(plan(ending, house)) == {1: "same"}
    for days, left in ((3, 0), (1, 1), (0, 0)):
        clock.move(days=days)
        with unit_of_work():
            assert services.close_when_over(actor=SYSTEM) == left
    assert people_at(house)[0]["state"] == "left"


def test_who_comes_back_gets_a_new_place_and_signs_in_again(house, clock) -> None:
    do([row("1")], house)
    do([row("1", status="leave")], house)
    clock.move(days=400)
    back = [row("9", "Person 1", email="p1@proevelev.example")]
    assert reasons(plan(back, house)) == {1: "come.back"}
    do(back, house)
    old, new = people_at(house)
    assert (old["id"], old["to_day"] is None) == (new["id"], False)
    assert new["state"] == "invited"
    assert verbs().count("users.invited") == 2


def test_a_full_list_lets_those_leave_who_are_not_in_it(house, worker) -> None:
    everybody = [row(str(n)) for n in range(1, 7)]
    do(everybody, house)
    full = plan(everybody[:5], house, "full")
    assert full.counts["leave"] == 1
    assert full.refusal is None
    assert [item.row for item in full.items if item.outcome == "leave"] == [0]
    assert plan(everybody[:3], house, "full").refusal is not None
    assert plan(everybody[:3], house, "changes").counts["leave"] == 0
    do(everybody[:5], house, "full")
    states = {one["employee_number"]: one["state"] for one in people_at(house)}
    assert states["6"] == "left"
    assert states[None] == "active", "who has no number is not the list's"
    assert set(outcomes(plan(everybody[:5], house, "full")).values()) == {"same"}


def test_a_new_number_for_somebody_known_by_mail(house) -> None:
    do([row("1"), row("2")], house)
    renumbered = [row("1"), row("2b", email="p2@proevelev.example", name="Person 2")]
    (first, second) = plan(renumbered, house, "full").items
    assert (first.outcome, second.outcome, second.values["fields"]) == ("same", "change", "number")
    assert reasons(plan(renumbered, house)) == {1: "same", 2: "other_number"}
    do(renumbered, house, "full")
    assert [one["employee_number"] for one in people_at(house)] == ["1", "2b"]


def test_rows_nobody_can_place_keep_everybody_where_they_are(house) -> None:
    do([row("1"), row("2"), row("3"), row("4")], house)
    rows = [row("1"), row("2"), row("3"), row("", name="Who")]
    full = plan(rows, house, "full")
    assert full.note is not None
    assert full.counts["leave"] == 0


def test_an_admin_does_not_leave_by_their_own_list(house, boss, place, make_assignment) -> None:
    do([row("1", boss.name, email=boss.email)] + [row(str(n)) for n in range(2, 6)], house)
    actor = queries.actor_for_person(boss.id)
    full = plan([row(str(n)) for n in range(2, 6)], house, "full", actor)
    assert [item.reason for item in full.errors] == ["self"] or full.counts["leave"] == 0


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"employee_number": ""}, "no_number"),
        ({"name": ""}, "no_name"),
        ({"email": ""}, "no_email"),
        ({"email": "nobody"}, "email_wrong"),
        ({"function": ""}, "no_function"),
        ({"function": "wizard"}, "function_unknown"),
        ({"unit": "Øst"}, "unit_unknown"),
        ({"language": "klingon"}, "language_unknown"),
        ({"status": "maybe"}, "status_unknown"),
        ({"from_day": "31-02-2026"}, "day_wrong"),
        ({"from_day": "snart"}, "day_wrong"),
        ({"from_day": "2099-01-02", "to_day": "2099-01-01"}, "days_order"),
        ({"manager": "404"}, "manager_unknown"),
        ({"manager": "1"}, "manager_self"),
        ({"manager": "p1@proevelev.example"}, "manager_self"),
        ({"name": "010190-1234"}, "identity_number"),
        ({"employee_number": "0101901234"}, "identity_number"),
        ({"name": "Bo\x07"}, "characters"),
        ({"name": "x" * 201}, "too_long"),
        ({"status": "leave"}, "nobody"),
    ],
)
def test_each_error_has_its_sentence(house, cells, reason) -> None:
    planned = plan([{**row("1"), **cells}], house)
    assert reasons(planned) == {1: reason}
    said = planned.items[0].sentence
    assert all((said.da, said.sv, said.en))
    assert "{" not in said.da + said.sv + said.en
    assert do([{**row("1"), **cells}], house) == []
    assert people_at(house) == []


def test_every_sentence_and_every_language() -> None:
    from lms.core.users.outcome_words import OUTCOME_WORDS, SENTENCES
    from lms.core.users.outcomes import OUTCOMES

    assert set(OUTCOME_WORDS) == set(OUTCOMES)
    assert all(all(text.as_dict().values()) for text in SENTENCES.values())


def test_days_as_people_write_them(house) -> None:
    rows = [
        row("1", from_day="14.04.2026"),
        row("2", from_day="2026-04-14 00:00:00"),
        row("3", from_day="14/4/2026"),
    ]
    assert {item.doing.begin.from_day.isoformat() for item in plan(rows, house).items} == {
        "2026-04-14"
    }


def test_twins_are_told_of_each_other(house) -> None:
    rows = [
        row("1"),
        {**row("2"), "employee_number": "1 "},
        row("3"),
        row("4", email="P3@proevelev.example"),
    ]
    planned = plan(rows, house)
    assert reasons(planned) == {
        1: "number_twice",
        2: "number_twice",
        3: "email_twice",
        4: "email_twice",
    }
    assert planned.items[0].values == {"other": "2"}


def test_circles_of_managers_stay_as_they_were(house) -> None:
    do([row("1"), row("2", manager="1"), row("3", manager="2"), row("5")], house)
    before = people_at(house)
    rows = [
        row("1", manager="3"),
        row("2", manager="1"),
        row("3", manager="2"),
        row("4", manager="1"),
        row("5", manager="4"),
        row("6", manager="7"),
        row("7", manager="6"),
        row("8", manager="6"),
    ]
    planned = plan(rows, house)
    found = reasons(planned)
    assert [found[n] for n in range(1, 9)] == [
        "manager_cycle",
        "manager_cycle",
        "manager_cycle",
        "come.new",
        "move",
        "manager_cycle",
        "manager_cycle",
        "manager_row",
    ]
    do(rows, house)
    assert people_at(house)[:3] == before[:3]


def test_a_number_given_to_somebody_else_is_not_taken_over(house) -> None:
    do([row("1", "Anne Hansen")], house)
    other = [row("1", "Bo Friis", email="bo@proevelev.example")]
    assert reasons(plan(other, house)) == {1: "another_person"}
    do([row("1", "Anne Hansen", status="leave")], house)
    assert reasons(plan(other, house)) == {1: "come.new"}


def test_mails_of_others_are_refused(house, worker) -> None:
    do([row("1"), row("2")], house)
    assert reasons(plan([row("1", email="p2@proevelev.example")], house)) == {1: "email_taken"}
    assert reasons(plan([row("3", email="p2@proevelev.example")], house)) == {1: "other_number"}


def test_what_changed_since_the_plan_is_left_alone(house) -> None:
    do([row("1"), row("2")], house)
    planned = plan([row("1", status="leave"), row("2", status="leave"), row("3")], house)
    first = people_at(house)[0]
    with unit_of_work():
        db.session.get_one(Person, first["id"]).state = "suspended"
        values = services.PersonValues(name="X", email="p3@proevelev.example")
        services.create_person(values, actor=SYSTEM)
    from lms.core.users.carrying import carry_out_in_pieces

    done = carry_out_in_pieces(planned, actor=SYSTEM)
    assert {item.row: item.reason for item in done} == {
        1: "meanwhile",
        2: "leave.now",
        3: "meanwhile",
    }


# --- rights -------------------------------------------------------------------------------------


def test_a_list_is_for_ones_own_organisation(house, boss, make_organisation) -> None:
    actor = queries.actor_for_person(boss.id)
    assert plan([row("1")], house, actor=actor).counts["come"] == 1
    other = make_organisation()
    with pytest.raises(Refused):
        plan([row("1")], other.id, actor=actor)
    with pytest.raises(Refused):
        plan([row("1")], make_organisation(state="closed").id)


def test_no_account_is_taken_over_by_writing_its_mail_in_a_list(
    house, boss, make_person, make_assignment, make_access_role
) -> None:
    actor = queries.actor_for_person(boss.id)
    victim = make_person(name="Andetsteds")
    make_assignment(person=victim)
    nobody = make_person(name="Ingen steder")
    for person in (victim, nobody):
        listed = [row("1", person.name, email=person.email)]
        assert reasons(plan(listed, house, actor=actor)) == {1: "elsewhere"}
        assert reasons(plan(listed, house)) == {1: "come.known"}


def test_a_stronger_persons_mail_stays(house, boss, make_access_role) -> None:
    do([row("1")], house)
    person = db.session.get_one(Person, people_at(house)[0]["id"])
    make_access_role(person=person, role="site_admin")
    actor = queries.actor_for_person(boss.id)
    listed = [row("1", email="mine@proevelev.example")]
    assert reasons(plan(listed, house, actor=actor)) == {1: "stronger"}
    assert reasons(plan(listed, house)) == {1: "change"}


# --- the plan is what is done -------------------------------------------------------------------

NUMBERS = ("1", "2", "3", "4")
cells = st.fixed_dictionaries(
    {
        "employee_number": st.sampled_from((*NUMBERS, "")),
        "name": st.sampled_from(("Åse Ø", "Åse Ågren", "Нина")),
        "email": st.sampled_from(tuple(f"m{n}@proevelev.example" for n in range(5))),
        "function": st.sampled_from(("carer", "nurse", "wizard")),
    },
    optional={
        "unit": st.sampled_from(("Nord", "Syd", "")),
        "manager": st.sampled_from((*NUMBERS, "m1@proevelev.example", "?")),
        "status": st.sampled_from(("", "leave")),
        "from_day": st.sampled_from(("2020-01-01", "2099-01-01", "")),
        "to_day": st.sampled_from(("2020-02-01", "2099-02-01", "")),
    },
)
several = st.lists(
    st.tuples(st.lists(cells, max_size=5), st.sampled_from(("full", "changes"))),
    min_size=1,
    max_size=3,
)


@given(several)
def test_what_is_shown_is_what_is_done_and_once_is_enough(house, sent) -> None:
    with unit_of_work():
        for model in (Assignment, Person):
            for one in db.session.scalars(select(model)):
                db.session.delete(one)
    for rows, mode in sent:
        planned = plan(rows, house, mode)
        assert plan(rows, house, mode).digest() == planned.digest()
        db.session.rollback()
        before = people_at(house)
        done = do(rows, house, mode)
        expected = [i for i in planned.items if i.outcome not in ("same", "error")]
        assert [item.as_json() for item in done] == [item.as_json() for item in expected]
        assert bool(expected) or people_at(house) == before
        again = plan(rows, house, mode)
        # A mail that somebody has just given up is free for a row that was wrong before.
        wrong = {item.row for item in planned.errors}
        left_over = [
            i for i in again.items if i.outcome not in ("same", "error") and i.row not in wrong
        ]
        assert not left_over, (planned.items, left_over)
        managers = {p["id"]: p["manager_id"] for p in people_at(house) if p["to_day"] is None}
        for start in managers:
            way, node = [], start
            while node is not None and node not in way:
                way.append(node)
                node = managers.get(node)
            assert node is None, "managers in a circle"
