"""What becomes of an idea: chosen, described, sent to its gate, kept for later and taken up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.api import RecordDraft, Refused, make_record, record_kind
from lms.host import current_host
from lms_challenges.queries.challenges import challenge_by_key
from lms_challenges.queries.ideas import ideas_in_run
from lms_challenges.records_ideas import describe, find
from lms_challenges.services.ideas import answer_ideas, move_idea, take_up, write_sheet
from lms_challenges.services.maturing import move
from lms_challenges.services.notes import LearningValues
from lms_challenges.states import IDEA, IDEA_MOVES, IDEA_REASONED

SHEET = {
    "problem": "Vi løfter med ryggen.",
    "users": "Hjemmeplejen",
    "value": {"staff": "Færre ondt i ryggen"},
    "next_test": "To uger i distrikt Øst",
}


def test_an_idea_goes_from_the_points_to_its_gate(group: Any) -> None:
    idea = group.idea()
    with pytest.raises(Refused, match="stage"):
        group.do(move_idea, idea, "shortlisted", group.lead)
    group.go_to("clustering", "scoring", "choosing")
    group.do(move_idea, group.now(idea), "shortlisted", group.lead)
    half = {"problem": "Vi løfter med ryggen."}
    group.do(write_sheet, group.now(idea), half, group.lead, revision=group.now(idea).revision)
    assert group.now(idea).state == "sheet"
    with pytest.raises(Refused, match="sheet"):
        group.do(move_idea, group.now(idea), "at_gate", group.lead)
    group.do(write_sheet, group.now(idea), SHEET, group.lead, revision=group.now(idea).revision)
    group.do(move_idea, group.now(idea), "at_gate", group.lead)
    assert group.now(idea).state == "at_gate"
    with pytest.raises(Refused, match="stage"):
        group.do(write_sheet, group.now(idea), SHEET, group.lead, revision=group.now(idea).revision)
    with group.app.app_context():
        from lms.core.records.queries import link_between

        link = link_between("challenge", group.challenge.key, "idea", idea.key)
        assert link is not None
        assert link.state == "linked"


def test_two_write_one_sheet_and_nothing_is_lost(group: Any) -> None:
    anna, bo = group.participant("Anna"), group.participant("Bo")
    idea = group.chosen()
    address = f"/challenges/ideas/{idea.key}/sheet"
    assert 'name="revision"' in group.page(anna[0], address).text
    first = group.post(anna[0], address, revision=str(idea.revision), problem="Annas ord")
    assert first.status_code == 303
    second = group.post(bo[0], address, revision=str(idea.revision), problem="Bos ord")
    assert second.status_code == 422
    assert "Somebody else saved meanwhile" in second.text
    assert "Bos ord" in second.text
    assert group.now(idea).sheet["problem"] == "Annas ord"


def test_a_stored_idea_keeps_its_reason_and_is_taken_up_again(group: Any) -> None:
    idea = group.chosen()
    address = f"/challenges/ideas/{idea.key}"
    person = group.facilitator
    bad = group.post(person, f"{address}/aside", to="stored", reason="")
    assert bad.status_code == 422
    assert "Write in short why" in bad.text
    good = group.post(person, f"{address}/aside", to="stored", reason="Budgettet er brugt i år.")
    assert good.status_code == 303
    assert group.now(idea).state == "stored"
    assert "Budgettet er brugt" in group.page(person, address).text
    assert "Kept for later (1)" in group.page(person, "/challenges/ideas").text
    group.post(person, f"{address}/move", to="taken_up")
    taken = group.now(idea)
    assert taken.state == "shortlisted"
    assert taken.reason == "Budgettet er brugt i år."
    assert "kept for later once" in group.page(person, address).text


@pytest.mark.parametrize(
    ("decision", "becomes"),
    [("go", "continued"), ("stop", "stored"), ("hold", "at_gate"), ("recycle", "at_gate")],
)
def test_a_gate_answers_the_ideas_that_waited(group: Any, decision: str, becomes: str) -> None:
    idea = group.at_gate()
    group.gate(decision, "Loftet bærer det ikke.")
    found = group.now(idea)
    assert found.state == becomes
    assert found.reason == ("Loftet bærer det ikke." if becomes == "stored" else "")


@pytest.mark.parametrize("decision", ["go", "stop"])
def test_an_idea_that_is_sent_after_the_gate_waits_for_the_next_one(
    group: Any, decision: str
) -> None:
    """However early it was written, and however late the journal tells of the gate."""
    from lms.journal import deliver, seal

    late = group.chosen("Den sene")
    group.do(write_sheet, late, SHEET, group.lead, revision=late.revision)
    group.gate(decision, "Vi har set det.")
    group.do(move_idea, group.now(late), "at_gate", group.lead)
    with group.app.app_context():
        seal()
        deliver()
    assert group.now(late).state == "at_gate"


def test_of_several_ideas_the_gate_lets_the_chosen_option_go_on(group: Any) -> None:
    group.idea("Den anden")
    first = group.at_gate("Den ene")
    other = next(one for one in group.ask(ideas_in_run, group.run.id) if one.title == "Den anden")
    group.do(move_idea, other, "shortlisted", group.lead)
    group.do(write_sheet, group.now(other), SHEET, group.lead, revision=group.now(other).revision)
    group.do(move_idea, group.now(other), "at_gate", group.lead)
    group.gate("go", "Den ene er bedst.", chosen=[first.id])
    assert group.now(first).state == "continued"
    assert (group.now(other).state, group.now(other).reason) == ("stored", "Den ene er bedst.")


def test_ideas_at_the_gate_of_a_challenge_that_is_stopped_are_kept(group: Any) -> None:
    idea = group.at_gate()
    owner = group.actor(group.owner())
    facts = group.ask(challenge_by_key, group.challenge.key, owner)
    note = LearningValues(title="Det bar ikke", text="Mål loftet.", language="da")
    group.do(move, facts, "stopped", owner, reason="Ingen penge i år.", note=note)
    found = group.now(idea)
    assert (found.state, found.reason) == ("stored", "Ingen penge i år.")


def test_whoever_had_an_idea_hears_what_became_of_it(group: Any) -> None:
    from sqlalchemy import select

    from lms.core.messages.models import Mail
    from lms.db import db
    from lms.journal import deliver, seal

    anna = group.participant()
    idea = group.idea("Et loftskinnesystem", by=anna)
    voiced = group.idea("En lampe", voiced_for=True)
    own = group.idea("Facilitators egen")
    for one in (idea, voiced, own):
        group.do(move_idea, one, "stored", group.lead, reason="Budgettet er brugt")

    def told() -> list[tuple[int | None, str]]:
        with group.app.app_context():
            seal()
            deliver()
            rows = db.session.execute(
                select(Mail.person_id, Mail.subject).where(Mail.effect.like("challenges:idea:%"))
            )
            return [(row.person_id, row.subject) for row in rows]

    assert [person for person, _subject in told()] == [anna[0].id]
    assert len(told()) == 1, "once"


def test_of_several_ideas_the_chosen_option_goes_on(group: Any) -> None:
    from lms.api import SYSTEM

    first = group.at_gate("Den ene")
    group.do(answer_ideas, group.challenge.id, "go", SYSTEM, reason="", chosen=[first.id + 999])
    assert group.now(first).state == "continued", "none of the chosen waits here, so all go on"
    group.do(answer_ideas, group.challenge.id, "go", SYSTEM, reason="")
    assert group.now(first).state == "continued", "twice is as good as once"


def test_an_idea_without_a_challenge_has_no_gate(group: Any) -> None:
    idea = group.chosen(challenge_id=None)
    group.do(write_sheet, idea, SHEET, group.lead, revision=idea.revision)
    with pytest.raises(Refused, match="challenge"):
        group.do(move_idea, group.now(idea), "at_gate", group.lead)
    address = f"/challenges/ideas/{idea.key}"
    assert "For which challenge?" in group.page(group.facilitator, address).text
    elsewhere = group.a_challenge("En helt anden")
    move = f"{address}/move"
    assert group.post(group.facilitator, move, challenge=elsewhere.key).status_code == 404
    assert group.post(group.facilitator, move, challenge=group.challenge.key).status_code == 303
    assert group.now(idea).challenge_id == group.challenge.id
    assert "For which challenge?" not in group.page(group.facilitator, address).text
    assert group.post(group.facilitator, move, to="at_gate").status_code == 303
    assert group.now(idea).state == "at_gate"


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(sorted(IDEA)), max_size=8))
def test_no_idea_goes_where_the_table_does_not_lead(group: Any, steps: list[str]) -> None:
    """Any order of moves: only those of the table happen, and no reason is ever lost."""
    if group.room.stage == "collecting":
        group.idea("Den, der åbner")
        group.go_to("clustering", "scoring", "choosing")
    group.do(_reopen, group.run.id)
    idea = group.idea()
    group.do(_shown, group.run.id)
    reason = ""
    for to in steps:
        before = group.now(idea)
        why = f"Fordi {to}" if to in IDEA_REASONED else ""
        try:
            group.do(move_idea, before, to, group.lead, reason=why)
            assert to in IDEA_MOVES[before.state]
            reason = why or reason
        except Refused:
            assert group.now(idea).state == before.state
        assert group.now(idea).reason == reason
        assert group.now(idea).state != "at_gate", "there is no sheet"


def _reopen(run_id: int) -> None:
    from lms_challenges.services.workroom import hold_room

    room = hold_room(run_id)
    room.stage = "collecting"


def _shown(run_id: int) -> None:
    from lms_challenges.services.workroom import hold_room

    room = hold_room(run_id)
    room.stage = "choosing"


# --- written for somebody else --------------------------------------------------------------------


def test_a_citizens_representative_is_written_for_and_is_nobody_here(group: Any) -> None:
    """I-26: only the facilitator ticks it, no name is kept, and it counts for nobody."""
    from lms_challenges.queries.scores import ideas_by_person

    anna = group.participant()
    assert "citizens&#39; representative had this" in group.page(group.facilitator, group.url).text
    assert "representative had this" not in group.page(anna[0], group.url).text
    group.post(group.facilitator, group.url, title="En lampe ved sengen", voiced_for="y")
    group.post(anna[0], group.url, title="Annas egen", voiced_for="y")
    with group.app.app_context():
        from lms_challenges.queries.ideas import ideas_in_run

        lamp, own = ideas_in_run(group.run.id)
        counted = ideas_by_person([group.run.id])
    assert lamp.voiced_for
    assert not own.voiced_for, "a participant cannot tick what is not on the page"
    assert counted == {(group.run.id, anna[0].id): 1}
    page = group.page(anna[0], f"/challenges/ideas/{lamp.key}").text
    assert "a citizens&#39; representative" in page
    assert "Fie Facilitator" not in page


def test_an_identity_number_is_refused_and_everything_typed_is_kept(group: Any) -> None:
    anna = group.participant()
    answer = group.post(anna[0], group.url, title="Til 010203-1234", text="En lang historie")
    assert answer.status_code == 422
    assert "personal identity number" in answer.text
    assert "En lang historie" in answer.text
    with group.app.app_context():
        from lms_challenges.queries.ideas import ideas_in_run

        assert ideas_in_run(group.run.id) == []


# --- who may --------------------------------------------------------------------------------------


def test_a_workroom_is_for_its_team_participants_and_owners(group: Any) -> None:
    idea = group.idea()
    anna = group.participant()[0]
    asked = group.participant("Bo", state="requested")[0]
    elsewhere = group.maker.organisation(name="Nabolev Kommune")
    seller_org = group.maker.organisation(name="Prøve Lift ApS", kind="company")
    seller = group.maker.person(name="Sanne Sælger")
    group.maker.assignment(person=seller, organisation=seller_org)
    selling_owner = group.owner()
    group.maker.assignment(person=selling_owner, organisation=seller_org)
    may = [group.facilitator, anna, group.owner()]
    may_not = [asked, group.owner(elsewhere), seller, selling_owner, group.maker.person()]
    addresses = (group.url, f"/challenges/ideas/{idea.key}")
    for person in may:
        assert [group.page(person, one).status_code for one in addresses] == [200, 200]
    for person in may_not:
        assert [group.page(person, one).status_code for one in addresses] == [404, 404]
    for path in ("plan", "criteria", "exercises", "clusters"):
        assert group.page(group.facilitator, f"{group.url}/{path}").status_code == 200
        assert group.page(anna, f"{group.url}/{path}").status_code == 404


def test_a_company_that_takes_part_sees_its_workroom_and_no_other(group: Any) -> None:
    company = group.maker.organisation(name="Prøve Lift ApS", kind="company")
    seller, seat = group.participant("Sanne Sælger", employer=company)
    group.maker.assignment(person=seller, organisation=company)
    other = group.a_run()
    group.work_on(group.challenge, run=other)
    assert group.page(seller, group.url).status_code == 200
    assert group.page(seller, f"/challenges/runs/{other.key}/ideas").status_code == 404
    group.post(seller, group.url, title="Vores lift kan det")
    with group.app.app_context():
        from lms_challenges.queries.ideas import ideas_in_run

        (idea,) = ideas_in_run(group.run.id)
    assert idea.with_company
    assert idea.organisation_id == company.id
    assert seat.state == "active"


def test_records_are_described_to_those_who_may_see_them(group: Any) -> None:
    idea = group.idea("Et loftskinnesystem")
    anna = group.participant()[0]
    keys = [idea.key, "a2" * 8, "junk"]
    for person, may_link in ((group.facilitator, True), (group.owner(), True), (anna, False)):
        with group.app.app_context():
            found = describe(keys, group.actor(person))
            assert set(found) == {idea.key}
            assert found[idea.key].may_link == may_link
            assert [one.key for one in find("LOFTSKINNE", group.actor(person))] == (
                [idea.key] if may_link else []
            )
    with group.app.app_context():
        assert describe(keys, group.actor(group.maker.person())) == {}
        assert find("", group.actor(group.maker.person())) == []


def test_an_assignment_ends_in_an_idea(group: Any) -> None:
    anna = group.participant()[0]
    draft = RecordDraft(
        title="æ" * 300,
        text="Fra opgaven",
        language="sv",
        person_id=anna.id,
        organisation_id=group.host.id,
        run_id=group.run.id,
        work_key="w" * 16,
    )
    with group.app.app_context():
        kind = record_kind("idea")
        assert kind is not None
        assert current_host().record_types()["idea"].plugin == "challenges"
    idea = group.now(group.do(make_record, "idea", draft, group.actor(anna)))
    assert idea.title == "æ" * 160
    assert idea.work_key == "w" * 16
    assert "Fra opgaven" in group.page(anna, f"/challenges/ideas/{idea.key}").text


def test_taking_up_while_the_group_still_collects_lays_it_among_the_others(group: Any) -> None:
    idea = group.idea()
    group.do(move_idea, idea, "stored", group.lead, reason="Senere")
    group.do(take_up, group.now(idea), group.lead)
    assert group.now(idea).state == "raw"
