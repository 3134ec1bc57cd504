"""Moving a run from state to state: who may, what is refused, and what stays typed."""

from __future__ import annotations

import pytest

from lms.contracts import LocalisedText, Refusal
from lms.core.catalogue.states import MOVES, STATES
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen


class Doorkeeper(Specimen):
    """Refuses to close a run, and breaks when told to."""

    broken = False

    @hookimpl
    def lms_check_run_states(self, changes):
        if self.broken:
            raise RuntimeError("out of order")
        return [
            Refusal(
                code="no_closing",
                message=LocalisedText(da="Nej.", sv="Nej.", en="Not now."),
                index=i,
            )
            for i, change in enumerate(changes)
            if change.new == "closed"
        ]


@pytest.fixture
def doorkeeper():
    return Doorkeeper()


@pytest.fixture
def lms_plugins(doorkeeper):
    return [(SPECIMEN, doorkeeper)]


@pytest.fixture
def lead(signed_in, make_person, make_team_member):
    """`lead(run)`: a browser of somebody responsible for that run."""

    def enter(run, role="programme_lead"):
        person = make_person(language="en")
        make_team_member(run=run, person=person, role=role)
        return signed_in(person=person)

    return enter


def test_who_is_responsible_for_a_run_may_move_it_and_others_do_not_find_the_page(
    client, signed_in, lead, make_run, make_organisation
):
    neighbour = make_organisation()
    run = make_run()
    address = f"/catalogue/{run.key}/state"
    assert lead(run).get(address).status_code == 200
    assert signed_in("site_admin").get(address).status_code == 200
    assert lead(run, "teacher").get(address).status_code == 404
    assert lead(make_run()).get(address).status_code == 404
    assert signed_in().get(address).status_code == 404
    assert signed_in("institution_admin", neighbour).get(address).status_code == 404
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("state", STATES)
def test_the_page_offers_the_moves_there_are(lead, make_run, state):
    run = make_run(state=state)
    text = lead(run).get(f"/catalogue/{run.key}/state").get_data(as_text=True)
    for other in STATES:
        assert (f'value="{other}"' in text) == (other in MOVES[state])
    if not MOVES[state]:
        assert "Nothing comes after this" in text


def test_a_move_changes_the_run_and_says_so(lead, make_run, submit, maker):
    run = make_run(state="announced", rule_fixed_at=None)
    browser = lead(run)
    response = submit(browser, f"/catalogue/{run.key}/state", state="open", reason="")
    assert response.status_code == 303
    assert response.location == f"/catalogue/{run.key}"
    assert b"The run is now: Open." in browser.get(response.location).data
    moved = maker.reload(run)
    assert moved.state == "open"
    assert moved.rule_fixed_at is not None


def test_a_reason_is_asked_for_at_its_field_and_nothing_typed_is_lost(
    lead, make_run, submit, maker
):
    run = make_run()
    browser = lead(run)
    response = submit(browser, f"/catalogue/{run.key}/state", state="cancelled", reason="")
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'id="reason-e"' in text
    assert "Write a reason" in text
    assert maker.reload(run).state == "open"
    done = submit(browser, f"/catalogue/{run.key}/state", state="cancelled", reason="For få.")
    assert done.status_code == 303
    assert maker.reload(run).state == "cancelled"


def test_a_plugins_refusal_stands_on_the_form(lead, make_run, submit, maker):
    run = make_run()
    response = submit(lead(run), f"/catalogue/{run.key}/state", state="closed", reason="Fordi")
    assert response.status_code == 422
    assert b"Not now." in response.data
    assert b"Fordi" in response.data
    assert maker.reload(run).state == "open"


def test_a_gate_that_breaks_stays_shut(lead, make_run, submit, maker, doorkeeper):
    run = make_run()
    doorkeeper.broken = True
    response = submit(lead(run), f"/catalogue/{run.key}/state", state="running")
    assert response.status_code == 422
    assert maker.reload(run).state == "open"


@pytest.mark.parametrize("state", ["archived", "", "\x00", "planned", "nonsense"])
def test_a_state_that_is_not_offered_cannot_be_sent(lead, make_run, submit, maker, state):
    run = make_run()
    response = submit(lead(run), f"/catalogue/{run.key}/state", state=state, reason="x")
    assert response.status_code == 422
    assert maker.reload(run).state == "open"


def test_a_stale_page_keeps_what_was_typed(lead, make_run, maker):
    run = make_run()
    response = lead(run).post(
        f"/catalogue/{run.key}/state", data={"state": "cancelled", "reason": "For få tilmeldte"}
    )
    assert response.status_code == 422
    assert "For få tilmeldte" in response.get_data(as_text=True)
    assert maker.reload(run).state == "open"
