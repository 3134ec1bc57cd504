"""Setting up a panel, and giving feedback in its one form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lms.api import EditedMeanwhile, Refused, db, now, unit_of_work
from lms_courses.models import Application
from lms_courses.services import panels as services


def leave(track: Any, name: str) -> None:
    """A company takes its place back."""
    with track.stage.app.app_context(), unit_of_work():
        db.session.execute(
            update(Application)
            .where(Application.run_id == track.run.id, Application.name == name)
            .values(state="withdrawn")
        )


def fields(**more: Any) -> dict[str, Any]:
    """What a browser sends of a form."""
    return {
        "role": "citizen",
        "understood": "3",
        "useful": "2",
        "safe": "4",
        "good": "Let at forstå",
        "better": "",
        "ask": "Hvad koster det?",
        "seen": "",
        **more,
    }


def test_a_panel_is_set_up_on_its_page_with_all_that_have_a_place(stage, track):
    address = f"/courses/runs/{track.run.key}/panels/feedback_day"
    seen = stage.text(stage.lead, address)
    assert "Opdigtet Lift A/S" in seen
    assert "Sofie Sygeplejerske" in seen
    wrong = stage.post(stage.lead, address, day="2026-13-40", clock="09:00")
    assert wrong.status_code == 422
    assert "2026-13-40" in wrong.get_data(as_text=True)
    made = stage.post(stage.lead, address, day="2026-04-01", clock="09:00")
    assert made.status_code == 303
    track.key = made.headers["Location"].split("/")[3]
    assert list(track.subjects) == sorted(track.companies)
    # Five working days after the Wednesday before Easter: Thursday to Monday are days off.
    assert track.panel.release_by.date().isoformat() == "2026-04-13"
    moved = stage.post(stage.lead, address, day="2026-04-13", clock="09:00")
    assert moved.status_code == 303
    assert track.panel.release_by.date().isoformat() == "2026-04-20"


def test_only_who_leads_the_run_sets_panels_up(stage, track, module):
    for person in (stage.care, stage.teacher, *track.sellers.values()):
        assert (
            stage.page(person, f"/courses/runs/{track.run.key}/panels/feedback_day").status_code
            == 404
        )
    assert stage.page(stage.lead, f"/courses/runs/{track.run.key}/panels/pitch").status_code == 404
    assert (
        stage.page(stage.teacher, f"/courses/runs/{module.run.key}/panels/mid").status_code == 200
    )
    for person in (stage.chief, module.seller, module.students["Gruppe A"][0]):
        assert stage.page(person, f"/courses/runs/{module.run.key}/panels/mid").status_code == 404


def test_a_panel_needs_somebody_to_hear(stage, track, module):
    for name in track.companies:
        leave(track, name)
    with pytest.raises(Refused) as none:
        track.set_up()
    assert "programme lead" in none.value.refusals[0].message.en
    module.regroup(dict.fromkeys(module.seats, ""))
    with pytest.raises(Refused) as empty:
        module.set_up()
    assert "into groups" in empty.value.refusals[0].message.en


def test_ct1_5_a_panel_member_gives_feedback_in_one_form_and_sees_how_far_they_are(stage, track):
    track.set_up()
    assert "0 of 3" in stage.text(stage.care, f"/courses/panels/{track.key}")
    first, second, third = track.subjects.values()
    form = f"/courses/panels/{track.key}/forms/{first.key}"
    seen = stage.text(stage.care, form)
    assert "1: not at all" in seen
    assert "4: fully" in seen
    sent = stage.post(stage.care, form, **fields())
    assert sent.headers["Location"].endswith(f"/forms/{second.key}")
    seen = stage.text(stage.care, f"/courses/panels/{track.key}")
    assert "1 of 3" in seen
    # As whom one speaks is remembered for the next.
    last = stage.text(stage.care, f"/courses/panels/{track.key}/forms/{third.key}")
    assert last.count(" checked ") == 1
    track.give(stage.care, first.name, good="Noget andet")
    assert "Noget andet" in stage.text(stage.care, form)


def test_nobody_on_the_panel_reads_what_others_wrote_before_it_is_sent(stage, track):
    track.set_up()
    stage.maker.team_member(run=track.run, person=stage.lead, role="panel_member")
    subject = track.subjects["Opdigtet Lift A/S"]
    track.give(stage.care, subject.name, good="HEMMELIG-GOD")
    for address in (
        f"/courses/panels/{track.key}",
        f"/courses/panels/{track.key}/forms/{subject.key}",
    ):
        assert "HEMMELIG-GOD" not in stage.text(stage.council, address)
    summary = f"/courses/panels/{track.key}/summaries/{subject.key}"
    assert stage.page(stage.council, summary).status_code == 404
    assert stage.page(stage.council, f"/courses/panels/{track.key}/lead").status_code == 404
    # Who leads and is on the panel writes first.
    assert "HEMMELIG-GOD" not in stage.text(stage.lead, summary)
    assert stage.post(stage.lead, summary, summary="Nu", seen="").status_code == 422
    track.give(stage.lead, subject.name)
    assert "HEMMELIG-GOD" in stage.text(stage.lead, summary)
    assert "HEMMELIG-GOD" not in stage.text(stage.lead, f"/courses/panels/{track.key}/lead")


def test_who_works_for_a_company_gives_no_feedback_on_companies(stage, track):
    rival = track.sellers["Opdigtet Seng ApS"]
    stage.maker.team_member(run=track.run, person=rival, role="panel_member")
    track.set_up()
    seen = stage.text(rival, f"/courses/panels/{track.key}")
    assert "Companies give no feedback on companies" in seen
    assert "Opdigtet Lift A/S" not in seen
    subject = track.subjects["Opdigtet Lift A/S"]
    form = f"/courses/panels/{track.key}/forms/{subject.key}"
    assert stage.page(rival, form).status_code == 303
    sent = stage.post(rival, form, **fields())
    assert sent.status_code == 422
    with pytest.raises(Refused):
        track.give(rival, subject.name)
    assert rival.name in stage.text(stage.lead, f"/courses/panels/{track.key}/lead")


def test_a_company_speaks_as_a_company_on_students_and_as_nothing_else(stage, module):
    module.set_up()
    form = f"/courses/panels/{module.key}/forms/{module.subjects['Gruppe A'].key}"
    seen = stage.text(module.seller, form)
    assert "You speak as: Company" in seen
    assert stage.post(module.seller, form, **fields(role="citizen")).status_code == 303
    with module.stage.app.app_context():
        from lms_courses.queries.panels import forms_on

        assert [one.role for one in forms_on([module.subjects["Gruppe A"].id]).popitem()[1]] == [
            "company"
        ]
    assert stage.post(stage.chief, form, **fields(role="company")).status_code == 422


@pytest.mark.parametrize("answer", ["0", "5", "-1", "", "3.5", "four", "9" * 40])
def test_a_scale_goes_from_one_to_four(stage, track, answer):
    track.set_up()
    form = f"/courses/panels/{track.key}/forms/{track.subjects['Opdigtet Lift A/S'].key}"
    sent = stage.post(stage.care, form, **fields(useful=answer))
    assert sent.status_code == 422
    assert "Hvad koster det?" in sent.get_data(as_text=True)


def test_a_service_takes_no_answer_outside_the_scale_and_no_other_role(track, stage):
    track.set_up()
    for wrong, which in (({"safe": 5}, "5"), ({"role": "company"}, "company")):
        with pytest.raises(ValueError, match=which):
            track.give(stage.care, "Opdigtet Lift A/S", **wrong)


def test_two_pages_of_the_same_person_do_not_overwrite_each_other(stage, track):
    track.set_up()
    name = "Opdigtet Lift A/S"
    track.give(stage.care, name, good="Først")
    with pytest.raises(EditedMeanwhile):
        track.give(stage.care, name, seen="", good="Så")
    form = f"/courses/panels/{track.key}/forms/{track.subjects[name].key}"
    stale = stage.post(stage.care, form, **fields(good="Fra en gammel side"))
    assert stale.status_code == 422
    seen = stale.get_data(as_text=True)
    assert "Fra en gammel side" in seen
    assert "another page" in seen


def test_a_company_that_withdrew_is_heard_no_more_and_one_that_came_is_taken_in(stage, track):
    track.set_up()
    gone = track.subjects["Opdigtet Lift A/S"]
    leave(track, gone.name)
    track.place("Opdigtet Ur ApS")
    form = f"/courses/panels/{track.key}/forms/{gone.key}"
    assert stage.page(stage.care, form).status_code == 303
    late = stage.post(stage.care, form, **fields())
    assert late.status_code == 422
    assert "does not take part any more" in late.get_data(as_text=True)
    seen = stage.text(stage.lead, f"/courses/panels/{track.key}/lead")
    assert "Come since: Opdigtet Ur ApS" in seen
    assert "Not there any more: Opdigtet Lift A/S" in seen
    assert stage.post(stage.lead, f"/courses/panels/{track.key}/take-in").status_code == 303
    assert "Opdigtet Ur ApS" in track.subjects
    assert stage.post(stage.lead, f"/courses/panels/{track.key}/take-in").status_code == 303
    assert len(track.subjects) == 4


def test_who_is_not_on_the_team_any_more_cannot_write(stage, track):
    track.set_up()
    subject = track.subjects["Opdigtet Lift A/S"]
    stranger = stage.person("Frida Fremmed", stage.host)
    assert stage.page(stranger, f"/courses/panels/{track.key}").status_code == 404
    assert (
        stage.page(stranger, f"/courses/panels/{track.key}/forms/{subject.key}").status_code == 404
    )
    with pytest.raises(Refused):
        track.give(stranger, subject.name)


def test_what_waits_stands_on_the_first_page(stage, track):
    track.set_up(at=now() + timedelta(days=3))
    assert "Give your feedback" not in stage.text(stage.care, "/me")
    track.set_up(at=now() - timedelta(hours=1))
    assert "Give your feedback: Feedback day" in stage.text(stage.care, "/me")
    assert "0 of 3 given" in stage.text(stage.care, "/me")
    stage.maker.team_member(run=track.run, person=stage.lead, role="programme_lead")
    assert "Send the panel" in stage.text(stage.lead, "/me")
    for name in track.subjects:
        track.give(stage.care, name)
    assert "Give your feedback" not in stage.text(stage.care, "/me")


def test_i_23_nothing_waits_for_who_may_not_give_for_working_for_a_company(stage, track):
    track.set_up(at=now() - timedelta(hours=1))
    stage.maker.team_member(run=track.run, person=stage.lead, role="programme_lead")
    stage.maker.team_member(run=track.run, person=stage.lead, role="panel_member")
    for waits in ("Give your feedback: Feedback day", "Send the panel"):
        assert waits in stage.text(stage.lead, "/me")
    stage.maker.assignment(person=stage.lead, organisation=next(iter(track.companies.values())))
    for waits in ("Give your feedback", "Send the panel"):
        assert waits not in stage.text(stage.lead, "/me")


def test_a_released_panel_takes_no_form(stage, track):
    track.filled()
    track.release()
    subject = track.subjects["Opdigtet Lift A/S"]
    form = f"/courses/panels/{track.key}/forms/{subject.key}"
    late = stage.post(stage.care, form, **fields(good="For sent skrevet"))
    assert late.status_code == 422
    assert "For sent skrevet" in late.get_data(as_text=True)
    with pytest.raises(Refused):
        track.sum_up(subject.name, "Noget andet")
    with pytest.raises(Refused):
        track.set_up(at=now())
    assert services.released().refusals[0].code == "released"
