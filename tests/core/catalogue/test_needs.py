"""What a run needs before it goes on: shown while there is time, refused while it is missing."""

from __future__ import annotations

import html

import pytest

from lms.core.catalogue.needs import needs_of
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.views import leading
from lms.core.organisations.contacts import technology_categories
from lms.testing.specimen import SPECIMEN
from tests.core.catalogue.demanding import Demanding


@pytest.fixture
def demanding():
    return Demanding()


@pytest.fixture
def lms_plugins(demanding):
    return [(SPECIMEN, demanding)]


@pytest.fixture
def lead(signed_in, make_person, make_team_member):
    """`lead(run)`: a browser of somebody responsible for that run."""

    def enter(run):
        person = make_person(language="en")
        make_team_member(run=run, person=person, role="programme_lead")
        return signed_in(person=person)

    return enter


def said(response):
    return html.unescape(response.get_data(as_text=True))


def move(submit, browser, run, state, **more):
    return submit(browser, f"/catalogue/{run.key}/state", state=state, **more)


def test_lms_run_needs_are_a_list_on_the_page_of_who_leads_the_run(
    client, lead, make_run, make_team_member
):
    """CT1-1, 3.1: a type may require records before a run changes state, said in words."""
    run = make_run(course_type="demanding", state="announced")
    make_team_member(run=run, role="judge")
    page = said(lead(run).get(f"/catalogue/{run.key}"))
    assert "2 things are missing before the run can go on." in page
    assert 'href="/printer"' in page
    assert "The printer has it." in page
    assert f"/catalogue/{run.key}/team?role=listener" in page
    listed = page[page.index('id="needs"') :]
    assert listed.index("Before it opens for requests") < listed.index("Before it begins")
    assert listed.count("In place") == 1
    assert "things are missing" not in said(client.get(f"/catalogue/{run.key}?lang=en"))


def test_lms_run_needs_refuse_the_change_all_at_once_and_keep_the_reason(
    lead, make_run, submit, maker, demanding, make_team_member
):
    run = make_run(course_type="demanding", state="planned")
    browser = lead(run)
    refused = move(submit, browser, run, "announced", reason="Vi er klar nu")
    assert refused.status_code == 422
    assert "Missing: A paper. The printer has it." in said(refused)
    # Nobody listens yet, which is for later.
    assert "Listener" not in said(refused)
    assert "Vi er klar nu" in said(refused)
    assert maker.reload(run).state == "planned"
    demanding.met = True
    assert move(submit, browser, run, "announced").status_code == 303
    assert "Missing: Listener." in said(move(submit, browser, run, "open"))
    make_team_member(run=run, role="listener")
    assert move(submit, browser, run, "open").status_code == 303
    assert maker.reload(run).state == "open"


def test_lms_run_needs_are_looked_at_again_while_the_run_is_changed(
    lead, make_run, submit, maker, monkeypatch
):
    """What was in place when the page asked may be gone when the run is moved."""
    monkeypatch.setattr(leading, "run_state_refusals", lambda *_asked: [])
    run = make_run(course_type="demanding", state="planned")
    refused = move(submit, lead(run), run, "announced")
    assert refused.status_code == 422
    assert "Missing: A paper." in said(refused)
    assert maker.reload(run).state == "planned"


def test_lms_run_needs_of_states_that_are_skipped_hold_too(lead, make_run, submit, maker):
    """From open to running past closed, and from announced past nothing."""
    run = make_run(course_type="demanding", state="open")
    # What was needed to open is not asked for again; what it needs to begin is.
    refused = said(move(submit, lead(run), run, "running"))
    assert "Missing: Judge." in refused
    assert "Listener" not in refused
    assert maker.reload(run).state == "open"


def test_lms_run_needs_that_break_refuse_the_change_and_say_so_on_the_page(
    lead, make_run, submit, maker, demanding
):
    run = make_run(course_type="specimen", state="announced")
    demanding.broken = True
    browser = lead(run)
    assert "Not everything can be checked just now." in said(browser.get(f"/catalogue/{run.key}"))
    refused = move(submit, browser, run, "open", reason="Nu")
    assert refused.status_code == 422
    assert "We cannot see right now whether everything is in place." in said(refused)
    assert maker.reload(run).state == "announced"
    # It can still be called off.
    assert move(submit, browser, run, "cancelled", reason="Nej").status_code == 303


def test_needs_of_many_runs_are_asked_together(lms_app, make_run, make_team_member, count_queries):
    runs = [make_run(course_type="demanding") for _ in range(5)]
    for run in runs[:2]:
        make_team_member(run=run, role="listener")
    with lms_app.test_request_context():
        facts = list(runs_by_id([run.id for run in runs]).values())
        with count_queries() as sent:
            found = needs_of(facts)
        assert len(sent) == 1
    met = {run_id: [need.key for need in needs if need.met] for run_id, needs in found.items()}
    listening = [["function_listener"]] * 2 + [[]] * 3
    assert [met[run.id] for run in runs] == listening
    assert [need.state for need in found[runs[0].id]] == ["announced", "open", "running"]


def test_lms_technology_categories_are_those_of_all_plugins(lms_app):
    with lms_app.app_context():
        assert technology_categories()["walking_aid"].en == "Walking aid"
