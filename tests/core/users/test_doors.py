"""Signing in and out, forgotten passwords, invitations."""

from __future__ import annotations

import re
import statistics
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from lms.contracts import SYSTEM
from lms.core.users import queries, services
from lms.core.users.models import Person, SignIn
from lms.core.users.views.base import safe_next
from lms.db import db
from lms.journal.models import JournalEntry
from lms.work import unit_of_work

PASSWORD = "tre ord og en bro"
NEW = "kaffe havregryn cykelhjelm"


@pytest.fixture
def anne(make_person):
    return make_person(name="Visitator, Prøvelev", email="v@proevelev.example", password=PASSWORD)


@pytest.fixture
def enter(client, submit):
    def post(mail, password=PASSWORD, *, on=None, url="/sign-in", **more):
        return submit(on or client, url, mail=mail, password=password, **more)

    return post


def is_in(client):
    return client.get("/account").status_code == 200


def sign_ins(app, **where):
    with app.app_context():
        query = select(func.count()).select_from(SignIn).filter_by(**where)
        return db.session.execute(query).scalar_one()


def mint(app, purpose, person):
    with app.app_context(), unit_of_work():
        lifetime = {"reset": services.RESET_LIFETIME, "invitation": services.INVITATION_LIFETIME}
        return services.mint(purpose, person.id, None, lifetime[purpose])


# --- in -----------------------------------------------------------------------------------------


def test_the_page_asks_for_mail_and_password(client, count_queries):
    with count_queries() as statements:
        page = client.get("/sign-in?next=/account")
    assert page.status_code == 200
    assert 'autocomplete="current-password"' in page.text
    assert 'value="/account"' in page.text
    assert len(statements) <= 2


def test_signing_in_and_out(client, enter, submit, anne, lms_app):
    answer = enter(" V@Proevelev.EXAMPLE", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_in(client)
    assert sign_ins(lms_app, ended_at=None) == 1
    token = client.get_cookie(lms_app.config["SESSION_COOKIE_NAME"]).value
    answer = submit(client, "/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not is_in(client)
    # The old cookie is worth nothing either: the row has ended.
    client.set_cookie(lms_app.config["SESSION_COOKIE_NAME"], token)
    assert not is_in(client)
    assert sign_ins(lms_app, ended_at=None) == 0


def test_signing_out_needs_a_token_of_the_form(client, enter, anne):
    enter(anne.email)
    client.post("/sign-out")
    assert is_in(client)


def test_each_sign_in_is_a_new_one_and_ends_the_one_before(client, enter, anne, lms_app):
    enter(anne.email)
    with client.session_transaction() as cookie:
        first = cookie["in"]
    enter(anne.email)
    with client.session_transaction() as cookie:
        assert cookie["in"] != first
    assert sign_ins(lms_app, person_id=anne.id) == 2
    assert sign_ins(lms_app, person_id=anne.id, ended_at=None) == 1


@pytest.mark.parametrize("state", ["invited", "suspended", "left", "anonymised"])
def test_only_active_people_get_in(client, enter, make_person, state):
    person = make_person(password=PASSWORD, state=state)
    unknown = enter("nobody@proevelev.example")
    answer = enter(person.email)
    assert answer.status_code == unknown.status_code == 422
    assert not is_in(client)


def test_a_wrong_password_and_an_unknown_mail_look_the_same(client, enter, anne):
    def said(answer):
        text = re.sub(r'name="csrf_token" value="[0-9a-f]*"', "", answer.text)
        return answer.status_code, text.replace("nobody@proevelev.example", anne.email)

    wrong = said(enter(anne.email, "noget helt andet"))
    assert wrong == said(enter("nobody@proevelev.example", "noget helt andet"))
    assert anne.email in wrong[1]
    assert "noget helt andet" not in wrong[1]


def test_a_wrong_password_and_an_unknown_mail_take_the_same_time(lms_app_factory, submit):
    from lms.testing.rows import Maker

    # Enough work to tell a hash that is checked from one that is not.
    app = lms_app_factory(PASSWORD_TIME_COST=4, PASSWORD_MEMORY_KIB=8192)
    maker = Maker(app)
    known = [maker.person(password=PASSWORD).email for _ in range(12)]
    unknown = [f"nobody{n}@proevelev.example" for n in range(12)]
    times: dict[bool, list[float]] = {True: [], False: []}
    for n in range(12):
        for is_known, mails in ((True, known), (False, unknown)):
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.0.{is_known:d}.{n}"
            began = time.thread_time()  # work, not waiting: others use this machine too
            submit(client, "/sign-in", mail=mails[n], password="noget helt andet")
            times[is_known].append(time.thread_time() - began)
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < 0.010


def test_five_tries_for_an_account(client, enter, anne, clock):
    for _ in range(5):
        assert enter(anne.email, "forkert forkert").status_code == 422
    assert enter(anne.email).status_code == 429
    assert not is_in(client)
    clock.move(minutes=16)
    assert enter(anne.email).status_code == 303


def test_five_tries_for_an_unknown_account_too(enter):
    codes = [enter("nobody@proevelev.example", "forkert forkert").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_other_writings_of_the_mail_are_the_same_account(enter, anne):
    writings = [anne.email, anne.email.upper(), f" {anne.email}", f"{anne.email}\u200b", anne.email]
    assert {enter(mail, "forkert forkert").status_code for mail in writings} == {422}
    assert enter(anne.email).status_code == 429


def test_twenty_tries_from_an_address(lms_app, enter, clock):
    clock.stop_at(clock.now.replace(minute=0, second=0))
    for n in range(20):
        assert enter(f"a{n}@proevelev.example", "forkert forkert").status_code == 422
    assert enter("a20@proevelev.example", "forkert forkert").status_code == 429
    elsewhere = lms_app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    assert enter("a21@proevelev.example", "forkert forkert", on=elsewhere).status_code == 422


def test_good_sign_ins_are_not_counted(enter, anne):
    assert [enter(anne.email).status_code for _ in range(25)] == [303] * 25


def test_an_old_hash_is_made_anew(enter, maker, anne, lms_app):
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with lms_app.app_context(), unit_of_work():
        db.session.get(Person, anne.id).password_hash = old
    assert enter(anne.email).status_code == 303
    assert maker.reload(anne).password_hash != old
    assert enter(anne.email).status_code == 303


def test_no_transaction_is_open_while_hashing(enter, anne, lms_app, monkeypatch):
    from lms.core.users import passwords

    checked_out = []
    real = passwords.verify

    def watched(stored, password):
        checked_out.append(db.engine.pool.checkedout())
        return real(stored, password)

    monkeypatch.setattr(passwords, "verify", watched)
    enter(anne.email)
    assert checked_out == [0]


def test_a_post_by_somebody_signed_out_is_kept_through_signing_in(client, enter, submit, anne):
    answer = submit(client, "/account/choices", language="sv", theme="dark", note="å & <b>")
    assert answer.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', answer.text).group(1)
    answer = enter(anne.email, kept=kept)
    assert answer.status_code == 200
    assert 'action="/account/choices"' in answer.text
    assert 'name="theme" value="dark"' in answer.text
    assert "å &amp; &lt;b&gt;" in answer.text
    assert is_in(client)


def test_what_nobody_signed_is_not_sent_again(enter, anne):
    assert enter(anne.email, kept="made-up").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\\/evil.example",
        "http://evil.example",
        "https://evil.example",
        "HTTPS://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "//evil.example/%2f..",
        "/%5cevil.example\\x",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/\tevil.example\t",
        "/\n/evil.example",
        "/\r\nSet-Cookie:a=b",
        "\t//evil.example",
        " //evil.example",
        " /account",
        "/account\x00",
        "/account\x7f",
        "//user@evil.example",
        "//user:pass@evil.example",
        "http://localhost@evil.example",
        "//localhost.evil.example",
        "//[::1]",
        "//[",
        "ftp://evil.example",
        "mailto:x@evil.example",
        "?next=/account",
        "#x",
        "/a" * 2000,
        "/account\u2028".encode().decode("latin1"),
    ],
)
def test_signing_in_never_leads_away(enter, anne, target):
    answer = enter(anne.email, next=target)
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "evil" not in answer.location
    assert "\n" not in answer.location


def test_a_page_of_our_own_is_gone_to(client, enter, anne):
    assert safe_next("/courses?q=a%20b&page=2") == "/courses?q=a%20b&page=2"
    answer = client.get("/account")
    assert answer.location == "/sign-in?next=/account"
    assert enter(anne.email, next="/account").location == "/account"


# --- forgotten and invited ----------------------------------------------------------------------


def asked(app):
    with app.app_context():
        query = select(JournalEntry.verb, JournalEntry.subject_id).order_by(JournalEntry.id)
        return [tuple(row) for row in db.session.execute(query)]


def test_asking_for_a_link_says_the_same_to_everybody(client, submit, anne, lms_app, make_person):
    gone = make_person(state="suspended")
    texts = {
        re.sub(r'value="[0-9a-f]{64}"', "", submit(client, "/forgotten-password", mail=mail).text)
        for mail in (anne.email, "nobody@proevelev.example", gone.email, "no mail at all")
    }
    assert len(texts) == 1
    assert asked(lms_app) == [
        ("users.reset_asked", anne.id),
        ("users.reset_asked_in_vain", 0),
        ("users.reset_asked_in_vain", 0),
        ("users.reset_asked_in_vain", 0),
    ]


def test_an_invited_person_gets_the_invitation_again(client, submit, lms_app, make_person):
    person = make_person(state="invited")
    submit(client, "/forgotten-password", mail=person.email)
    assert asked(lms_app) == [("users.invited", person.id)]


def test_three_mails_in_a_quarter_of_an_hour(client, submit, anne, lms_app):
    codes = [submit(client, "/forgotten-password", mail=anne.email).status_code for _ in range(5)]
    assert codes == [200] * 5
    assert asked(lms_app).count(("users.reset_asked", anne.id)) == 3


def test_asking_for_links_is_limited_by_address(client, submit):
    codes = [
        submit(client, "/forgotten-password", mail=f"a{n}@proevelev.example").status_code
        for n in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_a_new_password_by_link(client, submit, enter, anne, lms_app):
    elsewhere = lms_app.test_client()
    enter(anne.email, on=elsewhere)
    token, other = mint(lms_app, "reset", anne), mint(lms_app, "reset", anne)
    url = f"/new-password/{token}"
    for _ in range(2):  # looking spends nothing: mail programs look too
        assert client.get(url).status_code == 200
    weak = submit(client, url, new_password="velkommen2026")
    assert weak.status_code == 422
    assert "velkommen2026" not in weak.text
    answer = submit(client, url, new_password=NEW)
    assert answer.status_code == 303
    assert is_in(client)
    assert not is_in(elsewhere)
    assert client.get(url).status_code == 404
    assert client.get(f"/new-password/{other}").status_code == 404
    assert submit(client, url, new_password=PASSWORD).status_code == 404
    assert enter(anne.email, PASSWORD, on=elsewhere).status_code == 422
    assert enter(anne.email, NEW, on=elsewhere).status_code == 303


def test_an_invitation_makes_somebody_active(client, submit, make_person, maker, lms_app):
    person = make_person(state="invited")
    token = mint(lms_app, "invitation", person)
    assert person.name in client.get(f"/welcome/{token}").text
    assert submit(client, f"/welcome/{token}", new_password=NEW).status_code == 303
    assert is_in(client)
    assert maker.reload(person).state == "active"


def test_links_serve_their_own_page_only(client, submit, anne, make_person, lms_app):
    reset = mint(lms_app, "reset", anne)
    invitation = mint(lms_app, "invitation", make_person(state="invited"))
    assert client.get(f"/welcome/{reset}").status_code == 404
    assert client.get(f"/new-password/{invitation}").status_code == 404
    assert submit(client, f"/welcome/{reset}", new_password=NEW).status_code == 404
    assert client.get("/new-password/made-up").status_code == 404


def test_a_link_ends_after_its_time(client, anne, lms_app, clock):
    token = mint(lms_app, "reset", anne)
    clock.move(minutes=60)
    assert client.get(f"/new-password/{token}").status_code == 404


@pytest.mark.parametrize("verb", [services.suspend, services.leave])
def test_whoever_is_shut_out_is_out_at_the_next_click(client, enter, anne, lms_app, verb):
    enter(anne.email)
    token = mint(lms_app, "reset", anne)
    with lms_app.app_context(), unit_of_work():
        verb(anne.id, actor=SYSTEM)
    assert not is_in(client)
    assert enter(anne.email).status_code == 422
    assert client.get(f"/new-password/{token}").status_code == 404


def test_a_link_of_somebody_shut_out_since_works_no_more(client, submit, anne, lms_app):
    with lms_app.app_context(), unit_of_work():
        services.suspend(anne.id, actor=SYSTEM)
    token = mint(lms_app, "reset", anne)
    assert submit(client, f"/new-password/{token}", new_password=NEW).status_code == 404
    with lms_app.app_context():
        assert queries.credentials_of(anne.id).state == "suspended"
