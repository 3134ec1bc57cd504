"""CT1-7 and I-21: what a tender stops, for whom, from when and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.api import Refused, contact_refusals, now
from lms_fairplay.models import Merger


def test_i_21_teaching_showing_testing_and_private_answers_stop(buying):
    buying.register()
    for kind in ("teach", "present", "test"):
        assert buying.refused(kind) == ["waits"]
    assert buying.refused("feedback", private=True) == ["waits"]
    assert buying.refused("share", private=True) == ["waits"]
    assert buying.refused("meet", private=True) == ["waits"]


def test_what_everybody_gets_and_places_go_on(buying):
    buying.field.aid()
    buying.register()
    for kind in ("feedback", "share", "meet", "case", "place"):
        assert buying.refused(kind) == []


def test_i_23_a_refusal_tells_nobody_of_the_tender_and_a_lead_reads_why(buying):
    field = buying.field
    buying.register()
    (refusal,) = field.ask(contact_refusals, [buying.contact()])
    assert (
        refusal.message.en == "This waits for Nordby Kommune just now. Ask them when it can go on."
    )
    assert "udbud" not in refusal.message.everything().casefold()
    page = f"/catalogue/{field.run.key}"
    for reader, told in ((field.lead(), True), (field.seller(), False)):
        seen = field.page(reader, page).get_data(as_text=True)
        assert ("Nordby Kommune will soon invite tenders: Moving and lifting" in seen) == told
    other = field.lead(field.school, name="Sofie Skole")
    assert "will soon invite" not in field.page(other, page).get_data(as_text=True)


def test_other_categories_and_other_authorities_go_on(buying):
    buying.register()
    assert buying.refused(category="meals") == []
    assert buying.refused(authority_ids=(buying.field.school.id,)) == []


def test_a_contact_of_several_authorities_stops_when_one_of_them_buys(buying):
    buying.register()
    both = (buying.field.school.id, buying.field.north.id)
    assert buying.refused(authority_ids=both) == ["waits"]


def test_a_tender_without_category_stops_every_category(buying):
    buying.register("")
    assert buying.refused(category="meals") == ["waits"]
    assert buying.refused(category="") == ["waits"]


def test_a_contact_without_category_is_judged_by_what_the_company_is_known_for(buying):
    buying.meet("share", category="moving", authority_ids=(buying.field.school.id,))
    buying.meet("share", buying.field.rival, category="meals")
    buying.register("moving")
    assert buying.refused(category="") == ["waits"]
    assert buying.refused(company=buying.field.rival, category="") == []


def test_i_21_naming_another_category_opens_no_gate(buying):
    buying.meet("share", category="moving", authority_ids=(buying.field.school.id,))
    buying.register("moving")
    assert buying.refused(category="meals") == ["waits"]
    assert buying.refused(company=buying.field.rival, category="meals") == []


def test_i_21_of_whom_nothing_is_known_waits_where_nothing_is_said(buying):
    unknown = buying.field.company("Ukendt ApS")
    buying.field.declared(unknown)
    buying.meet(company=unknown, category="")
    tender = buying.register("moving")
    assert buying.refused(company=unknown, category="") == ["waits"]
    assert buying.refused(company=unknown, category="meals") == []
    assert [one.company for one in buying.running(tender)] == ["Ukendt ApS"]


def test_a_company_is_known_for_what_became_part_of_it(buying):
    field = buying.field
    buying.meet("share", category="moving")
    field.written(
        Merger(
            company_id=field.lift.id,
            into_id=field.rival.id,
            day=buying.day(0),
            reason="Fusion",
            written_at=now(),
        )
    )
    buying.register("moving")
    assert buying.refused(company=field.rival, category="") == ["waits"]


def test_nothing_is_written_that_was_refused(buying):
    buying.register()
    with pytest.raises(Refused):
        buying.meet()
    assert buying.field.lines() == []


@pytest.mark.parametrize("state", ["dropped", "closed"])
def test_what_a_tender_stopped_goes_on_once_it_is_over(buying, state):
    tender = buying.register()
    buying.end(tender, state)
    assert buying.refused() == []
    assert buying.tender(tender).reason == "Udsat"


def test_a_second_tender_stops_it_still(buying):
    first = buying.register(title="Lifte")
    buying.register("", title="Alt muligt")
    buying.end(first)
    assert buying.refused() == ["waits"]


# --- what ran -----------------------------------------------------------------------------------


def test_ct1_7_what_runs_is_put_before_the_officer(buying):
    field = buying.field
    later = now() + timedelta(days=10)
    over = field.maker.run(hosts=[field.north], state="completed")
    buying.meet("teach", at=later, run_id=None)
    buying.meet("meet", subject_kind="seat", subject_id=3)
    buying.meet("meet", field.rival, subject_kind="seat", subject_id=4, run_id=over.id)
    buying.meet("share", field.rival, subject_kind="paper", subject_id=5)
    cook = field.company("Kok ApS")
    buying.meet("meet", cook, subject_kind="seat", subject_id=6, category="meals")
    tender = buying.register()
    assert [(one.company, one.kind) for one in buying.running(tender)] == [
        ("Prøve Lift ApS", "meet"),
        ("Prøve Lift ApS", "teach"),
    ]
    assert buying.tender(tender).undecided == 2


def test_the_same_thing_is_decided_on_once(buying):
    for _ in range(3):
        buying.meet("meet")
    assert len(buying.running(buying.register())) == 1


def test_what_waits_for_a_word_stops(buying):
    buying.meet("teach")
    buying.register()
    assert buying.refused("teach") == ["waits"]


def test_what_goes_on_is_exactly_that(buying):
    buying.meet("teach")
    tender = buying.register()
    buying.decide(tender, buying.running(tender)[0], "goes_on")
    assert buying.refused("teach") == []
    assert buying.refused("teach", subject_id=8) == ["waits"]
    assert buying.refused("teach", subject_kind="panel") == ["waits"]
    assert buying.refused("teach", buying.field.rival) == ["waits"]


def test_what_stops_is_over_in_every_respect_and_its_leads_are_told(buying):
    field = buying.field
    lead = field.person("Frida Forløb", field.north)
    field.maker.team_member(run=field.run, person=lead, role="programme_lead")
    buying.meet("teach")
    tender = buying.register()
    running = buying.running(tender)[0]
    buying.decide(tender, running, "stops", "De byder selv")
    assert buying.refused("teach") == ["waits"]
    assert buying.refused("meet") == ["waits"]
    assert field.letters(lead) == ["Prøve Lift ApS waits: a tender is coming"]


def test_i_23_a_lead_who_has_gone_to_a_company_is_not_told(buying):
    field = buying.field
    gone, lead = field.lead(name="Gorm Gået"), field.lead()
    for person in (gone, lead):
        field.maker.team_member(run=field.run, person=person, role="programme_lead")
    field.maker.assignment(person=gone, organisation=field.rival)
    buying.meet("teach")
    tender = buying.register()
    buying.decide(tender, buying.running(tender)[0], "stops", "De byder selv")
    assert (len(field.letters(lead)), field.letters(gone)) == (1, [])


def test_the_officer_may_think_again(buying):
    buying.meet("teach")
    tender = buying.register()
    buying.decide(tender, buying.running(tender)[0], "stops")
    buying.decide(tender, buying.running(tender)[0], "goes_on")
    assert buying.refused("teach") == []


def test_a_decision_needs_a_reason_and_one_of_two_words(buying):
    buying.meet("teach")
    tender = buying.register()
    running = buying.running(tender)[0]
    for decision, reason in (("goes_on", " "), ("", "Fordi"), ("maybe", "Fordi")):
        with pytest.raises(Refused):
            buying.decide(tender, running, decision, reason)
    assert buying.running(tender)[0].decision == ""


def test_nothing_is_decided_once_the_tender_is_over(buying):
    buying.meet("teach")
    tender = buying.register()
    running = buying.running(tender)[0]
    buying.end(tender)
    with pytest.raises(Refused):
        buying.decide(tender, running, "stops")
