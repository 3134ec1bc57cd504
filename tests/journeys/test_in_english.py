"""The whole way in English, behind a proxy that speaks https."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from playwright.sync_api import Browser

from tests.journeys.conftest import PAST_RUNS
from tests.journeys.looking import Album
from tests.journeys.people import somebody
from tests.journeys.running import Site
from tests.journeys.whole_way import Cast, go_the_whole_way

ADMIN = "systemadministrator@klyngen-eksempel.example"
PROEVESTAD = Cast(
    worker="sygeplejerske@proevestad.example",
    name="Sygeplejerske, Hjemmesygeplejen, Prøvestad",
    manager="hjemmeplejeleder@proevestad.example",
    lead="forloebsansvarlig@eksempelby.example",
    teacher="underviser@sosu-eksempel.example",
    stranger_language="en",
)


def test_from_the_catalogue_to_a_verified_certificate_in_english_over_https(
    chromium: Browser, https_site: tuple[Site, dict[str, str]], album: Album, tmp_path: Path
) -> None:
    site, runs = https_site
    assert site.url.startswith("https://")
    enter = partial(somebody, chromium, site, album=album)
    for mail in (PROEVESTAD.worker, PROEVESTAD.manager, PROEVESTAD.lead, PROEVESTAD.teacher):
        with enter(mail) as one:
            one.speak("en")
            cookies = one.page.context.cookies()
    assert cookies
    assert all(cookie["name"].startswith("__Host-") and cookie["secure"] for cookie in cookies)

    says, _text = go_the_whole_way(
        enter, PROEVESTAD, run=runs["en"], title=PAST_RUNS["en"].title, folder=tmp_path
    )
    assert str(says["verify_url"]).startswith(f"{site.url}/")
    with enter(ADMIN) as admin:
        link = admin.link_in_mail("asks for your yes")
        assert link.startswith(f"{site.url}/answer/")
        answer = admin.page.context.request.get("/healthz")
        assert "max-age" in answer.headers["strict-transport-security"]
