"""An assignment as who works on it meets it: drafts, files, pairs, groups, tries."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from lms.api import SYSTEM, ActivityFacts, activities_by_id, now, withdraw
from lms.core.learning.models import Group, GroupMember
from lms.core.learning.services.outline import take_out
from lms.testing import csrf_of
from lms_activities.assignment import Task
from lms_activities.assignment_difference import difference
from lms_activities.queries.assignment import asked_to_agree, tries_of

TASK = {"text": {"da": "Skriv om et *løft*.", "sv": "", "en": "Write about a *lift*."}}


def revision_on(page: str) -> str:
    found = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def tries(classroom: Any, activity: ActivityFacts, enrolment: Any) -> Any:
    work = classroom.work(activity, enrolment)
    with classroom.app.app_context():
        return tries_of(work.id) if work is not None else []


def group(classroom: Any, *seats: Any, name: str = "Hold A") -> None:
    row = Group(run_id=classroom.run.id, name=name)
    classroom.maker.write(row)
    classroom.maker.write(*(GroupMember(group_id=row.id, enrolment_id=s.id) for s in seats))


def test_the_task_is_shown_and_a_draft_is_kept(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", {**TASK, "words": 200})
    client = classroom.client(anna)
    page = client.get(classroom.url(activity)).text
    assert "<em>lift</em>" in page
    assert "About 200 words" in page
    assert classroom.send(client, activity, text="Vi bruger for lang tid.").status_code == 303
    assert classroom.work(activity, seat).content == {
        "text": "Vi bruger for lang tid.",
        "language": "en",
    }
    page = client.get(classroom.url(activity)).text
    assert "Vi bruger for lang tid." in page
    assert revision_on(page) == "2"


def test_handing_in_closes_the_text_and_shows_the_try(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    assert classroom.send(client, activity, text="", act="hand_in").status_code == 422
    assert classroom.send(client, activity, text="Færdig", act="hand_in").status_code == 303
    assert classroom.work(activity, seat).state == "submitted"
    (one,) = tries(classroom, activity, seat)
    assert (one.text, one.number, one.waits) == ("Færdig", 1, True)
    page = client.get(classroom.url(activity)).text
    assert "Færdig" in page
    assert "Waits for an answer" in page
    assert 'name="revision"' not in page
    refused = classroom.send(client, activity, text="Noget andet", act="hand_in", revision="3")
    assert refused.status_code == 422
    assert "Noget andet" in refused.text
    assert len(tries(classroom, activity, seat)) == 1


def test_a_draft_is_kept_by_itself_with_a_fresh_token(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    client.get(classroom.url(activity))
    data = {"csrf_token": csrf_of(client), "act": "save", "text": "en", "revision": "0"}
    ask = {"Accept": "application/json"}
    first = client.post(classroom.url(activity), data=data, headers=ask)
    assert first.status_code == 200
    told = first.get_json()
    assert told["saved"] is True
    more = data | {"text": "to", "revision": told["revision"], "csrf_token": told["csrf_token"]}
    assert client.post(classroom.url(activity), data=more, headers=ask).get_json()["saved"] is True
    assert classroom.work(activity, seat).content["text"] == "to"
    # The same post once more, as a phone does that did not hear the answer: done once.
    again = client.post(classroom.url(activity), data=more, headers=ask)
    assert again.status_code in (200, 409)
    assert classroom.work(activity, seat).revision == 3
    late = data | {"text": "tre", "csrf_token": csrf_of(client)}
    assert client.post(classroom.url(activity), data=late, headers=ask).status_code == 409
    number = data | {"text": "010190-1234", "revision": "3", "csrf_token": csrf_of(client)}
    wrong = client.post(classroom.url(activity), data=number, headers=ask)
    assert wrong.status_code == 422
    assert "identity number" in wrong.get_json()["errors"][0]
    assert classroom.work(activity, seat).content["text"] == "to"


def test_two_tabs_lose_nothing_and_see_the_difference(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    old = revision_on(client.get(classroom.url(activity)).text)
    assert classroom.send(client, activity, text="Vi løfter to", revision=old).status_code == 303
    other = classroom.send(client, activity, text="Vi løfter tre", revision=old)
    assert other.status_code == 409
    assert "<del>to</del>" in other.text
    assert "<ins>tre</ins>" in other.text
    assert "Vi løfter tre</textarea>" in other.text
    assert classroom.work(activity, seat).content["text"] == "Vi løfter to"
    meant = classroom.send(client, activity, text="Vi løfter tre", revision=revision_on(other.text))
    assert meant.status_code == 303
    assert classroom.work(activity, seat).content["text"] == "Vi løfter tre"
    # Two tabs with one text are of one mind.
    assert classroom.send(client, activity, text="Vi løfter tre", revision=old).status_code == 303


@pytest.mark.once
@pytest.mark.parametrize(
    ("theirs", "yours"),
    [
        ("", ""),
        ("a b c", "a x c"),
        ("to\nlinjer", "to\nlinjer\ntil"),
        ("æ ø å " * 2000, "æ ø " * 2000),
        ("كلمة واحدة", "كلمة"),
    ],
)
def test_a_difference_holds_both_texts(theirs: str, yours: str) -> None:
    pieces = difference(theirs, yours)
    assert "".join(p.text for p in pieces if p.kind != "yours") == theirs
    assert "".join(p.text for p in pieces if p.kind != "theirs") == yours


def test_a_double_click_hands_in_once(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    client.get(classroom.url(activity))
    data = {"csrf_token": csrf_of(client), "act": "hand_in", "text": "Ja", "revision": "0"}
    assert client.post(classroom.url(activity), data=data).status_code == 303
    assert client.post(classroom.url(activity), data=data).status_code == 303
    assert len(tries(classroom, activity, seat)) == 1
    assert classroom.work(activity, seat).attempts == 1


def test_files_go_along_with_the_try(classroom: Any) -> None:
    anna, _seat = classroom.participant()
    activity = classroom.add("assignment", {**TASK, "parts": "files", "most_files": 2})
    client = classroom.client(anna)
    missing = classroom.send(client, activity, act="hand_in")
    assert missing.status_code == 422
    assert "Add a file" in missing.text
    name = "Mødenoter – 会議 ملف.txt"
    sent = classroom.send(client, activity, files=(io.BytesIO(b"Hej"), name, "text/plain"))
    assert sent.status_code == 303
    page = client.get(classroom.url(activity)).text
    assert name in page
    too_many = classroom.send(
        client,
        activity,
        files=[(io.BytesIO(b"1"), "1.txt"), (io.BytesIO(b"2"), "2.txt")],
        act="hand_in",
    )
    assert too_many.status_code == 422
    assert "At most 2 files" in too_many.text
    page = client.get(classroom.url(activity)).text
    assert "1.txt" in page
    assert "2.txt" not in page
    key = re.search(r'value="remove-([a-z2-7]{16})"[^>]*>.*?1\.txt', page)
    assert key is not None
    keys = re.findall(r'value="remove-([a-z2-7]{16})"', page)
    assert classroom.send(client, activity, act=f"remove-{keys[1]}").status_code == 303
    assert classroom.send(client, activity, act="hand_in").status_code == 303
    page = client.get(classroom.url(activity)).text
    (address,) = re.findall(r'href="(/files/[^"]+)"', page)
    answer = client.get(address)
    assert answer.get_data() == b"Hej"
    stranger, _seat = classroom.participant("Carl")
    assert classroom.client(stranger).get(address).status_code == 404
    assert classroom.client(classroom.teacher).get(address).status_code == 200
    assert classroom.app.test_client().get(address).status_code == 404


def test_a_file_that_is_not_taken_leaves_the_text(classroom: Any) -> None:
    anna, _seat = classroom.participant()
    activity = classroom.add("assignment", {**TASK, "parts": "both"})
    client = classroom.client(anna)
    answer = classroom.send(client, activity, text="Min tekst", files=(io.BytesIO(b""), "tom.txt"))
    assert answer.status_code == 422
    assert "Min tekst" in answer.text


def test_what_comes_late_is_marked_or_not_taken(classroom: Any) -> None:
    anna, seat = classroom.participant()
    over = now() - timedelta(days=1)
    taken = classroom.add("assignment", TASK, due_at=over)
    refused = classroom.add("assignment", {**TASK, "late": "refused"}, due_at=over)
    client = classroom.client(anna)
    assert classroom.send(client, taken, text="Sent", act="hand_in").status_code == 303
    assert "After the day" in client.get(classroom.url(taken)).text
    answer = classroom.send(client, refused, text="For sent", act="hand_in")
    assert answer.status_code == 422
    assert "The day has passed" in answer.text
    assert "For sent" in answer.text
    assert classroom.work(refused, seat) is None or not tries(classroom, refused, seat)


def test_a_pair_hands_in_when_the_other_has_said_yes(classroom: Any) -> None:
    activity, anna, anna_seat, bo, bo_seat = classroom.pair(**TASK)
    assert classroom.send(anna, activity, text="Vores", act="hand_in").status_code == 303
    assert classroom.work(activity, anna_seat).state == "started"
    assert "waiting for the other" in anna.get(classroom.url(activity)).text
    page = bo.get(classroom.url(activity)).text
    assert "Yes, it is done" in page
    assert "Vores" in page
    assert "Say yes or not yet" in bo.get("/me?lang=en").text
    assert classroom.send(anna, activity, act="agree").status_code == 422
    assert classroom.send(bo, activity, text="Mit eget", revision="1").status_code == 422
    assert classroom.send(bo, activity, act="agree").status_code == 303
    for seat in (anna_seat, bo_seat):
        assert classroom.work(activity, seat).state == "submitted"
        assert [one.text for one in tries(classroom, activity, seat)] == ["Vores"]
    assert classroom.send(bo, activity, act="agree").status_code == 303
    assert len(tries(classroom, activity, bo_seat)) == 1


def test_not_yet_opens_it_to_both_again(classroom: Any) -> None:
    activity, anna, anna_seat, bo, bo_seat = classroom.pair(**TASK)
    classroom.send(anna, activity, text="Vores", act="hand_in")
    assert classroom.send(bo, activity, act="not_yet").status_code == 303
    assert classroom.work(activity, bo_seat).content["text"] == "Vores"
    assert classroom.send(bo, activity, text="Vores, bedre", act="hand_in").status_code == 303
    assert classroom.send(anna, activity, act="agree").status_code == 303
    (one,) = tries(classroom, activity, anna_seat)
    assert one.text == "Vores, bedre"


def test_who_is_left_of_a_pair_hands_in_alone(classroom: Any) -> None:
    activity, anna, anna_seat, _bo, bo_seat = classroom.pair(**TASK)
    classroom.send(anna, activity, text="Vores", act="hand_in")
    classroom.do(withdraw, bo_seat.id, SYSTEM)
    page = anna.get(classroom.url(activity)).text
    assert "Nobody is put together with you" in page
    assert "Vores" in page
    with classroom.app.app_context():
        assert asked_to_agree([classroom.work(activity, anna_seat).id]) is not None
    assert classroom.send(anna, activity, text="Vores", act="hand_in").status_code == 303
    assert classroom.work(activity, anna_seat).state == "submitted"
    assert [one.waits for one in tries(classroom, activity, anna_seat)] == [True]


def test_a_group_hands_in_once_for_all(classroom: Any) -> None:
    people = [classroom.participant(name) for name in ("Anna", "Bo", "Carl")]
    seats = [seat for _person, seat in people]
    group(classroom, *seats)
    activity = classroom.add("assignment", {**TASK, "who": "group"})
    anna, bo, carl = (classroom.client(person) for person, _seat in people)
    classroom.send(anna, activity, text="Fælles")
    assert "Fælles" in bo.get(classroom.url(activity)).text
    old = revision_on(bo.get(classroom.url(activity)).text)
    classroom.send(anna, activity, text="Fælles og mere")
    assert classroom.send(bo, activity, text="Fælles og andet", revision=old).status_code == 409
    assert classroom.send(bo, activity, text="Fælles og begge", act="hand_in").status_code == 303
    for seat in seats:
        assert classroom.work(activity, seat).state == "submitted"
        (one,) = tries(classroom, activity, seat)
        assert one.group_name == "Hold A"
    assert "Fælles og begge" in carl.get(classroom.url(activity)).text
    classroom.do(withdraw, seats[1].id, SYSTEM)
    assert "Fælles og begge" in anna.get(classroom.url(activity)).text
    assert "Fælles og begge" in bo.get(classroom.url(activity)).text


def test_ones_own_text_is_not_written_over_by_the_group(classroom: Any) -> None:
    people = [classroom.participant(name) for name in ("Anna", "Bo")]
    activity = classroom.add("assignment", {**TASK, "who": "group"})
    anna, bo = (classroom.client(person) for person, _seat in people)
    classroom.send(bo, activity, text="Bos eget")
    group(classroom, *(seat for _person, seat in people))
    classroom.send(anna, activity, text="Annas")
    assert classroom.work(activity, people[1][1]).content["text"] == "Bos eget"


def test_who_has_left_reads_and_writes_no_more(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    classroom.send(client, activity, text="Mit udkast")
    classroom.do(withdraw, seat.id, SYSTEM)
    page = client.get(classroom.url(activity))
    assert page.status_code == 200
    assert "Mit udkast" in page.text
    answer = classroom.send(client, activity, text="Mit udkast og mere", revision="2")
    assert answer.status_code == 422
    assert "Mit udkast og mere" in answer.text
    assert classroom.work(activity, seat).content["text"] == "Mit udkast"


def test_an_activity_taken_out_while_answered_keeps_what_was_typed(classroom: Any) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK)
    client = classroom.client(anna)
    classroom.send(client, activity, text="Begyndt")
    classroom.do(take_out, activity, SYSTEM)
    answer = classroom.send(client, activity, text="Begyndt og færdig", act="hand_in", revision="2")
    assert answer.status_code == 422
    assert "Begyndt og færdig" in answer.text
    assert classroom.work(activity, seat).state == "started"


def test_the_team_sees_the_task_and_posts_nothing(classroom: Any) -> None:
    activity = classroom.add("assignment", TASK)
    client = classroom.client(classroom.teacher)
    assert "<em>lift</em>" in client.get(classroom.url(activity)).text
    assert classroom.send(client, activity, text="Hej").status_code == 404
    stranger = classroom.client(classroom.maker.person())
    assert stranger.get(classroom.url(activity)).status_code == 404


def test_the_editor_keeps_a_rubric(classroom: Any) -> None:
    activity = classroom.add("assignment")
    client = classroom.client(classroom.teacher)
    url = f"/activities/edit/assignment/{activity.key}?lang=en"
    page = client.get(url).text
    assert page.count('class="criterion"') == 3
    fields = {
        "csrf_token": csrf_of(client),
        "title_da": "Opgaven",
        "text_da": "Skriv",
        "module": "start",
        "need": "required",
        "minutes": "60",
        "who": "alone",
        "parts": "both",
        "most_files": "2",
        "late": "marked",
        "again": "y",
        "after": "",
        "revision": "1",
        "criteria-0-title_da": "Sikkerhed",
        "criteria-0-levels_da": "Ikke vist\nDelvis\nVist",
        "criteria-1-title_da": "",
        "criteria-1-levels_da": "",
    }
    more = client.post(url, data=fields | {"more": "1"})
    assert more.text.count('class="criterion"') == 5
    assert "Sikkerhed" in more.text
    wrong = fields | {"csrf_token": csrf_of(client), "criteria-0-levels_da": "Kun én"}
    answer = client.post(url, data=wrong)
    assert answer.status_code == 422
    assert "from two to six levels" in answer.text
    saved = client.post(url, data=fields | {"csrf_token": csrf_of(client)})
    assert saved.status_code == 303, re.findall(r'class="error".*', saved.text)
    with classroom.app.app_context():
        task = Task.of(activities_by_id([activity.id])[activity.id])
    (one,) = task.criteria
    assert one.title.da == "Sikkerhed"
    assert [level.da for level in one.levels] == ["Ikke vist", "Delvis", "Vist"]
    assert (task.parts, task.most_files, task.again, task.double) == ("both", 2, True, False)
    page = client.get(url).text
    assert "Sikkerhed" in page
    assert page.count('class="criterion"') == 4


@pytest.mark.once
@pytest.mark.parametrize(
    "content",
    [
        {},
        {"who": "all", "parts": 7, "most_files": "many", "criteria": "x", "text": None},
        {"criteria": [{"key": 1}, {"key": "a", "levels": ["x"]}, None], "words": -1},
    ],
)
def test_what_is_strange_in_a_document_is_read_as_its_default(content: Any) -> None:
    assert Task.of_content(content) == Task()
