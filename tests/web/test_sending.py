"""Files over the web: taken within limits, kept whole or not at all."""

from __future__ import annotations

import time

import pytest

from lms.files.queries import documents_about
from lms.testing import csrf_of, sign_in_as
from lms.web import uploads
from tests.core.files import hostile
from tests.web.documents_kit import THING, assert_harmless, send, sending, sent


@pytest.fixture
def lms_plugins(readers):
    return [("readers", readers)]


def test_what_is_sent_is_kept_with_its_kind_and_name(lms_app, client, sender):
    key = sent(client, hostile.pdf(), "Vejledning i løft.PDF")
    answer = client.get(f"/files/{key}")
    assert answer.status_code == 200
    assert answer.data == hostile.pdf()
    assert answer.mimetype == "application/pdf"
    with lms_app.app_context():
        (document,) = documents_about(THING, [1])
    assert (document.file_name, document.created_by_id) == ("Vejledning i løft.pdf", sender.id)


def test_several_files_are_kept_or_none(lms_app, client, sender):
    good = (b"Hej", "a.txt")
    answer = send(client, good, (b"<svg/>", "b.svg"), (b"", "c.txt"))
    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 2
    assert answer.json["errors"][0].startswith("b.svg: ")
    assert answer.json["words"] == "Hej"
    with lms_app.app_context():
        assert not documents_about(THING, [1])
    answer = send(client, *[(b"Hej", f"{n}.txt") for n in range(4)])
    assert answer.json["errors"] == ["Choose at most 3 files at a time."]
    assert send(client).json["errors"] == ["Choose something."]


def test_a_name_with_an_identity_number_is_refused(client, sender):
    answer = send(client, (b"Hej", "010190-1234.txt"))
    assert "personal identity number" in answer.json["errors"][0]


def test_a_file_of_two_hundred_megabytes_says_so_and_the_text_stays(client, sender):
    began = time.monotonic()
    answer = send(client, (b"x" * (200 * 1024 * 1024), "film.mp4"))
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        "film.mp4: The file is larger than 50 MB. Make it smaller, split it, or write a link."
    ]
    assert answer.json["words"] == "Hej"
    assert time.monotonic() - began < 20


@pytest.mark.once
def test_the_server_hears_that_a_slow_file_still_arrives(monkeypatch):
    heard = []
    monkeypatch.setattr(uploads, "_server", uploads._Server())
    uploads.while_reading(lambda: heard.append(1))
    with uploads._OneFile() as stream:
        stream.write(b"x")
        stream.began -= uploads.LONGEST_SENDING
        stream.write(b"x")
    assert heard == [1]


@pytest.mark.once
def test_only_the_beginning_of_a_large_file_takes_room():
    stream = uploads._OneFile()
    for _part in range(60):
        stream.write(b"x" * 1024 * 1024)
    assert stream.arrived == 60 * 1024 * 1024
    stream.seek(0, 2)
    assert stream.tell() <= uploads.MOST_BYTES
    stream.close()


def test_what_is_declared_far_too_large_is_not_read(client, sender):
    answer = client.post(
        "/send",
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10 * 1024**3)},
    )
    assert answer.status_code == 413
    assert "larger than we can take" in answer.text


@pytest.mark.parametrize(("code", "words"), [("da", "større"), ("sv", "större"), ("en", "larger")])
def test_too_much_is_said_in_the_readers_language(lms_app, client, make_person, code, words):
    lms_app.add_url_rule("/send", "send", sending, methods=["GET", "POST"])
    sign_in_as(client, make_person(language=code))
    answer = client.post(
        "/send",
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**10)},
    )
    assert answer.status_code == 413
    assert words in answer.text


def test_who_is_not_signed_in_sends_no_more_than_a_form(lms_app, client):
    lms_app.add_url_rule("/send", "send", sending, methods=["GET", "POST"])
    assert send(client, (b"x" * 3_000_000, "a.txt")).status_code == 413


def test_other_routes_take_no_more_than_a_form(client, sender):
    sent = {"csrf_token": csrf_of(client), "text": "x" * 3_000_000}
    assert client.post("/account", data=sent).status_code == 413


def test_one_person_may_send_so_much_in_all(lms_app, client, sender, make_person):
    lms_app.config["UPLOAD_QUOTA_MB"] = 1
    large = b"a" * 600_000
    sent(client, large, "a.txt")
    answer = send(client, (large, "b.txt"))
    assert "You have sent 1 MB in all" in answer.json["errors"][0]
    other = lms_app.test_client()
    sign_in_as(other, make_person(language="en"))
    sent(other, large, "b.txt")


@pytest.mark.once
def test_no_hostile_file_breaks_anything_or_is_shown(lms_app, client, sender):
    """Each of the corpus over the web: never a 500, and what is taken is served in a sandbox."""
    lms_app.config["UPLOAD_QUOTA_MB"] = 10_000
    for what, name, declared, data in hostile.corpus():
        answer = send(client, (data, name, declared or None))
        assert answer.status_code in (303, 422), what
        if answer.status_code == 422:
            assert answer.json["errors"], what
            continue
        served = client.get(f"/files{answer.location}")
        assert served.status_code == 200, what
        assert_harmless(served, what)
