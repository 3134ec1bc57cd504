"""One browser and one site with the demo per session; screenshots of every page looked at.

`LMS_TEST_DATABASE` names the database, `LMS_TEST_SCHEME=https` puts the site behind a proxy, and
`LMS_TEST_SHOTS` is the folder for the pictures (else pytest's own).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms.testing.databases import chosen_kind
from tests.harness import postgres
from tests.harness.chromium import browser
from tests.journeys.looking import Album
from tests.journeys.past_runs import PastRun, make_past_runs
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site, running_site

PAST_RUNS = {
    "sv": PastRun(
        course="Det lille, der gør en forskel",
        title="Provomgången i Exempelstad",
        lead="kursansvarig@exempelstad.example",
        teacher="kursansvarig@exempelstad.example",
        languages=["sv"],
    ),
    "plain": PastRun(
        course="Det, der driller",
        title="Prøveholdet i Eksempelby",
        lead="forloebsansvarlig@eksempelby.example",
        teacher="underviser@sosu-eksempel.example",
        languages=["da"],
    ),
    "en": PastRun(
        course="To i samme stue",
        title="Trial run in Prøvestad",
        lead="forloebsansvarlig@eksempelby.example",
        teacher="underviser@sosu-eksempel.example",
        languages=["en"],
    ),
}

SiteFactory = Callable[[str, str], Site]
Visit = Callable[..., AbstractContextManager[Somebody]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium."""
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteFactory]:
    """`new_site(name, scheme)`: a site with the demo on an empty database, not started yet."""
    with ExitStack() as stack:
        server = ""
        if chosen_kind() == "postgresql":
            server = os.environ.get(postgres.URL_VARIABLE) or stack.enter_context(postgres.server())

        def make(name: str, scheme: str) -> Site:
            url = stack.enter_context(postgres.database(server)) if server else None
            folder = tmp_path_factory.mktemp(name)
            return stack.enter_context(running_site(folder, url, scheme))

        yield make


@pytest.fixture(scope="session")
def scheme() -> str:
    """How the session's site is reached: http, or https behind a proxy."""
    return os.environ.get("LMS_TEST_SCHEME", "http")


@pytest.fixture(scope="session")
def site(new_site: SiteFactory, scheme: str) -> Site:
    """The session's site, running."""
    made = new_site("site", scheme)
    made.start()
    return made


@pytest.fixture(scope="session")
def past_runs(site: Site) -> dict[str, str]:
    """Keys of the runs in `PAST_RUNS`, made on the session's site."""
    return _past_runs_on(site)


@pytest.fixture(scope="session")
def https_site(
    request: pytest.FixtureRequest, new_site: SiteFactory, scheme: str
) -> tuple[Site, dict[str, str]]:
    """A running site over https and its past runs: the session's own where that is one."""
    if scheme == "https":
        return request.getfixturevalue("site"), request.getfixturevalue("past_runs")
    made = new_site("https", "https")
    made.start()
    return made, _past_runs_on(made)


def _past_runs_on(site: Site) -> dict[str, str]:
    return dict(zip(PAST_RUNS, make_past_runs(site, list(PAST_RUNS.values())), strict=True))


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for pictures."""
    named = os.environ.get("LMS_TEST_SHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def album(shots: Path, request: pytest.FixtureRequest) -> Album:
    """Looks at pages; the pictures lie in a folder named like the test."""
    folder = shots / request.node.name
    folder.mkdir(exist_ok=True)
    return Album(folder)


@pytest.fixture
def enter(chromium: Browser, site: Site, album: Album) -> Visit:
    """`enter(mail, language=...)`: somebody on the session's site whose pages are looked at."""
    return partial(somebody, chromium, site, album=album)
