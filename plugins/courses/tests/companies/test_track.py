"""What companies do in a track: claims, a test plan with a host's comment, what hosts share."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.api import (
    EditedMeanwhile,
    EnrolmentFacts,
    Refused,
    RunStateChange,
    actor_for_person,
    enrolments_in_run,
    now,
    unit_of_work,
)
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance
from lms.db import db
from lms.journal.models import JournalEntry
from lms_courses import evidence, plan_rule
from lms_courses.plan_template import FIELDS
from lms_courses.queries.calls import company_in_run
from lms_courses.queries.plans import plan_by_key, plan_of
from lms_courses.services import plans

CONTENT = {field.key: f"Svar om {field.key}" for field in FIELDS}
DAY = date(2027, 2, 1)


@pytest.fixture
def two(track: Any) -> list[Any]:
    """People of two companies that have a place: Alfa's and Beta's."""
    track.open()
    keys = [
        track.apply(name, number)
        for name, number in zip(("Alfa ApS", "Beta ApS"), track.numbers, strict=False)
    ]
    track.over()
    for key in keys:
        track.answer(key, "confirmed")
    return [track.member("Alfa ApS"), track.member("Beta ApS")]


def company(track: Any, person: Any) -> Any:
    """The application of somebody's company; inside an app context."""
    actor = actor_for_person(person.id)
    found = company_in_run(track.run.id, sorted(actor.organisation_ids))
    assert found is not None
    return found


def signed(track: Any, person: Any) -> str:
    """A plan that this person has written and signed; its key."""
    with track.app.app_context():
        actor = actor_for_person(person.id)
        with unit_of_work():
            plans.save_plan(company(track, person), CONTENT, DAY, actor, revision=0)
        with unit_of_work():
            plans.sign_plan(company(track, person), actor, revision=1)
        found = plan_of(company(track, person).id)
        assert found is not None
        return found.key


# --- CT1-4 ----------------------------------------------------------------------------------------


def test_ct1_4_what_one_company_gets_all_get_at_the_same_time(
    track: Any, two: list[Any], sign_in: Any, submit: Any
) -> None:
    client = sign_in(track.app.test_client(), track.lead)
    url = f"/courses/runs/{track.run.key}/share?lang=en"
    assert submit(client, url, title="Kun en titel").status_code == 422
    track.fair.made.clear()
    sent = (BytesIO(b"Vi har brug for ro."), "behov.txt")
    assert submit(client, url, title="Behov fra praksis", document=sent).status_code == 303
    companies = {contact.company_id for contact in track.fair.made}
    assert len(track.fair.made) == len(companies) == 2
    assert {contact.kind for contact in track.fair.made} == {"share"}
    assert len({contact.documents for contact in track.fair.made}) == 1
    assert "Behov fra praksis" in track.fair.made[0].what.da
    (key,) = track.fair.made[0].documents
    for person in two:
        reader = sign_in(track.app.test_client(), person)
        assert "Behov fra praksis" in reader.get(f"/courses/runs/{track.run.key}/company").text
        assert reader.get(f"/files/{key}").data == b"Vi har brug for ro."
    stranger = sign_in(track.app.test_client(), track.make.person())
    assert stranger.get(f"/files/{key}").status_code == 404
    assert stranger.get(f"/courses/runs/{track.run.key}/company").status_code == 404


def test_nothing_is_shared_while_nobody_has_a_place(track: Any, sign_in: Any, submit: Any) -> None:
    track.open()
    client = sign_in(track.app.test_client(), track.lead)
    url = f"/courses/runs/{track.run.key}/share"
    answer = submit(client, url, title="Behov", document=(BytesIO(b"ro"), "behov.txt"))
    assert answer.status_code == 422
    assert track.fair.made == []


def test_a_company_that_comes_later_gets_what_was_shared_before(
    track: Any, sign_in: Any, submit: Any
) -> None:
    track.open()
    first, late = (
        track.apply(name, number)
        for name, number in zip(("Alfa ApS", "Beta ApS"), track.numbers, strict=False)
    )
    track.over()
    track.answer(first, "confirmed")
    client = sign_in(track.app.test_client(), track.lead)
    url = f"/courses/runs/{track.run.key}/share"
    submit(client, url, title="Behov", document=(BytesIO(b"ro"), "behov.txt"))
    track.fair.made.clear()
    track.answer(late, "confirmed")
    assert [contact.kind for contact in track.fair.made] == ["place", "share"]


# --- CT1-6 ----------------------------------------------------------------------------------------


def test_ct1_6_a_company_sees_its_own_and_nothing_of_others(
    track: Any, two: list[Any], sign_in: Any, submit: Any
) -> None:
    anna, bo = (sign_in(track.app.test_client(), person) for person in two)
    claims = f"/courses/runs/{track.run.key}/claims"
    seen = "e3b0"  # not what the page had shown
    answer = submit(anna, claims, seen=seen, citizen="Hemmelig værdi for borgeren")
    assert answer.status_code == 422
    page = anna.get(claims).text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert submit(anna, claims, seen=seen, citizen="Hemmelig værdi").status_code == 303
    key = signed(track, two[0])
    for path in (f"/catalogue/{track.run.key}", claims, f"/courses/runs/{track.run.key}/plan"):
        text = bo.get(path).text
        assert "Hemmelig værdi" not in text
        assert "Alfa" not in text
        assert "Svar om" not in text
    assert "1 of 3 written." in anna.get(f"/catalogue/{track.run.key}?lang=en").text
    for path in (f"plans/{key}", f"runs/{track.run.key}/plans", f"runs/{track.run.key}/share"):
        assert bo.get(f"/courses/{path}").status_code == 404
        assert anna.get(f"/courses/{path}").status_code == 404
    for path in ("claims", "plan"):
        lead = sign_in(track.app.test_client(), track.lead)
        assert lead.get(f"/courses/runs/{track.run.key}/{path}").status_code == 404


# --- the plan -------------------------------------------------------------------------------------


def test_a_stale_tab_is_answered_and_nothing_is_lost(
    track: Any, two: list[Any], sign_in: Any, submit: Any
) -> None:
    client = sign_in(track.app.test_client(), two[0])
    url = f"/courses/runs/{track.run.key}/plan?lang=en"
    assert submit(client, url, revision="0", tried="Den første fane").status_code == 303
    answer = submit(client, url, revision="0", tried="Den anden fane")
    assert answer.status_code == 422
    assert "Den første fane" in answer.text
    assert "Den anden fane" in answer.text
    assert submit(client, url, revision="1", tried="Den anden fane").status_code == 303
    with track.app.app_context():
        found = plan_of(company(track, two[0]).id)
        assert found is not None
        assert (found.content["tried"], found.revision) == ("Den anden fane", 2)
        actor = actor_for_person(two[0].id)
        with unit_of_work(), pytest.raises(EditedMeanwhile):
            plans.sign_plan(company(track, two[0]), actor, revision=1)
        with unit_of_work(), pytest.raises(Refused, match="missing"):
            plans.sign_plan(company(track, two[0]), actor, revision=2)


def test_a_plan_is_signed_dated_and_commented_on_by_a_host(
    track: Any, two: list[Any], sign_in: Any, submit: Any
) -> None:
    key = signed(track, two[0])
    author = sign_in(track.app.test_client(), two[0])
    url = f"/courses/runs/{track.run.key}/plan"
    assert submit(author, url, revision="1", tried="Ændret bagefter").status_code == 422
    assert submit(author, f"{url}/take-back").status_code == 303
    submit(author, f"{url}/sign", revision="2")
    lead = sign_in(track.app.test_client(), track.lead)
    assert "Svar om device" in lead.get(f"/courses/plans/{key}").text
    track.fair.made.clear()
    answer = submit(
        lead, f"/courses/plans/{key}", host=str(track.host.id), comment="Prøv også om natten."
    )
    assert answer.status_code == 303
    (contact,) = track.fair.made
    assert (contact.kind, contact.private, contact.confidential) == ("feedback", True, True)
    page = author.get(url).text
    assert "Prøv også om natten." in page
    assert "Prøvelev Kommune" in page
    assert submit(author, f"{url}/take-back").status_code == 303
    with track.app.app_context():
        found = plan_of(company(track, two[0]).id)
        assert found is not None
        assert (found.state, found.signed_by_id) == ("commented", two[0].id)


def test_drafts_are_not_read_by_the_team(track: Any, two: list[Any], sign_in: Any) -> None:
    with track.app.app_context(), unit_of_work():
        made = plans.save_plan(
            company(track, two[0]), CONTENT, None, actor_for_person(two[0].id), revision=0
        )
    lead = sign_in(track.app.test_client(), track.lead)
    assert "Svar om" not in lead.get(f"/courses/plans/{made.key}").text
    assert "Alfa ApS" in lead.get(f"/courses/runs/{track.run.key}/plans").text


def test_completing_takes_a_plan_signed_in_time_and_commented_on(
    track: Any, two: list[Any]
) -> None:
    def stand(person: Any) -> bool | None:
        with track.app.app_context():
            rows = enrolments_in_run(track.run.id, limit=9)
            facts: list[EnrolmentFacts] = [
                row.enrolment for row in rows if row.enrolment.person_id == person.id
            ]
            ((result,),) = plan_rule.conditions(facts).values()
            assert all(result.reason.as_dict().values())
            return result.met

    def ended(days: int) -> None:
        with track.app.app_context(), unit_of_work():
            ends = now() - timedelta(days=days)
            db.session.execute(update(Run).where(Run.id == track.run.id).values(ends_at=ends))

    assert stand(two[0]) is None
    key = signed(track, two[0])
    assert stand(two[0]) is None
    with track.app.app_context(), unit_of_work():
        plan = plan_by_key(key)
        assert plan is not None
        plans.comment_plan(plan, track.facts, "Ja.", track.host.id, track.actor)
    assert stand(two[0]) is True
    ended(13)
    assert stand(two[1]) is None
    ended(15)
    assert stand(two[1]) is False
    assert stand(two[0]) is False  # signed after the last day for it


# --- CT1-8 ----------------------------------------------------------------------------------------


def test_ct1_8_what_each_company_got_to_know_is_written_down(track: Any, two: list[Any]) -> None:
    with track.app.app_context():
        rows = {
            row.enrolment.person_id: row.enrolment.id
            for row in enrolments_in_run(track.run.id, limit=9)
        }
        sessions = db.session.scalars(
            select(CourseSession.id)
            .where(CourseSession.run_id == track.run.id)
            .order_by(CourseSession.id)
        ).all()
        with unit_of_work():
            for session_id, module in zip(sessions, ("market", "springboard"), strict=True):
                db.session.execute(
                    update(CourseSession)
                    .where(CourseSession.id == session_id)
                    .values(module=module, state="held")
                )
            for person, held in ((two[0], sessions), (two[1], sessions[:1])):
                for session_id in held:
                    db.session.add(
                        Attendance(
                            course_session_id=session_id,
                            enrolment_id=rows[person.id],
                            minutes=180,
                            mode="present",
                            set_at=now(),
                        )
                    )
        with unit_of_work():
            db.session.execute(update(Run).where(Run.id == track.run.id).values(state="completed"))
            db.session.execute(update(Enrolment).values(state="completed"))
            change = RunStateChange(run=track.facts, old="running", new="completed", reason="")
            evidence.note_evidence([change])
        entries = db.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.verb == "courses.company_took_part")
            .order_by(JournalEntry.id)
        ).all()
        assert [entry.data["evidence"] for entry in entries] == [["a", "c"], ["a"]]


def test_i_23_whoever_works_for_a_company_reads_nothing_of_the_others(
    track: Any, two: list[Any], sign_in: Any
) -> None:
    """People change employers in the middle of a run, and roles are ended later."""
    key = signed(track, two[0])
    fellow = track.make.person(name="Per Program")
    track.make.assignment(person=fellow, organisation=track.host)
    track.make.access_role(person=fellow, role="programme_lead", organisation=track.host)
    teacher = track.make.person(name="Tine Teknik")
    track.make.team_member(person=teacher, run=track.run, role="teacher")
    pages = [
        f"/courses/plans/{key}",
        f"/courses/runs/{track.run.key}/plans",
        f"/courses/runs/{track.run.key}/share",
    ]
    decide = f"/courses/calls/{track.run.key}/decide"
    way = f"/courses/runs/{track.run.key}/plans"
    for person, read in ((fellow, [*pages, decide]), (teacher, pages)):
        client = sign_in(track.app.test_client(), person)
        assert {client.get(path).status_code for path in read} == {200}
        company = track.make.organisation(kind="company")
        track.make.assignment(person=person, organisation=company)
        assert {client.get(path).status_code for path in [*pages, decide]} == {404}
        assert way not in client.get(f"/catalogue/{track.run.key}").text
    admin = track.make.person(name="Asta Admin")
    track.make.access_role(person=admin, role="site_admin")
    track.make.assignment(person=admin, organisation=track.make.organisation(kind="company"))
    client = sign_in(track.app.test_client(), admin)
    assert {client.get(path).status_code for path in [*pages, decide]} == {200}
