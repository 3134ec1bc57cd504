"""Where one is sent after signing in: never away from this host."""

from __future__ import annotations

import pytest
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from lms.testing import csrf_of
from tests.access.asking import fresh_address
from tests.access.html import Page
from tests.access.world import PASSWORD, World
from tests.fuzz.judging import judge, outspoken, stays
from tests.fuzz.junk import encoded, sparing, texts

pytestmark = pytest.mark.once  # what is asked here no database changes

ABROAD = (
    "https://evil.example/",
    "http://evil.example",
    "HTTPS://evil.example",
    "//evil.example/",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/ /evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "//user:pass@evil.example",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "//localhost:80@evil.example/",
    "/..//evil.example",
    "/.//evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "/%09/evil.example",
    "//[::1]/",
    "http://[bad",
    "/me\r\nLocation: https://evil.example",
    "/me\r\n\r\n<script>alert(1)</script>",
    "?next=//evil.example",
    "#//evil.example",
    "evil.example",
    "@evil.example",
    "/\u2028/evil.example",
    "//evil。example",
    "/\u3000/evil.example",
)


def test_the_list_is_long_enough() -> None:
    assert len(set(ABROAD)) >= 40


def sign_in(world: World, target: str, kept: str = "") -> None:
    person = world.people["learner"]
    client = world.client("guest")
    with outspoken(world.app) as faults:
        page = judge(client.get(f"/sign-in?{encoded([('next', target)])}"), faults)
        assert page is not None
        printed = page.field_named("next", "/sign-in")
        for shown in (printed.value if printed else "", target):
            client = world.client("guest")
            sent = [
                ("csrf_token", csrf_of(client)),
                ("mail", person.email or ""),
                ("password", PASSWORD),
                ("next", shown),
                ("kept", kept),
            ]
            answer = client.post(
                "/sign-in",
                data=encoded(sent),
                content_type="application/x-www-form-urlencoded",
                environ_overrides=fresh_address(),
            )
            judge(answer, faults)
            assert answer.status_code == 303
            stays(answer.location)
        again = client.get(f"/sign-in?{encoded([('next', target)])}")
        assert again.status_code == 303 or "\0" in target  # an address with a NUL is refused
        stays(again.location)


@pytest.mark.parametrize("target", ABROAD, ids=range(len(ABROAD)))
def test_next_never_leaves_the_host(world: World, target: str) -> None:
    sign_in(world, target)


def test_next_never_leaves_the_host_whatever_it_is(world: World) -> None:
    @sparing
    @given(st.one_of(texts, st.text("/\\.:@ \t\r\n%ab", max_size=12)))
    def check(target: str) -> None:
        sign_in(world, target)

    check()


@pytest.mark.parametrize("target", ABROAD, ids=range(len(ABROAD)))
def test_a_kept_post_is_never_sent_to_another_host(world: World, target: str) -> None:
    """Not even one that is signed, should the key ever be known or the gate mistaken."""
    with world.app.test_request_context():
        key = current_app.config["SECRET_KEY"]
        kept = [target, [["goal", "x"]], world.people["learner"].id]
        signed = URLSafeTimedSerializer(key, salt="kept-post").dumps(kept)
    client = world.client("guest")
    sent = {
        "csrf_token": csrf_of(client),
        "mail": world.people["learner"].email,
        "password": PASSWORD,
        "kept": signed,
    }
    answer = client.post("/sign-in", data=sent, environ_overrides=fresh_address())
    stays(answer.location)
    for form in Page(answer.text).forms:
        if not form.action.startswith("http://localhost/"):
            stays(form.action)


@pytest.mark.parametrize("kept", ["x", "x.y.z", "\x00", "a" * 5000, "WyIvIixbXV0.aaaaaa.bbbb"])
def test_a_kept_post_that_was_not_signed_is_nothing(world: World, kept: str) -> None:
    sign_in(world, "/me", kept)


def test_junk_after_the_host_is_never_a_redirect_elsewhere(world: World) -> None:
    with outspoken(world.app) as faults:
        for path in ("//evil.example", "///evil.example/%2e%2e", "/\\evil.example", "//catalogue"):
            answer = world.app.test_client().get(
                "/", base_url="http://evil.example", environ_overrides={"PATH_INFO": path}
            )
            judge(answer, faults)
            assert answer.status_code in (200, 404)
            assert answer.location is None
