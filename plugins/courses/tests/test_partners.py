"""Authorities that are partners of a run have to do with its companies like hosts (I-20, I-21)."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from lms.api import ContactFacts, LocalisedText, RunFacts, now, runs_by_id
from lms_courses.services import case_uses, deciding, offers, sharing

SAID = LocalisedText(da="Noget", sv="Något", en="Something")


def about(**values: Any) -> Any:
    """What a contact is about, as far as a contact asks."""
    return SimpleNamespace(
        id=5, title=SAID, category="lifts", company_id=9, people=(), with_nda=False, **values
    )


def contacts_of(run: RunFacts) -> list[ContactFacts]:
    paper = about(key="k")
    return [
        offers.teaching(run, 9, "lifts", now()),
        *sharing.share_contacts(run, 9, [paper], "lifts"),
        *case_uses.contacts(run, about()),
        deciding._contact(about(), run, "lifts", 9),
    ]


def test_i_20_every_contact_names_the_partners_too(lms_app: Any, maker: Any) -> None:
    host, partner = maker.organisation(), maker.organisation()
    row = maker.run(hosts=[host], partners=[partner])
    with lms_app.app_context():
        run = runs_by_id([row.id])[row.id]
        found = contacts_of(run)
    assert (run.host_ids, run.partner_ids) == ((host.id,), (partner.id,))
    assert [one.kind for one in found] == ["teach", "share", "case", "place"]
    assert {one.authority_ids for one in found} == {(host.id, partner.id)}
    assert {one.authority_ids for one in contacts_of(replace(run, partner_ids=()))} == {(host.id,)}
