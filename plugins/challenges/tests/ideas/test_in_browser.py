"""Idea development in Chromium, from the first idea on a phone to the certificate."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from lms.api import Presence, decide_completions, now, sessions_of, set_attendance
from lms.testing import sign_in_as
from lms_challenges.queries.ideas import clusters_in_run, ideas_in_run
from tests.harness import axe
from tests.harness.chromium import Visitor, browser, visit

VIEWS = ((1280, "light"), (320, "dark"))


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["challenges", "certificates"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def base_url(lms_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, lms_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def enter(group: Any, visitor: Visitor, person: Any) -> Page:
    """The visitor is this person now."""
    client = sign_in_as(group.app.test_client(), person)
    name = group.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    visitor.context.add_cookies([{"name": name, "value": cookie.value, "url": visitor.base_url}])
    return visitor.page


def look_at(page: Page, url: str) -> list[str]:
    """What is wrong with a page, wide and narrow, light and dark."""
    wrong = []
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{url} at {width} scrolls sideways")
        if width == 1280:
            wrong += [f"{url} at {width}: {finding}" for finding in axe.findings(page)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return wrong


def give_points(page: Page, url: str, ideas: int, value: int) -> None:
    """One participant, on a phone: the same for everything, idea by idea."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/score")
    for _idea in range(ideas):
        for choice in page.locator(f'input[type=radio][value="{value}"]').all():
            choice.check(force=True)
        page.get_by_role("button", name="Save and go on").click()


@pytest.mark.once
def test_from_an_idea_on_a_phone_to_the_certificate(
    group: Any, chromium: Browser, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = now() - timedelta(days=2)
    group.run = group.a_run(sessions=[begun])
    group.maker.team_member(run=group.run, person=group.facilitator, role="teacher")
    group.work_on(group.challenge)
    anna, bo = group.participant("Anna"), group.participant("Bo")
    wrong: list[str] = []
    with (
        visit(chromium, base_url, locale="en-GB") as lead_visit,
        visit(chromium, base_url, locale="en-GB", width=390, height=844) as anna_visit,
        visit(chromium, base_url, locale="en-GB", javascript=False) as bo_visit,
    ):
        lead = enter(group, lead_visit, group.facilitator)
        first, second = enter(group, anna_visit, anna[0]), enter(group, bo_visit, bo[0])
        for page, title in ((first, "Skinner i loftet"), (second, "Fast makker")):
            page.goto(group.url)
            page.get_by_label("Your idea in a few words").fill(title)
            page.get_by_role("button", name="Write it down").click()
            page.get_by_role("link", name=title).wait_for()
        wrong += look_at(lead, group.url)
        lead.goto(group.url)
        lead.get_by_role("button", name="Go on to clusters").click()
        lead.goto(f"{group.url}/clusters")
        lead.get_by_label("Name of the cluster").first.fill("Hjælpemidler")
        lead.get_by_role("button", name="Make it").click()
        with group.app.app_context():
            (cluster,) = clusters_in_run(group.run.id)
            rails, partner = ideas_in_run(group.run.id)
        with lead.expect_navigation():
            lead.drag_and_drop(f'[data-idea="{rails.key}"]', f'[data-cluster="{cluster.key}"]')
        lead.get_by_label("Fast makker").check()
        lead.get_by_label("Lay those ticked into").select_option("Hjælpemidler")
        lead.get_by_role("button", name="Lay them there").click()
        assert {group.now(one).cluster_id for one in (rails, partner)} == {cluster.id}
        wrong += look_at(lead, f"{group.url}/clusters")
        for path in ("plan", "criteria", "exercises"):
            wrong += look_at(lead, f"{group.url}/{path}")
        lead.goto(f"{group.url}/criteria")
        for box in lead.locator("input[name=kept]").all()[2:]:
            box.uncheck()
        lead.get_by_role("button", name="Save").click()
        lead.goto(group.url)
        lead.get_by_role("button", name="Fix the criteria").click()
        wrong += look_at(first, f"{group.url}/score")
        give_points(first, group.url, 2, 4)
        first.get_by_text("You have given points to every idea.").first.wait_for()
        give_points(second, group.url, 2, 5)
        second.get_by_text("Now everybody sees the points").wait_for()
        wrong += look_at(lead, f"{group.url}/points")
        lead.goto(f"{group.url}/points")
        lead.get_by_role("button", name="Choose it").first.click()
        first.goto(f"/challenges/ideas/{rails.key}/sheet")
        first.get_by_label("The problem it meets").fill("Vi løfter for meget.")
        first.get_by_label("Who will use it?").fill("Hjemmeplejen")
        first.get_by_label("Staff").fill("Færre onde rygge")
        first.get_by_label("What do we test next").fill("To uger hos tre borgere")
        first.get_by_role("button", name="Save").click()
        wrong += look_at(first, f"/challenges/ideas/{rails.key}/sheet")
        wrong += look_at(lead, f"/challenges/ideas/{rails.key}")
        lead.goto(f"/challenges/ideas/{rails.key}")
        lead.get_by_role("button", name="Send it to the gate").click()
        lead.get_by_text("At a gate").first.wait_for()
        problems = [*lead_visit.problems, *anna_visit.problems, *bo_visit.problems]
    assert wrong == []
    assert problems == []
    assert group.now(rails).state == "at_gate"
    certificate = _completed(group, anna[1], monkeypatch)
    assert certificate["kind"] == "course"
    assert "Mit hjem som arbejdsplads" in certificate["statement"]


def _completed(group: Any, seat: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The certificate of somebody who was there all the time."""
    from sqlalchemy import select

    import lms_certificates.rendering
    from lms.db import db
    from lms.jobs import drain
    from lms.journal import deliver, seal
    from lms_certificates.models import Certificate

    monkeypatch.setattr(lms_certificates.rendering, "render", lambda _document: b"%PDF-1.7")

    def there() -> None:
        (session,) = sessions_of([group.run.id])[group.run.id]
        set_attendance(session.id, [Presence(enrolment_id=seat.id, mode="present")], group.lead)

    group.do(there)
    found = group.do(decide_completions, [seat.id], group.lead)
    assert found[seat.id].result == "met", found[seat.id].reasons
    with group.app.app_context():
        seal()
        deliver()
        drain()
        document = db.session.scalars(
            select(Certificate.document).where(Certificate.enrolment_id == seat.id)
        ).one()
    return json.loads(document)
