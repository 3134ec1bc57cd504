"""Yes, no or later on what was tried, by the manager or signed by them; all three count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.api import Refused, now, reassess, records_as_seen, stopped_clock
from lms.core.records.tracing import thread_of
from lms.testing import csrf_of
from lms_courses.queries.born import stood
from lms_courses.queries.tryouts import decision_places
from lms_courses.rules_staff import DECISION, IDEA_SHEET, TRYOUT, conditions
from lms_courses.services import decisions
from lms_courses.services.decisions import DecisionValues


def results(track: Any, enrolment: Any) -> dict[str, bool | None]:
    from lms.api import enrolments_by_id

    def asked() -> dict[str, bool | None]:
        found = conditions(list(enrolments_by_id([enrolment.id]).values()))[enrolment.id]
        return {one.name: one.met for one in found}

    answer: dict[str, bool | None] = track.ask(asked)
    return answer


@pytest.mark.parametrize("outcome", ["yes", "no", "later"])
def test_yes_no_and_later_count_alike(track: Any, outcome: str) -> None:
    tryout = track.confirmed()
    wake = {"wake_on": now().date() + timedelta(days=60)} if outcome == "later" else {}
    track.decide(tryout, track.manager, outcome, **wake)
    for enrolment in (track.annas, track.bos):
        assert results(track, enrolment)[DECISION] is True
    assert track.letters(track.anna)[-1] == "Your manager has decided"


def test_what_a_participant_wrote_down_counts_when_the_manager_has_signed(track: Any) -> None:
    tryout = track.confirmed()
    key = track.decide(tryout, track.bo)
    assert results(track, track.annas)[DECISION] is None
    assert track.letters(track.manager)[-1] == "A decision waits for your signature"
    assert "Sign a decision" in track.page(track.manager, "/me").text
    place = track.place(tryout.key, track.manager)
    with pytest.raises(Refused):
        track.do(decisions.sign, track.place(tryout.key, track.anna), track.actor(track.anna))
    track.do(decisions.sign, place, track.actor(track.manager))
    assert results(track, track.annas)[DECISION] is True
    with pytest.raises(Refused):
        track.do(decisions.sign, place, track.actor(track.manager))
    signed = track.ask(decision_places, [key], track.actor(track.anna))[key]
    assert not decisions.may_decide_now(signed)


def test_nothing_is_decided_before_something_is_tried(track: Any) -> None:
    tryout = track.allowed()
    with pytest.raises(Refused):
        track.decide(tryout, track.manager)


def test_a_later_has_a_day_and_is_looked_at_again(track: Any) -> None:
    tryout = track.confirmed()
    with pytest.raises(Refused):
        track.decide(tryout, track.manager, "later")
    key = track.decide(tryout, track.manager, "later", wake_on=now().date() + timedelta(days=30))
    assert "Look again at what you put off" not in track.page(track.manager, "/me").text
    with stopped_clock(now() + timedelta(days=31)):
        assert "Look again at what you put off" in track.page(track.manager, "/me").text
        assert "Look again at what you put off" in track.page(track.bo, "/me").text
        assert "The day has come" in track.page(track.bo, f"/courses/decisions/{key}").text
        track.decide(tryout, track.manager, "no")
        assert "Look again" not in track.page(track.manager, "/me").text
    place = track.ask(decision_places, [key], track.actor(track.anna))[key]
    assert place.decision.outcome == "no"
    assert place.decision.wake_on is None


def test_the_thread_leads_from_the_try_out_to_the_decision(track: Any) -> None:
    tryout = track.confirmed()
    key = track.decide(tryout, track.manager)
    found = track.ask(thread_of, "decision", key, track.actor(track.teacher))
    assert [node.kind.key for node in found.nodes if node.side <= 0][-2:] == ["tryout", "decision"]
    with_words = track.ask(records_as_seen, [("decision", key)], track.actor(track.teacher))
    assert with_words["decision", key][1].state.en == "Yes, we go on"
    stranger = track.maker.person(name="Fremmed")
    assert not track.ask(records_as_seen, [("decision", key)], track.actor(stranger))


def test_the_manager_decides_and_signs_on_pages(track: Any) -> None:
    tryout = track.confirmed()
    address = f"/courses/tryouts/{tryout.key}/decision"
    assert "Decide whether you go on" in track.page(track.manager, "/me").text
    assert track.page(track.teacher, address).status_code == 404
    unsaid = track.post(track.anna, address, outcome="yes", reason="Godt")
    assert unsaid.status_code == 422
    assert "Write which function carries it on." in unsaid.text
    said = {"outcome": "yes", "reason": "Godt", "carried_by": "Aftenholdet"}
    no_day = track.post(track.anna, address, outcome="later", reason="Ferie", wake_on="2020-01-01")
    assert "Choose a day that is to come" in no_day.text
    sent = track.post(track.anna, address, **said, seen=track.seen(tryout))
    assert sent.status_code == 303
    there = sent.headers["Location"]
    seen = track.seen(tryout)
    stale = track.post(track.bo, address, **said | {"reason": "Kun om natten"}, seen="7")
    assert stale.status_code == 422
    assert "Kun om natten" in stale.text
    assert there in stale.text
    track.decide(tryout, track.bo, "no")
    client = track.client(track.manager)
    signed = {"csrf_token": csrf_of(client), "seen": seen}
    stale = client.post(f"{there}/sign", data=signed, follow_redirects=True)
    assert "Somebody else changed it meanwhile." in stale.text
    assert "Yes, sign it" in track.page(track.manager, there).text
    seen = track.seen(tryout)
    assert track.post(track.manager, f"{there}/sign", seen=seen).status_code == 303
    assert "Signed by the manager" in track.page(track.anna, there).text
    assert track.post(track.anna, f"{there}/sign").status_code == 404


# --- completion -----------------------------------------------------------------------------------


def test_what_can_still_be_done_is_undecided_and_then_not_met(track: Any) -> None:
    assert results(track, track.annas) == {IDEA_SHEET: None, TRYOUT: None, DECISION: None}
    track.confirmed()
    assert results(track, track.bos)[TRYOUT] is True
    with stopped_clock(now() + timedelta(weeks=12)):
        assert results(track, track.annas) == {IDEA_SHEET: False, TRYOUT: True, DECISION: False}


def test_an_idea_that_is_tried_is_the_idea_sheet(track: Any) -> None:
    idea = an_idea(track)
    tryout = track.plan(idea=("idea", idea))
    assert results(track, track.bos)[IDEA_SHEET] is True
    found = track.ask(thread_of, "tryout", tryout.key, track.actor(track.teacher))
    assert ("idea", idea) in [node.ref for node in found.nodes]


def test_reassessing_a_track_knows_all_three(track: Any) -> None:
    tryout = track.confirmed(idea=("idea", an_idea(track)))
    track.decide(tryout, track.manager)
    track.do(reassess, [track.annas.id], track.actor(track.teacher))
    from lms_courses.rules_staff import results as said

    one = track.ask(stood, [track.annas.id])[track.annas.id]
    assert [result.met for result in said(one, still=False)] == [True, True, True]


def an_idea(track: Any) -> str:
    """An idea that Anna's assignment ended in."""
    from lms.api import RecordDraft, make_record

    draft = RecordDraft(
        title="En kurv ved døren",
        text="Så ingen går tilbage.",
        language="da",
        person_id=track.anna.id,
        organisation_id=track.host.id,
        run_id=track.run.id,
        work_key="",
    )
    key: str = track.do(make_record, "idea", draft, track.actor(track.teacher))
    return key


def test_a_decision_without_reason_is_not_sent(track: Any) -> None:
    values = DecisionValues(outcome="no", reason="x", decided_on=now().date())
    assert values.next_step == ""
    tryout = track.confirmed()
    sent = track.post(track.anna, f"/courses/tryouts/{tryout.key}/decision", outcome="no")
    assert sent.status_code == 422
    assert "Write in short why." in sent.text
