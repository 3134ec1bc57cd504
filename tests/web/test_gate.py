"""What stands before and behind every view: whom it asks, who may keep the answer, and what
happens when the database fails it."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from lms.db import now
from lms.web import Confirm, access, kept
from lms.web.identity import Loaders
from lms.web.limits import count_and_check
from lms.work import Conflict, unit_of_work


@pytest.fixture
def add_view(lms_app):
    """`add_view(view)`: at /try, for everybody, kept by anybody."""

    def add(view, **declared):
        marked = access(known="public", cache="public", **declared)(view)
        lms_app.add_url_rule("/try", "try", marked, methods=["GET", "POST"])

    return add


# --- once more ----------------------------------------------------------------------------------


def test_a_view_that_met_another_change_is_run_again_and_then_gives_up(lms_app, client, add_view):
    runs = []

    def view():
        runs.append(1)
        raise Conflict("met")

    add_view(view)
    answer = client.get("/try")
    assert (answer.status_code, len(runs)) == (503, 3)
    assert answer.headers["Retry-After"] == "5"


def test_a_view_that_has_committed_is_never_run_again(lms_app, client, add_view, submit):
    runs = []

    def view():
        assert Confirm().validate_on_submit()
        with unit_of_work():
            runs.append(1)
        with unit_of_work():  # the second one commits the first
            raise Conflict("the connection went away")

    add_view(view)
    answer = submit(client, "/try?lang=en")
    assert (answer.status_code, len(runs)) == (503, 1)
    assert "We cannot say whether that was done" in answer.text


def test_counting_for_a_limit_does_not_keep_a_view_from_being_run_again(lms_app, client, add_view):
    runs = []

    def view():
        count_and_check("sign_in:address", "192.0.2.1")
        runs.append(1)
        if len(runs) < 2:
            raise Conflict("met")
        return "done"

    add_view(view)
    assert client.get("/try").text == "done"


# --- who may keep it ----------------------------------------------------------------------------


def test_a_public_page_that_gives_a_guest_a_cookie_is_kept_by_nobody(client, add_view):
    from lms.web.identity import csrf_token

    add_view(csrf_token)
    answer = client.get("/try")
    assert "Set-Cookie" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_public_page_without_one_is_kept_for_a_minute(client, add_view):
    add_view(lambda: "same for all")
    answer = client.get("/try")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_static_files_know_no_reader(client, sign_in, make_person, count_queries):
    sign_in(client, make_person())
    with client.session_transaction() as cookie:
        cookie["seen"] = int(now().timestamp()) - 300  # a page would write it anew
    with count_queries() as queries:
        answer = client.get("/static/samspil.css?v=1&lang=sv")
        answer.close()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert queries == []


@pytest.mark.parametrize("path", ["/static/none.css?v=1", "/plugin-static/none/none.css?v=1"])
def test_the_page_that_a_static_file_is_missing_is_drawn_for_one_reader(
    client, sign_in, make_person, path
):
    sign_in(client, make_person(name="Karen Holm"))
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Karen Holm" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


# --- when the database is away ------------------------------------------------------------------


def test_without_a_database_the_error_page_is_drawn_bare(lms_app, client, sign_in, make_person):
    sign_in(client, make_person(name="Karen Holm"))

    def away(_secret):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    lms_app.extensions["lms_loaders"] = Loaders(away, away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "<h1>" in answer.text
    assert "Karen Holm" not in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


# --- a post that is kept ------------------------------------------------------------------------


def test_a_kept_post_carries_no_password(lms_app):
    fields = {"password": "old", "new_password": "new", "note": "ny", "csrf_token": "x"}
    with lms_app.test_request_context("/account/password", method="POST", data=fields):
        post = kept.kept_post(kept.keep_post())
    assert post is not None
    assert post.fields == (("note", "ny"),)


# --- addresses nobody has -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people/a%00b", 404),
        ("/enrolments/%00", 404),
        ("/people?page=a&q=%00&%00=a", 200),
        ("/%00", 404),
    ],
)
def test_a_character_that_no_database_keeps_is_answered_not_broken_by(
    client, sign_in, make_person, make_access_role, path, status
):
    person = make_person()
    make_access_role(person=person, role="site_admin")
    answer = sign_in(client, person).get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
