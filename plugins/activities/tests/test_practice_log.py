"""Practice logs: two taps, kept once however often they are sent, and the words are one's own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from lms.api import now
from lms.testing import csrf_of
from lms_activities.queries.practice_log import entries_of


class Writer:
    """Somebody with a log."""

    def __init__(self, classroom: Any, name: str = "Anna Deltager") -> None:
        self.classroom = classroom
        self.activity = classroom.add("practice_log", {"needed": 3})
        self.person, self.enrolment = classroom.participant(name)
        self.client = classroom.client(self.person)
        self.url = f"/activities/practice-log/{self.activity.key}"

    def write(self, **fields: str) -> Any:
        html = self.client.get(self.url).text
        key = re.search(r'name="client_key"[^>]*value="(\w+)"', html)
        day = re.search(r'name="happened_on"[^>]*value="([^"]+)"', html)
        assert key
        assert day
        given = {"client_key": key[1], "happened_on": day[1], "choice": "used", "text": ""}
        return self.client.post(
            self.url, data=given | {"csrf_token": csrf_of(self.client)} | fields
        )

    @property
    def entries(self) -> Any:
        work = self.classroom.work(self.activity, self.enrolment)
        with self.classroom.app.app_context():
            return entries_of([work.id]) if work else ()


@pytest.fixture
def writer(classroom: Any) -> Writer:
    return Writer(classroom)


def test_two_taps_and_enough_of_them_are_accepted(writer: Writer) -> None:
    for number, choice in enumerate(("used", "not_used", "partly"), start=1):
        assert (
            writer.write(choice=choice, text="Gik fint" if number == 1 else "").status_code == 303
        )
        assert len(writer.entries) == number
    work = writer.classroom.work(writer.activity, writer.enrolment)
    assert work.state == "accepted"
    assert writer.write().status_code == 303
    assert len(writer.entries) == 4
    assert "Gik fint" in writer.client.get(writer.url).text


def test_an_entry_sent_twice_is_kept_once(writer: Writer) -> None:
    for _again in range(3):
        answer = writer.write(client_key="abcdef1234567890")
        assert answer.status_code == 303
    assert len(writer.entries) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": ""},
        {"choice": "something"},
        {"text": "x" * 501},
        {"text": "Hun hedder 010190-1234"},
        {"happened_on": "2019-02-31"},
        {"happened_on": "2001-01-01"},
        {"happened_on": "9999-12-31"},
    ],
)
def test_what_cannot_be_kept_comes_back(writer: Writer, fields: dict[str, str]) -> None:
    answer = writer.write(**({"text": "Min sætning"} | fields))
    assert answer.status_code == 422
    assert fields.get("text", "Min sætning") in answer.text
    assert not writer.entries


def test_a_key_that_is_none_is_nobodys(writer: Writer) -> None:
    assert writer.write(client_key="../../x").status_code == 404


def test_a_day_before_is_noon_of_that_day_and_order_is_by_what_happened(writer: Writer) -> None:
    writer.write(text="i dag")
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    writer.write(text="i går", happened_on=yesterday)
    assert [entry.text for entry in writer.entries] == ["i dag", "i går"]


def test_only_the_writer_reads_the_words(writer: Writer) -> None:
    writer.write(text="Min hemmelighed")
    teacher = writer.classroom.client(writer.classroom.teacher)
    for url in (writer.url, f"{writer.url}/notes"):
        page = teacher.get(url)
        assert page.status_code == 200
        assert "Min hemmelighed" not in page.text
    assert "Anna Deltager" in page.text
    assert writer.client.get(f"{writer.url}/notes").status_code == 404
    assert teacher.post(writer.url, data={"csrf_token": csrf_of(teacher)}).status_code == 404
    person, _enrolment = writer.classroom.participant("Bo Deltager")
    other = writer.classroom.client(person)
    entry = writer.entries[0].key
    gone = other.post(f"{writer.url}/entries/{entry}/remove", data={"csrf_token": csrf_of(other)})
    assert gone.status_code == 404
    assert len(writer.entries) == 1
    mine = writer.client.post(
        f"{writer.url}/entries/{entry}/remove", data={"csrf_token": csrf_of(writer.client)}
    )
    assert mine.status_code == 303
    assert not writer.entries


def test_who_has_left_reads_and_does_not_write(writer: Writer) -> None:
    writer.write(text="før")
    from lms.api import SYSTEM, withdraw

    writer.classroom.do(withdraw, writer.enrolment.id, SYSTEM, reason="Syg")
    page = writer.client.get(writer.url)
    assert page.status_code == 200
    assert "før" in page.text
    assert 'name="choice"' not in page.text


def test_the_editor_keeps_what_is_asked(classroom: Any) -> None:
    activity = classroom.add("practice_log")
    teacher = classroom.client(classroom.teacher)
    url = f"/activities/edit/practice-log/{activity.key}"
    page = teacher.get(url).text
    assert 'name="needed"' in page
    fields = {
        "csrf_token": csrf_of(teacher),
        "revision": "1",
        "title_da": "Log",
        "module": activity.module,
        "need": "required",
        "minutes": "20",
        "question_da": "Brugte du teknologien?",
        "needed": "7",
        "after": "",
    }
    assert teacher.post(url, data=fields | {"needed": "0"}).status_code == 422
    assert teacher.post(url, data=fields | {"csrf_token": csrf_of(teacher)}).status_code == 303
    assert 'value="7"' in teacher.get(url).text
