"""What goes wrong between two clicks: each has its sentence, in the reader's language."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from lms.api import SYSTEM, LocalisedText, now, take_out, withdraw
from lms.testing import csrf_of
from lms_activities.queries.quiz import attempts_of
from lms_activities.quiz import NUMBER, TEXT, Question, as_stored

QUIZ = {
    "needed": 100,
    "questions": [
        as_stored(Question(key="one", kind=TEXT, text=LocalisedText(en="A?"), accepted=("x",))),
        as_stored(
            Question(
                key="two", kind=NUMBER, text=LocalisedText(en="B?"), accepted=("5",), tolerance="0"
            )
        ),
    ],
}
IN_EACH = pytest.mark.parametrize("code", ["da", "sv", "en"])

QUIZ_CLOSED = {
    "da": "Quizzen er ikke åben for dig lige nu. Det, du har svaret, står.",
    "sv": "Quizen är inte öppen för dig just nu. Det du har svarat står kvar.",
    "en": "The quiz is not open to you just now. What you have answered stays.",
}
CLOSED = {
    "da": "Her kan ikke gemmes noget nu. Kopier det, du har skrevet, hvis du vil beholde det.",
    "sv": "Här kan inget sparas nu. Kopiera det du har skrivit om du vill behålla det.",
    "en": "Nothing can be kept here now. Copy what you have written if you want to keep it.",
}
TAKEN_OUT = {
    "da": "Den er taget ud af forløbet. Det, du har lavet, beholder du.",
    "sv": "Den är borttagen ur kursen. Det du har gjort behåller du.",
    "en": "It was taken out of the course. What you have done stays with you.",
}
TOO_LATE = {
    "da": "Tiden var gået, da svarene nåede frem. Det, der var gemt før, tæller.",
    "sv": "Tiden hade gått ut när svaren kom fram. Det som sparats innan räknas.",
    "en": "The time was over when the answers arrived. What was kept before counts.",
}
FINISHED = {
    "da": "Forsøget er afsluttet, så svarene kan ikke ændres mere.",
    "sv": "Försöket är avslutat, så svaren kan inte ändras längre.",
    "en": "The try is finished, so the answers can no longer be changed.",
}


class Desk:
    """Somebody with an activity, in one language."""

    def __init__(self, classroom: Any, code: str, kind: str, content: Any = None) -> None:
        self.classroom = classroom
        self.person, self.seat = classroom.participant()
        self.activity = classroom.add(kind, content)
        self.client = classroom.client(self.person)
        self.url = f"/activities/{kind.replace('_', '-')}/{self.activity.key}?lang={code}"

    def page(self) -> str:
        return html.unescape(self.client.get(self.url).text)

    def revision(self) -> str:
        found = re.search(r'name="revision"[^>]*value="(\d+)"', self.page())
        return found[1] if found else "0"

    def send(self, **fields: Any) -> Any:
        data = {"csrf_token": csrf_of(self.client), "act": "save"} | fields
        return self.client.post(self.url, data=data)

    def work(self) -> Any:
        return self.classroom.work(self.activity, self.seat)

    def tries(self) -> Any:
        work = self.work()
        with self.classroom.app.app_context():
            return attempts_of([work.id])[work.id]


def said(answer: Any) -> str:
    assert answer.status_code == 422, answer.status_code
    return html.unescape(answer.text)


# --- a quiz -------------------------------------------------------------------------------------


@IN_EACH
def test_a_quiz_closes_while_somebody_answers(classroom: Any, clock: Any, code: str) -> None:
    desk = Desk(classroom, code, "quiz", {**QUIZ, "minutes": 10})
    desk.send(act="begin")
    kept = desk.send(act="keep", revision=desk.revision(), **{"a-one": "x"})
    assert kept.status_code == 303
    revision = desk.revision()
    clock.move(minutes=11)
    late = desk.send(act="finish", revision=revision, **{"a-one": "x", "a-two": "5"})
    assert TOO_LATE[code] in said(late)
    (one,) = desk.tries()
    assert one.percent == 50
    assert desk.work().state == "returned"


@IN_EACH
def test_an_old_tab_keeps_answers_of_a_quiz_that_is_finished(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "quiz", QUIZ)
    desk.send(act="begin")
    old = desk.revision()
    assert desk.send(act="finish", revision=old, **{"a-one": "x"}).status_code == 303
    assert (
        desk.send(act="finish", revision=old, **{"a-one": "x"}).status_code == 303
    )  # pressed twice
    answer = desk.send(act="keep", revision=old, **{"a-one": "x", "a-two": "5"})
    assert FINISHED[code] in said(answer)
    assert desk.tries()[0].percent == 50


@IN_EACH
def test_a_quiz_is_taken_out_while_it_is_answered(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "quiz", QUIZ)
    desk.send(act="begin")
    revision = desk.revision()
    desk.send(act="keep", revision=revision, **{"a-one": "x"})
    revision = desk.revision()
    classroom.do(take_out, desk.activity, SYSTEM)
    text = said(desk.send(act="finish", revision=revision, **{"a-one": "x", "a-two": "5"}))
    assert QUIZ_CLOSED[code] in text
    assert TAKEN_OUT[code] in text
    assert desk.tries()[0].answers == {"one": ["x"]}


# --- an assignment ------------------------------------------------------------------------------


@IN_EACH
def test_an_activity_is_taken_out_while_somebody_writes(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "assignment", {})
    desk.send(text="Begyndt", revision="0")
    classroom.do(take_out, desk.activity, SYSTEM)
    text = said(desk.send(text="Begyndt og færdig", act="hand_in", revision="2"))
    assert CLOSED[code] in text
    assert TAKEN_OUT[code] in text
    assert "Begyndt og færdig" in text
    assert desk.work().state == "started"


@IN_EACH
def test_who_has_withdrawn_reads_what_they_handed_in(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "assignment", {})
    assert desk.send(text="Mit arbejde", act="hand_in", revision="0").status_code == 303
    classroom.do(withdraw, desk.seat.id, SYSTEM)
    page = desk.page()
    assert "Mit arbejde" in page
    assert {
        "da": "Du kan læse det, du har lavet",
        "sv": "Du kan läsa det du har gjort",
        "en": "You can read what you have done",
    }[code] in page
    text = said(desk.send(text="Mit arbejde og mere", act="hand_in", revision=desk.revision()))
    assert CLOSED[code] in text
    assert desk.work().state == "submitted"


@IN_EACH
def test_two_tabs_with_one_text(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "assignment", {})
    first = desk.revision()
    assert desk.send(text="Fra den ene fane", revision=first).status_code == 303
    answer = desk.send(text="Fra den anden fane", revision=first)
    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert "Fra den anden fane" in text  # what was typed stays
    assert "<del>" in text
    assert "<ins>" in text
    assert {
        "da": "Teksten blev gemt et andet sted, mens du skrev.",
        "sv": "Texten sparades någon annanstans medan du skrev.",
        "en": "This text was saved somewhere else while you wrote.",
    }[code] in text


# --- files --------------------------------------------------------------------------------------


EMPTY = {
    "da": "Filen er tom.",
    "sv": "Filen är tom.",
    "en": "The file is empty.",
}
OTHER = {
    "da": "Filens indhold passer ikke til dens navn. Åbn den, gem den på ny, og prøv igen.",
    "sv": "Filens innehåll passar inte till dess namn. Öppna den, spara på nytt och försök igen.",
    "en": "What is in the file does not fit its name. Open it, save it anew, and try again.",
}


@IN_EACH
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("tom.txt", b"", EMPTY),
        ("program.exe", b"MZ\x90\x00" * 50, OTHER),
        ("billede.png", b"<html><script>alert(1)</script>", OTHER),
    ],
)
def test_a_file_that_is_empty_or_of_the_wrong_type(
    classroom: Any, code: str, name: str, data: bytes, words: dict[str, str]
) -> None:
    desk = Desk(classroom, code, "assignment", {"parts": "both"})
    text = said(desk.send(text="Min tekst", files=(io.BytesIO(data), name), revision="0"))
    assert f"{name}: {words[code]}" in text
    assert "Min tekst" in text


@pytest.mark.parametrize(
    "name",
    [
        "Mødenoter.txt",
        "会議の記録.txt",
        "ملاحظات.txt",
        "Заметки о встрече.txt",
        "บันทึก.txt",
        "😀 glad.txt",
    ],
)
def test_a_file_may_be_called_anything(classroom: Any, name: str) -> None:
    desk = Desk(classroom, "da", "assignment", {"parts": "files"})
    assert desk.send(files=(io.BytesIO(b"Hej"), name), revision="0").status_code == 303
    assert name in desk.page()
    assert desk.send(act="hand_in", revision=desk.revision()).status_code == 303
    (address,) = re.findall(r'href="(/files/[^"]+)"', desk.page())
    answer = desk.client.get(address)
    assert answer.get_data() == b"Hej"


# --- the client's clock -------------------------------------------------------------------------


@IN_EACH
def test_a_clients_clock_decides_nothing(classroom: Any, code: str) -> None:
    desk = Desk(classroom, code, "practice_log", {"needed": 1})
    ahead = (now() + timedelta(days=400)).date().isoformat()
    fields = {"choice": "used", "text": "Gik fint", "client_key": "abcdefgh12345678"}
    text = said(desk.send(**fields, happened_on=ahead))
    assert {
        "da": "Vælg en dag inden for de sidste fire måneder, og ikke i fremtiden.",
        "sv": "Välj en dag inom de senaste fyra månaderna, och inte i framtiden.",
        "en": "Choose a day within the last four months, and not in the future.",
    }[code] in text
    assert "Gik fint" in text
    work = desk.work()
    assert work is None or work.state == "started"
