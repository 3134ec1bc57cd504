"""What follows from access at once: suspension, roles taken back, tokens, links, other hosts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from lms.core.messages.models import Mail
from lms.core.users.models import AccessRole, ApiToken, Person, SignIn
from lms.core.users.services import mint
from lms.db import db, now
from lms.jobs import drain
from lms.journal import deliver, seal
from lms.testing import csrf_of
from lms.web.access import declared
from lms.work import unit_of_work
from tests.access.asking import ask
from tests.access.crawl import PrintedForm, visits
from tests.access.html import Page
from tests.access.table import BY_A_SCRIPT, LINES
from tests.access.world import SIGNED_IN, World

MARKS = (
    ("learning.register", "run"),
    ("learning.complete", "run"),
    ("learning.decide", "finished run"),
    ("learning.sums", "run"),
    ("enrolment.participants", "run"),
    ("enrolment.show", "enrolment"),
    ("enrolment.show", "past enrolment"),
    ("enrolment_api.enrolment", "enrolment"),
    ("certificates.show", "certificate"),
    ("certificates.file", "certificate"),
    ("certificates.data", "certificate"),
    ("technology_trials.practice", "trial enrolment"),
)
"""Pages with what participants did, were given or are called."""


def change(world: World, statement: object) -> None:
    with world.app.test_request_context(), unit_of_work():
        db.session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize(("endpoint", "thing"), MARKS)
def test_who_teaches_for_a_company_never_sees_what_participants_did(
    world: World, endpoint: str, thing: str
) -> None:
    for side in ("own", "neighbour"):
        arguments = world.arguments(thing, side, "company")
        assert arguments is not None
        answer = ask(world, "company", "GET", endpoint, arguments)
        assert answer.status_code == 404
    names = [side.learner.name for side in world.sides.values()]
    run = world.arguments("run", "own", "company")
    assert run is not None
    page = ask(world, "company", "GET", "catalogue.run", run)
    assert page.status_code == 200
    assert not [name for name in names if name in page.text]


def test_no_page_of_the_company_names_a_participant(world: World) -> None:
    names = [side.learner.name for side in world.sides.values()]
    seen = 0
    for visit in visits(world):
        access = declared(world.app, visit.line.endpoint)
        if visit.reader == "company" and access is not None and access.known == "sign_in":
            body = world.client("company").get(visit.url).text
            assert not [name for name in names if name in body], visit.url
            seen += 1
    assert seen >= 5


@pytest.mark.parametrize("state", ["suspended", "left", "anonymised"])
@pytest.mark.parametrize("reader", ["learner", "teacher", "site"])
def test_who_is_shut_out_is_out_at_the_next_request(world: World, reader: str, state: str) -> None:
    client, bearer = world.client(reader), world.bearer(reader)
    assert client.get("/account").status_code == 200
    assert client.get("/api/v1/runs", headers=bearer).status_code == 200
    person = world.people[reader]
    change(world, update(Person).where(Person.id == person.id).values(state=state))
    assert client.get("/account").status_code == 303
    assert client.get("/api/v1/runs", headers=bearer).status_code == 401
    again = ask(world, reader, "POST", "users.choices", {}, fresh_token=True)
    assert again.status_code == 401


def test_a_sign_in_that_was_ended_elsewhere_is_over_at_the_next_request(world: World) -> None:
    client = world.client("learner")
    assert client.get("/me").status_code == 200
    mine = SignIn.person_id == world.people["learner"].id
    change(world, update(SignIn).where(mine).values(ended_at=now()))
    assert client.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("reader", "endpoint", "thing"),
    [
        ("site", "administration.index", "-"),
        ("institution", "users.people", "-"),
        ("institution", "organisations.show", "organisation"),
        ("lead", "catalogue.state", "run"),
        ("lead", "certificates.issued", "-"),
        ("teacher", "catalogue.run", "internal run"),
        ("teacher", "learning.register", "finished run"),
    ],
)
def test_a_role_taken_back_is_gone_at_the_next_request(
    world: World, reader: str, endpoint: str, thing: str
) -> None:
    from lms.core.catalogue.models import TeamMember

    arguments = world.arguments(thing, "own", reader)
    assert arguments is not None
    assert ask(world, reader, "GET", endpoint, arguments).status_code == 200
    person = world.people[reader]
    change(world, delete(AccessRole).where(AccessRole.person_id == person.id))
    change(world, delete(TeamMember).where(TeamMember.person_id == person.id))
    assert ask(world, reader, "GET", endpoint, arguments).status_code == 404


# --- the API ------------------------------------------------------------------------------------

API = [line for line in LINES if line.endpoint.partition(".")[0].endswith("_api")]


@pytest.mark.parametrize("line", API, ids=str)
@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic bGFlcmVyOmxhZXJlcg=="},
        {"Authorization": "bearer \t"},
        {"Authorization": "Bearer " + "x" * 5000},
    ],
    ids=["none", "wrong", "empty", "basic", "blank", "huge"],
)
def test_without_a_good_token_the_api_says_401(
    world: World, line: object, header: dict[str, str]
) -> None:
    arguments = world.arguments(line.thing, "own", "learner")  # type: ignore[attr-defined]
    client = world.client("site")  # a cookie counts for nothing here
    url = world.url(line.endpoint, arguments)  # type: ignore[attr-defined, arg-type]
    answer = client.open(url, method=line.method, headers=header, json={})  # type: ignore[attr-defined]
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_is_revoked_or_over_is_no_token(world: World) -> None:
    client, headers = world.app.test_client(), world.bearer("learner")
    mine = ApiToken.person_id == world.people["learner"].id
    change(world, update(ApiToken).where(mine).values(revoked_at=now()))
    assert client.get("/api/v1/enrolments", headers=headers).status_code == 401
    past = now() - timedelta(seconds=1)
    change(world, update(ApiToken).where(mine).values(revoked_at=None, expires_at=past))
    assert client.get("/api/v1/enrolments", headers=headers).status_code == 401


def test_a_token_is_no_way_into_the_pages_nor_a_cookie_into_the_api(world: World) -> None:
    client = world.app.test_client()
    assert client.get("/account", headers=world.bearer("site")).status_code == 303
    assert world.client("site").get("/api/v1/runs").status_code == 401


# --- links --------------------------------------------------------------------------------------

LINKS = {
    "enrolment.decide": "enrolment.answer",
    "enrolment.offer": "enrolment.answer",
    "reset": "users.reset_link",
    "invitation": "users.invitation",
}


@pytest.mark.parametrize("purpose", [*LINKS, "something.else"])
def test_a_link_opens_only_what_it_was_made_for(world: World, purpose: str) -> None:
    things = {"enrolment.decide": "request", "enrolment.offer": "offer"}
    key = world.objects[things.get(purpose, "request")]["own"]["key"]
    person = world.people["learner" if purpose == "enrolment.offer" else "manager"]
    from lms.core.enrolment.models import Enrolment

    with world.app.test_request_context(), unit_of_work():
        subject = db.session.scalar(select(Enrolment.id).where(Enrolment.key == key))
        token = mint(purpose, person.id, subject, timedelta(hours=1))
    for endpoint in sorted(set(LINKS.values())):
        answer = ask(world, "guest", "GET", endpoint, {"token": token})
        opens = LINKS.get(purpose) == endpoint
        assert (answer.status_code == 200) is opens, endpoint


def test_looking_at_a_link_spends_nothing_and_an_answer_spends_it(world: World) -> None:
    link = world.objects["link for an offer"]["own"]
    for _ in range(3):
        assert ask(world, "guest", "GET", "enrolment.answer", link).status_code == 200
    client = world.client("guest")
    url = world.url("enrolment.answer", link)
    given = {"answer": "yes", "csrf_token": csrf_of(client)}
    assert client.post(url, data=given).status_code == 303
    assert client.post(url, data=given).status_code == 303  # the same answer, not another one
    assert client.post(url, data={**given, "csrf_token": csrf_of(client)}).status_code == 410
    assert client.get(url).status_code == 410


# --- addresses ----------------------------------------------------------------------------------


def test_no_page_repeats_the_host_that_a_stranger_wrote(world: World) -> None:
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "//evil.example",
    }
    for visit in visits(world, one_reader=True):
        arguments = world.arguments(visit.line.thing, visit.side, visit.reader)
        assert arguments is not None
        answer = ask(
            world, visit.reader, "GET", visit.line.endpoint, arguments, headers=dict(forged)
        )
        assert "evil.example" not in answer.text, visit
        assert "evil.example" not in str(answer.headers), visit


def test_links_in_mails_lead_to_the_configured_address_only(world: World) -> None:
    client, forged = world.client("guest"), "http://evil.example"
    page = Page(client.get("/forgotten-password", base_url=forged).text)
    token = page.field_named("csrf_token", "/forgotten-password")
    assert token is not None
    sent = {"mail": world.people["learner"].email, "csrf_token": token.value}
    headers = {"X-Forwarded-Host": "evil.example"}
    answer = client.post("/forgotten-password", base_url=forged, data=sent, headers=headers)
    assert answer.status_code == 200
    with world.app.app_context():
        seal()
        deliver()
        drain()
        mails = db.session.scalars(select(Mail).where(Mail.kind.contains("reset"))).all()
    assert mails
    for mail in mails:
        assert "http://localhost/new-password/" in mail.text
        assert "evil.example" not in mail.text + mail.html


# --- forms --------------------------------------------------------------------------------------

OFFLINE = "web.offline"
"""Its forms are kept on the phone, and get their address and token when they are sent."""


def test_every_post_has_a_form_somewhere(forms: Sequence[PrintedForm]) -> None:
    printed = {form.endpoint for form in forms}
    posts = {line.endpoint for line in LINES if line.method == "POST"}
    without = {
        one for one in posts - printed - BY_A_SCRIPT if not one.partition(".")[0].endswith("_api")
    }
    assert not without, "nobody can press these"
    nowhere = [f for f in forms if not f.endpoint and f.visit.line.endpoint != OFFLINE]
    assert not nowhere, "these forms lead nowhere"


def test_every_form_that_posts_has_a_token(forms: Sequence[PrintedForm]) -> None:
    without = [
        f.endpoint
        for f in forms
        if f.form.method == "POST"
        and "csrf_token" not in f.form.fields
        and f.visit.line.endpoint != OFFLINE
    ]
    assert not without


@pytest.mark.parametrize("reader", SIGNED_IN)
def test_a_post_from_another_site_is_refused(world: World, reader: str) -> None:
    for where in ("cross-site", "same-site"):
        answer = ask(
            world,
            reader,
            "POST",
            "users.choices",
            {},
            fresh_token=True,
            data={"language": "sv", "theme": "dark"},
            headers={"Sec-Fetch-Site": where},
        )
        assert answer.status_code == 403
