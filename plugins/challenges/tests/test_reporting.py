"""S03: a problem is told once however often it is sent, and says what it costs in whose context."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from lms.api import Conflict, RecordDraft, Refused, make_record
from lms_challenges.queries.problems import own_problems, own_voice, steps_of
from lms_challenges.services.reporting import title_of, withdraw, withdraw_voice


def test_a_problem_is_received_with_its_senders_voice_and_a_day_for_the_answer(
    care: Any, clock: Any
) -> None:
    anna = care.worker()
    clock.stop_at(datetime(2026, 12, 18, 8, tzinfo=UTC))
    problem = care.problem(anna)
    assert (problem.state, problem.channel, problem.voices, problem.countries) == (
        "received",
        "form",
        1,
        1,
    )
    assert problem.root_id == problem.id
    assert problem.heat == 20 * 3 * 2
    # Ten working days from a Friday before Christmas: five days off and two weekends do not count.
    assert problem.answer_due.date().isoformat() == "2027-01-07"
    (step,) = care.ask(steps_of, problem.id)
    assert (step.kind, step.new) == ("state", "received")


def test_the_same_report_sent_five_times_is_one_problem(care: Any) -> None:
    anna = care.worker()
    made = {care.problem(anna, once_key="abc").id for _ in range(5)}
    assert len(made) == 1
    assert care.problem(anna, once_key="abc", what="Noget andet").id not in made
    assert care.problem(care.worker("Bo"), once_key="abc").id not in made
    assert care.problem(anna).id not in made


def test_a_voice_counts_in_its_context_and_can_be_changed_and_taken_back(care: Any) -> None:
    problem = care.problem(checked=True)
    ulla = care.worker("Ulla", unit=care.ward)
    actor = care.actor(ulla)
    for _ in range(3):
        care.say(problem, ulla, frequency="monthly", severity=1)
    care.say(problem, ulla, frequency="daily", severity=4)
    counted = care.now(problem)
    assert (counted.voices, counted.units, counted.organisations, counted.countries) == (2, 2, 2, 2)
    assert counted.heat == (20 * 3 + 20 * 4) * 4
    assert care.ask(own_voice, problem.id, ulla.id).severity == 4
    care.do(withdraw_voice, problem.id, actor)
    assert care.now(problem).voices == 1
    with pytest.raises(LookupError):
        care.do(withdraw_voice, problem.id, actor)
    care.say(problem, ulla)
    assert care.now(problem).voices == 2


def test_a_voice_for_what_one_may_not_read_is_no_voice(care: Any) -> None:
    problem = care.problem()
    with pytest.raises(LookupError):
        care.say(problem, care.worker("Bo"))
    care.check(problem)
    with pytest.raises(LookupError):
        care.say(problem, care.seller())
    assert care.now(problem).voices == 1


def test_the_sender_takes_a_problem_back_while_nothing_came_of_it(care: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna, checked=True)
    ulla = care.worker("Ulla", unit=care.ward)
    care.say(problem, ulla)
    with pytest.raises(LookupError):
        care.do(withdraw, problem, care.actor(ulla))
    with pytest.raises(Refused):
        care.do(withdraw_voice, problem.id, care.actor(anna))
    care.do(withdraw, problem, care.actor(anna))
    after = care.now(problem)
    assert (after.state, after.voices) == ("withdrawn", 1)
    assert [step.new for step in care.ask(steps_of, problem.id)] == ["received", "withdrawn"]
    with pytest.raises(Refused):
        care.do(withdraw, after, care.actor(anna))
    with pytest.raises(Refused):
        care.say(after, anna)


def test_ones_list_holds_what_one_told_and_what_one_gave_a_voice_to(care: Any) -> None:
    anna, ulla = care.worker(), care.worker("Ulla", unit=care.ward)
    told = care.problem(anna, checked=True)
    care.problem(ulla, what="Noget helt andet")
    care.problem(care.worker("Bo"), what="Endnu noget")
    care.say(told, ulla)
    assert care.ask(own_problems, care.actor(anna)).total == 1
    assert care.ask(own_problems, care.actor(ulla)).total == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Liften når ikke. Vi løfter selv.", "Liften når ikke"),
        ("Liften når ikke\nVi løfter selv", "Liften når ikke"),
        ("Kl. 7 mangler vi handsker. Igen!", "Kl. 7 mangler vi handsker"),
        ("x" * 100, "x" * 70 + "…"),
        ("ord " * 40, ("ord " * 17).strip() + "…"),
    ],
)
def test_a_title_is_the_first_sentence_as_far_as_it_fits(text: str, title: str) -> None:
    assert title_of(text) == title


# --- out of an assignment -----------------------------------------------------------------------


def draft(care: Any, person: Any, **changes: Any) -> RecordDraft:
    values = {
        "title": "Vi mangler et sted til liften",
        "text": "Den står på gangen, og beboerne kan ikke komme forbi.",
        "language": "da",
        "person_id": person.id,
        "organisation_id": care.north.id,
        "run_id": 1,
        "work_key": "k2k2k2k2k2k2k2k2",
    } | changes
    return RecordDraft(**values)


def test_an_assignment_ends_in_a_problem_of_who_did_it(care: Any) -> None:
    anna, teacher = care.worker(), care.worker("Tove Lærer", care.school)
    made = [
        care.do(make_record, "problem", draft(care, anna), care.actor(teacher)) for _ in range(2)
    ]
    assert made[0] == made[1]
    found = care.ask(own_problems, care.actor(anna)).items[0]
    assert (found.key, found.channel, found.sender_id) == (made[0], "assignment", anna.id)
    assert (found.voices, found.place_kind, found.work_key) == (0, "home_care", "k2k2k2k2k2k2k2k2")
    assert "Nobody has said yet" in care.page(anna, f"/challenges/problems/{found.key}").text
    care.say(found, anna, organisation_id=care.north.id, unit_id=care.district.id)
    assert care.now(found).voices == 1
    assert care.ask(own_voice, found.id, anna.id).is_report
    assert care.ask(own_problems, care.actor(teacher)).total == 0


def test_whoever_works_nowhere_that_answers_is_told_so(care: Any) -> None:
    for person in (care.maker.person(), care.seller()):
        with pytest.raises(Refused):
            care.do(make_record, "problem", draft(care, person), care.actor(person))


# --- at once ------------------------------------------------------------------------------------


def test_voices_at_the_same_moment_are_all_counted(care: Any) -> None:
    problem = care.problem(checked=True)
    people = [care.worker(f"Kollega {n}") for n in range(8)]

    def say(person: Any) -> None:
        for _ in range(20):
            try:
                care.say(problem, person, organisation_id=care.north.id, unit_id=None)
            except Conflict:
                continue
            return
        raise AssertionError("never got through")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, people))
    assert care.now(problem).voices == 9


def test_the_same_report_from_five_tries_at_once_is_one(care: Any) -> None:
    anna = care.worker()

    def send(_try: int) -> int:
        for _ in range(20):
            try:
                return int(care.problem(anna, once_key="samme").id)
            except Conflict:
                continue
        raise AssertionError("never got through")

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(send, range(5)))) == 1
    assert care.ask(own_problems, care.actor(anna)).total == 1
