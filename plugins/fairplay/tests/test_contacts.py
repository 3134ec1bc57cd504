"""Contacts: refused where something is missing, else written by the action itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.api import Refused, contact_refusals, now
from lms_fairplay.days import today
from lms_fairplay.models import Merger

NEEDS_DECLARATION = ("teach", "present", "test", "feedback")
NEEDS_NOTHING = ("share", "meet", "case")


def codes(field, *contacts):
    return [(each.index, each.code) for each in field.ask(contact_refusals, contacts)]


@pytest.mark.parametrize("kind", NEEDS_DECLARATION)
def test_i_17_who_teaches_or_is_told_something_has_declared(field, kind):
    (refusal,) = field.ask(contact_refusals, [field.contact(kind)])
    assert refusal.code == "declaration"
    for language, words in {
        "da": ("neutralitetserklæring", "Vores kontakter"),
        "sv": ("neutralitetsförklaring", "Våra kontakter"),
        "en": ("declaration of neutrality", "Our contacts"),
    }.items():
        said = refusal.message.in_language(language)
        assert "Prøve Lift ApS" in said
        assert all(each in said for each in words)
    with pytest.raises(Refused):
        field.meet(field.contact(kind))
    assert field.lines() == []
    field.declared()
    assert codes(field, field.contact(kind)) == []


def test_i_17_it_holds_on_the_day_itself(field):
    field.declared(from_day=today() + timedelta(days=10), days=5)
    asked = [field.contact(at=now() + timedelta(days=days)) for days in (9, 10, 15, 16)]
    assert codes(field, *asked) == [(0, "declaration"), (3, "declaration")]


def test_i_17_another_companys_word_is_not_ones_own(field):
    field.declared(field.rival)
    assert codes(field, field.contact()) == [(0, "declaration")]


@pytest.mark.parametrize("kind", NEEDS_NOTHING)
def test_i_17_what_everybody_gets_needs_no_declaration(field, kind):
    assert codes(field, field.contact(kind)) == []


def test_ct1_3_no_place_without_an_aid_line_i_24(field):
    (refusal,) = field.ask(contact_refusals, [field.contact("place")])
    assert refusal.code == "aid"
    assert "Prøve Lift ApS has no aid line" in refusal.message.en
    assert "programme lead" in refusal.message.en
    field.aid(field.rival)
    field.aid(run_id=None)
    assert codes(field, field.contact("place")) == [(0, "aid")]
    field.aid()
    assert codes(field, field.contact("place")) == []


def test_ct1_3_a_run_open_to_all_says_so_once_for_every_company_i_24(field):
    field.aid(company_id=None, ground="open_to_all", reason="Alle kan søge.", value=0)
    places = [field.contact("place", company) for company in (field.lift, field.rival)]
    assert codes(field, *places) == []


def test_i_20_each_contact_is_a_line_for_each_public_authority(field):
    by = field.lead()
    field.meet(
        field.contact(
            "share",
            authority_ids=(field.school.id, field.north.id, field.cluster.id, field.north.id),
            documents=("abcd",),
            people={"nurse": 3},
            url="/somewhere",
        ),
        field.contact("share", field.rival),
        by=by,
    )
    lines = field.lines()
    assert [(line.authority_id, line.company_id) for line in lines] == [
        (field.north.id, field.lift.id),
        (field.school.id, field.lift.id),
        (field.north.id, field.rival.id),
        (field.school.id, field.rival.id),
    ]
    first = lines[0]
    assert (first.kind, first.category, first.documents) == ("share", "moving", ["abcd"])
    assert (first.people, first.url, first.written_by_id) == ({"nurse": 3}, "/somewhere", by.id)
    assert first.what.en == "Twenty minutes about hoists"


def test_a_company_that_merges_brings_what_it_declared_and_what_it_had(field):
    field.declared()
    field.aid()
    asked = [field.contact("teach", field.rival), field.contact("place", field.rival)]
    assert codes(field, *asked) == [(0, "declaration"), (1, "aid")]
    merger = Merger(
        company_id=field.lift.id,
        into_id=field.rival.id,
        day=today(),
        reason="Fusion",
        written_at=now(),
    )
    field.written(merger)
    assert codes(field, *asked) == []


def test_many_contacts_cost_one_question(field, count_queries):
    companies = [field.company(f"Prøve {n} ApS") for n in range(12)]
    asked = [
        field.contact(kind, company) for company in companies for kind in ("place", "feedback")
    ]

    def count():
        with count_queries() as queries:
            assert len(contact_refusals(asked)) == 24
        return len(queries)

    assert field.ask(count) == 1
