"""Somebody at a browser, and what they do on the site.

Pages are found by their addresses and fields by their names, so that a better word on a button
breaks no journey.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.harness.chromium import Visitor, visit
from tests.journeys.looking import Album
from tests.journeys.running import Site

PASSWORD = "samspil-demo-2026"
PATIENCE_SECONDS = 45
LOCALES = {"da": "da-DK", "sv": "sv-SE", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, or a stranger, in a browser of their own."""

    site: Site
    visitor: Visitor
    album: Album | None

    @property
    def page(self) -> Page:
        """Where they are."""
        return self.visitor.page

    @property
    def path(self) -> str:
        """The address they are at, without the site."""
        return self.page.url.removeprefix(self.site.url)

    def go(self, path: str) -> None:
        """Open a page of the site."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def see(self, name: str) -> None:
        """Look at the page; `name` is for the album."""
        if self.album is not None:
            self.album.look(self.page, name)

    def press(self, selector: str) -> None:
        """Press a button or a link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    # --- the door -------------------------------------------------------------------------------

    def sign_in(self, mail: str) -> None:
        """Fill the sign-in page where one is, else go there first."""
        if not self.path.startswith("/sign-in"):
            self.go("/sign-in")
        self.page.fill("input[name=mail]", mail)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("main form[method=post] button")
        assert not self.path.startswith("/sign-in"), self.page.inner_text("main")

    def speak(self, language: str) -> None:
        """Choose a language in the account, for pages, mails and certificates."""
        self.go("/account")
        self.page.select_option("select[name=language]", language)
        self.press("form[action='/account/choices'] button")
        assert self.page.get_attribute("html", "lang") == language

    # --- the care worker ------------------------------------------------------------------------

    def search(self, words: str, **filters: str) -> None:
        """Search the catalogue, then narrow the list by ticking filters (name=value)."""
        self.go("/catalogue")
        self.see("catalogue")
        self.page.fill("form.search input[name=q]", words)
        self.press("form.search button")
        if filters:
            if self.page.is_visible("form.facets summary"):  # folded away on a phone
                self.page.click("form.facets summary")
            for name, value in filters.items():
                self.page.check(f"form.facets input[name={name}][value='{value}']")
            self.see("catalogue-filters")
            self.press("form.facets button")
        self.see("catalogue-found")

    def open_run(self, key: str = "") -> str:
        """Follow the link to the first run in the list, or to the one named; its key."""
        self.press(f"ol.runs a[href^='/catalogue/{key}']")
        self.see("run")
        return self.path.split("/")[2].split("?")[0]

    def ask(self, goal: str) -> str:
        """Fill the request that is open; the key of the enrolment."""
        assert re.fullmatch(r"/catalogue/\w{16}/ask(\?.*)?", self.path), self.path
        self.see("ask")
        self.page.fill("textarea[name=goal]", goal)
        self.press("form[action$='/ask'] button")
        assert self.path.startswith("/enrolments/"), self.page.inner_text("main")
        self.see("asked")
        return self.path.split("/")[2]

    def wait_for(self, path: str, selector: str) -> None:
        """Open a page again and again, kindly, until something stands on it."""
        until = time.monotonic() + PATIENCE_SECONDS
        self.go(path)
        while not self.page.locator(selector).count():
            assert time.monotonic() < until, f"{selector} does not come: {self.site.log()}"
            time.sleep(0.5)
            self.go(path)

    def fetch_certificate(self, enrolment: str, folder: Path) -> tuple[Path, dict[str, Any]]:
        """Wait for the certificate, open it and fetch the PDF: (the file, what it says)."""
        self.wait_for(f"/enrolments/{enrolment}", "a[href^='/certificates/c/']")
        self.see("completed")
        self.press("a[href^='/certificates/c/']")
        address = self.path
        self.wait_for(address, "a[href$='certificate.pdf']")
        self.see("certificate")
        with self.page.expect_download() as coming:
            self.page.click("a[href$='certificate.pdf']")
        file = folder / coming.value.suggested_filename
        coming.value.save_as(file)
        answer = self.page.context.request.get(f"{self.site.url}{address}/certificate.json")
        document: dict[str, Any] = answer.json()
        return file, document

    # --- the manager ----------------------------------------------------------------------------

    def say_yes(self, enrolment: str) -> None:
        """On the manager's page."""
        self.go("/team")
        self.see("team")
        asked = f"form[action='/enrolments/{enrolment}/answer']"
        self.press(f"{asked} .do > button[name=answer][value=yes]")
        assert self.path == "/team"
        expect(self.page.locator(asked)).to_have_count(0)

    def say_yes_by_link(self, link: str) -> None:
        """On the page behind the link of a mail, without signing in."""
        self.go(link.removeprefix(self.site.url))
        self.see("answer-by-link")
        self.press("main form p.row button[name=answer][value=yes]")
        assert self.path == "/answered"
        self.see("answered")
        again = self.page.context.request.get(link)
        assert again.status == 410

    # --- the administrator ----------------------------------------------------------------------

    def link_in_mail(self, about: str, to: str = "") -> str:
        """Find the newest mail with this in its subject (and, with `to`, to somebody of that name)
        on the mailbox page, and in its HTML the address behind its button."""
        subject = f"tr:has-text('{to}') a[href^='/admin/mails/']:has-text('{about}')"
        self.wait_for("/admin/mails", subject)
        self.see("mails")
        self.press(subject)
        self.see("mail")
        letter = self.page.frame_locator("iframe.mail")
        link = letter.locator("a.press").get_attribute("href")
        assert link is not None
        return link

    # --- those who run it -----------------------------------------------------------------------

    def move_run(self, run: str, state: str) -> None:
        """On the state page."""
        self.go(f"/catalogue/{run}")
        self.press(f"a[href='/catalogue/{run}/state']")
        self.see("state")
        self.page.check(f"input[name=state][value={state}]")
        self.press("main form button")
        assert self.path == f"/catalogue/{run}", self.page.inner_text("main")

    def fill_registers(self, run: str, *, missing: tuple[str, ...] = ()) -> int:
        """Write the register of every day; everybody is there but the `missing` (enrolments).
        Returns how many days there were."""
        self.go(f"/teach/{run}")
        form = f"form[action^='/teach/{run}?session=']"
        links = self.page.locator(f"a[href^='/teach/{run}?session=']")
        days = {str(link.get_attribute("href")) for link in links.all()}
        days.add(str(self.page.locator(form).get_attribute("action")).split("&")[0])
        for day in sorted(days):
            self.go(day)
            self.see("register")
            for enrolment in missing:
                self.page.check(f"input[name='mode-{enrolment}'][value=absent]")
            self.press(f"{form} button[name=all]")
            expect(self.page.locator("main .note.ok")).to_have_count(1)
        self.see("register-written")
        return len(days)

    def decide(self, run: str, accepted: dict[str, bool]) -> None:
        """Give a word on the work of enrolments, then decide for everybody."""
        self.go(f"/teach/{run}/complete")
        for enrolment, fine in accepted.items():
            self.page.check(f"input[name='word-{enrolment}'][value={'yes' if fine else 'no'}]")
        self.see("complete")
        self.press(".savebar button")
        self.press(f"a[href='/teach/{run}/decide']")
        self.see("decide")
        self.press(f"form[action='/teach/{run}/decide'] button")
        assert self.path == f"/teach/{run}/complete", self.page.inner_text("main")
        self.see("decided")

    # --- a stranger -----------------------------------------------------------------------------

    def verify(self, code: str, name: str) -> None:
        """Type the code, then a wrong name, then the right one."""
        self.go("/certificates/verify")
        self.see("verify")
        self.page.fill("input[name=code]", code)
        self.press("form[action='/certificates/verify'] button")
        expect(self.page.locator(".verdict.ok")).to_have_count(1)
        assert name not in self.page.inner_text("main")
        self.see("verified")
        for typed, sign in (("Somebody Else", "stop"), (name.upper(), "ok")):
            self.page.fill("input[name=name]", typed)
            self.press("form[action*='/certificates/verify/'] button")
            expect(self.page.locator(f"#name-check .note.{sign}")).to_have_count(1)
        self.see("verified-name")


@contextmanager
def somebody(
    chromium: Browser,
    site: Site,
    mail: str = "",
    *,
    album: Album | None = None,
    language: str = "da",
    **browser: Any,
) -> Iterator[Somebody]:
    """A fresh browser; with `mail` somebody who is signed in. At the end the console must have
    been quiet and nobody else's server asked. `browser`: see `tests.harness.chromium.visit`."""
    secure = site.url.startswith("https")
    with visit(
        chromium, site.url, locale=LOCALES[language], trust_any_certificate=secure, **browser
    ) as visitor:
        one = Somebody(site, visitor, album)
        if mail:
            one.sign_in(mail)
        yield one
        assert visitor.problems == []
