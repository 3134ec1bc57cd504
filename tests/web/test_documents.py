"""Documents on the web: one address, opened by their owner's word, and nothing in them runs."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest

from lms.files.previews import previews_of
from lms.files.queries import documents_about
from lms.jobs import drain
from lms.testing import sign_in_as
from lms.web.documents import disposition
from tests.core.files import hostile
from tests.web.documents_kit import THING, assert_harmless, put, sent


@pytest.fixture
def lms_plugins(readers):
    return [("readers", readers)]


def test_document_readers_open_what_their_owner_says(lms_app, client, make_person, readers):
    document = put(lms_app)
    address = f"/files/{document.key}"
    assert client.get(address).status_code == 404
    person = make_person()
    sign_in_as(client, person)
    assert client.get(address).status_code == 404
    readers.person_id = person.id
    assert_harmless(client.get(f"{address}?in=abcdefghijklmnop"))
    assert readers.asked[-1] == ((document.key,), "abcdefghijklmnop")
    assert client.get(f"{address}?in=<script>").status_code == 200
    assert readers.asked[-1][1] == ""
    readers.broken = True
    assert client.get(address).status_code == 404


def test_what_is_public_is_open_to_everybody(lms_app, client):
    document = put(lms_app, visibility="public")
    assert_harmless(client.get(f"/files/{document.key}"))


@pytest.mark.parametrize("key", ["x", "abcdefghijklmnop", "..%2f..%2fetc", "ABCDEFGHIJKLMNOP"])
def test_what_is_not_there_is_not_found(client, key):
    assert client.get(f"/files/{key}").status_code == 404


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/javascript", "application/x"])
def test_a_kind_nobody_may_send_is_only_bytes(lms_app, client, kind):
    document = put(lms_app, visibility="public", media_type=kind, file_name="a.bin")
    answer = client.get(f"/files/{document.key}")
    assert answer.mimetype == "application/octet-stream"
    assert_harmless(answer)


@pytest.mark.parametrize(
    ("use", "of_file", "of_picture"),
    [
        ("document", 200, 200),
        ("empty", 200, 403),
        ("image", 403, 200),
        ("script", 403, 403),
        ("style", 403, 403),
        ("iframe", 403, 403),
        ("object", 403, 403),
        ("embed", 403, 403),
        ("worker", 403, 403),
        ("serviceworker", 403, 403),
        ("video", 403, 403),
        ("font", 403, 403),
    ],
)
def test_a_file_is_used_as_what_it_is(lms_app, client, use, of_file, of_picture):
    file = put(lms_app, visibility="public")
    picture = put(
        lms_app, visibility="public", media_type="image/png", data=hostile.picture(), file_name="a"
    )
    headers = {"Sec-Fetch-Dest": use}
    assert client.get(f"/files/{file.key}", headers=headers).status_code == of_file
    assert client.get(f"/files/{picture.key}", headers=headers).status_code == of_picture


def test_bytes_that_are_gone_are_not_found(lms_app, client):
    document = put(lms_app, visibility="public")
    blobs = lms_app.config["DATA_DIR"] / "blobs"
    (blobs / document.sha256[:2] / document.sha256[2:]).unlink()
    assert client.get(f"/files/{document.key}").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plan.pdf", "attachment; filename=\"plan.pdf\"; filename*=UTF-8''plan.pdf"),
        ("Å 報.pdf", "attachment; filename=\"A .pdf\"; filename*=UTF-8''%C3%85%20%E5%A0%B1.pdf"),
        ("報告.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf"),
        (
            'a"b;c\r\n.pdf',
            "attachment; filename=\"a_b_c__.pdf\"; filename*=UTF-8''a%22b%3Bc%0D%0A.pdf",
        ),
    ],
)
def test_a_download_has_its_name_in_any_script(name, header):
    assert disposition("attachment", name) == header


# --- a host of their own ------------------------------------------------------------------------


@pytest.fixture
def apart(lms_app):
    lms_app.config["FILES_URL"] = "http://files.example"
    return "http://files.example"


def test_with_a_host_of_their_own_files_come_from_there_only(lms_app, client, apart):
    document = put(lms_app, visibility="public")
    answer = client.get(f"/files/{document.key}")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{apart}/contents/")
    path = urlsplit(answer.location).path
    assert client.get(path).status_code == 404
    there = client.get(path, base_url=apart)
    assert there.data == hostile.pdf()
    assert_harmless(there)
    assert there.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(f"{path}x", base_url=apart).status_code == 404
    page = client.get("/catalogue")
    assert f"img-src 'self' {apart};" in page.headers["Content-Security-Policy"]


def test_a_signed_address_is_soon_over(lms_app, client, apart, monkeypatch):
    document = put(lms_app, visibility="public")
    path = urlsplit(client.get(f"/files/{document.key}").location).path
    later = time.time() + 301
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert client.get(path, base_url=apart).status_code == 404


@pytest.mark.parametrize("path", ["/", "/catalogue", "/sign-in", "/account", "/healthz"])
def test_nothing_else_is_on_that_host(client, apart, path):
    assert client.get(path, base_url=apart).status_code == 404


def test_without_a_host_of_their_own_there_are_no_signed_addresses(lms_app, client, apart):
    document = put(lms_app, visibility="public")
    path = urlsplit(client.get(f"/files/{document.key}").location).path
    lms_app.config["FILES_URL"] = ""
    assert client.get(path).status_code == 404


# --- the first pages ----------------------------------------------------------------------------


def test_the_first_pages_of_a_pdf_become_pictures(lms_app, client, sender, readers):
    sent(client, hostile.pdf(), "plan.pdf")
    with lms_app.app_context():
        drain()
        (document,) = documents_about(THING, [1])
        preview = previews_of([document.id])[document.id]
    assert preview.pages == 1
    (picture,) = preview.pictures
    shown = client.get(f"/files/{picture.key}")
    assert shown.mimetype == "image/png"
    assert_harmless(shown)
    stranger = lms_app.test_client()
    assert stranger.get(f"/files/{picture.key}").status_code == 404


def test_a_pdf_that_cannot_be_drawn_is_a_pdf_without_pictures(lms_app, client, sender):
    sent(client, b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF", "plan.pdf")
    with lms_app.app_context():
        assert drain()
        (document,) = documents_about(THING, [1])
        assert previews_of([document.id]) == {}
