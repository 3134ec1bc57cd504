"""Pages, files, links: read, said to be read, and built with pictures and files."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from lms.api import activities_by_id, documents_about
from lms.jobs import drain
from lms.testing import csrf_of

TEXT = "## Før brug\n\nSe efter **revner**."


def picture(size=(30, 20)):
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, "PNG")
    return io.BytesIO(written.getvalue())


def pdf():
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
    )
    return io.BytesIO(body + b"trailer<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body))


class Desk:
    """The editor of one activity, for its teacher."""

    def __init__(self, classroom, activity):
        self.classroom, self.activity = classroom, activity
        self.client = classroom.client(classroom.teacher)
        kind = activity.activity_type.replace("_", "-")
        self.url = f"/activities/edit/{kind}/{activity.key}?lang=en"

    def page(self):
        return self.client.get(self.url).text

    def send(self, **fields):
        data = {
            "csrf_token": csrf_of(self.client),
            "title_da": "Opgaven",
            "title_sv": "Uppgiften",
            "title_en": "The task",
            "module": "start",
            "need": "required",
            "minutes": "10",
            "revision": str(self.now().revision),
            "after": "",
        }
        return self.client.post(self.url, data=data | fields, content_type="multipart/form-data")

    def now(self):
        with self.classroom.app.app_context():
            return activities_by_id([self.activity.id])[self.activity.id]

    def documents(self):
        with self.classroom.app.app_context():
            return documents_about("activity", [self.activity.id])


@pytest.fixture
def desk(classroom):
    def made(kind, content=None):
        return Desk(classroom, classroom.add(kind, content))

    return made


# --- a page -------------------------------------------------------------------------------------


def test_a_page_is_read_and_said_to_be_read(classroom):
    activity = classroom.add("page", {"text": {"da": TEXT}})
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    html = client.get(classroom.url(activity)).text
    assert "<h2>Før brug</h2>" in html
    assert 'lang="da"' in html
    assert classroom.work(activity, enrolment) is None
    token = csrf_of(client)
    answer = client.post(classroom.url(activity), data={"csrf_token": token})
    assert answer.status_code == 303
    assert classroom.work(activity, enrolment).state == "accepted"
    after = client.get(classroom.url(activity)).text
    assert "You have done this" in after
    assert "I have read it" not in after
    again = client.post(classroom.url(activity), data={"csrf_token": csrf_of(client)})
    assert again.status_code == 303
    assert classroom.work(activity, enrolment).state == "accepted"


def test_the_team_sees_a_page_and_cannot_have_read_it(classroom):
    activity = classroom.add("page", {"text": {"en": "Hello"}})
    client = classroom.client(classroom.teacher)
    html = client.get(classroom.url(activity)).text
    assert "Hello" in html
    assert "I have read it" not in html
    assert (
        client.post(classroom.url(activity), data={"csrf_token": csrf_of(client)}).status_code
        == 404
    )


def test_who_has_no_seat_sees_nothing(classroom):
    activity = classroom.add("page", {"text": {"en": "Hello"}})
    stranger = classroom.client(classroom.maker.person())
    assert stranger.get(classroom.url(activity)).status_code == 404
    assert stranger.get(f"/activities/edit/page/{activity.key}").status_code == 404
    assert stranger.get(f"/activities/file/{activity.key}").status_code == 404


def test_a_page_is_written_in_the_languages_of_the_course(desk):
    page = desk("page")
    assert page.send(text_da=TEXT).status_code == 303
    assert page.now().content["text"]["da"] == TEXT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Write the text."),
        ({"text_da": "# Stor"}, "the page has that already"),
        ({"text_da": "![](file:abcdefghijklmnop)"}, "has no description"),
        ({"text_da": "![Lift](https://x.example/a.png)"}, "lies on another site"),
        ({"text_da": "![Lift](file:abcdefghijklmnop)"}, "none of the pictures sent here"),
    ],
)
def test_a_text_that_cannot_stand_comes_back(desk, fields, words):
    page = desk("page")
    answer = page.send(**fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert not page.now().content


def test_what_could_be_better_does_not_stop_anybody(desk):
    page = desk("page")
    looked = page.send(text_da="[klik her](https://example.org)", act="preview")
    assert looked.status_code == 200
    assert "does not say where the link leads" in looked.text
    assert not page.now().content
    assert page.send(text_da="[klik her](https://example.org)").status_code == 303


def test_a_text_is_looked_at_before_it_is_saved(desk):
    page = desk("page")
    answer = page.send(text_da=TEXT + "<script>alert(1)</script>", act="preview")
    assert "<h2>Før brug</h2>" in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_a_picture_is_put_in_with_its_words(classroom, desk):
    page = desk("page")
    assert 'enctype="multipart/form-data"' in page.page()
    sent = {"picture": (picture(), "lift.png"), "into": "da", "act": "picture", "text_da": "Hej"}
    assert "Write what the picture shows." in page.send(**sent).text
    sent = sent | {"picture": (picture(), "lift.png"), "shows": "En lift [gul]"}
    answer = page.send(**sent)
    assert answer.status_code == 200
    (document,) = page.documents()
    assert document.alt_text == "En lift [gul]"
    written = f"![En lift (gul)](file:{document.key})"
    assert written in answer.text.replace("&#39;", "'")
    assert page.send(text_da=f"Hej\n\n{written}").status_code == 303

    person, _enrolment = classroom.participant()
    client = classroom.client(person)
    html = client.get(classroom.url(page.activity)).text
    (address,) = re.findall(r'<img src="([^"]+)"', html)
    shown = client.get(address)
    assert shown.status_code == 200
    assert shown.mimetype == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client.get(address.partition("?")[0]).status_code == 404
    stranger = classroom.client(classroom.maker.person())
    assert stranger.get(address).status_code == 404


def test_a_picture_that_was_chosen_is_not_lost_on_saving(desk):
    page = desk("page")
    sent = {"picture": (picture(), "lift.png"), "into": "da", "shows": "En lift", "text_da": "Hej"}
    assert page.send(**sent).status_code == 200
    assert len(page.documents()) == 1
    assert not page.now().content


def test_two_editors_of_one_page_lose_nothing(desk):
    page = desk("page")
    old = str(page.now().revision)
    assert page.send(text_da="Den ene").status_code == 303
    answer = page.send(text_da="Den anden", revision=old)
    assert answer.status_code == 409
    assert "Den ene" in answer.text
    assert "Den anden" in answer.text
    assert page.now().content["text"]["da"] == "Den ene"


# --- a file -------------------------------------------------------------------------------------


def test_a_file_is_put_in_and_fetched_with_its_first_pages(classroom, desk, lms_app):
    file = desk("file")
    assert "Choose a file." in file.send().text
    answer = file.send(file_da=(pdf(), "Vejledning æøå.pdf"))
    assert answer.status_code == 303, answer.text
    (document,) = file.documents()
    assert file.now().content["files"]["da"] == document.key
    with lms_app.app_context():
        drain()

    person, enrolment = classroom.participant()
    client = classroom.client(person)
    html = client.get(classroom.url(file.activity)).text
    assert "Vejledning æøå.pdf" in html
    assert "1 page" in html
    (drawn,) = re.findall(r'<img src="([^"]+)"', html)
    assert client.get(drawn).mimetype == "image/png"
    fetched = client.get(f"/files/{document.key}?in={file.activity.key}")
    assert fetched.data.startswith(b"%PDF")
    disposition = fetched.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "filename*=UTF-8''Vejledning%20%C3%A6%C3%B8%C3%A5.pdf" in disposition
    client.post(classroom.url(file.activity), data={"csrf_token": csrf_of(client)})
    assert classroom.work(file.activity, enrolment).state == "accepted"


def test_a_file_opens_with_its_activity(classroom, desk):
    file = desk("file")
    file.send(file_da=(pdf(), "plan.pdf"))
    (document,) = file.documents()
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    address = f"/files/{document.key}?in={file.activity.key}"
    assert client.get(address).status_code == 200
    first = classroom.add("page", {"text": {"da": "Først"}})
    assert client.get(address.replace(file.activity.key, first.key)).status_code == 404
    assert file.send(kept_da=document.key, after=str(first.id)).status_code == 303
    assert client.get(address).status_code == 404
    client.post(classroom.url(first), data={"csrf_token": csrf_of(client)})
    assert classroom.work(first, enrolment).state == "accepted"
    assert client.get(address).status_code == 200


def test_a_file_that_is_not_taken_says_why_and_the_rest_stays(desk):
    file = desk("file")
    answer = file.send(file_da=(io.BytesIO(b"<html>"), "a.pdf"), note_da="Læs side to")
    assert answer.status_code == 422
    assert "does not fit its name" in answer.text
    assert "Læs side to" in answer.text
    assert not file.documents()


def test_a_file_is_not_chosen_twice_because_of_something_else(desk):
    file = desk("file")
    answer = file.send(file_da=(pdf(), "plan.pdf"), minutes="mange")
    assert answer.status_code == 422
    assert "plan.pdf" in answer.text
    (document,) = file.documents()
    assert file.send(kept_da=document.key).status_code == 303
    assert file.now().content["files"]["da"] == document.key


def test_no_other_documents_key_is_taken(classroom, desk):
    other = desk("file")
    other.send(file_da=(pdf(), "plan.pdf"))
    (document,) = other.documents()
    mine = desk("file")
    assert mine.send(kept_da=document.key).status_code == 422


def test_a_file_without_a_file_says_so(classroom):
    activity = classroom.add("file")
    person, _enrolment = classroom.participant()
    assert "The file is not here yet" in classroom.client(person).get(classroom.url(activity)).text


# --- a link -------------------------------------------------------------------------------------


VIDEO = {"address": "https://video.example/lift", "kind": "video", "length": "7"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "http://example.org", "kind": "page"}, "Write the whole address"),
        ({"address": "javascript:alert(1)", "kind": "page"}, "Write the whole address"),
        ({"address": "https://", "kind": "page"}, "Write the whole address"),
        ({"address": "https://example.org@example.com", "kind": "page"}, "Write the whole address"),
        (VIDEO | {"length": "", "captions": "y"}, "Write how many minutes it is."),
        (VIDEO, "Say why there are no captions"),
    ],
)
def test_a_link_that_cannot_stand_comes_back(desk, fields, words):
    link = desk("link")
    answer = link.send(**fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_video_says_how_to_follow_it_without_hearing(classroom, desk):
    link = desk("link")
    sent = VIDEO | {"why_none_da": "Filmen er stum", "transcript_da": "Løft **roligt**."}
    assert link.send(**sent).status_code == 303
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    html = client.get(classroom.url(link.activity)).text
    assert 'href="https://video.example/lift"' in html
    assert "Filmen er stum" in html
    assert "7 minutes" in html
    assert "<strong>roligt</strong>" in html
    assert "<iframe" not in html
    client.post(classroom.url(link.activity), data={"csrf_token": csrf_of(client)})
    assert classroom.work(link.activity, enrolment).state == "accepted"
