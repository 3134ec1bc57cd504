"""S03: what the desk and senders are told, and what happens by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.api import db, now, stopped_clock
from lms.core.messages.models import Mail
from lms_challenges.jobs import remind_desks
from lms_challenges.models import Problem
from lms_challenges.queries.desk import DeskFilter, desk, steps_at_desk
from lms_challenges.services.desk import answer, ask, move_problem, wake_up
from lms_challenges.services.merging import merge

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def dorte(care: Any) -> Any:
    return care.desk()


def keys(care: Any, person: Any, waits: str) -> list[str]:
    found = care.ask(desk, care.actor(person), DeskFilter(waits=waits))
    return [row.problem.key for row in found.rows]


# --- by itself ----------------------------------------------------------------------------------


def test_the_desk_is_reminded_once_before_and_each_week_after(care: Any, dorte: Any) -> None:
    with stopped_clock(datetime(2026, 9, 7, 9, tzinfo=CPH)):
        care.problem()  # due on Monday 21 September
    said = {}
    for day in range(7, 31):
        with stopped_clock(datetime(2026, 9, day, 8, tzinfo=CPH)):
            said[day] = care.do(remind_desks), care.do(remind_desks)
    assert {day: n for day, n in said.items() if n != (0, 0)} == {
        17: (1, 0), 22: (1, 0), 29: (1, 0),
    }  # fmt: skip
    assert care.letters(dorte) == [
        "Problems that wait for your answer soon",
        "Problems that have waited too long",
        "Problems that have waited too long",
    ]


def test_one_letter_tells_of_all_and_an_answer_ends_it(care: Any, dorte: Any) -> None:
    with stopped_clock(datetime(2026, 9, 7, 9, tzinfo=CPH)):
        first, *_rest = (care.problem() for _ in range(3))
    care.do(move_problem, first, "declined", care.actor(dorte), reason="Nej")
    other = care.desk(care.south, "Disa Desk")
    with stopped_clock(datetime(2026, 9, 22, 8, tzinfo=CPH)):
        assert care.do(remind_desks) == 1
    assert not care.letters(other)
    with care.app.app_context():
        text = db.session.scalar(select(Mail.values).where(Mail.person_id == dorte.id))
    assert text is not None
    assert text["text"]["en"].endswith("Begin with “Liften når ikke toilettet”.")


def test_without_a_desk_of_its_own_the_site_is_told(care: Any) -> None:
    everywhere = care.worker("Lea Led", care.south)
    care.maker.access_role(person=everywhere, role="triage", organisation=None)
    with stopped_clock(datetime(2026, 9, 7, 9, tzinfo=CPH)):
        care.problem()
    with stopped_clock(datetime(2026, 9, 22, 8, tzinfo=CPH)):
        assert care.do(remind_desks) == 1
    assert care.letters(everywhere) == ["Problems that have waited too long"]


def test_what_was_put_off_wakes_up_on_its_day_there(care: Any, dorte: Any) -> None:
    anna = care.worker()
    with stopped_clock(datetime(2026, 10, 20, 9, tzinfo=CPH)):
        problem = care.problem(anna)
        care.do(
            move_problem, problem, "parked", care.actor(dorte),
            reason="Efter sommertid", wake_on=date(2026, 10, 26),
        )  # fmt: skip
    answered_at = care.now(problem).answered_at
    with stopped_clock(datetime(2026, 10, 25, 23, 30, tzinfo=CPH)):
        assert care.do(wake_up) == 0
    with stopped_clock(datetime(2026, 10, 26, 0, 30, tzinfo=CPH)):  # still Sunday in UTC
        assert care.do(wake_up) == 1
        assert care.do(wake_up) == 0
    current = care.now(problem)
    assert (current.state, current.answered_at) == ("received", answered_at)
    assert keys(care, dorte, "woken") == [problem.key]
    assert care.letters(anna)[-1].startswith("We look at it again")


def test_what_is_put_off_is_taken_up_by_hand(care: Any, dorte: Any) -> None:
    problem = care.problem()
    day = now().date() + timedelta(30)
    care.do(move_problem, problem, "parked", care.actor(dorte), reason="Senere", wake_on=day)
    current = care.now(problem)
    sent = care.post(
        care.client(dorte), f"/challenges/desk/{problem.key}/again", revision=current.revision
    )
    assert sent.status_code == 303
    assert keys(care, dorte, "decide") == [problem.key]


# --- told at each step --------------------------------------------------------------------------


def test_every_step_is_told_once_by_letter_and_on_the_page(care: Any, dorte: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    actor = care.actor(dorte)
    care.do(ask, problem, "Hvor tit?", actor)
    care.do(answer, care.now(problem), "Tit.", care.actor(anna))
    care.do(move_problem, care.now(problem), "answered_locally", actor, reason="Ring til Ib.")
    assert [subject.split("“")[0].strip() for subject in care.letters(anna)] == [
        "Thank you:", "Can you tell more about", "An answer to",
    ]  # fmt: skip
    assert care.letters(anna) == care.letters(anna)
    steps = care.ask(steps_at_desk, problem.id)
    assert [(step.kind, step.new, step.by) for step in steps] == [
        ("state", "received", "Anna Hjælper"),
        ("question", "clarifying", "Dorte Desk"),
        ("answer", "received", "Anna Hjælper"),
        ("state", "answered_locally", "Dorte Desk"),
    ]


def test_a_merge_is_told_to_every_sender_it_concerns(care: Any, dorte: Any) -> None:
    people = [care.worker(name) for name in ("Anna", "Bo", "Carl")]
    first, second, third = (care.problem(one) for one in people)
    actor = care.actor(dorte)
    care.do(merge, first.id, second.id, actor, "Det er det samme.")
    care.do(merge, second.id, third.id, actor, "Det er også det samme.")
    told = [sum("Others tell the same" in s for s in care.letters(one)) for one in people]
    assert told == [2, 2, 1]
    care.do(move_problem, care.now(third), "answered_locally", actor, reason="Værkstedet kommer.")
    news = [care.letters(one)[-1] for one in people]
    assert [word.startswith("News of what") for word in news] == [True, True, False]


def test_what_waits_stands_on_the_first_page(care: Any, dorte: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    assert "Answer one problem" in care.page(dorte, "/me").text
    care.do(ask, problem, "Hvad?", care.actor(dorte))
    assert "Answer one problem" not in care.page(dorte, "/me").text
    assert "Answer a question about" in care.page(anna, "/me").text


def test_reminders_leave_a_page_in_hand_alone(care: Any, dorte: Any) -> None:
    with stopped_clock(datetime(2026, 9, 7, 9, tzinfo=CPH)):
        problem = care.problem()
    with stopped_clock(datetime(2026, 9, 22, 8, tzinfo=CPH)):
        care.do(remind_desks)
    assert care.now(problem).revision == problem.revision
    with care.app.app_context():
        assert db.session.get_one(Problem, problem.id).reminded_at is not None
