"""Looking at what was handed in: one after the other, by one teacher or two, never one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import SYSTEM, ActivityFacts, ActivityValues, activities_by_id, withdraw, works_by_id
from lms.core.catalogue.models import CourseVersion
from lms.core.learning.models import Assessment
from lms.core.learning.services.outline import save_activity
from lms.core.messages.models import Mail
from lms.db import db
from lms.journal import deliver, seal
from lms.testing import csrf_of
from lms_activities.assignment import Task
from lms_activities.queries.assignment import markings_of, tries_of

Counting = Callable[[], AbstractContextManager[list[str]]]
TASK = {"text": {"da": "Skriv om et løft.", "sv": "", "en": "Write about a lift."}}
RUBRIC = [
    {
        "key": "safe",
        "title": {"da": "Sikkerhed", "en": "Safety"},
        "levels": [{"en": "Not shown"}, {"en": "Partly"}, {"en": "Shown"}],
    },
    {
        "key": "words",
        "title": {"da": "Ord", "en": "Words"},
        "levels": [{"en": "Unclear"}, {"en": "Clear"}],
    },
]


def handed_in(classroom: Any, activity: ActivityFacts, name: str, text: str = "Svar") -> Any:
    """A participant who has handed in: (client, enrolment, key of the try)."""
    person, seat = classroom.participant(name)
    client = classroom.client(person)
    assert classroom.send(client, activity, text=text, act="hand_in").status_code == 303
    return client, seat, key_of(classroom, activity, seat)


def key_of(classroom: Any, activity: ActivityFacts, seat: Any) -> str:
    work = classroom.work(activity, seat)
    with classroom.app.app_context():
        return str(tries_of(work.id)[-1].key)


def answer(client: FlaskClient, key: str, outcome: str = "accepted", **fields: Any) -> Any:
    data = {"csrf_token": csrf_of(client), "outcome": outcome, "text": "Godt set."}
    return client.post(f"/activities/mark/hand-in/{key}?lang=en", data=data | fields)


def second_teacher(classroom: Any) -> FlaskClient:
    person = classroom.maker.person(name="Tom Lærer")
    classroom.maker.team_member(run=classroom.run, person=person, role="teacher")
    client: FlaskClient = classroom.client(person)
    return client


@pytest.fixture
def teacher(classroom: Any) -> FlaskClient:
    client: FlaskClient = classroom.client(classroom.teacher)
    return client


def test_each_answer_leads_to_the_next(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    seats = [handed_in(classroom, activity, f"Nr. {n}")[1] for n in range(12)]
    keys = [key_of(classroom, activity, seat) for seat in seats]
    page = teacher.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
    assert "12 wait for you" in page
    assert re.findall(r"/mark/hand-in/([a-z2-7]{16})", page)[1:13] == keys
    at = keys[0]
    seen = []
    for number in range(12):
        seen.append(at)
        done = answer(teacher, at, "accepted" if number % 3 else "returned")
        assert done.status_code == 303
        at = done.headers["Location"].rpartition("/")[2]
    assert seen == keys
    assert at == activity.key
    states = [classroom.work(activity, seat).state for seat in seats]
    assert states == ["accepted" if number % 3 else "returned" for number in range(12)]
    assert "Nothing waits for you" in teacher.get(done.headers["Location"] + "?lang=en").text


def test_the_page_shows_everything_and_says_the_keys(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", {**TASK, "criteria": RUBRIC})
    _client, _seat, key = handed_in(classroom, activity, "Anna", "Min <b>tekst</b>")
    page = teacher.get(f"/activities/mark/hand-in/{key}?lang=en").text
    for words in ("Min &lt;b&gt;tekst&lt;/b&gt;", "Safety", "Partly", "Ctrl+Enter", "Accept"):
        assert words in page


def test_a_rubric_is_scored_and_read_by_the_participant(
    classroom: Any, teacher: FlaskClient
) -> None:
    activity = classroom.add("assignment", {**TASK, "criteria": RUBRIC})
    client, seat, key = handed_in(classroom, activity, "Anna")
    missing = answer(teacher, key, **{"level-safe": "2"})
    assert missing.status_code == 422
    assert "Choose a level." in missing.text
    wrong = answer(teacher, key, **{"level-safe": "9", "level-words": "1"})
    assert wrong.status_code == 422
    assert answer(teacher, key, **{"level-safe": "1", "level-words": "1"}).status_code == 303
    assert classroom.work(activity, seat).score == 67
    page = client.get(classroom.url(activity)).text
    for words in ("Partly", "Clear", "Godt set.", "Tove Lærer", "67 percent", "Accepted"):
        assert words in page


@pytest.mark.once
def test_a_score_needs_every_criterion() -> None:
    task = Task.of_content({"criteria": RUBRIC})
    assert task.score([{"safe": 2, "words": 1}]) == 100
    assert task.score([{"safe": 0, "words": 0}]) == 0
    assert task.score([{"safe": 2, "words": 1}, {"safe": 0, "words": 0}]) == 50
    assert task.score([{"safe": 2}]) is None
    assert task.score([{"safe": 7, "words": 1}]) == 100
    assert Task().score([{}]) is None


def test_returned_with_words_and_handed_in_again(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    client, seat, key = handed_in(classroom, activity, "Anna", "Første")
    silent = answer(teacher, key, "returned", text="")
    assert silent.status_code == 422
    assert answer(teacher, key, "returned", text="Skriv hvorfor.").status_code == 303
    page = client.get(classroom.url(activity)).text
    assert "Skriv hvorfor." in page
    assert "Første</textarea>" in page
    assert "Look again at" in client.get("/me?lang=en").text
    assert classroom.send(client, activity, text="Anden", act="hand_in").status_code == 303
    assert "Look again at" not in client.get("/me?lang=en").text
    again = key_of(classroom, activity, seat)
    page = teacher.get(f"/activities/mark/hand-in/{again}?lang=en").text
    assert "Første" in page
    assert "Skriv hvorfor." in page
    assert answer(teacher, again).status_code == 303
    assert classroom.work(activity, seat).state == "accepted"
    assert answer(teacher, key).status_code == 422


def test_once_only_means_once(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", {**TASK, "again": False})
    client, _seat, key = handed_in(classroom, activity, "Anna")
    answer(teacher, key, "returned")
    assert "can be handed in once" in client.get(classroom.url(activity)).text
    assert (
        classroom.send(client, activity, text="Igen", act="hand_in", revision="2").status_code
        == 422
    )


def test_a_double_click_marks_once(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    _client, seat, key = handed_in(classroom, activity, "Anna")
    data = {"csrf_token": csrf_of(teacher), "outcome": "accepted", "text": "Ja"}
    first = teacher.post(f"/activities/mark/hand-in/{key}", data=data)
    second = teacher.post(f"/activities/mark/hand-in/{key}", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    late = answer(teacher, key, "returned")
    assert late.status_code == 422
    assert "answered in the meantime" in late.text
    assert classroom.work(activity, seat).state == "accepted"


def test_two_teachers_must_agree(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", {**TASK, "double": True, "criteria": RUBRIC})
    _client, seat, key = handed_in(classroom, activity, "Anna")
    other = second_teacher(classroom)
    answer(teacher, key, **{"level-safe": "2", "level-words": "1"})
    assert classroom.work(activity, seat).state == "submitted"
    assert (
        "another teacher is missing"
        in teacher.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
    )
    # The second does not read the first's words before writing their own.
    assert "Godt set." not in other.get(f"/activities/mark/hand-in/{key}?lang=en").text
    answer(other, key, "returned", text="Mangler en del.")
    assert classroom.work(activity, seat).state == "submitted"
    for client, theirs in ((teacher, "Mangler en del."), (other, "Godt set.")):
        page = client.get(f"/activities/mark/hand-in/{key}?lang=en").text
        assert theirs in page
        assert "when you both say the same" in page
        listed = client.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
        assert "Two say different things" in listed
    assert len(notes(classroom)) == 2
    answer(other, key, **{"level-safe": "0", "level-words": "0"})
    work = classroom.work(activity, seat)
    assert (work.state, work.score) == ("accepted", 50)


def test_one_teacher_is_not_two(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", {**TASK, "double": True})
    _client, seat, key = handed_in(classroom, activity, "Anna")
    for _time in range(3):
        answer(teacher, key)
    assert classroom.work(activity, seat).state == "submitted"
    with classroom.app.app_context():
        (one,) = tries_of(classroom.work(activity, seat).id)
        assert len(markings_of([one.id])[one.id]) == 1


def test_nobody_marks_their_own(classroom: Any) -> None:
    activity = classroom.add("assignment", TASK)
    _client, _seat, first = handed_in(classroom, activity, "Anna")
    person, seat = classroom.participant("Lærer og deltager")
    classroom.maker.team_member(run=classroom.run, person=person, role="teacher")
    client = classroom.client(person)
    classroom.send(client, activity, text="Mit eget", act="hand_in")
    own = key_of(classroom, activity, seat)
    page = client.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
    assert "1 waits for you" in page
    assert "Yours: another teacher answers" in page
    refused = answer(client, own)
    assert refused.status_code == 422
    assert "Nobody marks their own work" in refused.text
    done = answer(client, first)
    assert done.headers["Location"].endswith(f"/activities/mark/assignment/{activity.key}")


def test_who_works_for_a_company_reads_and_marks_nothing(classroom: Any) -> None:
    activity = classroom.add("assignment", TASK)
    _client, seat, key = handed_in(classroom, activity, "Anna", "Kun for lærere")
    company = classroom.maker.organisation(name="Opdigtet ApS", kind="company")
    person = classroom.maker.person()
    classroom.maker.assignment(person=person, organisation=company)
    classroom.maker.team_member(run=classroom.run, person=person, role="teacher")
    client = classroom.client(person)
    page = client.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
    assert "does not assess participants" in page
    assert "Anna" not in page
    assert client.get(f"/activities/mark/hand-in/{key}").status_code == 404
    assert answer(client, key).status_code == 404
    assert classroom.work(activity, seat).state == "submitted"


def test_strangers_find_nothing(classroom: Any) -> None:
    activity = classroom.add("assignment", TASK)
    client, _seat, key = handed_in(classroom, activity, "Anna")
    stranger = classroom.client(classroom.maker.person())
    for reader in (client, stranger):
        assert reader.get(f"/activities/mark/assignment/{activity.key}").status_code == 404
        assert reader.get(f"/activities/mark/hand-in/{key}").status_code == 404
        assert answer(reader, key).status_code == 404
    teacher = classroom.client(classroom.teacher)
    for junk in ("x", "a" * 16, "%00"):
        assert teacher.get(f"/activities/mark/hand-in/{junk}").status_code == 404


def test_a_pair_is_marked_together(classroom: Any, teacher: FlaskClient) -> None:
    activity, anna, anna_seat, bo, bo_seat = classroom.pair(**TASK)
    classroom.send(anna, activity, text="Vores", act="hand_in")
    page = teacher.get(f"/activities/mark/assignment/{activity.key}?lang=en").text
    assert "Nobody has handed in yet" in page
    classroom.send(bo, activity, act="agree")
    key = key_of(classroom, activity, bo_seat)
    page = teacher.get(f"/activities/mark/hand-in/{key}?lang=en").text
    assert "Anna, Bo" in page
    answer(teacher, key)
    assert classroom.work(activity, anna_seat).state == "accepted"
    assert classroom.work(activity, bo_seat).state == "accepted"
    assert "Godt set." in anna.get(classroom.url(activity)).text


def test_work_of_who_has_left_can_still_be_answered(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    _client, seat, key = handed_in(classroom, activity, "Anna")
    classroom.do(withdraw, seat.id, SYSTEM)
    assert answer(teacher, key).status_code == 303
    assert classroom.work(activity, seat).state == "accepted"


def test_words_used_often_are_kept_and_put_in(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    _client, _seat, first = handed_in(classroom, activity, "Anna")
    _client, _seat, second = handed_in(classroom, activity, "Bo")
    answer(teacher, first, text="Husk at skrive hvorfor.", keep="1")
    page = teacher.get(f"/activities/mark/hand-in/{second}?lang=en").text
    chosen = re.search(r'name="snippet" value="(\d+)"', page)
    assert chosen is not None
    data = {"csrf_token": csrf_of(teacher), "text": "Godt.", "snippet": chosen[1]}
    shown = teacher.post(f"/activities/mark/hand-in/{second}?lang=en", data=data)
    assert shown.status_code == 200
    assert "Godt.\nHusk at skrive hvorfor.</textarea>" in shown.text
    other = second_teacher(classroom)
    assert "Husk at skrive" not in other.get(f"/activities/mark/hand-in/{second}").text


def notes(classroom: Any) -> list[Mail]:
    """The mails asked for by now, after everybody was told what happened."""
    with classroom.app.test_request_context():
        seal()
        deliver()
        return list(db.session.scalars(select(Mail).where(Mail.kind == "note")))


def test_participants_get_a_mail_when_it_is_returned(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", TASK)
    _client, seat, key = handed_in(classroom, activity, "Anna")
    answer(teacher, key, "returned")
    mails = notes(classroom)
    assert [mail.person_id for mail in mails] == [seat.person_id]
    assert mails[0].values["subject"]["en"] == "Look at “The task” again"


def test_levels_tell_of_learning_outcomes(classroom: Any, teacher: FlaskClient) -> None:
    with classroom.app.app_context():
        version = db.session.get_one(CourseVersion, classroom.run.course_version_id)
        version.outcomes = [{"da": "Kan løfte", "sv": "", "en": "Can lift"}]
        db.session.commit()
    criteria = [RUBRIC[0] | {"outcome": 0}, RUBRIC[1]]
    activity = classroom.add("assignment", {**TASK, "criteria": criteria})
    _client, seat, key = handed_in(classroom, activity, "Anna")
    answer(teacher, key, **{"level-safe": "2", "level-words": "0"})
    with classroom.app.app_context():
        found = db.session.scalars(select(Assessment)).all()
    assert [(one.enrolment_id, one.outcome, one.level, one.method) for one in found] == [
        (seat.id, 0, 3, "work")
    ]


def test_a_long_list_costs_ten_queries(
    classroom: Any, teacher: FlaskClient, count_queries: Counting
) -> None:
    activity = classroom.add("assignment", TASK)
    for n in range(4):
        handed_in(classroom, activity, f"Nr. {n}")
    teacher.get("/")
    with count_queries() as queries:
        page = teacher.get(f"/activities/mark/assignment/{activity.key}?lang=en")
    assert "4 wait for you" in page.text
    assert len(queries) <= 10, "\n".join(queries)


def test_a_rubric_that_changes_leaves_what_was_said(classroom: Any, teacher: FlaskClient) -> None:
    activity = classroom.add("assignment", {**TASK, "criteria": RUBRIC})
    client, seat, key = handed_in(classroom, activity, "Anna")
    answer(teacher, key, **{"level-safe": "2", "level-words": "1"})
    with classroom.app.app_context():
        stored = activities_by_id([activity.id])[activity.id]
    values = ActivityValues(title=stored.title, module=stored.module, minutes=stored.minutes)
    shorter = {**TASK, "criteria": [RUBRIC[0] | {"levels": RUBRIC[0]["levels"][:2]}]}  # type: ignore[index]
    classroom.do(save_activity, stored, values, shorter, SYSTEM, revision=stored.revision)
    assert client.get(classroom.url(activity)).status_code == 200
    assert teacher.get(f"/activities/mark/hand-in/{key}").status_code == 200
    with classroom.app.app_context():
        work = classroom.work(activity, seat)
        assert works_by_id([work.id])[work.id].score == 100
