"""Quizzes on their pages: built, tried within the time, passed, looked at by the team."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.api import SYSTEM, LocalisedText, take_out
from lms.testing import csrf_of
from lms_activities.queries.quiz import attempts_of
from lms_activities.quiz import MULTIPLE, NUMBER, ORDER, SINGLE, TEXT, Option, Question, as_stored


def words(text: str) -> LocalisedText:
    return LocalisedText(da=text, sv=text, en=text)


QUESTIONS = [
    Question(
        key="one",
        kind=SINGLE,
        text=words("Hvornår vaskes hænder?"),
        options=(
            Option(key="a", text=words("Før og efter"), right=True),
            Option(key="b", text=words("Aldrig")),
        ),
        wrong=words("Læs side 3 igen."),
    ),
    Question(
        key="many",
        kind=MULTIPLE,
        text=words("Hvad hører til?"),
        options=(
            Option(key="a", text=words("Sæbe"), right=True),
            Option(key="b", text=words("Vand"), right=True),
            Option(key="c", text=words("Kaffe")),
        ),
    ),
    Question(key="number", kind=NUMBER, text=words("Grader?"), accepted=("37,5",), tolerance="0,5"),
    Question(key="text", kind=TEXT, text=words("Et ord?"), accepted=("omsorg",)),
    Question(
        key="order",
        kind=ORDER,
        text=words("Rækkefølge?"),
        options=(Option(key="x", text=words("Først")), Option(key="y", text=words("Så"))),
        order=("x", "y"),
    ),
]
RIGHT = {
    "a-one": "a",
    "a-many": ["a", "b"],
    "a-number": "37.2",
    "a-text": "Omsorg",
    "a-order-x": "1",
    "a-order-y": "2",
}


def content(**values: Any) -> dict[str, Any]:
    return {"questions": [as_stored(q) for q in QUESTIONS], "needed": 80} | values


class Sitting:
    """Somebody before a quiz."""

    def __init__(self, classroom: Any, **values: Any) -> None:
        self.classroom = classroom
        self.activity = classroom.add("quiz", content(**values))
        self.person, self.enrolment = classroom.participant()
        self.client = classroom.client(self.person)
        self.url = f"/activities/quiz/{self.activity.key}"

    def send(self, act: str, **answers: Any) -> Any:
        html = self.client.get(self.url).text
        revision = re.search(r'name="revision"[^>]*value="(\d+)"', html)
        fields = {"act": act, "revision": revision[1] if revision else "", **answers}
        return self.client.post(self.url, data={"csrf_token": csrf_of(self.client), **fields})

    @property
    def tries(self) -> Any:
        work = self.classroom.work(self.activity, self.enrolment)
        with self.classroom.app.app_context():
            return attempts_of([work.id])[work.id] if work else ()

    @property
    def state(self) -> str:
        work = self.classroom.work(self.activity, self.enrolment)
        return work.state if work else ""


@pytest.fixture
def sitting(classroom: Any) -> Sitting:
    return Sitting(classroom)


def test_begin_answer_finish_pass(sitting: Sitting) -> None:
    assert "5 spørgsmål" in sitting.client.get(sitting.url).text
    assert sitting.send("begin").status_code == 303
    page = sitting.client.get(sitting.url).text
    assert page.count("<fieldset") >= 5
    assert "Læs side 3 igen." not in page
    assert sitting.send("finish", **RIGHT).status_code == 303
    assert sitting.tries[0].percent == 100
    assert sitting.state == "accepted"
    assert sitting.send("begin").status_code == 422
    assert len(sitting.tries) == 1


def test_what_is_wrong_is_told_and_may_be_tried_again(sitting: Sitting) -> None:
    sitting.send("begin")
    sitting.send("finish", **{**RIGHT, "a-one": "b", "a-many": ["a", "c"]})
    assert sitting.tries[0].percent == 60
    assert sitting.state == "returned"
    page = sitting.client.get(sitting.url).text
    assert "Læs side 3 igen." in page
    assert "Før og efter" in page  # the solution
    sitting.send("begin")
    sitting.send("finish", **RIGHT)
    assert sitting.state == "accepted"
    assert len(sitting.tries) == 2


def test_solutions_stay_away_when_the_quiz_says_so(classroom: Any) -> None:
    sitting = Sitting(classroom, show="never")
    sitting.send("begin")
    sitting.send("finish", **{**RIGHT, "a-one": "b"})
    assert "Før og efter" not in sitting.client.get(sitting.url).text


def test_kept_answers_come_back_and_an_old_tab_cannot_overwrite(sitting: Sitting) -> None:
    sitting.send("begin")
    assert sitting.send("keep", **{"a-text": "omsorg"}).status_code == 303
    assert 'value="omsorg"' in sitting.client.get(sitting.url).text
    stale = sitting.client.post(
        sitting.url,
        data={
            "csrf_token": csrf_of(sitting.client),
            "act": "keep",
            "revision": "1",
            "a-text": "andet",
        },
    )
    assert stale.status_code == 422
    assert sitting.tries[0].answers == {"text": ["omsorg"]}
    assert 'value="omsorg"' in stale.text


def test_the_page_keeps_answers_by_itself(sitting: Sitting) -> None:
    sitting.send("begin")
    answer = sitting.client.post(
        sitting.url,
        headers={"Accept": "application/json"},
        data={
            "csrf_token": csrf_of(sitting.client),
            "act": "keep",
            "revision": "1",
            "a-text": "o",
        },
    )
    assert answer.json["kept"]
    assert answer.json["revision"] == 2
    assert answer.json["finished"] is False
    # The next one goes with a token of its own: one token is one deed.
    second = sitting.client.post(
        sitting.url,
        headers={"Accept": "application/json"},
        data={
            "csrf_token": answer.json["csrf_token"],
            "act": "keep",
            "revision": "2",
            "a-text": "om",
        },
    )
    assert second.json["kept"]
    assert sitting.tries[0].answers == {"text": ["om"]}


def test_the_servers_clock_decides(classroom: Any, clock: Any) -> None:
    sitting = Sitting(classroom, minutes=10, attempts=1)
    sitting.send("begin")
    sitting.send("keep", **{"a-text": "omsorg"})
    clock.move(minutes=9)
    assert sitting.send("keep", **{"a-text": "omsorg", "a-one": "a"}).status_code == 303
    html = sitting.client.get(sitting.url).text
    clock.move(minutes=2)
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', html)
    assert revision
    late = sitting.client.post(
        sitting.url,
        data={
            "csrf_token": csrf_of(sitting.client),
            "act": "finish",
            "revision": revision[1],
            **RIGHT,
        },
    )
    assert late.status_code in (303, 422)
    assert sitting.tries[0].percent == 40
    assert sitting.tries[0].finished_at == sitting.tries[0].ends_at
    assert sitting.send("begin").status_code == 422  # the one try is used


def test_the_job_finishes_what_nobody_looks_at(classroom: Any, clock: Any) -> None:
    from lms_activities.services.quiz import close_overdue

    sitting = Sitting(classroom, minutes=10)
    sitting.send("begin")
    clock.move(minutes=11)
    with classroom.app.app_context():
        close_overdue(None)  # type: ignore[arg-type]
    assert sitting.tries[0].points == 0
    assert sitting.state == "returned"


def test_a_try_keeps_the_questions_it_began_with(sitting: Sitting) -> None:
    sitting.send("begin")
    teacher = sitting.classroom.client(sitting.classroom.teacher)
    out = f"/activities/edit/quiz/{sitting.activity.key}/question/one/out"
    assert teacher.post(out, data={"csrf_token": csrf_of(teacher)}).status_code == 303
    sitting.send("finish", **RIGHT)
    assert sitting.tries[0].most == 5
    assert sitting.state == "accepted"


def test_a_quiz_taken_out_while_it_is_answered_keeps_the_answers(sitting: Sitting) -> None:
    sitting.send("begin")
    sitting.classroom.do(take_out, sitting.activity, SYSTEM)
    assert sitting.send("finish", **RIGHT).status_code in (404, 422)
    assert sitting.tries[0].finished_at is None


def test_no_more_tries_until_the_teacher_gives_one(classroom: Any) -> None:
    sitting = Sitting(classroom, attempts=1)
    sitting.send("begin")
    sitting.send("finish")
    assert sitting.send("begin").status_code == 422
    teacher = classroom.client(classroom.teacher)
    results = f"{sitting.url}/results"
    page = teacher.get(results)
    assert page.status_code == 200
    assert "Anna Deltager" in page.text
    work = classroom.work(sitting.activity, sitting.enrolment)
    another = f"/activities/quiz/{sitting.activity.key}/another/{work.key}"
    assert teacher.post(another, data={"csrf_token": csrf_of(teacher)}).status_code == 303
    assert sitting.send("begin").status_code == 303
    assert len(sitting.tries) == 2


def test_a_question_is_built_without_scripts(classroom: Any) -> None:
    activity = classroom.add("quiz")
    teacher = classroom.client(classroom.teacher)
    url = f"/activities/edit/quiz/{activity.key}/question/new"
    assert teacher.get(url).status_code == 200
    fields = {
        "revision": "1",
        "kind": "single",
        "points": "2",
        "text_da": "Hvad først?",
        "option_0_da": "Spørge",
        "option_1_da": "Handle",
    }

    def send(**more: str) -> Any:
        return teacher.post(url, data=fields | {"csrf_token": csrf_of(teacher)} | more)

    wrong = send()
    assert wrong.status_code == 422
    assert 'value="Spørge"' in wrong.text
    more = send(more="1")
    assert more.status_code == 422
    assert "option_6_da" in more.text
    assert send(right_0="y").status_code == 303
    page = teacher.get(f"/activities/edit/quiz/{activity.key}").text
    assert "Hvad først?" in page
    stale = send(right_0="y", text_da="En til?")
    assert stale.status_code == 409
    assert "En til?" in stale.text


def test_strangers_and_participants_do_not_edit_or_read_results(sitting: Sitting) -> None:
    other = sitting.classroom.client(sitting.classroom.maker.person(name="Fremmed"))
    key = sitting.activity.key
    for client in (sitting.client, other):
        assert client.get(f"/activities/edit/quiz/{key}").status_code == 404
        assert client.get(f"/activities/edit/quiz/{key}/question/new").status_code == 404
        assert client.get(f"{sitting.url}/results").status_code == 404
    assert other.get(sitting.url).status_code == 404
    assert other.post(sitting.url, data={"csrf_token": csrf_of(other)}).status_code == 404


def test_results_ask_as_much_whatever_the_class(classroom: Any, count_queries: Any) -> None:
    sitting = Sitting(classroom)
    teacher = classroom.client(classroom.teacher)
    numbers = []
    for more in (1, 6):
        for n in range(more):
            classroom.participant(f"Deltager {more}-{n}")
        with count_queries() as queries:
            assert teacher.get(f"{sitting.url}/results").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 10
