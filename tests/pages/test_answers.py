"""Every answer: headers, cookies, languages, weight; and looking changes nothing."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms.app import create_app
from lms.testing import TEST_CONFIG
from tests.access.asking import fresh_address
from tests.access.crawl import Visit, visits
from tests.access.html import Page
from tests.access.state import COUNTED, State, changed_tables
from tests.access.table import LOOKS_NOTED
from tests.access.world import World

pytestmark = pytest.mark.once  # what is asked here no database changes

LANGUAGES = ("da", "sv", "en")
FIRST_VISIT_BYTES = 60_000
FIRST_VISIT_REQUESTS = 6
AT_ONCE = 20  # pages looked at between two looks at all the tables
NO_PAGE = frozenset({"static", "web.plugin_static", "web.service_worker"})
SPRITES = "http://www.w3.org/2000/svg"


def look(world: World, visit: Visit, *, lang: str = "", **options: object) -> TestResponse:
    headers = world.bearer(visit.reader) if visit.url.startswith("/api/") else {}
    headers |= options.pop("headers", {})  # type: ignore[operator, arg-type]
    return world.client(visit.reader).get(
        f"{visit.url}{'&' if '?' in visit.url else '?'}lang={lang}" if lang else visit.url,
        headers=headers,
        buffered=True,
        environ_overrides=fresh_address(),
        **options,  # type: ignore[arg-type]
    )


def of_every_kind(world: World) -> Iterator[tuple[str, TestResponse]]:
    """Every page once, and answers that are no pages: refusals, redirects, faults, files."""
    for visit in visits(world, one_reader=True):
        yield str(visit), look(world, visit)
    guest = world.client("guest")
    yield "404", guest.get("/nothing/of/the/kind")
    yield "404 in the API", guest.get("/api/v1/nothing")
    yield "405", guest.post("/catalogue")
    yield "401", guest.post("/account/choices")
    yield "303", guest.get("/account")
    yield "static 404", guest.get("/static/nothing.css", buffered=True)
    yield "plugin static 404", guest.get("/plugin-static/courses/nothing.css", buffered=True)
    yield "OPTIONS", guest.options("/catalogue")
    yield "TRACE", guest.open("/catalogue", method="TRACE")
    yield "HEAD", guest.head("/catalogue")
    yield "413", guest.post("/sign-in", data={"mail": "x" * 3_000_000})

    def broken(**_arguments: object) -> str:
        raise RuntimeError("made up")

    broken.lms_access = world.app.view_functions["home.help"].lms_access  # type: ignore[attr-defined]
    world.app.view_functions["home.help"] = broken
    yield "500", guest.get("/help")


def test_security_headers_and_cookies_of_every_answer(world: World) -> None:
    seen = cookies = 0
    for name, answer in of_every_kind(world):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert "geolocation=()" in headers["Permissions-Policy"], name
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe-eval" not in policy, name
        assert "unsafe-inline" not in policy or "sandbox" in policy, name
        assert "*" not in policy, name
        assert "frame-ancestors" in policy, name
        assert headers["Cache-Control"], name
        assert "Content-Type" in headers or answer.status_code == 204, name
        assert "Server" not in headers or "Python" not in headers["Server"], name
        if answer.mimetype.startswith("text/"):
            assert "charset=utf-8" in headers["Content-Type"].lower(), name
        seen += 1
        cookies += all_kept_safe(answer, name)
    assert seen > 60
    assert cookies + all_kept_safe(world.client("guest").get("/?lang=sv"), "a choice of language")


def all_kept_safe(answer: TestResponse, name: str) -> int:
    """Assert that the cookies of an answer are kept from scripts and other sites; how many."""
    cookies = answer.headers.getlist("Set-Cookie")
    for cookie in cookies:
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert "httponly" in flags, (name, cookie)
        assert "samesite=lax" in flags, (name, cookie)
        assert "path=/" in flags, (name, cookie)
        assert not [flag for flag in flags if flag.startswith("domain")], (name, cookie)
    return len(cookies)


def is_whole(page: Page, visit: Visit) -> None:
    """Assert that nothing of the page is inline or from elsewhere."""
    for tag, attributes in page.tags:
        assert "style" not in attributes, (visit, tag, attributes)
        assert tag != "style", visit
        assert tag != "script" or attributes.get("src"), visit
        assert not [name for name in attributes if name.startswith("on")], (visit, attributes)
        loads = [attributes.get(name, "") for name in ("src", "srcset", "data", "poster")]
        loads += [attributes.get("href", "")] if tag in ("link", "use", "image") else []
        loads += [attributes.get("action", "")] if tag == "form" else []
        for address in loads:
            assert not urlsplit(address).netloc, (visit, tag, address)


def test_stylesheets_load_nothing_from_elsewhere(world: World) -> None:
    from pathlib import Path

    root = Path(__file__).parents[2]
    sheets = [*root.glob("lms/static/**/*.css"), *root.glob("plugins/*/lms_*/static/**/*.css")]
    pictures = [*root.glob("lms/static/**/*.svg"), *root.glob("plugins/*/lms_*/static/**/*.svg")]
    assert sheets
    for path in sheets:
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", path.read_text()):
            assert not urlsplit(address).netloc, (path.name, address)
        assert "@import" not in path.read_text()
    for path in pictures:
        assert not re.findall(r"(?:href|src)=\"https?:", path.read_text()), path.name


# --- weight -------------------------------------------------------------------------------------


def on_the_wire(answer: TestResponse) -> int:
    """Bytes of the answer with its head, as a server sends them."""
    head = f"HTTP/1.1 {answer.status}\r\n{answer.headers}\r\n"
    return len(head.encode()) + len(answer.data)


def test_the_first_visit_is_light(world: World) -> None:
    client = world.client("guest")
    packed = {"Accept-Encoding": "gzip, deflate, br"}
    answer = client.get("/", headers=packed)
    assert answer.headers["Content-Encoding"] == "gzip"
    page = Page(gzip.decompress(answer.data).decode(), "/")
    wanted = {
        attributes.get("src") or attributes.get("href", "")
        for tag, attributes in page.tags
        if tag in ("img", "script", "source")
        or (tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload"))
    }
    sizes = {"/": on_the_wire(answer)}
    classes = " ".join(attributes.get("class", "") for _tag, attributes in page.tags).split()
    for url in sorted(wanted):
        part = client.get(url, headers=packed, buffered=True)
        assert part.status_code == 200, url
        sizes[url] = on_the_wire(part)
        if part.mimetype == "text/css":
            text = gzip.decompress(part.data).decode()
            for selector, address in drawn_by(text):
                if selector in classes:
                    picture = urljoin(url, address)
                    sizes[picture] = on_the_wire(client.get(picture, headers=packed, buffered=True))
    assert sum(sizes.values()) <= FIRST_VISIT_BYTES, sizes
    assert len(sizes) <= FIRST_VISIT_REQUESTS, sizes


def drawn_by(sheet: str) -> list[tuple[str, str]]:
    """(class, address) of the pictures a stylesheet draws behind things of that class."""
    found = re.findall(
        r"\.([a-z-]+)\s*\{[^{}]*?(?:&::before\s*\{[^{}]*?)?url\([\"']?([^\"')]+)", sheet
    )
    assert len(found) == len(re.findall(r"url\(", sheet)), (
        "a picture in the sheet was not understood"
    )
    return found


# --- cookies ------------------------------------------------------------------------------------


@pytest.fixture
def over_https(world: World) -> Iterator[Flask]:
    """The same world, served under an https address."""
    config = {
        "DATABASE_URL": world.app.config["DATABASE_URL"],
        "DATA_DIR": world.app.config["DATA_DIR"],
        "PUBLIC_URL": "https://samspil.example",
    }
    app = create_app(dict(TEST_CONFIG) | config, discover=True)
    yield app
    from lms.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("url", ["/", "/?lang=sv", "/sign-in", "/certificates/verify", "/nothing"])
def test_over_https_cookies_are_bound_to_the_host_and_secure(over_https: Flask, url: str) -> None:
    answer = over_https.test_client().get(url, base_url="https://samspil.example")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    for cookie in answer.headers.getlist("Set-Cookie"):
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags, cookie
        assert not [flag for flag in flags if flag.startswith("domain")], cookie
        assert cookie.startswith(("__Host-", "lang=")), cookie


def test_over_https_a_form_sets_a_bound_cookie(over_https: Flask) -> None:
    answer = over_https.test_client().get("/sign-in", base_url="https://samspil.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-samspil=")


# --- languages and looking ----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language_and_is_whole(world: World, language: str) -> None:
    for visit in visits(world, one_reader=True):
        if visit.line.endpoint == "messages.body":
            continue
        answer = look(world, visit, lang=language)
        assert answer.status_code == 200, visit
        if answer.mimetype == "text/html":
            page = Page(answer.text, visit.url)
            assert page.language == language, visit
            is_whole(page, visit)


def test_looking_changes_nothing_and_no_cache_keeps_what_is_behind_a_sign_in(
    world: World, state: State
) -> None:
    before = state.content(without=COUNTED)
    for some in batched(visits(world), AT_ONCE):
        for visit in some:
            kept = look(world, visit).headers["Cache-Control"]
            if visit.reader != "guest" and visit.line.endpoint not in NO_PAGE:
                assert "no-store" in kept or "private" in kept, (visit, kept)
        now = state.content(without=COUNTED)
        noted = {t for visit in some for t in LOOKS_NOTED.get((visit.line.endpoint, "GET"), ())}
        assert set(changed_tables(before, now)) <= noted, some
        before = now


def batched(pages: Iterable[Visit], size: int) -> Iterator[list[Visit]]:
    """The visits in lots of `size`."""
    them = iter(pages)
    while some := list(islice(them, size)):
        yield some
