"""Gates (S04): who counts when it is decided, two at once, and what a stop leaves behind."""

from __future__ import annotations

import threading
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.api import Conflict, Refused, db, stopped_clock, unit_of_work
from lms.journal.models import JournalEntry
from lms_challenges.jobs import wake_job
from lms_challenges.models import Collaborator
from lms_challenges.queries.challenges import challenge_by_key
from lms_challenges.queries.gates import deciders_of
from lms_challenges.services import deciding, framing, gates, maturing
from lms_challenges.services.maturing import wake_challenges
from lms_challenges.services.notes import LearningValues

CPH = ZoneInfo("Europe/Copenhagen")
LEARNED = LearningValues(title="Vi målte for sent", text="Mål før I begynder.", language="da")


# --- two at once --------------------------------------------------------------------------------


def test_nobody_changes_their_word_while_it_is_decided(
    meeting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = meeting.open()
    meeting.ready(key)
    gate, partner = meeting.gate(key), meeting.care.actor(meeting.partner)
    read, over, said = threading.Event(), threading.Event(), list[str]()
    plain = deciding._check_go

    def slowly(*arguments: Any) -> None:
        plain(*arguments)
        read.set()
        over.wait(0.5)  # as long as the other one needs, if nothing holds them back

    monkeypatch.setattr(deciding, "_check_go", slowly)

    def change() -> None:
        read.wait(5)
        try:
            meeting.care.do(deciding.give_opinion, gate, partner, "stop", "Alligevel ikke")
            said.append("said")
        except Refused as error:
            said.append(error.refusals[0].code)
        over.set()

    other = threading.Thread(target=change)
    other.start()
    meeting.decide(key)
    other.join()
    assert said == ["decided"]
    opinions = {one.opinion for one in meeting.care.ask(deciders_of, gate.id)}
    assert opinions == {"go"}, "what was decided is what they said"


def test_two_who_name_the_same_at_once_are_asked_to_try_again(
    meeting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = meeting.open()
    meeting.name(key, meeting.owner)
    monkeypatch.setattr(gates, "deciders_of", lambda _gate_id: ())  # as it was read a moment ago
    with pytest.raises(Conflict):
        meeting.name(key, meeting.owner)
    assert len(meeting.care.ask(deciders_of, meeting.gate(key).id)) == 1


def test_two_who_add_the_same_organisation_at_once_are_asked_to_try_again(meeting: Any) -> None:
    """The other one's row comes between the question and the answer to it."""
    care, about = meeting.care, meeting.facts()
    care.do(framing.drop_collaborator, about.id, care.south.id, meeting.actor)
    organisations = framing.closed_among

    def meanwhile(ids: Any) -> Any:
        row = Collaborator(challenge_id=about.id, organisation_id=care.south.id)
        db.session.add(row)
        db.session.flush()
        return organisations(ids)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(framing, "closed_among", meanwhile)
        with pytest.raises(Conflict):
            care.do(framing.add_collaborator, about.id, care.south.id, meeting.actor)
    care.do(framing.add_collaborator, about.id, care.south.id, meeting.actor)


# --- who counts ---------------------------------------------------------------------------------


def test_who_was_taken_off_the_challenge_decides_no_more(meeting: Any) -> None:
    key, care = meeting.open(), meeting.care
    meeting.score(key)
    west = care.maker.organisation(name="Vestby Kommune")
    third = care.worker("Tea Tredje", west)
    care.do(framing.add_collaborator, meeting.facts().id, west.id, meeting.actor)
    meeting.name(key, meeting.owner, meeting.partner, third)
    for person in (meeting.owner, meeting.partner):
        meeting.say(key, person, "go")
    assert f"/challenges/gates/{key}" in care.client(third).get("/me").text
    for organisation in (care.south, west):
        care.do(framing.drop_collaborator, meeting.facts().id, organisation.id, meeting.actor)
    assert f"/challenges/gates/{key}" not in care.client(third).get("/me").text
    sheet = care.page(meeting.owner, f"/challenges/gates/{key}").text
    assert "Ejer Ejersen" in sheet
    assert "Per Partner" not in sheet
    with pytest.raises(Refused) as refusal:
        meeting.decide(key)
    assert refusal.value.refusals[0].code == "decision"
    care.do(framing.add_collaborator, meeting.facts().id, care.south.id, meeting.actor)
    meeting.decide(key)
    assert meeting.facts().level == 1


def test_the_screen_of_the_room_is_not_drawn_anew_for_who_does_not_count(meeting: Any) -> None:
    key = meeting.open()
    meeting.name(key, meeting.owner, meeting.partner)
    about = meeting.facts()
    meeting.care.do(framing.drop_collaborator, about.id, meeting.care.south.id, meeting.actor)
    client = meeting.care.client(meeting.owner)
    stamp = client.get(f"/challenges/gates/{key}/pulse").get_json()["stamp"]
    assert f'data-stamp="{stamp}"' in client.get(f"/challenges/gates/{key}/meeting").text


# --- stopped ------------------------------------------------------------------------------------


def test_the_gate_of_a_challenge_that_stopped_waits_for_nobody(meeting: Any) -> None:
    key, care = meeting.open(), meeting.care
    meeting.name(key, meeting.owner, meeting.partner)
    assert f"{key}/opinion" in care.client(meeting.partner).get("/me").text
    about = meeting.facts()
    care.do(maturing.move, about, "stopped", meeting.actor, reason="Ingen tid", note=LEARNED)
    assert f"{key}/opinion" not in care.client(meeting.partner).get("/me").text


def test_a_gate_is_not_decided_for_a_challenge_that_stopped_meanwhile(meeting: Any) -> None:
    key, care = meeting.open(), meeting.care
    meeting.ready(key)
    before = meeting.facts()
    care.do(maturing.move, before, "stopped", meeting.actor, reason="Ingen tid", note=LEARNED)
    values = deciding.DecisionValues(decision="go", reason="Ja")
    with pytest.raises(Refused) as refusal:
        care.do(deciding.decide, meeting.gate(key), before, values, meeting.actor)
    assert refusal.value.refusals[0].code == "meanwhile"
    assert (meeting.facts().state, meeting.facts().level) == ("stopped", 0)


# --- handed over --------------------------------------------------------------------------------


def test_nobody_looks_after_what_was_given_to_where_they_own_nothing(meeting: Any) -> None:
    care, about = meeting.care, meeting.facts()
    care.do(framing.hand_over, about.id, care.south.id, meeting.actor, "De har tid")
    taken = meeting.facts()
    assert (taken.organisation_id, taken.owner_id) == (care.south.id, None)
    page = care.page(meeting.partner, f"/challenges/{meeting.key}").text
    assert "nobody yet" in page
    both = care.worker("Bo Begge", care.south)
    care.maker.access_role(person=both, role="challenge_owner", organisation=care.south)
    care.do(framing.drop_collaborator, about.id, care.north.id, meeting.actor)
    care.do(framing.add_collaborator, about.id, care.north.id, meeting.actor)
    care.maker.access_role(person=both, role="challenge_owner", organisation=care.north)
    care.do(framing.hand_over, about.id, care.north.id, care.actor(both), "De har tid igen")
    assert care.ask(challenge_by_key, meeting.key, care.actor(both)).owner_id == both.id


def test_somebody_who_owns_challenges_there_looks_after_what_nobody_does(meeting: Any) -> None:
    care, about = meeting.care, meeting.facts()
    care.do(framing.hand_over, about.id, care.south.id, meeting.actor, "De har tid")
    swede = care.worker("Svea Svensson", care.south)
    care.maker.access_role(person=swede, role="challenge_owner", organisation=care.south)
    address = f"/challenges/{meeting.key}"
    assert "I look after it" not in care.page(meeting.owner, address).text  # owns nothing there
    assert "I look after it" in care.page(swede, address).text
    assert care.post(care.client(meeting.owner), f"{address}/look-after").status_code == 404
    assert care.post(care.client(swede), f"{address}/look-after").status_code == 303
    assert meeting.facts().owner_id == swede.id
    assert "I look after it" not in care.page(swede, address).text
    other = care.worker("Signe Svensson", care.south)
    care.maker.access_role(person=other, role="challenge_owner", organisation=care.south)
    with pytest.raises(Refused):
        care.do(framing.look_after, about.id, care.actor(other))
    assert meeting.facts().owner_id == swede.id


# --- by itself ----------------------------------------------------------------------------------


def paused(meeting: Any, wake_on: Any) -> None:
    meeting.care.do(
        maturing.move, meeting.facts(), "paused", meeting.actor, reason="Ferie", wake_on=wake_on
    )


def test_a_pause_ends_by_itself_on_its_day_there(meeting: Any) -> None:
    care = meeting.care
    with stopped_clock(datetime(2026, 10, 20, 9, tzinfo=CPH)):
        care.do(maturing.move, meeting.facts(), "prioritised", meeting.actor)
        paused(meeting, date(2026, 10, 26))
    with stopped_clock(datetime(2026, 10, 25, 23, 30, tzinfo=CPH)):
        assert care.do(wake_challenges) == 0
    with stopped_clock(datetime(2026, 10, 26, 0, 30, tzinfo=CPH)):  # still Sunday in UTC
        assert care.do(wake_challenges) == 1
        assert care.do(wake_challenges) == 0
    woken = meeting.facts()
    assert (woken.state, woken.state_before, woken.wake_on) == ("prioritised", "", None)
    assert care.letters(meeting.owner) == ["The pause is over: “Uro om aftenen”"]
    with care.app.app_context():
        verbs = db.session.scalars(
            select(JournalEntry.verb).where(
                JournalEntry.subject_kind == "challenge", JournalEntry.subject_id == woken.id
            )
        ).all()
    assert verbs.count("challenges.challenge_woken") == 1


def test_the_job_of_the_hour_wakes_challenges_too(meeting: Any) -> None:
    with stopped_clock(datetime(2026, 10, 20, 9, tzinfo=CPH)):
        paused(meeting, date(2026, 10, 26))
    said: list[str] = []
    with stopped_clock(datetime(2026, 10, 27, 9, tzinfo=CPH)), meeting.care.app.app_context():
        finish = wake_job(SimpleNamespace(log=said.append))  # type: ignore[arg-type]
        with unit_of_work():
            finish()
    assert said == ["0 problems and 1 challenges woken up"]


def test_who_owns_challenges_there_hears_it_where_nobody_looks_after_it(meeting: Any) -> None:
    care = meeting.care
    swede = care.worker("Svea Svensson", care.south)
    care.maker.access_role(person=swede, role="challenge_owner", organisation=care.south)
    with stopped_clock(datetime(2026, 10, 20, 9, tzinfo=CPH)):
        care.do(framing.hand_over, meeting.facts().id, care.south.id, meeting.actor, "De har tid")
        paused(meeting, date(2026, 10, 26))
    with stopped_clock(datetime(2026, 10, 27, 9, tzinfo=CPH)):
        assert care.do(wake_challenges) == 1
    assert care.letters(swede) == ["The pause is over: “Uro om aftenen”"]
    assert care.letters(meeting.owner) == []
