"""Buying: tenders of the northern municipality, contacts before them, packs of them."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest

from lms.api import ContactFacts, contact_refusals, open_document
from lms.jobs import drain
from lms_fairplay import packing
from lms_fairplay.days import today
from lms_fairplay.queries.packs import PackFacts, packs_of
from lms_fairplay.queries.tenders import RunningFacts, TenderFacts, running_in, tender_by_key
from lms_fairplay.services import packs, tenders
from lms_fairplay.services.tenders import TenderValues


class Buying:
    """An officer of the northern municipality, with two companies that have signed."""

    def __init__(self, field: Any) -> None:
        self.field = field
        self.person = field.officer()
        self.actor = field.actor(self.person)
        for company in (field.lift, field.rival):
            field.declared(company, from_day=today() - timedelta(days=100))

    # --- contacts ---------------------------------------------------------------------------------

    def contact(self, kind: str = "teach", company: Any = None, **changes: Any) -> ContactFacts:
        """A contact of the northern municipality alone, about something of its own."""
        values: dict[str, Any] = {
            "authority_ids": (self.field.north.id,),
            "subject_kind": "slot",
            "subject_id": 7,
        }
        made: ContactFacts = self.field.contact(kind, company, **(values | changes))
        return made

    def meet(self, kind: str = "teach", company: Any = None, **changes: Any) -> None:
        """The contact is made; raises `Refused`."""
        self.field.meet(self.contact(kind, company, **changes), by=self.person)

    def refused(self, kind: str = "teach", company: Any = None, **changes: Any) -> list[str]:
        """Codes of the reasons why the contact may not be made."""
        contact = self.contact(kind, company, **changes)
        return [one.code for one in self.field.ask(contact_refusals, [contact])]

    # --- tenders ----------------------------------------------------------------------------------

    def register(
        self, category: str = "moving", title: str = "Loftlifte", days: int = 90, **changes: Any
    ) -> TenderFacts:
        """A tender is registered, expected in so many days."""
        where = changes.pop("authority", self.field.north)
        values = TenderValues(
            title=title, expected_on=changes.pop("on", self.day(days)), category=category
        )
        key = self.field.do(tenders.register, where.id, values, self.actor)
        return self.tender(key)

    def day(self, days: int) -> date:
        """A day in so many days."""
        return today() + timedelta(days=days)

    def tender(self, tender: Any) -> TenderFacts:
        """A tender as it is now."""
        key = tender if isinstance(tender, str) else tender.key
        found: TenderFacts = self.field.ask(tender_by_key, key, self.actor)
        return found

    def end(self, tender: TenderFacts, state: str = "dropped", reason: str = "Udsat") -> None:
        self.field.do(tenders.end, tender.id, state, reason, self.actor)

    def running(self, tender: TenderFacts) -> list[RunningFacts]:
        """What ran when the tender was registered."""
        return list(self.field.ask(running_in, tender.id).items)

    def decide(
        self, tender: TenderFacts, running: RunningFacts, decision: str, reason: str = "Aftalt"
    ) -> None:
        self.field.do(tenders.decide, tender.id, running, decision, reason, self.actor)

    # --- packs ------------------------------------------------------------------------------------

    def ask(self, tender: TenderFacts) -> None:
        """A pack is asked for."""
        self.field.do(packs.ask_for_pack, tender.id, self.actor)

    def pack(self, tender: TenderFacts) -> PackFacts:
        """A pack is asked for and made."""
        self.ask(tender)
        return self.made(tender)

    def made(self, tender: TenderFacts) -> PackFacts:
        """The newest pack, once the worker has done what is due."""
        with self.field.app.app_context():
            drain()
        return self.packs(tender)[0]

    def packs(self, tender: TenderFacts) -> list[PackFacts]:
        """The packs of a tender, the newest first."""
        return list(self.field.ask(packs_of, tender.id))

    def publish(self, tender: TenderFacts, pack: PackFacts) -> None:
        self.field.do(packs.publish, tender.id, pack, self.actor)

    def files(self, pack: PackFacts) -> dict[str, bytes]:
        """What lies in the ZIP, by name."""
        with self.field.app.app_context():
            found = open_document(pack.document_key)
        assert found is not None
        with zipfile.ZipFile(io.BytesIO(found[1])) as opened:
            assert opened.testzip() is None
            return {name: opened.read(name) for name in opened.namelist()}

    def rows(self, pack: PackFacts, language: str = "en") -> list[dict[str, str]]:
        """The table in the ZIP."""
        text = self.files(pack)[f"lines-{language}.csv"].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def buying(field: Any) -> Buying:
    return Buying(field)


@pytest.fixture
def quick_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is its HTML: what it says is the same, and it is drawn at once."""
    monkeypatch.setattr(packing, "press", lambda html, _title: html.encode())
