"""The mailbox page: for the site administrator alone, and harmless whatever a mail says."""

from __future__ import annotations

import pytest


@pytest.fixture
def written(story):
    """A mail that was written and kept."""
    story.ask("Se <b>her</b>")
    (mail,) = story.post()
    return mail


@pytest.fixture
def administrator(client, sign_in, make_person, make_access_role):
    person = make_person(language="en")
    make_access_role(person=person, role="site_admin")
    return sign_in(client, person)


def addresses(mail):
    return ["/admin/mails", f"/admin/mails/{mail.key}", f"/admin/mails/{mail.key}/body"]


def test_the_administrator_reads_what_was_written(administrator, written, count_queries):
    with count_queries() as queries:
        page = administrator.get("/admin/mails")
    assert page.status_code == 200
    assert written.subject in page.text
    assert len(queries) <= 10
    page = administrator.get(f"/admin/mails/{written.key}")
    assert f'src="/admin/mails/{written.key}/body"' in page.text
    assert " sandbox>" in page.text
    assert "&lt;b&gt;her&lt;/b&gt;" in page.text
    assert "<b>her</b>" not in page.text


def test_the_frame_and_the_mail_in_it_can_do_nothing(administrator, written):
    page, body = (administrator.get(address) for address in addresses(written)[1:])
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = body.headers["Content-Security-Policy"]
    assert body.status_code == 200
    assert "default-src 'none'" in policy
    assert "sandbox" in [part.strip() for part in policy.split(";")]
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "no-store" in body.headers["Cache-Control"]
    assert "<script" not in body.text


@pytest.mark.parametrize("role", ["institution_admin", "programme_lead", "manager", "teacher"])
def test_nobody_else_reads_mails(role, client, sign_in, written, make_person, make_access_role):
    person = make_person()
    make_access_role(person=person, role=role)
    sign_in(client, person)
    assert {client.get(address).status_code for address in addresses(written)} <= {403, 404}


def test_not_even_the_one_it_was_written_to(client, sign_in, story, written):
    sign_in(client, story.manager)
    assert {client.get(address).status_code for address in addresses(written)} <= {403, 404}


def test_a_guest_is_asked_to_sign_in(client, written):
    for address in addresses(written):
        answer = client.get(address)
        assert answer.status_code in (302, 303)
        assert "/sign-in" in answer.location


def test_a_mail_that_does_not_exist(administrator):
    assert administrator.get("/admin/mails/aaaaaaaaaaaaaaaa").status_code == 404
    assert administrator.get("/admin/mails/aaaaaaaaaaaaaaaa/body").status_code == 404


def test_an_empty_mailbox_says_what_will_stand_there(administrator):
    assert "No mails yet" in administrator.get("/admin/mails").text
