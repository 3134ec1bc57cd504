"""The pages in Chromium: nothing sticks out, axe finds nothing, a stranger checks without help."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from lms.testing import sign_in_as
from lms_certificates import verification_code
from tests.harness import axe
from tests.harness.chromium import browser, visit

LONG = (
    "Menneskemøder og velfærdsteknologiafprøvning i hjemmesygeplejen – fra problem til beslutning"
)
# Colours do not depend on the width, nor widths on colours: axe sees each once.
VIEWS = ((1280, "light", True), (390, "light", False), (320, "dark", True))
SHOTS = os.environ.get("LMS_TEST_SHOTS", "")


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def base_url(lms_app):
    server = make_server("127.0.0.1", 0, lms_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def enter(lms_app, base_url):
    """Sign a visitor's browser in as a person."""

    def put_cookie(visitor, person):
        client = sign_in_as(lms_app.test_client(), person)
        name = lms_app.config["SESSION_COOKIE_NAME"]
        visitor.context.add_cookies(
            [{"name": name, "value": client.get_cookie(name).value, "url": base_url}]
        )

    return put_cookie


@pytest.fixture
def pages(registry, town):
    """Every page in every state: name -> (address, whether one is signed in)."""
    person = town.holder
    known = {"person": person, "issuer": town.issuer}
    new = registry.certificate(**known, name="Åse Vest")
    valid = registry.certificate(**known, title=LONG)
    revoked = registry.certificate(**known, state="revoked")
    old = registry.certificate(**known, state="superseded", replaced_by_id=new.id)
    verify = "/certificates/verify"
    return {
        "verify": (verify, None),
        "verify-short": (f"{verify}?code=4KQ7-M2XD-9RTE-W0BV", None),
        "valid": (f"{verify}/{valid.code}", None),
        "revoked": (f"{verify}/{revoked.code}", None),
        "replaced": (f"{verify}/{old.code}", None),
        "unknown": (f"{verify}/{verification_code.new()}", None),
        "own": ("/certificates", town.holder),
        "one": (f"/certificates/c/{valid.key}", town.holder),
        "issued": ("/certificates/issued", town.manager),
        "managed": (f"/certificates/c/{old.key}", town.manager),
        "managed-valid": (f"/certificates/c/{valid.key}", town.manager),
        "revoke": (f"/certificates/c/{valid.key}/revoke", town.manager),
        "replace": (f"/certificates/c/{new.key}/replace", town.manager),
        "none-yet": ("/certificates", town.neighbour),
    }


def look_at(page, name, url):
    """What is wrong with a page in the state that its name asks for, in every view."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    page.goto(url)
    if name == "revoke":
        page.locator("main form button").click()
    if name == "valid":
        page.get_by_label("Navnet på beviset").fill("Åse")
        page.get_by_role("button", name="Sammenlign").click()
    wrong = []
    for width, scheme, axe_too in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        findings = axe.findings(page) if axe_too else []
        findings += [f"{sideways} px too wide"] if sideways > 0 else []
        wrong += [f"{width} px {scheme}: {line}" for line in findings]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
    return wrong


# Layout and axe: which database lies below cannot be seen. The pages' queries run on both in
# test_pages and test_verifying.
@pytest.mark.once
def test_every_page_fits_and_axe_finds_nothing(chromium, base_url, enter, pages, town):
    found = {}
    for reader in (None, town.holder, town.manager, town.neighbour):
        with visit(chromium, base_url) as visitor:
            if reader:
                enter(visitor, reader)
            for name, (url, person) in pages.items():
                if person is reader:
                    found[name] = look_at(visitor.page, name, url)
            # Chromium says of a page with status 404 or 422 that it "failed to load".
            who = reader.name if reader else "stranger"
            found[f"console of {who}"] = [p for p in visitor.problems if "Failed to load" not in p]
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_stranger_checks_a_certificate_without_javascript(chromium, base_url, registry, town):
    certificate = registry.certificate(person=town.holder, issuer=town.issuer)
    with visit(chromium, base_url, locale="sv-SE", javascript=False) as visitor:
        page = visitor.page
        page.goto("/")
        page.get_by_role("link", name="Kontrollera").first.click()
        page.get_by_label("Koden på intyget").fill(
            verification_code.grouped(certificate.code).lower()
        )
        page.get_by_role("button", name="Se intyget").click()
        assert page.get_by_role("heading", name="Ja, intyget gäller").is_visible()
        assert "Åse" not in page.content()
        page.get_by_label("Namnet på intyget").fill("åse øst ærø")
        page.get_by_role("button", name="Jämför").click()
        assert page.get_by_text("Ja: Åse Øst Ærø är namnet på intyget.").is_visible()
