"""A task between two sessions: done at work, seen by somebody there, ending in a record."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import (
    SYSTEM,
    Actor,
    LocalisedText,
    RecordDraft,
    RecordType,
    activities_by_id,
    hookimpl,
    now,
    record_kinds,
    withdraw,
)
from lms.core.messages.models import Mail
from lms.db import db
from lms.journal import deliver, seal
from lms.testing import csrf_of
from lms_activities.assignment import Task
from lms_activities.models import Link
from lms_activities.queries.assignment import tries_of
from lms_activities.queries.seen import links_of

TASK = {
    "text": {"da": "Skriv, hvad der skete.", "sv": "", "en": "Write what happened."},
    "workplace": {"da": "Prøv det tre gange.", "sv": "", "en": "Try it three times."},
    "promise": 45,
}
WRITTEN = {
    "text": "Vi lagde hjælpemidlerne frem.",
    "kind": "changed_routine",
    "title": "Hjælpemidler frem kl. 12",
    "no_names": "y",
}


class Broken:
    """A plugin whose records cannot be written."""

    @hookimpl
    def lms_record_types(self) -> Sequence[RecordType]:
        def make(draft: RecordDraft, actor: Actor) -> str:
            raise RuntimeError("no")

        title = LocalisedText(da="Problem", sv="Problem", en="Problem")
        return [RecordType(key="problem", title=title, icon="hand", make=make)]


@pytest.fixture
def lms_plugins() -> Sequence[Any]:
    return ["activities", ("broken", Broken())]


@pytest.fixture
def place(classroom: Any) -> tuple[Any, Any, FlaskClient]:
    """A participant with a manager who has kept some text: (activity, seat, client)."""
    manager = classroom.maker.person(name="Lone Leder")
    person, seat = classroom.participant("Anna", manager=manager)
    activity = classroom.add("in_between", TASK)
    client = classroom.client(person)
    assert classroom.send(client, activity, **WRITTEN).status_code == 303
    return activity, seat, client


def ask(client: FlaskClient, activity: Any, **fields: Any) -> Any:
    data = {"csrf_token": csrf_of(client), "way": "copy"} | fields
    return client.post(f"/activities/in-between/{activity.key}/seen?lang=en", data=data)


def link_of(client: FlaskClient, activity: Any, **fields: Any) -> str:
    found = re.search(
        r'value="https?://[^/]+(/activities/seen/[^"]+)"', ask(client, activity, **fields).text
    )
    assert found is not None
    return found[1]


def see(client: FlaskClient, path: str, **fields: Any) -> Any:
    data = {"csrf_token": csrf_of(client), "function": "Sygeplejerske", "note": ""} | fields
    return client.post(f"{path}?lang=en", data=data)


def mark(classroom: Any, activity: Any, seat: Any, outcome: str = "accepted") -> Any:
    teacher = classroom.client(classroom.teacher)
    with classroom.app.app_context():
        key = tries_of(classroom.work(activity, seat).id)[-1].key
    data = {"csrf_token": csrf_of(teacher), "outcome": outcome, "text": "Godt."}
    return teacher.post(f"/activities/mark/hand-in/{key}?lang=en", data=data)


def test_the_page_says_what_is_promised_and_what_must_be_ticked(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    page = client.get(classroom.url(activity)).text
    for words in ("Try it three times.", "Write what happened.", "45 minutes", "Nobody can be"):
        assert words in page
    without = WRITTEN | {"no_names": "", "title": ""}
    del without["no_names"]
    answer = classroom.send(client, activity, **without, act="hand_in")
    assert answer.status_code == 422
    assert "tick that nobody can be recognised" in answer.text
    assert "Say in one line" in answer.text
    numbered = classroom.send(client, activity, **(WRITTEN | {"text": "Borger 010190-1234"}))
    assert numbered.status_code == 422
    assert classroom.send(client, activity, **WRITTEN, act="hand_in").status_code == 303
    assert classroom.work(activity, seat).state == "submitted"


def test_two_clicks_without_an_account(classroom: Any, place: Any) -> None:
    activity, _seat, client = place
    path = link_of(client, activity)
    colleague = classroom.app.test_client()
    page = colleague.get(f"{path}?lang=en")
    assert page.status_code == 200
    assert "Vi lagde hjælpemidlerne frem." in page.text
    assert "Anna" in page.text
    # Looking changes nothing.
    with classroom.app.app_context():
        assert db.session.scalars(select(Link.answered_at)).one() is None
    nobody = see(colleague, path, function="")
    assert nobody.status_code == 422
    done = see(colleague, path, note="Det virker.")
    assert done.status_code == 303
    thanks = colleague.get(done.headers["Location"])
    assert thanks.status_code == 200
    page = client.get(classroom.url(activity)).text
    for words in ("Seen", "Sygeplejerske", "Det virker."):
        assert words in page
    assert see(colleague, path).status_code == 410
    assert "It has been seen" in colleague.get(f"{path}?lang=en").text
    with classroom.app.app_context():
        stored = db.session.scalars(select(Link)).one()
        assert path.rpartition("/")[2] not in (stored.token_hash, stored.key)


def test_what_nobody_has_seen_is_not_accepted(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    classroom.send(client, activity, **WRITTEN, act="hand_in")
    refused = mark(classroom, activity, seat)
    assert refused.status_code == 422
    assert "Nobody at work has seen this yet" in refused.text
    listed = classroom.client(classroom.teacher).get(
        f"/activities/mark/in-between/{activity.key}?lang=en"
    )
    assert "Nobody at work has seen it yet" in listed.text
    assert see(classroom.app.test_client(), link_of(client, activity)).status_code == 303
    assert mark(classroom, activity, seat).status_code == 303


def test_accepted_it_ends_in_a_record(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    see(classroom.app.test_client(), link_of(client, activity))
    classroom.send(client, activity, **WRITTEN, act="hand_in")
    assert mark(classroom, activity, seat).status_code == 303
    work = classroom.work(activity, seat)
    assert work.state == "accepted"
    assert (work.record_type, work.record_title) == (
        "changed_routine",
        "Hjælpemidler frem kl. 12",
    )
    page = client.get(classroom.url(activity)).text
    assert f"/activities/records/{work.record_key}" in page
    record = client.get(f"/activities/records/{work.record_key}?lang=en")
    assert "Vi lagde hjælpemidlerne frem." in record.text


def test_returned_it_makes_no_record_and_the_next_makes_one(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    see(classroom.app.test_client(), link_of(client, activity))
    classroom.send(client, activity, **WRITTEN, act="hand_in")
    mark(classroom, activity, seat, "returned")
    assert classroom.work(activity, seat).record_key is None
    better = WRITTEN | {"kind": "learning_note", "title": "Vi lærte noget"}
    assert classroom.send(client, activity, **better, act="hand_in").status_code == 303
    mark(classroom, activity, seat)
    assert classroom.work(activity, seat).record_type == "learning_note"


def test_a_record_that_cannot_be_written_undoes_the_yes(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    see(classroom.app.test_client(), link_of(client, activity))
    classroom.send(client, activity, **(WRITTEN | {"kind": "problem"}), act="hand_in")
    refused = mark(classroom, activity, seat)
    assert refused.status_code == 422
    assert "cannot be written just now" in refused.text
    assert classroom.work(activity, seat).state == "submitted"
    with classroom.app.app_context():
        assert [kind.key for kind in record_kinds()] == [
            "changed_routine",
            "learning_note",
            "problem",
        ]


def test_only_the_kinds_asked_for(classroom: Any) -> None:
    person, _seat = classroom.participant("Anna")
    activity = classroom.add("in_between", {**TASK, "kinds": ["learning_note"]})
    client = classroom.client(person)
    page = client.get(classroom.url(activity)).text
    assert "Learning note" in page
    assert "Changed routine" not in page
    assert classroom.send(client, activity, **WRITTEN).status_code == 422


@pytest.mark.parametrize("why", ["late", "revoked", "withdrawn", "junk", "own", "other"])
def test_a_link_that_shows_nothing_says_why(
    classroom: Any, place: Any, clock: Any, why: str
) -> None:
    activity, seat, client = place
    path = link_of(client, activity)
    reader = classroom.app.test_client()
    expected = {
        "late": "The time for this link is over",
        "revoked": "This link was taken back",
        "withdrawn": "not there to be seen",
        "junk": "has done its work",
        "own": "Somebody else than you",
        "other": "meant for somebody else",
    }[why]
    if why == "late":
        clock.move(days=22)
    elif why == "revoked":
        with classroom.app.app_context():
            (link,) = links_of([classroom.work(activity, seat).id])
        data = {"csrf_token": csrf_of(client)}
        url = f"/activities/seen-links/{link.key}/revoke"
        stranger = classroom.client(classroom.participant("Bo")[0])
        theirs = {"csrf_token": csrf_of(stranger)}
        assert stranger.post(url, data=theirs).status_code == 404
        assert client.post(url, data=data).status_code == 303
    elif why == "withdrawn":
        classroom.do(withdraw, seat.id, SYSTEM)
    elif why == "junk":
        path = "/activities/seen/Æ" + "x" * 20
    elif why == "own":
        reader = client
    else:
        ask(client, activity, way="manager")
        with classroom.app.app_context():
            mail = db.session.scalars(select(Mail)).one()
            path = "/activities/seen/" + mail.values["url"].rpartition("/")[2]
        reader = classroom.client(classroom.maker.person())
    for answer in (reader.get(f"{path}?lang=en"), see(reader, path)):
        assert answer.status_code == 410
        assert expected in answer.text
        assert "hjælpemidlerne" not in answer.text


def test_the_manager_gets_a_mail_with_the_link(classroom: Any, place: Any) -> None:
    activity, seat, client = place
    assert "My manager, Lone Leder" in client.get(classroom.url(activity)).text
    assert ask(client, activity, way="manager").status_code == 303
    with classroom.app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert mail.person_id == seat.manager_id
        path = "/activities/seen/" + mail.values["url"].rpartition("/")[2]
    assert see(classroom.app.test_client(), path).status_code == 303
    with classroom.app.test_request_context():
        seal()
        deliver()
        told = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
        assert told is not None
        assert told.person_id == seat.person_id
        assert told.values["subject"]["en"] == "Somebody has seen “The task”"


def test_a_colleague_is_written_to_by_ones_own_mail_program(classroom: Any, place: Any) -> None:
    activity, _seat, client = place
    wrong = ask(client, activity, way="mail", email="ikke en adresse")
    assert wrong.status_code == 422
    answer = ask(client, activity, way="mail", email="kollega@proevelev.example")
    assert 'href="mailto:kollega@proevelev.example?subject=' in answer.text
    for _time in range(4):
        assert ask(client, activity).status_code == 200
    full = ask(client, activity)
    assert full.status_code == 422
    assert "Five links are open" in full.text


def test_files_are_seen_only_where_they_were_given(classroom: Any) -> None:
    person, _seat = classroom.participant("Anna")
    activity = classroom.add("in_between", {**TASK, "parts": "both"})
    client = classroom.client(person)
    files = (io.BytesIO("Før og efter".encode()), "før.txt", "text/plain")
    assert classroom.send(client, activity, **WRITTEN, files=files).status_code == 303
    reader = classroom.app.test_client()
    page = reader.get(link_of(client, activity)).text
    assert "før.txt" not in page
    path = link_of(client, activity, with_files="y")
    page = reader.get(path).text
    found = re.search(r'href="(/files/[^"]+)"', page)
    assert found is not None
    assert reader.get(found[1]).get_data().decode() == "Før og efter"
    assert reader.get(found[1].partition("?")[0]).status_code == 404
    see(reader, path)
    assert reader.get(found[1]).status_code == 404


def test_one_of_a_group_seen_is_all_seen_and_one_record(classroom: Any) -> None:
    activity, anna, anna_seat, bo, bo_seat = classroom.pair("in_between", **TASK)
    classroom.send(anna, activity, **WRITTEN)
    see(classroom.app.test_client(), link_of(bo, activity))
    assert classroom.send(anna, activity, **WRITTEN, act="hand_in").status_code == 303
    assert classroom.send(bo, activity, act="agree").status_code == 303
    assert mark(classroom, activity, anna_seat).status_code == 303
    works = [classroom.work(activity, seat) for seat in (anna_seat, bo_seat)]
    assert {work.state for work in works} == {"accepted"}
    assert len({work.record_key for work in works}) == 1


def test_the_editor_keeps_the_promise_and_the_kinds(classroom: Any) -> None:
    activity = classroom.add("in_between")
    client = classroom.client(classroom.teacher)
    url = f"/activities/edit/in-between/{activity.key}?lang=en"
    assert "Changed routine" in client.get(url).text
    fields = {
        "csrf_token": csrf_of(client),
        "title_da": "Imellem",
        "text_da": "Skriv",
        "workplace_da": "Prøv",
        "module": "start",
        "need": "required",
        "minutes": "60",
        "who": "alone",
        "parts": "text",
        "late": "marked",
        "after": "",
        "revision": "1",
        "promise": "30",
        "kinds": "learning_note",
    }
    assert client.post(url, data=fields).status_code == 303
    with classroom.app.app_context():
        task = Task.of(activities_by_id([activity.id])[activity.id])
    assert (task.promise, task.kinds, task.at_work) == (30, ("learning_note",), True)
    assert task.workplace.da == "Prøv"


def test_a_late_one_is_still_seen_and_handed_in(classroom: Any) -> None:
    person, seat = classroom.participant("Anna")
    activity = classroom.add("in_between", TASK, due_at=now() - timedelta(days=2))
    client = classroom.client(person)
    assert classroom.send(client, activity, **WRITTEN, act="hand_in").status_code == 303
    assert classroom.work(activity, seat).state == "submitted"
    assert see(classroom.app.test_client(), link_of(client, activity)).status_code == 303
