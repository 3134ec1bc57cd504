"""Sending everybody what the panel said of them: at one moment, to them alone, or to nobody."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.api import EditedMeanwhile, Refused, db, now, unit_of_work
from lms.journal.models import JournalEntry
from lms_courses.models import Application, Panel
from lms_courses.panel_letters import remind_leads
from lms_courses.panels_of_company import told_panels
from lms_courses.queries.panels import stamp_of
from lms_courses.services.panels import save_summary


def words(error: Any) -> str:
    """All reasons in English."""
    return " ".join(reason.message.en for reason in error.value.refusals)


def receipt_of(run_id: int, name: str) -> str:
    """The key of a company's application."""
    found = db.session.scalar(
        select(Application.key).where(Application.run_id == run_id, Application.name == name)
    )
    return str(found)


def everything(mail: Any) -> str:
    """All that a letter holds."""
    return f"{mail.values} {mail.subject} {mail.text} {mail.html}"


def test_ct1_5_each_gets_its_own_summary_at_the_same_moment_and_the_record_shows_it(stage, track):
    track.filled()
    assert track.panel.release_by > track.panel.held_at
    page = stage.text(stage.lead, f"/courses/panels/{track.key}/lead")
    assert "All must have it by" in page
    sent = stage.post(stage.lead, f"/courses/panels/{track.key}/lead", seen=track.stamp())
    assert sent.status_code == 303
    assert "All 3 got theirs at the same moment" in stage.text(
        stage.lead, f"/courses/panels/{track.key}/lead"
    )
    with stage.app.app_context():
        rows = db.session.scalars(
            select(JournalEntry.data).where(JournalEntry.verb == "courses.panel_released")
        ).all()
    assert [sorted(row["subjects"]) for row in rows] == [
        sorted(one.id for one in track.subjects.values())
    ]
    mails = stage.letters()
    for name, seller in track.sellers.items():
        own = [mail for mail in mails if mail.person_id == seller.id]
        assert [f"SUM-{name}" in everything(mail) for mail in own] == [True]
        address = f"/courses/feedback/{track.subjects[name].key}"
        seen = stage.text(seller, address)
        assert f"SUM-{name}" in seen
        assert f"GOD-{name}" in seen
        receipt = f"/courses/applications/{stage.ask(receipt_of, track.run.id, name)}"
        for page in (
            f"/catalogue/{track.run.key}",
            f"/courses/runs/{track.run.key}/company",
            receipt,
        ):
            assert address in stage.text(seller, page)
        # Who has the link of the receipt alone got it by letter, and no way to a closed page.
        alone = stage.app.test_client().get(f"{receipt}?lang=en").get_data(as_text=True)
        assert "GOD-" not in alone
        assert "It is in the mail that we have sent to" in alone
        assert "/courses/feedback/" not in alone
        assert stage.app.test_client().get(address).status_code == 303
        # By role, not by name.
        assert "Staff" in seen
        assert stage.care.name not in seen
    # The contacts who are nobody here get it by letter alone: one each.
    letters = [mail for mail in mails if mail.person_id is None]
    assert len(letters) == 3
    for mail in letters:
        assert "/courses/feedback/" not in everything(mail)
        assert "/courses/applications/" in everything(mail)


def test_ct1_5_nobody_reads_anything_before_it_is_sent(stage, track):
    track.filled()
    for name, seller in track.sellers.items():
        address = f"/courses/feedback/{track.subjects[name].key}"
        assert stage.page(seller, address).status_code == 404
        assert stage.post(seller, f"{address}/read").status_code == 404
        assert f"SUM-{name}" not in stage.text(seller, f"/catalogue/{track.run.key}")
    assert not [mail for mail in stage.letters() if "SUM-" in everything(mail)]
    with stage.app.test_request_context():
        assert all(told_panels(one.id) == () for one in track.companies.values())


def test_canary_what_was_said_of_one_company_is_in_no_page_or_mail_of_another(stage, track):
    track.filled()
    for name in track.companies:
        track.give(stage.council, name, better=f"BEDRE-{name}", ask=f"SPØRG-{name}")
    track.release()
    mails = stage.letters()
    subjects = track.subjects
    pages = (
        "/me",
        "/catalogue",
        f"/catalogue/{track.run.key}",
        f"/courses/calls/{track.run.key}",
        "/courses/calls",
        *(f"/courses/feedback/{one.key}" for one in subjects.values()),
        *(f"/courses/panels/{track.key}/summaries/{one.key}" for one in subjects.values()),
        *(f"/courses/panels/{track.key}/forms/{one.key}" for one in subjects.values()),
        f"/courses/panels/{track.key}",
        f"/courses/panels/{track.key}/lead",
    )
    for name, seller in track.sellers.items():
        others = [
            f"{mark}-{other}"
            for other in track.companies
            if other != name
            for mark in ("SUM", "GOD", "BEDRE", "SPØRG")
        ]
        read = "".join(stage.page(seller, page).get_data(as_text=True) for page in pages)
        assert f"SUM-{name}" in read
        assert f"SPØRG-{name}" in read
        got = "".join(everything(mail) for mail in mails if mail.person_id == seller.id)
        with stage.app.test_request_context():
            shown = str(told_panels(track.companies[name].id))
        assert not [mark for mark in others if mark in read + got + shown]
    for mail in mails:
        about = {name for name in track.companies if f"SUM-{name}" in everything(mail)}
        assert len(about) <= 1
    stranger = stage.person("Frida Fremmed", stage.maker.organisation(kind="company"))
    for reader in (stranger, stage.care, stage.teacher):
        read = "".join(stage.page(reader, page).get_data(as_text=True) for page in pages)
        assert "SUM-" not in read


def test_it_is_refused_while_somebody_has_no_form_or_no_summary_and_says_who(stage, track):
    track.set_up()
    alarm, lift, bed = track.companies
    track.give(stage.care, alarm)
    track.sum_up(alarm, "Godt")
    track.give(stage.care, lift)
    with pytest.raises(Refused) as missing:
        track.release()
    said = words(missing)
    assert f"{lift} has no summary" in said
    assert f"{bed} has no feedback" in said
    assert alarm not in said
    page = stage.post(stage.lead, f"/courses/panels/{track.key}/lead", seen=track.stamp())
    assert page.status_code == 422
    assert f"{bed} has no feedback" in page.get_data(as_text=True)


def test_one_company_that_may_not_be_told_stops_it_for_all_by_name(stage, track, fair):
    track.filled()
    _alarm, lift, bed = track.companies
    fair.refused = {track.companies[lift].id}
    with pytest.raises(Refused) as frozen:
        track.release()
    assert f"{lift}: A tender is coming. The procurement officer opens again." in words(frozen)
    assert bed not in words(frozen)
    assert "nothing was sent to anybody" in words(frozen)
    assert track.panel.released_at is None
    assert fair.made == []
    assert not [mail for mail in stage.letters() if "SUM-" in everything(mail)]
    fair.refused = set()
    assert track.release() == 3
    (contacts,) = fair.made
    assert {one.company_id for one in contacts} == {one.id for one in track.companies.values()}
    assert all(
        (one.kind, one.private, one.confidential, one.category) == ("feedback", True, True, "lifts")
        for one in contacts
    )
    assert all(dict(one.people) == {"staff": 1} for one in contacts)
    assert {one.authority_ids for one in contacts} == {(stage.host.id, stage.school.id)}


def test_it_is_sent_once_and_only_what_was_looked_at(stage, track):
    track.filled()
    shown = track.stamp()
    track.give(stage.care, "Opdigtet Lift A/S", good="Skrevet imens")
    with pytest.raises(Refused) as meanwhile:
        track.release(seen=shown)
    assert "since you opened the page" in words(meanwhile)
    track.release()
    with pytest.raises(Refused):
        track.release()
    again = stage.post(stage.lead, f"/courses/panels/{track.key}/lead", seen=track.stamp())
    assert again.status_code == 422


def test_two_who_send_it_at_once_send_it_once(stage, track, fair):
    track.filled()
    seen, done, refused = track.stamp(), [], []
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        try:
            done.append(track.release(seen=seen))
        except Refused as error:
            refused.append(error)

    both = [threading.Thread(target=send) for _n in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert (done, len(refused), len(fair.made)) == ([3], 1, 1)
    stage.letters()
    assert len([mail for mail in stage.letters() if "SUM-" in everything(mail)]) == 6


def test_a_company_that_withdrew_gets_nothing_and_the_others_do_not_wait_for_it(stage, track):
    track.filled()
    _alarm, lift, _bed = track.companies
    key = track.subjects[lift].key
    with stage.app.app_context(), unit_of_work():
        db.session.execute(
            update(Application).where(Application.name == lift).values(state="withdrawn")
        )
    track.place("Opdigtet Ur ApS")
    with pytest.raises(Refused) as new:
        track.release()
    assert "Opdigtet Ur ApS came since" in words(new)
    stage.post(stage.lead, f"/courses/panels/{track.key}/take-in")
    track.give(stage.care, "Opdigtet Ur ApS")
    track.sum_up("Opdigtet Ur ApS", "SUM-Ur")
    assert track.release() == 3
    assert lift not in track.subjects
    assert stage.page(track.sellers[lift], f"/courses/feedback/{key}").status_code == 404
    assert not [mail for mail in stage.letters() if f"SUM-{lift}" in everything(mail)]


def test_averages_are_of_three_forms_at_least(stage, track):
    track.filled()
    name = "Opdigtet Lift A/S"
    address = f"/courses/panels/{track.key}/summaries/{track.subjects[name].key}"
    assert "Averages are shown from 3 answers on" in stage.text(stage.lead, address)
    track.give(stage.council, name, understood=4, useful=4)
    stage.maker.team_member(run=track.run, person=stage.chief, role="panel_member")
    track.give(stage.chief, name, understood=1, useful=4)
    seen = stage.text(stage.lead, address)
    assert "Averages are shown from" not in seen
    assert ">2.7 <" in seen
    assert ">3.3 <" in seen


def test_a_summary_begins_with_what_was_written_and_two_do_not_overwrite_each_other(stage, track):
    track.set_up()
    name = "Opdigtet Lift A/S"
    track.give(stage.care, name, good="Let at løfte", ask="Hvem lader den op?")
    address = f"/courses/panels/{track.key}/summaries/{track.subjects[name].key}"
    seen = stage.text(stage.lead, address)
    assert "- Let at løfte" in seen
    old = stamp_of([track.subjects[name]])
    assert stage.post(stage.lead, address, summary="", seen=old).status_code == 422
    assert stage.post(stage.lead, address, summary="Et\n\nTo", seen=old).status_code == 303
    assert track.subjects[name].summary == "Et\n\nTo"
    stale = stage.post(stage.lead, address, summary="Fra en gammel side", seen=old)
    assert stale.status_code == 422
    assert "Fra en gammel side" in stale.get_data(as_text=True)
    assert "A colleague saved meanwhile" in stale.get_data(as_text=True)
    with pytest.raises(EditedMeanwhile):
        stage.do(save_summary, track.subjects[name], "x", track.actor, seen=old)


def test_those_it_is_about_say_that_they_have_read_it(stage, track):
    track.filled()
    track.release()
    name, seller = next(iter(track.sellers.items()))
    address = f"/courses/feedback/{track.subjects[name].key}"
    assert stage.post(seller, f"{address}/read").status_code == 303
    first = track.subjects[name].seen_at
    assert first is not None
    stage.post(seller, f"{address}/read")
    assert track.subjects[name].seen_at == first
    for other in (stage.lead, stage.care, track.sellers["Opdigtet Seng ApS"]):
        assert stage.post(other, f"{address}/read").status_code == 404


def test_a_company_sees_its_feedback_on_its_own_page(stage, track):
    track.filled()
    track.release()
    with stage.app.test_request_context():
        for name, company in track.companies.items():
            (panel,) = told_panels(company.id)
            assert [row[3] for row in panel.values["rows"]] == [
                f"/courses/feedback/{track.subjects[name].key}"
            ]


# --- groups of students -------------------------------------------------------------------------


def test_groups_read_their_own_and_a_student_who_left_reads_none(stage, module):
    module.set_up()
    for group in module.students:
        module.give(stage.chief, group, good=f"GOD-{group}")
        module.sum_up(group, f"SUM-{group}")
    first, second = module.students["Gruppe A"]
    module.regroup({second.id: "Gruppe B"})
    assert module.release() == 2
    own = f"/courses/feedback/{module.subjects['Gruppe A'].key}"
    other = f"/courses/feedback/{module.subjects['Gruppe B'].key}"
    assert "SUM-Gruppe A" in stage.text(first, own)
    assert stage.page(first, other).status_code == 404
    assert stage.page(second, own).status_code == 404
    assert "SUM-Gruppe B" in stage.text(second, other)
    for reader in (module.seller, stage.chief, stage.lead):
        assert stage.page(reader, own).status_code == 404
    told = [mail for mail in stage.letters() if "SUM-Gruppe A" in everything(mail)]
    assert [mail.person_id for mail in told] == [first.id]
    assert own in stage.text(first, f"/catalogue/{module.run.key}")


def test_a_group_that_lost_all_its_members_holds_nobody_up(stage, module):
    module.set_up()
    module.give(stage.chief, "Gruppe A")
    module.sum_up("Gruppe A", "Godt")
    module.regroup({one.id: "" for one in module.students["Gruppe B"]})
    assert module.release() == 1
    assert list(module.subjects) == ["Gruppe A"]


def test_no_contact_with_a_company_is_made_of_feedback_on_students(module, fair, stage):
    module.set_up()
    for group in module.students:
        module.give(stage.chief, group)
        module.sum_up(group, "Godt")
    module.release()
    assert fair.made == []


# --- in time ------------------------------------------------------------------------------------


def test_ct1_5_who_leads_is_reminded_before_it_is_due_and_once_when_it_is_late(stage, track):
    track.filled()
    assert stage.do(remind_leads) == 0

    def due(at: Any) -> None:
        with stage.app.app_context(), unit_of_work():
            db.session.execute(update(Panel).values(release_by=at))

    due(now() + timedelta(days=1))
    assert stage.do(remind_leads) == 1
    assert stage.do(remind_leads) == 0
    due(now() - timedelta(hours=1))
    assert stage.do(remind_leads) == 1
    assert stage.do(remind_leads) == 0
    told = [mail for mail in stage.letters() if mail.person_id == stage.lead.id]
    assert len(told) == 2
    assert "This is late" in stage.text(stage.lead, f"/courses/panels/{track.key}/lead")
    track.release()
    due(now() - timedelta(days=9))
    assert stage.do(remind_leads) == 0
