"""Authorities and companies having to do with each other, as the core hears and tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from lms.api import (
    SYSTEM,
    Actor,
    ContactFacts,
    LocalisedText,
    Refusal,
    Refused,
    contact_refusals,
    hookimpl,
    make_contacts,
    now,
    record,
    unit_of_work,
)
from lms.db import db
from lms.host import PluginFailure
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN, Specimen

NOT_ON_SUNDAYS = LocalisedText(
    da="Ikke om søndagen. Vælg en anden dag.",
    sv="Inte på söndagar. Välj en annan dag.",
    en="Not on Sundays. Choose another day.",
)


class Stranger:
    """Somebody's plugin that refuses some contacts and writes down the others."""

    def __init__(self) -> None:
        self.refused: list[int] = []
        self.told: list[tuple[Sequence[ContactFacts], int | None]] = []
        self.broken = ""

    @hookimpl
    def lms_check_contacts(self, contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
        if self.broken == "check":
            raise RuntimeError("no luck")
        return [Refusal(code="sunday", message=NOT_ON_SUNDAYS, index=i) for i in self.refused]

    @hookimpl
    def lms_after_contacts(self, contacts: Sequence[ContactFacts], actor: Actor) -> None:
        if self.broken == "after":
            raise RuntimeError("no luck")
        record("stranger.heard", "organisation", contacts[0].company_id, actor=actor)
        self.told.append((tuple(contacts), actor.person_id))


@pytest.fixture
def stranger() -> Stranger:
    return Stranger()


@pytest.fixture
def lms_plugins(stranger: Stranger) -> Sequence[Any]:
    return [(SPECIMEN, Specimen()), ("stranger", stranger)]


@pytest.fixture
def contact(lms_app, make_organisation):
    authority, company = make_organisation(), make_organisation(kind="company")
    with lms_app.app_context():
        yield ContactFacts(
            kind="teach",
            authority_ids=(authority.id,),
            company_id=company.id,
            at=now(),
            what=LocalisedText(en="Twenty minutes about hoists"),
            run_id=None,
            subject_kind="teaching_slot",
            subject_id=4,
        )


def verbs() -> list[str]:
    kept = select(JournalEntry.verb).where(JournalEntry.subject_kind == "organisation")
    return list(db.session.scalars(kept.order_by(JournalEntry.id)))


def test_check_contacts_refuses_by_a_strangers_word(contact, stranger):
    stranger.refused = [1]
    refusals = contact_refusals([contact, contact])
    assert [(each.index, each.message) for each in refusals] == [(1, NOT_ON_SUNDAYS)]
    with pytest.raises(Refused) as no, unit_of_work():
        make_contacts([contact, contact], SYSTEM)
    assert no.value.refusals == tuple(refusals)
    assert stranger.told == []
    assert verbs() == []


def test_check_contacts_that_fails_refuses_each(contact, stranger):
    stranger.broken = "check"
    assert [each.index for each in contact_refusals([contact, contact])] == [0, 1]


def test_nobody_is_asked_about_nothing(contact, stranger):
    stranger.broken = "check"
    assert contact_refusals([]) == []
    make_contacts([], SYSTEM)


def test_after_contacts_are_written_in_the_same_transaction(contact, stranger):
    with unit_of_work():
        make_contacts([contact], SYSTEM)
    assert stranger.told == [((contact,), None)]
    assert verbs() == ["organisations.contact", "stranger.heard"]


def test_after_contacts_that_fails_undoes_everything(contact, stranger):
    stranger.broken = "after"
    with pytest.raises(PluginFailure), unit_of_work():
        make_contacts([contact], SYSTEM)
    assert verbs() == []
