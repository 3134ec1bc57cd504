"""Things that have documents: a route that takes files, a plugin that says who may read them."""

from __future__ import annotations

import re

import pytest
from flask import redirect
from wtforms import StringField

from lms.contracts import SYSTEM
from lms.files import store
from lms.files.queries import documents_about
from lms.hookspecs import hookimpl
from lms.testing import csrf_of, sign_in_as
from lms.web import access, current_actor
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
