"""A check-list: own ticks are kept, and all that must be ticked make it done."""

from __future__ import annotations

import re

import pytest

from lms.api import activities_by_id
from lms.testing import csrf_of

POINTS = {
    "points": [
        {"key": "rent", "text": {"da": "Den er ren"}, "required": True},
        {"key": "ladt", "text": {"da": "Den er ladt op"}, "required": True},
        {"key": "navn", "text": {"da": "Der er navn på"}, "required": False},
    ]
}


class Desk:
    def __init__(self, classroom):
        self.classroom = classroom
        self.activity = classroom.add("check_list", POINTS)
        person, self.enrolment = classroom.participant()
        self.client = classroom.client(person)
        self.url = classroom.url(self.activity)

    def revision(self):
        return re.search(r'name="revision"[^>]*value="(\d+)"', self.client.get(self.url).text)[1]

    def tick(self, *keys, revision=None):
        data = {
            "csrf_token": csrf_of(self.client),
            "tick": list(keys),
            "revision": self.revision() if revision is None else revision,
        }
        return self.client.post(self.url, data=data)

    @property
    def work(self):
        return self.classroom.work(self.activity, self.enrolment)


@pytest.fixture
def desk(classroom):
    return Desk(classroom)


def test_ticks_are_kept_and_all_required_ones_make_it_done(desk):
    assert desk.tick("rent", "nothing").status_code == 303
    assert (desk.work.state, desk.work.content) == ("started", {"ticks": ["rent"]})
    html = desk.client.get(desk.url).text
    assert "Kept. Come back and tick the rest." in html
    assert 'value="rent" checked' in html
    assert "1 of 2 ticked" in html
    assert desk.tick("navn").status_code == 303
    assert desk.work.content == {"ticks": ["navn"]}
    assert desk.tick("rent", "ladt").status_code == 303
    assert desk.work.state == "accepted"
    html = desk.client.get(desk.url).text
    assert "You have done this" in html
    assert '<input type="checkbox" name="tick"' not in html


def test_two_pages_of_one_list_lose_nothing(desk):
    assert desk.tick("rent", revision="0").status_code == 303
    answer = desk.tick("navn", revision="0")
    assert answer.status_code == 422
    assert "on another page meanwhile" in answer.text
    assert answer.text.count(" checked") == 2
    assert desk.work.content == {"ticks": ["rent"]}
    assert desk.tick("rent", "navn").status_code == 303


def test_a_list_is_written_point_by_point(classroom):
    activity = classroom.add("check_list", POINTS)
    client = classroom.client(classroom.teacher)
    url = f"/activities/edit/check-list/{activity.key}?lang=en"
    html = client.get(url).text
    assert html.count('<legend class="label">Point') == 6
    common = {
        "title_da": "Listen",
        "module": "start",
        "need": "required",
        "minutes": "10",
        "revision": "1",
        "after": "",
    }
    rows = {
        "points-0-key": "rent",
        "points-0-text_da": "Den er helt ren",
        "points-0-required": "y",
        "points-1-key": "ladt",
        "points-1-text_da": "",
        "points-2-key": "",
        "points-2-text_da": "Nøglen hænger der",
    }
    more = client.post(url, data={"csrf_token": csrf_of(client), "more": "1", **common, **rows})
    assert more.status_code == 200
    assert "Nøglen hænger der" in more.text
    assert more.text.count('<legend class="label">Point') == 6
    answer = client.post(url, data={"csrf_token": csrf_of(client), **common, **rows})
    assert answer.status_code == 303, answer.text
    with classroom.app.app_context():
        points = activities_by_id([activity.id])[activity.id].content["points"]
    assert [(p["text"]["da"], p["required"]) for p in points] == [
        ("Den er helt ren", True),
        ("Nøglen hænger der", False),
    ]
    assert points[0]["key"] == "rent"
    nothing = client.post(
        url, data={"csrf_token": csrf_of(client), **common, "revision": "2", "points-0-text_da": ""}
    )
    assert nothing.status_code == 422
    assert "Write at least one point." in nothing.text
    number = client.post(
        url,
        data={
            "csrf_token": csrf_of(client),
            **common,
            "revision": "2",
            "points-0-text_da": "Ring til 010190-1234",
        },
    )
    assert number.status_code == 422
    assert "personal identity number" in number.text
