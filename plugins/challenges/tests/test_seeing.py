"""Who reads which problems: I-23 (no company, no student) and I-28 (nobody before the check)."""

from __future__ import annotations

from typing import Any

import pytest

from lms_challenges.queries.problems import (
    found_problems,
    problem_by_key,
    readable_ids,
    told_of,
    voices_of,
)
from lms_challenges.queries.seeing import may_triage, reader_of
from lms_challenges.queries.similar import similar_to

CANARY = "Kanariefugl 4711"


def reads(care: Any, person: Any, problem: Any) -> bool:
    """Is the problem readable by every way there is, or by none?"""
    actor = care.actor(person)
    ways = {
        care.ask(problem_by_key, problem.key, actor) is not None,
        bool(care.ask(readable_ids, [problem.id], actor)),
        problem.id in {one.id for one in care.ask(found_problems, "liften", actor)},
        care.page(person, f"/challenges/problems/{problem.key}").status_code == 200,
        care.client(person).get(f"/files/{problem.key}").status_code != 404
        or care.ask(problem_by_key, problem.key, actor) is not None,
    }
    assert len(ways) == 1, ways
    return True in ways


def test_before_the_check_only_the_sender_and_the_desk_read_it(care: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    readers = {
        "sender": anna,
        "desk": care.desk(),
        "colleague": care.worker("Bo Kollega"),
        "other desk": care.desk(care.south, "Disa Desk"),
        "swede": care.worker("Ulla Granne", unit=care.ward),
        "nobody's": care.maker.person(),
    }
    assert {name: reads(care, person, problem) for name, person in readers.items()} == {
        "sender": True,
        "desk": True,
        "colleague": False,
        "other desk": False,
        "swede": False,
        "nobody's": False,
    }
    care.check(problem)
    assert {name: reads(care, person, problem) for name, person in readers.items()} == {
        "sender": True,
        "desk": True,
        "colleague": True,
        "other desk": True,
        "swede": True,
        "nobody's": False,
    }


@pytest.mark.parametrize("who", ["seller", "student"])
def test_companies_and_students_read_only_their_own_whatever_their_role(
    care: Any, who: str
) -> None:
    problem = care.problem(checked=True, what=f"{CANARY} liften", title=f"Liften {CANARY}")
    person = getattr(care, who)()
    for role in ("triage", "programme_lead", "site_admin"):
        care.maker.access_role(person=person, role=role)
    care.maker.assignment(person=person, unit=care.district)
    actor = care.actor(person)
    assert actor.may("challenges.triage", care.north.id)
    assert not reads(care, person, problem)
    assert not care.ask(may_triage, actor, care.north.id)
    assert not care.ask(similar_to, f"{CANARY} liften når ikke toilettet", actor, "da")
    addresses = (
        "/challenges/mine",
        "/challenges/report",
        f"/challenges/problems/{problem.key}",
        f"/challenges/problems/{problem.key}/voice",
        f"/challenges/problems/{problem.key}/sent",
        f"/challenges/problems/{problem.key}/merge",
        f"/challenges/problems/{problem.key}/answer",
        f"/challenges/desk/{problem.key}",
        "/challenges/desk",
        "/challenges/desk?waits=nothing",
        "/challenges/heat",
        "/challenges/heat?q=liften",
        "/challenges/funnel",
        "/challenges?q=liften",
        "/challenges/ours",
        "/challenges/learned",
        f"/records/problem/{problem.key}",
        f"/records/problem/{problem.key}?q=liften",
        "/me",
    )
    client, desk = care.client(person), care.client(care.desk())
    leaks = [one for one in addresses if CANARY in client.get(one, follow_redirects=True).text]
    assert not leaks
    sings = [one for one in addresses if CANARY in desk.get(one, follow_redirects=True).text]
    assert len(sings) > 6, sings  # or the bird proves nothing


def test_an_apprentice_whom_a_municipality_employs_is_a_colleague(care: Any) -> None:
    problem = care.problem(checked=True)
    person = care.maker.person()
    function = care.maker.function(key="sosu-elev")
    care.maker.assignment(person=person, unit=care.district, function=function)
    assert reads(care, person, problem)
    assert not care.ask(reader_of, care.actor(person)).student


@pytest.mark.parametrize(
    ("shown", "name", "function"),
    [("visible", True, True), ("function", False, True), ("hidden", False, False)],
)
def test_the_sender_chooses_what_readers_know(
    care: Any, shown: str, name: bool, function: bool
) -> None:
    anna = care.worker("Anna Synlig")
    actor = care.actor(anna)
    place = care.ask(reader_of, actor).workplaces[0]
    problem = care.problem(anna, checked=True, shown=shown, function_id=place.function_id)
    colleague = care.actor(care.worker("Bo"))
    seen = care.ask(problem_by_key, problem.key, colleague)
    teller, voices = care.ask(told_of, seen, colleague)
    assert (seen.sender_id is not None, bool(teller.person)) == (name, name)
    assert (seen.function_id is not None, teller.function is not None) == (function, function)
    assert [(bool(one.person), one.function is not None) for one in voices] == [(name, function)]
    text = care.page(care.worker("Carl"), f"/challenges/problems/{problem.key}").text
    assert ("Anna Synlig" in text, "Care worker" in text) == (name, function)
    for knows in (anna, care.desk()):
        known = care.ask(problem_by_key, problem.key, care.actor(knows))
        assert known.sender_id == anna.id
        assert care.ask(voices_of, known, care.actor(knows))[0].person == "Anna Synlig"


def test_what_a_voice_says_is_for_the_desk_until_somebody_looks(care: Any) -> None:
    problem = care.problem(checked=True)
    ulla = care.worker("Ulla", unit=care.ward)
    care.say(problem, ulla, text=CANARY, shown="hidden")
    for person, sees in ((care.worker("Bo"), False), (care.desk(), True), (ulla, True)):
        assert (CANARY in str(care.ask(voices_of, problem, care.actor(person)))) is sees


def test_a_problem_taken_back_is_no_longer_read_by_others(care: Any) -> None:
    from lms_challenges.services.reporting import withdraw

    anna, bo = care.worker(), care.worker("Bo")
    problem = care.problem(anna, checked=True)
    assert reads(care, bo, problem)
    care.do(withdraw, problem, care.actor(anna))
    assert not reads(care, bo, problem)
    assert reads(care, care.desk(), problem)


def test_the_thread_tells_nobody_of_a_problem_they_may_not_read(care: Any) -> None:
    from lms_challenges.records import PROBLEM_TYPE, describe_problems, find_problems

    problem = care.problem(title=CANARY)
    seller, desk = care.actor(care.seller()), care.actor(care.desk())
    assert not care.ask(describe_problems, [problem.key, "x"], seller)
    assert not care.ask(find_problems, CANARY, seller)
    told = care.ask(describe_problems, [problem.key, "x"], desk)
    assert told[problem.key].title.da == CANARY
    assert told[problem.key].may_link
    assert [one.key for one in care.ask(find_problems, CANARY.upper(), desk)] == [problem.key]
    assert (PROBLEM_TYPE.stage, PROBLEM_TYPE.page) == (10, "challenges.problem")
