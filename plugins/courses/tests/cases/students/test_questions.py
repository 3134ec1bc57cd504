"""Groups ask once, the company answers for all of them (CT4-5)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.api import Refused
from lms_courses import todo
from lms_courses.queries.case_uses import uses_in_runs
from lms_courses.queries.questions import question_by_key, questions_in
from lms_courses.services import cases
from lms_courses.services.case_uses import withdraw_use
from lms_courses.services.questions import answer, ask


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def reads(found: Any, name: str) -> list[str]:
    """What somebody reads on the page, by its words."""
    listing = found.world.ask(
        questions_in,
        found.met(name),
        found.world.actor(found.who(name)),
        unanswered=False,
        page=1,
    )
    return [one.text for one in listing.items]


def answered(found: Any, key: str, words: str) -> None:
    question = found.world.ask(question_by_key, key)
    found.world.do(answer, question, words, question.stamp, found.world.actor(found.world.seller))


def test_ct4_5_all_groups_read_the_question_and_the_answer(at_work: Any) -> None:
    world = at_work.world
    sent = at_work.post("Anton", "questions/ask", text="Hvor længe holder batteriet?")
    assert sent.status_code == 303
    assert world.letters(world.seller)[-1] == "Students ask about your case"
    (item,) = world.ask(todo.items, world.actor(world.seller))
    assert item.title.en == "Answer a question from students"
    sent = world.post(world.seller, item.url, answer="Tre døgn.", seen="")
    assert sent.status_code == 303
    assert world.ask(todo.items, world.actor(world.seller)) == []
    for name in ("Anton", "Carl", "teacher", "seller"):
        page = at_work.text(name, "questions")
        assert "Hvor længe holder batteriet?" in page, name
        assert "Tre døgn." in page, name
    for name in ("Anton", "Bine"):
        assert world.letters(at_work.people[name])[-1] == "Your question is answered"
    assert "Your question is answered" not in world.letters(at_work.people["Carl"])


def test_ct4_5_a_personal_one_is_read_by_asker_team_and_company(at_work: Any) -> None:
    world = at_work.world
    at_work.post("Anton", "questions/ask", text="Må jeg komme senere?", personal="y")
    for name, there in (("Anton", 1), ("teacher", 1), ("seller", 1), ("Bine", 0), ("Carl", 0)):
        assert ("Må jeg komme senere?" in at_work.text(name, "questions")) is bool(there), name
    (item,) = world.ask(todo.items, world.actor(world.seller))
    assert world.page(at_work.people["Bine"], item.url).status_code == 404
    assert world.page(at_work.people["Anton"], item.url).status_code == 200
    answered(at_work, item.url.rpartition("/")[2], "Ja.")
    assert world.letters(at_work.people["Anton"])[-1] == "Your question is answered"
    assert "Your question is answered" not in world.letters(at_work.people["Bine"])


def test_what_is_not_answered_yet_can_be_seen_alone(at_work: Any) -> None:
    first = at_work.do(ask, "Anton", "Den første?", False)
    at_work.do(ask, "Carl", "Den anden?", False)
    answered(at_work, first, "Ja.")
    page = at_work.text("seller", "questions?show=unanswered")
    assert "Den anden?" in page
    assert "Den første?" not in page
    assert "Everything is answered" not in page


def test_only_the_company_answers(at_work: Any) -> None:
    world, key = at_work.world, at_work.do(ask, "Anton", "Hvem svarer?", False)
    for person in (at_work.people["Anton"], world.teacher):
        sent = world.post(person, f"/courses/questions/{key}", answer="Mig", seen="")
        assert sent.status_code == 404
    for person in (world.rival_seller, world.manager, world.student):
        assert world.page(person, f"/courses/questions/{key}").status_code == 404
    assert world.page(world.seller, "/courses/questions/nothing").status_code == 404


def test_two_who_answer_at_once_keep_both_words(at_work: Any) -> None:
    world, key = at_work.world, at_work.do(ask, "Anton", "Hvad koster det?", False)
    answered(at_work, key, "Ikke noget for jer.")
    late = world.post(world.seller, f"/courses/questions/{key}", answer="Meget.", seen="")
    page = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "Somebody else changed it meanwhile" in page
    assert "Ikke noget for jer." in page
    assert "Meget." in page
    seen = re.search(
        r'name="seen"[^>]*value="([^"]*)"',
        world.page(world.seller, f"/courses/questions/{key}").get_data(as_text=True),
    )
    assert seen is not None
    sent = world.post(
        world.seller, f"/courses/questions/{key}", answer="Ti kroner.", seen=seen.group(1)
    )
    assert sent.status_code == 303
    assert [one for one in world.letters(at_work.people["Anton"]) if "answered" in one] == [
        "Your question is answered"
    ]  # an answer that is written anew is no news


def test_who_is_in_no_group_asks_for_themselves(at_work: Any) -> None:
    at_work.put(Anton="")
    sent = at_work.post("Anton", "questions/ask", text="Må vi besøge jer?")
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "You are in no group yet." in page
    assert "Må vi besøge jer?" in page
    assert at_work.post("Anton", "questions/ask", text="Må jeg?", personal="y").status_code == 303
    assert at_work.post("Anton", "questions/ask", text="").status_code == 422


def test_a_group_with_the_agreement_asks_among_such_groups(bound: Any) -> None:
    world = bound.world
    key = bound.do(ask, "Anton", "HEMMELIGT spørgsmål?", False)
    answered(bound, key, "HEMMELIGT svar.")
    bound.do(ask, "Carl", "Åbent spørgsmål?", False)
    assert reads(bound, "Anton") == ["Åbent spørgsmål?", "HEMMELIGT spørgsmål?"]
    assert reads(bound, "Carl") == ["Åbent spørgsmål?"]
    assert reads(bound, "teacher") == ["Åbent spørgsmål?", "HEMMELIGT spørgsmål?"]
    assert world.page(bound.people["Carl"], f"/courses/questions/{key}").status_code == 404
    bound.put(Bine="B")
    assert reads(bound, "Bine") == ["Åbent spørgsmål?"]
    assert bound.seats["Bine"] in bound.met("teacher").signed


def test_the_question_of_a_group_that_is_gone_is_not_opened_to_others(bound: Any) -> None:
    from lms.core.learning.services.groups import drop_group

    world = bound.world
    bound.do(ask, "Anton", "HEMMELIGT spørgsmål?", False)
    world.do(drop_group, bound.group("A").id, world.actor(world.teacher))
    assert reads(bound, "Carl") == []
    assert reads(bound, "Bine") == []
    assert reads(bound, "Anton") == ["HEMMELIGT spørgsmål?"]
    assert "A group that is gone" in bound.text("teacher", "questions")


def test_another_company_that_steps_in_does_not_read_what_the_first_was_asked(
    at_work: Any,
) -> None:
    world = at_work.world
    key = at_work.do(ask, "Anton", "Til den første?", False)
    spare = world.ready(title=world.values().why)
    world.do(cases.move, spare, "closed", "Nej", world.actor(world.seller))
    world.company, world.seller, first = world.rival, world.rival_seller, world.seller
    spare = world.ready(title=world.values().limits, company_id=world.rival.id)
    use = world.ask(uses_in_runs, [at_work.run.id])[at_work.run.id]
    actor = world.actor(world.teacher)
    assert world.do(withdraw_use, use, at_work.run, spare, "Travlt", actor)
    assert reads(at_work, "seller") == []
    assert reads(at_work, "Anton") == ["Til den første?"]
    assert world.page(world.seller, f"/courses/questions/{key}").status_code == 404
    assert world.page(first, f"/courses/runs/{at_work.run.key}/questions").status_code == 404
    assert world.ask(todo.items, world.actor(world.seller)) == []
    at_work.do(ask, "Anton", "Til den anden?", False)
    assert reads(at_work, "seller") == ["Til den anden?"]


def test_without_a_case_there_is_nobody_to_ask(at_work: Any) -> None:
    world = at_work.world
    use = world.ask(uses_in_runs, [at_work.run.id])[at_work.run.id]
    world.do(withdraw_use, use, at_work.run, None, "Travlt", world.actor(world.teacher))
    with pytest.raises(Refused) as error:
        at_work.do(ask, "Anton", "Er I der?", False)
    assert codes(error) == ["case"]
    assert "no case just now" in at_work.text("Anton", "case")
