"""The demo of fair play: contacts that runs made, a municipality's tenders, and a public pack."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.api import SYSTEM, actor_for_person, organisation_named, person_id_by_email
from lms.db import db
from lms.host import current_host
from lms.journal.models import JournalEntry
from lms_fairplay.demo.loading import ACCOUNTS, AUTHORITY, FIRST, OFFICER, ROLE
from lms_fairplay.models import (
    AidLine,
    ContactLine,
    Correction,
    Declaration,
    Pack,
    RunningContact,
    Tender,
)
from lms_fairplay.permissions import PROCURE

EVERYTHING = (AidLine, ContactLine, Correction, Declaration, Pack, RunningContact, Tender)


def load(app: Flask) -> None:
    """The whole demo, in the order of its steps."""
    with app.app_context():
        steps = current_host().demo_steps()
        for name in sorted(steps):
            steps[name].item()


@pytest.fixture
def demo(lms_app_factory: Callable[..., Flask]) -> Flask:
    """An app with the demo of these plugins."""
    return lms_app_factory(plugins=("courses", "fairplay", "technology_trials"), fill=load)


def tally(column: Any, *where: Any) -> Counter[Any]:
    return Counter(db.session.scalars(select(column).where(*where)))


def counted() -> list[int | None]:
    entries = select(func.count()).where(JournalEntry.verb != "home.programme_written")
    found = [db.session.scalar(select(func.count()).select_from(one)) for one in EVERYTHING]
    return [*found, db.session.scalar(entries)]


def test_demo_contacts_are_written_by_what_people_did(demo: Flask) -> None:
    """I-20: places, shared papers, comments, feedback and a case; nobody wrote a line by hand."""
    with demo.app_context():
        kinds = tally(ContactLine.kind)
        assert set(kinds) == {"place", "share", "feedback", "case"}
        # What was shared, every company of the run got at one moment (CT1-4).
        shared = tally(ContactLine.company_id, ContactLine.kind == "share")
        assert len(shared) == 3
        assert len(set(shared.values())) == 1
        # Three declared that they stay neutral before they were told anything (I-17).
        signed = {one.company_id: one.signed_at for one in db.session.scalars(select(Declaration))}
        assert len(signed) == 3
        told = db.session.scalars(select(ContactLine).where(ContactLine.kind == "feedback"))
        assert all(signed[line.company_id] < line.at for line in told)
        correction = db.session.scalars(select(Correction)).one()
        assert correction.text
        assert correction.answer
        assert tally(AidLine.ground) == {"open_to_all": 3, "de_minimis": 1}


def test_demo_has_a_municipality_with_a_public_pack(demo: Flask) -> None:
    """I-21, I-22: what ran is decided on with reasons, and the pack of the tender is public; the
    other tender still waits for a word."""
    with demo.app_context():
        authority = organisation_named(AUTHORITY)
        assert authority is not None
        assert set(tally(Tender.authority_id)) == {authority.id}
        tender = db.session.scalars(select(Tender).where(Tender.title == FIRST)).one()
        assert tender.category == "alarms"
        assert tender.frozen_at < tender.freed_at
        running = db.session.scalars(
            select(RunningContact).where(RunningContact.tender_id == tender.id)
        ).all()
        assert Counter(one.decision for one in running) == {"goes_on": 3, "stops": 1}
        assert all(one.reason for one in running)
        assert tally(RunningContact.decision, RunningContact.tender_id != tender.id) == {"": 4}
        pack = db.session.scalars(select(Pack)).one()
        assert (pack.tender_id, pack.state, pack.materials) == (tender.id, "public", 1)
        lines = select(func.count()).where(ContactLine.authority_id == authority.id)
        assert pack.lines == db.session.scalar(lines)


def test_demo_lists_the_procurement_officer(demo: Flask) -> None:
    accounts = json.loads((demo.config["DATA_DIR"] / ACCOUNTS).read_text())
    assert [one["email"] for one in accounts if one["role"] == ROLE] == [OFFICER]
    with demo.app_context():
        officer = person_id_by_email(SYSTEM, OFFICER)
        authority = organisation_named(AUTHORITY)
        assert officer is not None
        assert authority is not None
        assert actor_for_person(officer).may(PROCURE, authority.id)


def test_demo_of_fair_play_loaded_again_changes_nothing(demo: Flask) -> None:
    with demo.app_context():
        before = counted()
    load(demo)
    with demo.app_context():
        assert counted() == before


@pytest.mark.once  # there is nothing to load on either
def test_demo_of_fair_play_without_the_world_is_nothing(
    lms_app_factory: Callable[..., Flask],
) -> None:
    alone = lms_app_factory(plugins=["fairplay"])
    load(alone)
    with alone.app_context():
        assert not tally(Tender.id)
