"""S03: the desk sees what a problem may be the same as, beside it, and gathers them."""

from __future__ import annotations

from typing import Any

import pytest

from lms_challenges.services.merging import merge

LIFT = {
    "title": "Liften er flad om morgenen",
    "what": "Batteriet på loftliften er ikke ladet op, når borgeren skal ud af sengen.",
}
OTHER = {
    "title": "Batteriet i liften er fladt",
    "what": "Ingen har ladet den om natten, og morgenen begynder med at vente.",
}
BATH = {
    "title": "Glat gulv efter bad",
    "what": "Der står vand på fliserne, og både vi og borgeren glider.",
}


def address(problem: Any) -> str:
    return f"/challenges/problems/{problem.key}/merge"


def test_what_is_alike_stands_beside_it_and_is_gathered_with_a_reason(care: Any) -> None:
    one, like = care.problem(checked=True, **LIFT), care.problem(checked=True, **OTHER)
    other = care.problem(checked=True, **BATH)
    desk = care.desk()
    drawn = care.page(desk, address(one)).text
    assert f'value="{like.key}"' in drawn
    assert other.key not in drawn
    client = care.client(desk)
    empty = care.post(client, address(one), into="", reason="")
    assert empty.status_code == 422
    done = care.post(client, address(one), into=like.key, reason="Samme lift")
    assert done.status_code == 303
    assert done.location.endswith(f"/challenges/desk/{one.key}")
    assert care.now(one).merged_into_id == like.id


def test_another_is_found_by_its_words(care: Any) -> None:
    one, other = care.problem(checked=True, **LIFT), care.problem(checked=True, **BATH)
    drawn = care.page(care.desk(), address(one) + "?q=fliser").text
    assert f'value="{other.key}"' in drawn


def test_it_is_taken_apart_on_the_same_page(care: Any) -> None:
    desk = care.desk()
    root, part = care.problem(checked=True, **LIFT), care.problem(checked=True, **OTHER)
    care.do(merge, part.id, root.id, care.actor(desk), "Samme lift")
    drawn = care.page(desk, address(part)).text
    assert "Samme lift" in drawn
    assert root.title in drawn
    assert f"/challenges/problems/{part.key}/merge" in care.page(desk, address(root)).text
    client = care.client(desk)
    apart = address(part).replace("/merge", "/unmerge")
    assert care.post(client, apart, reason=" ").status_code == 422
    assert care.post(client, apart, reason="To forskellige").status_code == 303
    assert care.now(part).state == "received"
    again = care.post(client, apart, reason="En gang til")
    assert (again.status_code, again.location) == (303, address(part))


def test_nonsense_is_said_no_to_on_the_page(care: Any) -> None:
    desk = care.desk()
    client = care.client(desk)
    one = care.problem(checked=True, **LIFT)
    for into in (one.key, "a" * 16, "<script>", "x" * 5000):
        answer = care.post(client, address(one), into=into, reason="Samme")
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    assert care.now(one).merged_into_id is None


@pytest.mark.parametrize("who", ["worker", "seller", "student", "southern"])
def test_only_the_desk_of_the_problem_gathers_it(care: Any, who: str) -> None:
    one, like = care.problem(checked=True, **LIFT), care.problem(checked=True, **OTHER)
    person = care.desk(care.south) if who == "southern" else getattr(care, who)()
    assert care.page(person, address(one)).status_code == 404
    client = care.client(person)
    for verb in ("merge", "unmerge"):
        answer = care.post(
            client, f"/challenges/problems/{one.key}/{verb}", into=like.key, reason="Fordi"
        )
        assert answer.status_code == 404
    assert care.now(one).state == "received"


def test_what_the_desk_may_not_read_of_others_is_not_offered(care: Any) -> None:
    one = care.problem(checked=True, **LIFT)
    hidden = care.problem(
        care.worker("Ulla", unit=care.ward),
        organisation_id=care.south.id,
        unit_id=care.ward.id,
        **OTHER,
    )
    desk = care.desk()
    assert hidden.key not in care.page(desk, address(one)).text
    assert hidden.key not in care.page(desk, address(one) + "?q=batteriet").text
    answer = care.post(care.client(desk), address(one), into=hidden.key, reason="Samme")
    assert answer.status_code == 422
    assert hidden.title not in answer.text
