"""The whole way on the demo as it is: from the catalogue to a certificate a stranger verifies.

The run's days lie ahead, so the server is started again on a later day in the middle, as the
README tells a newcomer to do.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms.db import now
from lms.testing.databases import KINDS
from tests.journeys.certificates import code_in, text_of
from tests.journeys.conftest import SiteFactory
from tests.journeys.looking import Album
from tests.journeys.people import somebody

WORKER = "assistent-nord@eksempelby.example"
COLLEAGUE = "sygeplejerske@eksempelby.example"
MANAGER = "hjemmeplejeleder@eksempelby.example"
LEAD = "forloebsansvarlig@eksempelby.example"
TEACHER = "underviser@sosu-eksempel.example"
ADMIN = "systemadministrator@klyngen-eksempel.example"
NAME = "Social- og sundhedsassistent, Hjemmeplejen Nord, Eksempelby"
LAST_DAY = timedelta(days=125)


@pytest.mark.parametrize("kind", KINDS)
def test_from_the_catalogue_to_a_verified_certificate(
    chromium: Browser, new_site: SiteFactory, album: Album, tmp_path: Path, kind: str
) -> None:
    site = new_site("danish", kind)
    site.start()
    # Which database lies below cannot be seen, so the pages are judged on one of them.
    enter = partial(somebody, chromium, site, album=album if kind == "sqlite" else None)

    with enter() as worker:
        worker.go("/")
        worker.see("front")
        worker.search("driller", type="staff_innovation_track", free="1")
        run = worker.open_run()
        worker.press("main a[href^='/sign-in?next=']")
        worker.see("sign-in")
        worker.sign_in(WORKER)
        asked = worker.ask("Jeg vil kunne få øje på det, der tager tid fra borgerne.")
        worker.go("/me")
        worker.see("mine")
    with enter(COLLEAGUE) as colleague:
        colleague.go(f"/catalogue/{run}/ask")
        also_asked = colleague.ask("Jeg vil lære at sætte ord på det, der driller.")

    with enter(ADMIN) as admin:
        link = admin.link_in_mail("Sygeplejerske")
    with enter() as by_mail:
        by_mail.say_yes_by_link(link)
    with enter(MANAGER) as manager:
        manager.say_yes(asked)
    with enter(LEAD) as lead:
        lead.go(f"/catalogue/{run}/participants")
        lead.see("participants")
        lead.move_run(run, "running")
        lead.see("run-running")

    site.move_clock(now() + LAST_DAY)

    with enter(TEACHER) as teacher:
        teacher.go("/teach")
        teacher.see("teach")
        assert teacher.fill_registers(run, missing=(also_asked,)) == 5
        others = teacher.page.locator("main th[scope=row]").count()
        assert others >= 2
        teacher.decide(run, {asked: True, also_asked: False})
        teacher.go(f"/teach/{run}/sums")
        teacher.see("sums")

    with enter(WORKER) as worker:
        pdf, says = worker.fetch_certificate(asked, tmp_path)
        worker.go("/certificates")
        worker.see("certificates")
        worker.go("/me")
        worker.see("mine-completed")
    text = text_of(pdf)
    assert NAME in text
    assert str(says["number"]) in text

    with enter(COLLEAGUE) as colleague:
        colleague.go(f"/enrolments/{also_asked}")
        colleague.see("not-completed")
        assert not colleague.page.locator("a[href^='/certificates/c/']").count()
        answer = colleague.page.context.request.get(f"{site.url}/certificates/verify/nonsense")
        assert answer.status == 404

    with enter() as stranger:
        stranger.verify(code_in(text), NAME)
