"""Files on the web: taken within limits, kept, and served so that nothing in them runs."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from flask import redirect
from wtforms import StringField

from lms.contracts import SYSTEM
from lms.files import store
from lms.files.previews import previews_of
from lms.files.queries import documents_about
from lms.hookspecs import hookimpl
from lms.jobs import drain
from lms.testing import csrf_of, sign_in_as
from lms.web import access, current_actor, uploads
from lms.web.documents import disposition
from lms.web.forms import Form
from lms.web.uploads import UploadField, kept_uploads
from lms.work import unit_of_work
from tests.core.files import hostile

THING = "test_thing"


class SendForm(Form):
    words = StringField("Words")
    files = UploadField("Files", most=3, longest_side=800, needed="Choose something.")


@access(uploads=True)
def sending():
    form = SendForm()
    if form.validate_on_submit():
        with unit_of_work():
            kept = kept_uploads(
                form.files.data, subject=(THING, 1), actor=current_actor(), language="da"
            )
        return redirect("/" + kept[0].key, 303)
    errors = [error for _field, error in form.error_list()]
    return {"errors": errors, "words": form.words.data}, 422


class Readers:
    """Opens every test thing to one person, at one place."""

    def __init__(self):
        self.person_id = None
        self.asked = []
        self.broken = False

    @hookimpl
    def lms_document_readers(self, documents, place, actor):
        if self.broken:
            raise RuntimeError("broken")
        self.asked.append((tuple(d.key for d in documents), place))
        if actor.person_id is None or actor.person_id != self.person_id:
            return []
        return [d.key for d in documents if d.subject_kind == THING]


@pytest.fixture
def readers():
    return Readers()


@pytest.fixture
def lms_plugins(readers):
    return [("readers", readers)]


@pytest.fixture
def sender(lms_app, client, make_person):
    """A signed-in browser on an app that takes files at /send."""
    lms_app.add_url_rule("/send", "send", sending, methods=["GET", "POST"])
    person = make_person(language="en")
    sign_in_as(client, person)
    return person


def send(client, *files, **fields):
    """Post files as (bytes, name, type or nothing) and fields, written by hand: Werkzeug's own
    client keeps a large body in a file that nobody closes, and takes no odd names."""
    fields = {"csrf_token": csrf_of(client), "words": "Hej"} | fields
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for data, name, *kind in files:
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n'
        head += f"Content-Type: {kind[0]}\r\n\r\n" if kind and kind[0] else "\r\n"
        parts += [head.encode("utf-8", "surrogatepass"), data, b"\r\n"]
    body = b"".join([*parts, b"--x--\r\n"])
    return client.post("/send", data=body, content_type="multipart/form-data; boundary=x")


def sent(client, data, name, kind="application/octet-stream"):
    answer = send(client, (data, name, kind))
    assert answer.status_code == 303, answer.json
    return answer.location.strip("/")


def put(app, **more):
    values = {
        "media_type": "application/pdf",
        "file_name": "plan.pdf",
        "title": "Plan",
        "language": "da",
        "subject": (THING, 1),
        "actor": SYSTEM,
    }
    with app.app_context(), unit_of_work():
        store(more.pop("data", hostile.pdf()), **(values | more))
    with app.app_context():
        return documents_about(THING, [1])[-1]


# --- taken --------------------------------------------------------------------------------------


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


def assert_harmless(answer, what=""):
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "sandbox" in policy.split("; "), what
    assert "default-src 'none'" in policy, what
    assert "allow-" not in policy, what
    assert headers["X-Content-Type-Options"] == "nosniff", what
    assert headers["Cache-Control"] == "no-store", what
    shown = headers["Content-Disposition"].startswith("inline")
    assert shown == (answer.mimetype in ("image/png", "image/jpeg", "image/webp")), what
    assert not re.search("html|svg|javascript", answer.mimetype), what
    assert "\n" not in headers["Content-Disposition"], what


# --- served -------------------------------------------------------------------------------------


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
    lms_app.config["FILES_URL"] = "http://files.localhost"
    return "http://files.localhost"


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
