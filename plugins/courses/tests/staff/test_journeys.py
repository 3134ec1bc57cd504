"""A citizen's journey: written step by step, looked through before others read it (I-28)."""

from __future__ import annotations

from typing import Any

import pytest

from lms.api import RecordDraft, Refused, find_records, make_record
from lms_courses.queries import journeys as journey_questions
from lms_courses.queries import tryouts as tryout_questions
from lms_courses.queries.journeys import journey_place, journey_places
from lms_courses.services import journeys
from lms_courses.services.journeys import JourneyValues

STEPS = [
    {
        "step": "Kommer hjem fra sygehuset",
        "touchpoint": "Chauffør og nøgleboks",
        "citizen": "Venter i entreen",
        "risk": "Løft uden hjælp",
    }
]


def written(track: Any, by: Any = None) -> str:
    values = JourneyValues(
        title="Hjem en fredag", steps=STEPS, checked_with="To hjælpere", language="da"
    )
    key: str = track.do(
        journeys.write_journey,
        track.run.id,
        track.run.key,
        (by or track.annas).id,
        values,
        track.actor(track.anna),
    )
    return key


def reads(track: Any, key: str, person: Any) -> bool:
    return key in track.ask(journey_places, [key], track.actor(person))


def test_i_28_until_it_is_looked_through_only_writers_and_the_team_read_it(track: Any) -> None:
    key = written(track)
    cecilie, _seat = track.participant("Cecilie")
    seller = track.maker.person(name="Sanne Sælger")
    company = track.maker.organisation(name="Prøve Lift ApS", kind="company")
    track.maker.assignment(person=seller, organisation=company)
    track.maker.team_member(run=track.run, person=seller, role="teacher")
    elsewhere = track.maker.person(name="Fremmed")
    colleague = track.maker.person(name="Kim Kollega")
    track.maker.assignment(person=colleague, organisation=track.host)
    practice = (track.lead(), track.manager)
    assert all(reads(track, key, one) for one in (track.anna, track.bo, track.teacher, *practice))
    assert not any(reads(track, key, one) for one in (cecilie, seller, elsewhere, colleague))
    place = track.ask(journey_place, key, track.actor(track.teacher))
    track.do(journeys.look_through, place, track.actor(track.teacher), revision=1)
    assert all(reads(track, key, one) for one in (cecilie, colleague, *practice))
    assert not any(reads(track, key, one) for one in (seller, elsewhere))


def test_i_28_nobody_looks_their_own_through_and_a_change_is_looked_at_anew(track: Any) -> None:
    key = written(track)
    own = track.ask(journey_place, key, track.actor(track.bo))
    with pytest.raises(Refused):
        track.do(journeys.look_through, own, track.actor(track.bo), revision=1)
    place = track.ask(journey_place, key, track.actor(track.teacher))
    values = JourneyValues(title="Hjem", steps=STEPS, checked_with="", language="da")
    track.do(journeys.change_journey, own.journey, values, track.actor(track.bo), revision=1)
    with pytest.raises(Refused):
        track.do(journeys.look_through, place, track.actor(track.teacher), revision=1)
    with pytest.raises(Refused):
        track.do(journeys.change_journey, own.journey, values, track.actor(track.anna), revision=1)
    again = track.ask(journey_place, key, track.actor(track.teacher))
    track.do(journeys.look_through, again, track.actor(track.teacher), revision=2)
    track.do(journeys.change_journey, own.journey, values, track.actor(track.anna), revision=2)
    assert track.ask(journey_place, key, track.actor(track.anna)).journey.checked_at is None


def test_an_assignment_may_end_in_a_journey(track: Any) -> None:
    draft = RecordDraft(
        title="Hjem en fredag",
        text="Kommer hjem\n\nVenter i entreen",
        language="da",
        person_id=track.anna.id,
        organisation_id=track.host.id,
        run_id=track.run.id,
        work_key="",
    )
    key = track.do(make_record, "journey", draft, track.actor(track.teacher))
    place = track.ask(journey_place, key, track.actor(track.bo))
    assert [step["step"] for step in place.journey.steps] == ["Kommer hjem", "Venter i entreen"]
    assert place.journey.enrolment_id == track.annas.id
    found = track.ask(find_records, "journey", "entreen fredag", track.actor(track.anna))
    assert [facts.key for facts in found] == [key]
    assert not track.ask(find_records, "journey", "fredag", track.actor(track.manager))


# --- pages ----------------------------------------------------------------------------------------


def fields(**more: str) -> dict[str, str]:
    sent = {"title": "Hjem en fredag", "rows": "2", "step_0": "Kommer hjem", "risk_0": "Løft"}
    return sent | more


def test_a_journey_is_written_on_a_phone_without_script(track: Any) -> None:
    address = f"/courses/runs/{track.run.key}/journeys/new"
    assert track.page(track.manager, address).status_code == 404
    first = track.page(track.anna, address).text
    assert "step_2" in first
    assert "step_3" not in first
    more = track.post(track.anna, address, **fields(step_1="Venter", add="1"))
    assert more.status_code == 200
    assert "step_2" in more.text
    assert "Venter" in more.text
    assert "needs fixing" not in more.text
    empty = track.post(track.anna, address, title="Hjem", rows="1")
    assert empty.status_code == 422
    assert "Write at least one step." in empty.text
    sent = track.post(track.anna, address, **fields(step_1="", checked_with="To hjælpere"))
    assert sent.status_code == 303
    key = sent.headers["Location"].rpartition("/")[2]
    journey = track.ask(journey_place, key, track.actor(track.anna)).journey
    assert [step["step"] for step in journey.steps] == ["Kommer hjem"]
    assert "Not looked through yet" in track.page(track.bo, f"/courses/journeys/{key}").text


def test_i_27_i_28_numbers_are_refused_and_names_pointed_at(track: Any) -> None:
    address = f"/courses/runs/{track.run.key}/journeys/new"
    number = track.post(track.anna, address, **fields(citizen_0="010180-1234", no_names="y"))
    assert number.status_code == 422
    named = track.post(track.anna, address, **fields(citizen_0="Så ringer fru Hansen."))
    assert named.status_code == 422
    assert "Hansen" in named.text
    sent = track.post(
        track.anna, address, **fields(citizen_0="Så ringer fru Hansen.", no_names="y")
    )
    assert sent.status_code == 303


def test_the_team_looks_a_journey_through_on_its_page(track: Any) -> None:
    key = written(track)
    address = f"/courses/journeys/{key}"
    assert "Nobody can be known from it" in track.page(track.teacher, address).text
    assert track.post(track.anna, f"{address}/check").status_code == 404
    assert track.post(track.teacher, f"{address}/check").status_code == 303
    assert "Looked through" in track.page(track.manager, address).text
    changed = track.post(track.bo, f"{address}/edit", **fields(revision="1"))
    assert changed.status_code == 303
    meanwhile = track.post(track.anna, f"{address}/edit", **fields(step_1="Ny", revision="1"))
    assert meanwhile.status_code == 422
    assert "Ny" in meanwhile.text
    assert track.page(track.manager, f"{address}/edit").status_code == 404


def test_what_others_do_elsewhere_does_not_hide_ones_own(
    track: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest of the site are counted after it is known whose they are."""
    key = written(track)
    tryout = track.plan()
    monkeypatch.setattr(journey_questions, "MOST_SEARCHED", 1)
    monkeypatch.setattr(tryout_questions, "MOST_SEARCHED", 1)
    mine = track.actor(track.anna)
    teacher = track.actor(track.teacher)
    other = type(track)(track.app, track.maker)
    written(other)
    other.plan()
    for actor in (mine, teacher):
        found = track.ask(journey_questions.newest_journeys, actor)
        assert [place.journey.key for place in found] == [key]
        tried = track.ask(tryout_questions.newest_tryouts, actor)
        assert [place.tryout.key for place in tried] == [tryout.key]
