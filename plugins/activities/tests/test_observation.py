"""Something shown at work: asked by the participant, signed by link, each link once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.testing import csrf_of
from lms_activities.observation import points_from
from lms_activities.queries.seen import OBSERVED, links_of

CONTENT = {
    "task": {"da": "Vis en forflytning med lift."},
    "points": [{"da": "Forklarer først"}, {"da": "Spørger om lov"}],
}


class Showing:
    """A participant who shows something, and colleagues with a link."""

    def __init__(self, classroom: Any) -> None:
        self.classroom = classroom
        self.activity = classroom.add("observation", CONTENT)
        self.person, self.enrolment = classroom.participant()
        self.client = classroom.client(self.person)
        self.url = f"/activities/observation/{self.activity.key}"

    def link(self) -> str:
        """The path of a new link."""
        answer = self.client.post(
            f"{self.url}/ask", data={"csrf_token": csrf_of(self.client), "way": "copy"}
        )
        assert answer.status_code == 200
        found = re.search(r'value="https?://[^/"]+(/activities/observed/[^"]+)"', answer.text)
        assert found
        return found[1]

    def sign(self, path: str, first: str = "yes", second: str = "yes", **fields: str) -> Any:
        guest = self.classroom.app.test_client()
        page = guest.get(path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        given = {"point_0": first, "point_1": second, "function": "SOSU-assistent", "note": ""}
        return guest.post(path, data=given | {"csrf_token": token[1] if token else ""} | fields)

    @property
    def work(self) -> Any:
        return self.classroom.work(self.activity, self.enrolment)

    @property
    def links(self) -> Any:
        with self.classroom.app.app_context():
            return links_of([self.work.id], OBSERVED)


@pytest.fixture
def showing(classroom: Any) -> Showing:
    return Showing(classroom)


def test_all_seen_is_accepted_and_the_words_stay(showing: Showing) -> None:
    path = showing.link()
    page = showing.classroom.app.test_client().get(path)
    assert "Forklarer først" in page.text
    assert "Anna Deltager" in page.text
    assert showing.sign(path, note="Flot").status_code == 303
    assert showing.work.state == "accepted"
    mine = showing.client.get(showing.url).text
    assert "Flot" in mine
    assert "SOSU-assistent" in mine
    assert [one["answer"] for one in showing.links[0].answers["points"]] == ["yes", "yes"]


def test_not_yet_is_shown_and_may_be_tried_again(showing: Showing) -> None:
    assert showing.sign(showing.link(), second="no").status_code == 303
    assert showing.work.state == "returned"
    assert showing.sign(showing.link()).status_code == 303
    assert showing.work.state == "accepted"


@pytest.mark.parametrize(
    "fields",
    [{"first": ""}, {"first": "perhaps"}, {"function": ""}, {"note": "x" * 1001}],
)
def test_what_is_missing_is_said_and_the_rest_comes_back(
    showing: Showing, fields: dict[str, str]
) -> None:
    answer = showing.sign(showing.link(), **({"note": "Min note"} | fields))
    assert answer.status_code == 422
    assert fields.get("note", "Min note") in answer.text
    assert showing.work.state == "started"


def test_a_link_works_once_and_not_for_oneself(showing: Showing) -> None:
    path = showing.link()
    assert showing.client.get(path).status_code == 410
    assert showing.sign(path).status_code == 303
    assert showing.sign(path, second="no").status_code == 410
    assert showing.work.state == "accepted"


def test_late_taken_back_and_made_up_links_have_a_sentence(showing: Showing, clock: Any) -> None:
    guest = showing.classroom.app.test_client()
    assert guest.get("/activities/observed/nothing").status_code == 410
    path = showing.link()
    key = showing.links[0].key
    other_person, _seat = showing.classroom.participant("Bo Deltager")
    other = showing.classroom.client(other_person)
    revoke = f"/activities/observation-links/{key}/revoke"
    assert other.post(revoke, data={"csrf_token": csrf_of(other)}).status_code == 404
    assert (
        showing.client.post(revoke, data={"csrf_token": csrf_of(showing.client)}).status_code == 303
    )
    assert guest.get(path).status_code == 410
    path = showing.link()
    clock.move(days=22)
    assert guest.get(path).status_code == 410


def test_a_change_of_the_points_changes_nothing_that_was_signed(showing: Showing) -> None:
    showing.sign(showing.link(), second="partly")
    teacher = showing.classroom.client(showing.classroom.teacher)
    url = f"/activities/edit/observation/{showing.activity.key}"
    fields = {
        "revision": "1",
        "title_da": "Vis det",
        "module": showing.activity.module,
        "need": "required",
        "minutes": "20",
        "task_da": "Noget nyt",
        "points_da": "Et helt nyt punkt",
        "after": "",
    }

    def send(**more: str) -> Any:
        return teacher.post(url, data=fields | {"csrf_token": csrf_of(teacher)} | more)

    assert send(points_da=" ").status_code == 422
    assert send(points_da="\n".join("abcdefghijklmnopqrstuvwxyz")).status_code == 422
    assert send().status_code == 303
    mine = showing.client.get(showing.url).text
    assert "Spørger om lov" in mine
    assert "Et helt nyt punkt" in mine


@pytest.mark.once
def test_points_are_as_many_in_each_language() -> None:
    assert points_from({"da": ["et", "to"], "sv": []}) == [
        {"da": "et", "sv": "", "en": ""},
        {"da": "to", "sv": "", "en": ""},
    ]
    assert points_from({"da": ["et", "to"], "sv": ["ett"]}) is None
    assert points_from({}) == []
