"""One browser per session, and sites with the demo that run as an administrator runs them.

The whole way is gone in Danish on both kinds of database, and once each in English (behind a proxy
that speaks https), in Swedish, without scripts, on a phone and with the keyboard. With a folder
named by `LMS_TEST_SHOTS` every page that is looked at leaves its picture there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.harness import postgres
from tests.harness.chromium import browser
from tests.journeys.looking import Album
from tests.journeys.made_runs import WantedRun, make_runs
from tests.journeys.originals import originals
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site, running_site

PAST_RUNS = {
    "sv": WantedRun(
        course="Det lille, der gør en forskel",
        title="Provomgången i Exempelstad",
        lead="kursansvarig@exempelstad.example",
        teacher="kursansvarig@exempelstad.example",
        languages=["sv"],
    ),
    "plain": WantedRun(
        course="Det, der driller",
        title="Prøveholdet i Eksempelby",
        lead="forloebsansvarlig@eksempelby.example",
        teacher="underviser@sosu-eksempel.example",
        languages=["da"],
    ),
    "en": WantedRun(
        course="Det, der driller",
        title="Trial run in Prøvestad",
        lead="forloebsansvarlig@eksempelby.example",
        teacher="underviser@sosu-eksempel.example",
        languages=["en"],
    ),
}

SHOTS = os.environ.get("LMS_TEST_SHOTS", "")

SiteFactory = Callable[..., Site]
Visit = Callable[..., AbstractContextManager[Somebody]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium."""
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteFactory]:
    """`new_site(name, kind=..., scheme=...)`: a site with the demo on a database of that kind, not
    started yet."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with ExitStack() as stack:
        server = os.environ.get(postgres.URL_VARIABLE) or stack.enter_context(postgres.server())
        made = stack.enter_context(originals(shared, server))

        def make(name: str, kind: str = "sqlite", scheme: str = "http") -> Site:
            folder = tmp_path_factory.mktemp(name)
            url = stack.enter_context(made.copy(kind, folder))
            return stack.enter_context(running_site(folder, url, scheme))

        yield make


@pytest.fixture(scope="session")
def site(new_site: SiteFactory) -> Site:
    """The site that several journeys share, running."""
    made = new_site("site")
    made.start()
    return made


@pytest.fixture(scope="session")
def past_runs(site: Site) -> dict[str, str]:
    """Keys of the runs in `PAST_RUNS`, made on the shared site."""
    return _past_runs_on(site)


@pytest.fixture(scope="session")
def https_site(new_site: SiteFactory) -> tuple[Site, dict[str, str]]:
    """A running site behind a proxy that speaks https, and its past runs."""
    made = new_site("https", scheme="https")
    made.start()
    return made, _past_runs_on(made)


def _past_runs_on(site: Site) -> dict[str, str]:
    return dict(zip(PAST_RUNS, make_runs(site, list(PAST_RUNS.values())), strict=True))


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    """Looks at pages; the pictures, where they are wanted, lie in a folder named like the test."""
    if not SHOTS:
        return Album(None)
    folder = Path(SHOTS) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder)


@pytest.fixture
def enter(chromium: Browser, site: Site, album: Album) -> Visit:
    """`enter(mail, language=...)`: somebody on the session's site whose pages are looked at."""
    return partial(somebody, chromium, site, album=album)
