"""Gates (S04): levels, sheets, who decides, nobody alone, and what is decided stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.api import Refused, db, now
from lms.testing import csrf_of, sign_in_as
from lms_challenges.documents import LEVELS
from lms_challenges.models import Decider, Gate
from lms_challenges.queries.gates import deciders_of
from lms_challenges.services import deciding, gates, maturing
from lms_challenges.services.deciding import DecisionValues
from lms_challenges.services.notes import LearningValues

LEARNED = LearningValues(title="Vi målte for sent", text="Mål før I begynder.", language="da")
ALL_WELL = {"score": 2, "comment": "Set på", "evidence": "Referat"}


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.refusals[0].code


# --- opening ------------------------------------------------------------------------------------


def test_s04_no_level_is_left_out_without_a_written_reason(meeting: Any) -> None:
    assert refused(lambda: meeting.open(3)) == "skip_reason"
    assert refused(lambda: meeting.open(3, skip_reason="   ")) == "skip_reason"
    gate = meeting.gate(meeting.open(3, skip_reason="Nabokommunen har set det."))
    assert (gate.from_level, gate.to_level, gate.skips) == (0, 3, True)
    assert gate.skip_reason == "Nabokommunen har set det."


def test_a_gate_leads_upwards_and_one_is_open_at_a_time(meeting: Any) -> None:
    for level in (0, -1, LEVELS, 99):
        assert refused(lambda level=level: meeting.open(level, skip_reason="x")) == "to_level"
    meeting.open()
    assert refused(meeting.open) == "to_level"


def test_a_gate_waits_while_the_challenge_does(meeting: Any) -> None:
    meeting.care.do(
        maturing.move,
        meeting.facts(),
        "paused",
        meeting.actor,
        reason="Ferie",
        wake_on=(now() + timedelta(days=9)).date(),
    )
    assert refused(meeting.open) == "state"


# --- deciders -----------------------------------------------------------------------------------


def test_s04_a_company_never_decides(meeting: Any) -> None:
    key = meeting.open()
    assert refused(lambda: meeting.name(key, meeting.seller)) == "mail"
    meeting.care.maker.assignment(person=meeting.seller, organisation=meeting.care.south)
    assert refused(lambda: meeting.name(key, meeting.seller)) == "mail"


def test_who_moves_to_a_company_decides_no_more(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key)
    meeting.care.maker.assignment(person=meeting.partner, organisation=meeting.care.company)
    assert refused(lambda: meeting.say(key, meeting.partner, "stop")) == "mail"
    assert refused(lambda: meeting.decide(key)) == "mail"


def test_only_people_of_the_challenges_organisations_decide(meeting: Any) -> None:
    key = meeting.open()
    stranger = meeting.care.worker("Frida Fremmed", meeting.care.school)
    assert refused(lambda: meeting.name(key, stranger)) == "mail"
    meeting.name(key, meeting.partner)
    assert refused(lambda: meeting.name(key, meeting.partner)) == "mail"


def test_s04_nobody_decides_alone(meeting: Any) -> None:
    key = meeting.open()
    meeting.score(key)
    assert refused(lambda: meeting.decide(key)) == "decision"
    meeting.name(key, meeting.owner)
    meeting.say(key, meeting.owner, "go")
    assert refused(lambda: meeting.decide(key)) == "decision"
    meeting.name(key, meeting.colleague)
    meeting.say(key, meeting.colleague, "go")
    assert refused(lambda: meeting.decide(key)) == "decision"  # both of one organisation
    meeting.name(key, meeting.partner)
    meeting.say(key, meeting.partner, "hold")
    assert refused(lambda: meeting.decide(key)) == "decision"  # two organisations, two minds
    meeting.say(key, meeting.partner, "go")
    meeting.decide(key)
    assert meeting.facts().level == 1


# --- deciding -----------------------------------------------------------------------------------


def test_going_on_needs_every_criterion_looked_at(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key)
    gate = meeting.gate(key)
    first = gate.level.criteria[0].key
    sheet = {first: ALL_WELL}
    meeting.care.do(gates.save_sheet, gate, sheet, meeting.actor, revision=gate.revision)
    assert refused(lambda: meeting.decide(key)) == "decision"
    meeting.score(key, score=0)
    assert refused(lambda: meeting.decide(key)) == "conditions"
    meeting.decide(key, conditions="Nordby laver et besøg i juni.")


@pytest.mark.parametrize("decision", ["recycle", "hold"])
def test_another_round_and_waiting_have_a_day(meeting: Any, decision: str) -> None:
    key = meeting.open()
    meeting.ready(key, decision)
    assert refused(lambda: meeting.decide(key, decision)) == "next_on"
    assert refused(lambda: meeting.decide(key, decision, next_on=now().date())) == "next_on"
    meeting.decide(key, decision, next_on=(now() + timedelta(days=30)).date())
    assert (meeting.facts().level, meeting.facts().state) == (0, "framed")
    meeting.open()  # another round


def test_every_decision_has_a_reason(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key)
    assert refused(lambda: meeting.decide(key, reason=" ")) == "reason"


def test_s04_a_stop_keeps_what_was_learned(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key, "stop")
    assert refused(lambda: meeting.decide(key, "stop")) == "note_text"
    meeting.decide(key, "stop", note=LEARNED)
    assert (meeting.facts().state, meeting.facts().reason) == ("stopped", "Vi har set det.")
    assert refused(meeting.open) == "state"


def test_s04_three_options_come_before_a_partner(meeting: Any) -> None:
    for _level in range(3):
        meeting.through()
    key = meeting.open()
    meeting.ready(key)
    assert refused(lambda: meeting.decide(key)) == "options"
    for kind in ("existing", "nothing", "new"):
        meeting.care.do(maturing.add_option, meeting.facts().id, kind, kind, "", "", meeting.actor)
    meeting.decide(key)
    assert meeting.facts().level == 4


def test_a_decided_gate_never_changes(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key)
    before_decision = meeting.gate(key)
    meeting.decide(key)
    decided = meeting.gate(key)
    said = meeting.care.ask(deciders_of, decided.id)
    sheet = {one.key: {"score": 0} for one in decided.level.criteria}
    values = DecisionValues(decision="stop", reason="Nej", note=LEARNED)
    care, actor = meeting.care, meeting.actor
    partner, more = care.actor(meeting.partner), meeting.colleague.id
    for gate in (decided, before_decision):  # the page may be older than the decision
        for verb, *rest in (
            (gates.save_sheet, gate, sheet, actor),
            (deciding.give_opinion, gate, partner, "stop", ""),
            (gates.add_decider, gate, meeting.facts(), more, actor),
            (gates.drop_decider, gate, said[0].id, actor),
            (deciding.decide, gate, meeting.facts(), values, actor),
        ):
            options = {"revision": gate.revision} if verb is gates.save_sheet else {}
            with pytest.raises(Refused) as refusal:
                care.do(verb, *rest, **options)
            assert refusal.value.refusals[0].code == "decided"
    assert meeting.gate(key) == decided
    assert meeting.care.ask(deciders_of, decided.id) == said


def test_two_tabs_cannot_score_over_each_other(meeting: Any) -> None:
    key = meeting.open()
    old = meeting.gate(key)
    meeting.score(key, comment="Den første fane")
    sheet = {one.key: ALL_WELL | {"comment": "Den anden"} for one in old.level.criteria}
    code = refused(
        lambda: meeting.care.do(gates.save_sheet, old, sheet, meeting.actor, revision=old.revision)
    )
    assert code == "meanwhile"
    assert "Den første fane" in str(meeting.gate(key).sheet)


class Way:
    """What was tried on one challenge, and what must hold of it."""

    steps = st.lists(
        st.tuples(
            st.integers(0, LEVELS),
            st.sampled_from(["", "Der er en grund"]),
            st.sampled_from(["go", "go", "recycle", "stop", "leave"]),
        ),
        max_size=6,
    )


@settings(
    max_examples=200 if os.environ.get("LMS_PROVE") == "1" else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=Way.steps)
def test_s04_whatever_is_tried_no_level_is_left_out_without_a_reason(
    meeting: Any, steps: list[tuple[int, str, str]]
) -> None:
    meeting.key = meeting.challenge()
    about = meeting.facts()
    for kind in ("existing", "nothing", "new"):
        meeting.care.do(maturing.add_option, about.id, kind, kind, "", "", meeting.actor)
    day = (now() + timedelta(days=9)).date()
    kept: dict[int, tuple[object, ...]] = {}
    for to, reason, decision in steps:
        try:
            key = meeting.open(to, skip_reason=reason)
        except Refused:
            continue
        if decision != "leave":
            meeting.ready(key, decision)
            meeting.decide(key, decision, next_on=day, note=LEARNED)
        with meeting.care.app.app_context():
            rows = db.session.query(Gate).filter_by(challenge_id=about.id).order_by(Gate.id).all()
            level = 0
            for row in rows:
                assert row.from_level == level
                assert row.to_level == level + 1 or row.skip_reason
                if row.decision == "go":
                    level = row.to_level
                if row.decided_at is not None:
                    whole = (row.sheet, row.decision, row.reason, row.to_level, row.revision)
                    assert kept.setdefault(row.id, whole) == whole
                    who = db.session.query(Decider).filter_by(gate_id=row.id).all()
                    same = {d.organisation_id for d in who if d.opinion == row.decision}
                    assert len(same) >= 2
        assert meeting.facts().level == level


# --- on the pages -------------------------------------------------------------------------------


def test_a_gate_from_opening_to_decision_by_clicks(meeting: Any) -> None:
    care = meeting.care
    owner = sign_in_as(care.app.test_client(), meeting.owner)
    partner = sign_in_as(care.app.test_client(), meeting.partner)

    def post(client: Any, address: str, **fields: str) -> Any:
        return client.post(address, data={"csrf_token": csrf_of(client)} | fields)

    opened = post(owner, f"/challenges/{meeting.key}/gate", to_level="1", meets_on="2031-05-06")
    assert opened.status_code == 303
    gate = opened.location.rsplit("/", 1)[0]
    for person in (meeting.owner, meeting.partner):
        assert post(owner, f"{gate}/deciders", mail=person.email).status_code == 303
    assert post(owner, f"{gate}/deciders", mail=meeting.seller.email).status_code == 422
    assert post(owner, f"{gate}/deciders", mail="ingen@proevelev.example").status_code == 422
    fields = {f"score_{n}": "2" for n in range(3)} | {"revision": "1"}
    assert post(owner, f"{gate}/sheet", **fields).status_code == 303
    assert partner.get("/me").text.count(f"{gate}/opinion") == 1
    assert post(partner, f"{gate}/sheet", **fields).status_code == 404
    assert post(owner, f"{gate}/decide", decision="go", reason="Ja").status_code == 422
    for client in (owner, partner):
        assert post(client, f"{gate}/opinion", opinion="go", remark="Klart").status_code == 303
    room = partner.get(f"{gate}/meeting?lang=en").text
    assert "2 of 2 have answered" in room
    assert "People of two organisations agree on: Go on" in room
    assert post(owner, f"{gate}/decide", decision="go", reason="Ja").status_code == 303
    again = post(owner, f"{gate}/sheet", **fields | {"revision": "3"})
    assert again.status_code == 422  # scoring after the gate
    assert "ændrer sig ikke mere" in again.text
    assert "Nothing of the gate changes" in owner.get(f"{gate}/decide?lang=en").text
    assert f"{gate}/opinion" not in partner.get("/me").text


def test_opinions_are_shown_when_all_have_given_theirs(meeting: Any) -> None:
    key = meeting.open()
    meeting.name(key, meeting.owner, meeting.partner)
    meeting.say(key, meeting.owner, "stop")
    client = sign_in_as(meeting.care.app.test_client(), meeting.partner)
    room = client.get(f"/challenges/gates/{key}/meeting?lang=en").text
    assert "1 of 2 have answered" in room
    assert "Stop<" not in room
    sheet = client.get(f"/challenges/gates/{key}?lang=en").text
    assert "Stop<" not in sheet


def test_who_decides_hears_that_they_are_asked_and_what_came_of_it(meeting: Any) -> None:
    key = meeting.open()
    meeting.ready(key)
    care = meeting.care
    assert care.letters(meeting.partner) == ["Help decide about “Uro om aftenen”"]
    assert care.letters(meeting.owner) == []  # who names themselves knows
    meeting.decide(key)
    assert care.letters(meeting.partner)[1:] == ["It is decided: “Uro om aftenen”"]
    day = (now() + timedelta(days=30)).date()
    care.do(maturing.move, meeting.facts(), "paused", meeting.actor, reason="Ferie", wake_on=day)
    assert len(care.letters(meeting.partner)) == 2  # a pause is told by the page


def test_the_screen_in_the_room_is_drawn_anew_when_somebody_answers(meeting: Any) -> None:
    key = meeting.open()
    meeting.name(key, meeting.owner, meeting.partner)
    client = sign_in_as(meeting.care.app.test_client(), meeting.partner)

    def stamp() -> str:
        said: str = client.get(f"/challenges/gates/{key}/pulse").get_json()["stamp"]
        return said

    before = stamp()
    assert f'data-stamp="{before}"' in client.get(f"/challenges/gates/{key}/meeting").text
    assert stamp() == before
    meeting.say(key, meeting.owner, "go")
    answered = stamp()
    meeting.say(key, meeting.owner, "stop")
    assert len({before, answered, stamp()}) == 3
    stranger = meeting.care.client(meeting.care.worker("Frida", meeting.care.school))
    assert stranger.get(f"/challenges/gates/{key}/pulse").status_code == 404
