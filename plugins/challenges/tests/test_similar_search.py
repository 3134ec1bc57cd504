"""S03, I-23, I-28: what others told already is shown while somebody writes, as far as they may
read it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from lms.api import SYSTEM, db
from lms_challenges.models import Word
from lms_challenges.queries.similar import similar_to
from lms_challenges.services.indexing import index_problem
from lms_challenges.services.merging import merge
from lms_challenges.services.reporting import withdraw

LIFT = {
    "title": "Liften er flad om morgenen",
    "what": "Batteriet på loftliften er ikke ladet op, når borgeren skal ud af sengen.",
}
SWEDISH = "Lyften är inte laddad på morgonen, batteriet i taklyften är slut."
BATH = {
    "title": "Glat gulv efter bad",
    "what": "Der står vand på fliserne, og både vi og borgeren glider.",
}


def keys(care: Any, person: Any, text: str = SWEDISH, language: str = "sv") -> list[str]:
    actor = care.actor(person) if person is not None else SYSTEM
    return [one.key for one in care.ask(similar_to, text, actor, language)]


def test_a_swede_finds_what_a_dane_told(care: Any) -> None:
    lift = care.problem(checked=True, **LIFT)
    care.problem(checked=True, **BATH)
    found = care.ask(similar_to, SWEDISH, care.actor(care.worker(unit=care.ward)), "sv")
    assert [one.key for one in found] == [lift.key]
    assert 0.24 <= found[0].likeness <= 1
    assert (found[0].title, found[0].language, found[0].voices) == (LIFT["title"], "da", 1)


def test_what_is_not_alike_is_not_shown(care: Any) -> None:
    care.problem(checked=True, **LIFT)
    care.problem(checked=True, **BATH)
    anna = care.worker()
    assert keys(care, anna, "Fjernsynet står for højt, og vi kan ikke tale sammen", "da") == []
    assert keys(care, anna, "", "da") == []
    assert keys(care, anna, "lift", "da") == []


def test_only_what_the_reader_may_read_is_found(care: Any) -> None:
    anna = care.worker("Anna")
    unchecked = care.problem(anna, **LIFT)
    assert keys(care, anna) == [unchecked.key]
    assert keys(care, care.desk()) == [unchecked.key]
    assert keys(care, care.worker("Bo")) == []
    care.check(unchecked)
    assert keys(care, care.worker("Cilla", unit=care.ward)) == [unchecked.key]
    for outsider in (care.seller(), care.student()):
        care.maker.access_role(person=outsider, role="learner")
        assert keys(care, outsider) == []


def test_one_that_was_gathered_leads_to_what_it_is_part_of(care: Any) -> None:
    root, part = care.problem(checked=True, **BATH), care.problem(checked=True, **LIFT)
    care.do(merge, part.id, root.id, SYSTEM, "Samme badeværelse")
    assert keys(care, care.worker("Bo")) == [root.key]
    # Where the whole may not be read, one's own part of it is shown.
    anna = care.worker("Anna")
    hidden, own = care.problem(care.worker("Dan"), **BATH), care.problem(anna, **LIFT)
    care.do(merge, own.id, hidden.id, SYSTEM, "Samme badeværelse")
    assert set(keys(care, anna)) == {root.key, own.key}


def test_what_was_taken_back_is_not_found(care: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna, checked=True, **LIFT)
    care.do(withdraw, problem, care.actor(anna))
    assert keys(care, None) == []


def test_the_most_alike_comes_first_and_no_more_than_asked_for(care: Any) -> None:
    close = care.problem(checked=True, **LIFT)
    for number in range(6):
        care.problem(
            checked=True,
            title=f"Lift uden strøm i hus {'abcdef'[number]}",
            what="Batteriet i liften er fladt, og vi venter længe på en anden.",
        )
    found = keys(care, None, LIFT["title"] + ". " + LIFT["what"], "da")
    assert len(found) == 5
    assert found[0] == close.key


def test_words_are_kept_anew_when_a_text_changes(care: Any) -> None:
    problem = care.problem(checked=True, **LIFT)

    def stems() -> set[str]:
        with care.app.app_context():
            return set(
                db.session.scalars(db.select(Word.stem).where(Word.problem_id == problem.id))
            )

    assert "lift" in stems()
    care.do(index_problem, problem.id, BATH["title"], BATH["what"], "da")
    assert "lift" not in stems()
    care.do(index_problem, problem.id, "", "", "da")
    assert stems() == set()


@pytest.mark.parametrize("problems", [3, 30])
def test_looking_takes_five_queries_however_many_problems(care: Any, problems: int) -> None:
    anna = care.worker()
    for _ in range(problems):
        care.problem(anna, checked=True, **LIFT)
    actor = care.actor(anna)
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    with care.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert similar_to(SWEDISH, actor, "sv")
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 5
