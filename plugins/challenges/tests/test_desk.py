"""S03: the desk answers what people tell, and says at each step what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from lms.api import Refused, closed_among, db, now, stopped_clock
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms_challenges.queries.desk import DeskFilter, desk
from lms_challenges.services.desk import (
    ChangedMeanwhile,
    accept_into_new,
    answer,
    ask,
    check,
    move_problem,
)

CPH = ZoneInfo("Europe/Copenhagen")


def desk_of(care: Any, person: Any, **asked: Any) -> Any:
    """The desk as somebody sees it."""
    return care.ask(desk, care.actor(person), DeskFilter(**asked))


def keys(found: Any) -> list[str]:
    return [row.problem.key for row in found.rows]


@pytest.fixture
def dorte(care: Any) -> Any:
    return care.desk()


# --- what waits ---------------------------------------------------------------------------------


def test_what_is_due_first_lies_on_top(care: Any, dorte: Any) -> None:
    anna = care.worker()
    with stopped_clock(datetime(2026, 9, 7, 9, tzinfo=CPH)):
        later = care.problem(anna, title="Senere")
    with stopped_clock(datetime(2026, 9, 1, 9, tzinfo=CPH)):
        first = care.problem(anna, title="Først")
    care.problem(care.worker(unit=care.ward), organisation_id=care.south.id, title="Inte ditt")
    found = desk_of(care, dorte)
    assert keys(found) == [first.key, later.key]
    assert found.counts["unanswered"] == found.counts["check"] == 2
    assert list(found.places.values()) == ["Nordby Kommune"]


def test_every_problem_waits_where_it_belongs(care: Any, dorte: Any) -> None:
    actor, anna = care.actor(dorte), care.worker()
    asked, answered, parked, over = (care.problem(anna, title=title) for title in "abcd")
    care.do(ask, asked, "Hvor tit?", actor)
    care.do(ask, answered, "Hvor tit?", actor)
    care.do(answer, care.now(answered), "Hver dag.", care.actor(anna))
    care.do(
        move_problem, parked, "parked", actor, reason="Nyt hus", wake_on=now().date() + timedelta(9)
    )
    care.do(move_problem, over, "declined", actor, reason="Det er løst.")
    counts = desk_of(care, dorte).counts
    assert counts == {
        "unanswered": 0, "decide": 1, "woken": 0, "check": 3, "asked": 1, "parked": 1, "over": 1,
    }  # fmt: skip
    for waits, problem in {"asked": asked, "decide": answered, "parked": parked}.items():
        assert keys(desk_of(care, dorte, waits=waits)) == [problem.key]


def test_the_desk_is_filtered(care: Any, dorte: Any) -> None:
    plain = care.problem(title="Liften", what="Liften knirker hver eneste gang.")
    other = care.problem(title="Nøglen", what="Nøgler bliver væk.", channel="apv", apv=True)
    care.problem(title="100 %", what="Det er 100 % tid.")
    assert keys(desk_of(care, dorte, words="NØGLER væk")) == [other.key]
    assert keys(desk_of(care, dorte, channel="apv")) == [other.key]
    assert keys(desk_of(care, dorte, apv=True)) == [other.key]
    assert keys(desk_of(care, dorte, words="%")) != [plain.key, other.key]
    assert not keys(desk_of(care, dorte, organisation=care.south.id))
    page = care.page(dorte, "/challenges/desk?waits=check&channel=apv&q=n%C3%B8gler&page=99")
    assert page.status_code == 200
    assert "Nøglen" in page.text
    assert "Liften" not in page.text


# --- the first answer ---------------------------------------------------------------------------


def test_asking_is_an_answer_by_a_human_and_the_sender_replies(care: Any, dorte: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    page = care.client(dorte)
    sent = care.post(
        page,
        f"/challenges/desk/{problem.key}/ask",
        question="Sker det også om natten?",
        revision=problem.revision,
    )
    assert sent.status_code == 303
    current = care.now(problem)
    assert current.state == "clarifying"
    assert current.answered_at is not None
    assert care.letters(anna)[-1].startswith("Can you tell more about")
    asked = care.page(anna, f"/challenges/problems/{problem.key}/answer")
    assert "Sker det også om natten?" in asked.text
    sent = care.post(
        care.client(anna), f"/challenges/problems/{problem.key}/answer", text="Kun om dagen."
    )
    assert sent.status_code == 303
    assert care.now(problem).state == "received"
    assert care.letters(dorte) == ["An answer about “Liften når ikke toilettet”"]
    assert "Kun om dagen." in care.page(dorte, f"/challenges/desk/{problem.key}").text


def test_only_the_sender_answers_and_only_while_asked(care: Any, dorte: Any) -> None:
    anna, other = care.worker(), care.worker("Bo")
    problem = care.problem(anna, checked=True)
    address = f"/challenges/problems/{problem.key}/answer"
    assert care.page(other, address).status_code == 404
    assert "Nobody asks about it now." in care.page(anna, address).text
    late = care.post(care.client(anna), address + "?lang=en", text="Mit svar kom for sent.")
    assert late.status_code == 409
    assert "Mit svar kom for sent." in late.text
    care.do(ask, problem, "Hvad?", care.actor(dorte))
    empty = care.post(care.client(anna), address, text="  ")
    assert empty.status_code == 422


# --- every end ----------------------------------------------------------------------------------

ENDS = {
    "answered_locally": ({"reason": "Værkstedet strammer hjulene."}, "An answer to"),
    "known_solution": (
        {"reason": "Den hedder Vendelet.", "known_url": "https://vendelet.example/"},
        "There is a solution to",
    ),
    "parked": (
        {"reason": "Huset bygges om.", "wake_on": (now() + timedelta(90)).date().isoformat()},
        "waits until later",
    ),
    "declined": ({"reason": "Det er uden for vores arbejde."}, "goes no further"),
}


@pytest.mark.parametrize("state", ENDS)
def test_each_end_has_a_reason_that_the_sender_reads(care: Any, dorte: Any, state: str) -> None:
    fields, subject = ENDS[state]
    anna = care.worker()
    problem = care.problem(anna)
    address, client = f"/challenges/desk/{problem.key}/end/{state}", care.client(dorte)
    whole = {f"{state}-{name}": value for name, value in fields.items()}
    whole |= {f"{state}-revision": problem.revision, f"{state}-state": state}
    for missing in fields:
        left_out = {name: value for name, value in whole.items() if not name.endswith(missing)}
        refused = care.post(client, address, **left_out)
        assert refused.status_code == 422, missing
        assert care.now(problem).state == "received"
    assert care.post(client, address, **whole).status_code == 303
    current = care.now(problem)
    assert (current.state, current.reason) == (state, fields["reason"])
    assert current.answered_at is not None
    assert current.revision == problem.revision + 1
    assert subject in care.letters(anna)[-1]
    assert fields["reason"] in care.page(anna, f"/challenges/problems/{problem.key}").text
    assert care.page(dorte, f"/challenges/desk/{problem.key}").status_code == 200


def test_a_problem_becomes_part_of_a_new_challenge(care: Any) -> None:
    lead = care.worker("Lise Leder", care.north)
    care.maker.access_role(person=lead, role="programme_lead", organisation=care.north)
    anna = care.worker()
    problem = care.problem(anna)
    sent = care.post(
        care.client(lead),
        f"/challenges/desk/{problem.key}/end/accepted",
        **{"accepted-new_title": "Et hjem er også en arbejdsplads", "accepted-challenge": "",
           "accepted-revision": problem.revision, "accepted-reason": "Vi er flere om det."},
    )  # fmt: skip
    assert sent.status_code == 303
    current = care.now(problem)
    assert current.state == "accepted"
    assert current.challenge_id is not None
    assert "is part of a challenge now" in care.letters(anna)[-1]
    other = care.problem(anna)
    sent = care.post(
        care.client(lead),
        f"/challenges/desk/{other.key}/end/accepted",
        **{"accepted-new_title": "", "accepted-challenge": "", "accepted-revision": other.revision},
    )
    assert sent.status_code == 422
    with pytest.raises(Refused):
        care.do(accept_into_new, other, "Ny", care.actor(care.desk(name="Uden ret")))


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "vendelet.example", "ftp://a.example"])
def test_a_solution_needs_an_address_one_can_open(care: Any, dorte: Any, bad: str) -> None:
    with pytest.raises(Refused):
        care.do(
            move_problem, care.problem(), "known_solution", care.actor(dorte),
            reason="Se her", known_url=bad,
        )  # fmt: skip


@pytest.mark.parametrize("days", [-1, 0, 800])
def test_a_rest_ends_on_a_day_to_come(care: Any, dorte: Any, days: int) -> None:
    day = now().date() + timedelta(days)
    with pytest.raises(Refused):
        care.do(
            move_problem, care.problem(), "parked", care.actor(dorte), reason="Senere", wake_on=day
        )


def test_no_end_is_left_and_none_is_taken_from_elsewhere(care: Any, dorte: Any) -> None:
    actor = care.actor(dorte)
    problem = care.problem()
    care.do(move_problem, problem, "declined", actor, reason="Nej")
    for state in ("received", "accepted", "parked", "clustered", "withdrawn", "nowhere"):
        with pytest.raises(Refused):
            care.do(move_problem, care.now(problem), state, actor, reason="Jo", challenge_id=1)
    assert (
        care.post(care.client(dorte), f"/challenges/desk/{problem.key}/end/clustered").status_code
        == 404
    )


# --- two at once --------------------------------------------------------------------------------


def test_two_at_the_desk_see_both_texts(care: Any, dorte: Any) -> None:
    problem = care.problem()
    second = care.client(care.desk(name="Didde Desk"))
    care.do(move_problem, problem, "answered_locally", care.actor(dorte), reason="Spørg Ib.")
    clash = care.post(
        second,
        f"/challenges/desk/{problem.key}/end/declined?lang=en",
        **{"declined-reason": "Det er for småt.", "declined-revision": problem.revision},
    )
    assert clash.status_code == 409
    for words in ("A colleague was faster.", "Dorte Desk", "Spørg Ib.", "Det er for småt."):
        assert words in clash.text
    assert care.now(problem).state == "answered_locally"
    with pytest.raises(ChangedMeanwhile):
        care.do(ask, problem, "Hvad?", care.actor(dorte))


def test_after_a_clash_the_next_press_is_meant(care: Any, dorte: Any) -> None:
    problem = care.problem()
    care.do(check, problem, care.actor(dorte))
    client, address = care.client(dorte), f"/challenges/desk/{problem.key}/end/declined"
    fields = {"declined-reason": "Det er for småt.", "declined-revision": problem.revision}
    clash = care.post(client, address, **fields)
    assert clash.status_code == 409
    assert "Det er for småt." in clash.text
    fields["declined-revision"] = care.now(problem).revision
    assert care.post(client, address, **fields).status_code == 303


# --- who is gone --------------------------------------------------------------------------------


def leave(care: Any, person: Any) -> None:
    with care.app.app_context():
        from lms.work import unit_of_work

        with unit_of_work():
            db.session.execute(update(Person).where(Person.id == person.id).values(state="left"))


def test_who_has_left_is_not_asked_and_gets_no_letter(care: Any, dorte: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    care.letters(anna)
    leave(care, anna)
    page = care.page(dorte, f"/challenges/desk/{problem.key}")
    assert "no longer here" in page.text
    assert "Ask the sender" not in page.text
    with pytest.raises(Refused):
        care.do(ask, problem, "Hvad?", care.actor(dorte))
    before = care.letters(anna)
    care.do(move_problem, problem, "declined", care.actor(dorte), reason="Nej")
    assert care.letters(anna) == before


def test_a_closed_organisations_problem_is_ended_and_not_put_off(care: Any, dorte: Any) -> None:
    problem = care.problem()
    with care.app.app_context():
        from lms.work import unit_of_work

        with unit_of_work():
            db.session.execute(
                update(Organisation).where(Organisation.id == care.north.id).values(state="closed")
            )
        assert closed_among([care.north.id, care.south.id]) == {care.north.id}
    page = care.page(dorte, f"/challenges/desk/{problem.key}")
    assert "The organisation is closed." in page.text
    assert "Organisation closed" in care.page(dorte, "/challenges/desk").text
    day = now().date() + timedelta(30)
    with pytest.raises(Refused):
        care.do(move_problem, problem, "parked", care.actor(dorte), reason="Senere", wake_on=day)
    care.do(move_problem, problem, "declined", care.actor(dorte), reason="Stedet er lukket.")
    assert care.now(problem).state == "declined"
