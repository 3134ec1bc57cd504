"""Runs: laid out from an approved version day by day, and copied with what belongs to them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.contracts import LocalisedText
from lms.core.catalogue.models import CourseSession, Run, RunHost, TeamMember
from lms.core.enrolment.models import EntryRule, Terms
from lms.core.enrolment.queries import terms_of
from lms.core.learning.models import Activity
from lms.db import db
from tests.core.learning.building.kit import fields_of, send, text_of

CPH = ZoneInfo("Europe/Copenhagen")


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=CPH).astimezone(UTC)


@pytest.fixture
def approved(school, draft):
    return draft(school, state="approved")


@pytest.fixture
def address(approved):
    return f"/build/version/{approved.key}/run"


FILLED = {"capacity": "16", "venue": "Sal 2", "town": "Aarhus", "clock": "09:00"}


def lay(client, address, start="2027-05-06", **changes):
    answer = send(client, address, **FILLED | {"start": start, "act": "lay_out"} | changes)
    return answer, text_of(answer)


def make(client, page, address, **changes):
    return send(client, address, fields_of(page), act="make", **changes)


@pytest.fixture
def only_run(lms_app):
    """`only_run()`: the one run there is, with its sessions, team, hosts and activities."""

    def read(wanted=None):
        with lms_app.app_context():
            run = db.session.scalars(select(Run).where(Run.id != wanted)).one()
            found = {
                "run": run,
                "sessions": _of(CourseSession, run, CourseSession.position),
                "team": _of(TeamMember, run, TeamMember.id),
                "hosts": _of(RunHost, run, RunHost.position),
                "activities": _of(Activity, run, Activity.position),
            }
            db.session.expunge_all()
            return found

    def _of(model, run, order):
        return list(db.session.scalars(select(model).where(model.run_id == run.id).order_by(order)))

    return read


def test_the_days_are_proposed_and_holidays_named(enter, school, address, lms_app):
    lead = enter("programme_lead", school)
    answer, page = lay(lead, address)
    assert answer.status_code == 200, page
    fields = fields_of(page)
    assert (fields["day_0"], fields["day_1"]) == ("2027-05-06", "2027-05-13")
    assert (fields["begins_0"], fields["ends_0"], fields["venue_0"]) == ("09:00", "12:00", "Sal 2")
    assert page.count("Ascension Day (Denmark, Sweden)") == 1
    with lms_app.app_context():
        assert db.session.scalars(select(Run)).all() == []


def test_a_run_is_made_as_it_was_adjusted(enter, school, address, approved, only_run, make_person):
    person = make_person(language="en")
    lead = enter("programme_lead", school, person)
    _answer, page = lay(lead, address, start="2027-04-20", teach="y", title_sv="Vår", price="900")
    answer = make(
        lead, page, address, day_1="2027-04-28", begins_1="13:15", ends_1="16.00", venue_1="Zoom"
    )
    assert answer.status_code == 303, text_of(answer)
    found = only_run()
    run, sessions = found["run"], found["sessions"]
    assert answer.location.endswith(f"/catalogue/{run.key}")
    assert (run.state, run.course_version_id, run.capacity) == ("planned", approved.id, 16)
    assert (run.title.sv, run.price, run.currency, run.town) == ("Vår", 900, "DKK", "Aarhus")
    assert (run.zone, run.rule) == ("Europe/Copenhagen", approved.rule)
    assert [(s.module, s.starts_at, s.venue) for s in sessions] == [
        ("start", at(2027, 4, 20, 9), "Sal 2"),
        ("practice", at(2027, 4, 28, 13, 15), "Zoom"),
    ]
    assert (sessions[1].ends_at, sessions[1].between_minutes) == (at(2027, 4, 28, 16), 60)
    assert {(m.person_id, m.role) for m in found["team"]} == {
        (person.id, "programme_lead"),
        (person.id, "teacher"),
    }
    assert [host.organisation_id for host in found["hosts"]] == [school.id]
    assert lead.get(answer.location).status_code == 200


def test_who_looks_after_the_site_makes_runs_without_leading_them(enter, school, address, only_run):
    admin = enter("site_admin")
    _answer, page = lay(admin, address)
    assert make(admin, page, address).status_code == 303
    assert only_run()["team"] == []


def test_days_of_activities_become_moments_where_the_run_is(
    enter, school, address, approved, activity, only_run
):
    first = activity(approved, opens_day=0, due_day=7)
    activity(approved, "Øv", position=2, after_id=first.id, opens_day=-7)
    lead = enter("programme_lead", school)
    _answer, page = lay(lead, address, start="2027-03-24", zone="Europe/Stockholm")
    assert make(lead, page, address).status_code == 303
    one, two = only_run()["activities"]
    # The clocks go forward on 28 March: a week later the day ends an hour earlier in UTC.
    assert one.opens_at == datetime(2027, 3, 23, 23, 0, tzinfo=UTC)
    assert one.due_at == datetime(2027, 3, 31, 21, 59, tzinfo=UTC)
    assert (two.opens_at, two.due_at) == (datetime(2027, 3, 16, 23, 0, tzinfo=UTC), None)
    assert (one.source_id, two.after_id, one.opens_day) == (first.id, one.id, None)


def test_weekdays_one_after_the_other(enter, school, address):
    lead = enter("programme_lead", school)
    _answer, page = lay(lead, address, start="2027-04-21", rhythm="weekdays", weekdays=["1", "3"])
    fields = fields_of(page)
    assert (fields["day_0"], fields["day_1"]) == ("2027-04-22", "2027-04-27")


def test_a_run_is_not_made_on_a_holiday_that_nobody_was_warned_of(enter, school, address, only_run):
    lead = enter("programme_lead", school)
    _answer, page = lay(lead, address, start="2027-04-20")
    answer = make(lead, page, address, day_1="2027-05-17")
    assert answer.status_code == 422
    again = text_of(answer)
    assert "Whit Monday (Denmark)" in again
    assert make(lead, again, address).status_code == 303


WRONG = (
    {"day_1": ""},
    {"day_1": "i morgen"},
    {"day_0": "2027-06-30"},
    {"day_1": "9999-12-31"},
    {"day_0": "0001-01-01"},
    {"ends_0": "08:00"},
    {"begins_0": "25:00"},
    {"begins_0": ""},
    {"enrol_until": "2027-04-21"},
    {"capacity": "0"},
    {"capacity": "mange"},
    {"price": "-1"},
    {"zone": "Mars/Olympus"},
    {"currency": "XXX"},
    {"visibility": "secret"},
    {"languages": None},
    {"title_da": "", "title_sv": "", "title_en": ""},
    {"host": "nobody"},
    {"start": "9999-12-31"},
    {"venue_1": "x" * 201},
)


@pytest.mark.parametrize("change", WRONG)
def test_what_is_wrong_is_said_and_stays_typed(enter, school, address, lms_app, change):
    lead = enter("programme_lead", school)
    _answer, page = lay(lead, address, start="2027-04-20")
    answer = make(lead, page, address, **{"town": "Det jeg skrev"} | change)
    assert answer.status_code == 422
    assert "Det jeg skrev" in text_of(answer)
    with lms_app.app_context():
        assert db.session.scalars(select(Run.id)).all() == []


def test_a_host_is_one_where_i_make_runs_and_is_named_once(
    enter, school, address, make_organisation
):
    lead = enter("programme_lead", school)
    other = make_organisation()
    for change in ({"host": other.key}, {"host_2": school.key}):
        answer, _page = lay(lead, address, **change)
        assert answer.status_code == 422


def test_a_time_that_the_clock_jumps_over_is_refused(enter, school, address):
    lead = enter("programme_lead", school)
    _answer, page = lay(lead, address, start="2027-04-20")
    answer = make(
        lead,
        page,
        address,
        day_0="2028-03-26",
        day_1="2028-04-03",
        begins_0="02:30",
        ends_0="05:00",
    )
    assert answer.status_code == 422
    assert "There is no 02:30 that night" in text_of(answer)


def test_only_who_makes_runs_and_only_of_an_approved_version(enter, school, draft, address, client):
    assert client.get(address).status_code == 303
    assert enter("teacher", school).get(address).status_code == 404
    lead = enter("programme_lead", school)
    for state in ("draft", "review", "retired"):
        assert lead.get(f"/build/version/{draft(school, state=state).key}/run").status_code == 404


# --- another run like this one -------------------------------------------------------------------


@pytest.fixture
def old(maker, approved, school, make_organisation):
    """A run that was held, with terms, an entry rule, a partner and activities."""
    begins = [at(2027, 3, 2, 9), at(2027, 3, 16, 9), at(2027, 3, 30, 9)]
    run = maker.run(
        version=approved,
        hosts=[school],
        partners=[make_organisation(name="Partner ApS")],
        sessions=begins,
        state="running",
        taken=3,
        held=2,
    )
    maker.write(
        Terms(
            run_id=run.id,
            ways=["open", "rule"],
            approval="in_order",
            approvers=["line_manager"],
            questions=[],
            minimum=4,
            decide_by=at(2027, 2, 20, 12),
            minimum_decision="run_anyway",
            waiting_rule="lottery",
            draw_seed="f" * 64,
            draw_digest="0" * 64,
            draw_at=at(2027, 2, 21, 12),
            drawn_at=at(2027, 2, 21, 12),
            withdraw_until=at(2027, 2, 28, 23, 59),
        ),
        EntryRule(run_id=run.id, organisation_id=school.id),
        Activity(
            run_id=run.id,
            module="start",
            position=1,
            activity_type="page",
            title=LocalisedText(da="Læs"),
            minutes=10,
            others_minutes={},
            outcomes=[0],
            content={"a": 1},
            opens_at=at(2027, 3, 2),
            due_at=at(2027, 3, 30, 23, 59),
            changed_at=at(2027, 1, 1),
        ),
        Activity(
            run_id=run.id,
            module="start",
            position=2,
            activity_type="page",
            title=LocalisedText(da="Taget ud"),
            minutes=10,
            others_minutes={},
            outcomes=[],
            content={},
            state="withdrawn",
            changed_at=at(2027, 1, 1),
        ),
    )
    return run


def test_a_run_is_copied_with_its_terms_but_not_its_draw(enter, school, old, only_run, lms_app):
    lead = enter("programme_lead", school)
    address = f"/build/run/{old.key}/copy"
    page = text_of(lead.get(address))
    assert "rhythm" not in fields_of(page)
    answer = send(lead, address, fields_of(page), start="2027-09-07", act="lay_out")
    page = text_of(answer)
    fields = fields_of(page)
    assert [fields[f"day_{n}"] for n in range(3)] == ["2027-09-07", "2027-09-21", "2027-10-05"]
    assert fields["begins_0"] == "09:00"
    answer = make(lead, page, address)
    assert answer.status_code == 303, text_of(answer)
    found = only_run(old.id)
    run = found["run"]
    assert (run.state, run.taken, run.held, run.capacity) == ("planned", 0, 0, old.capacity)
    assert [host.role for host in found["hosts"]] == ["host", "partner"]
    assert [s.starts_at for s in found["sessions"]] == [
        at(2027, 9, 7, 9),
        at(2027, 9, 21, 9),
        at(2027, 10, 5, 9),
    ]
    (activity,) = found["activities"]
    assert (activity.opens_at, activity.due_at) == (at(2027, 9, 7), at(2027, 10, 5, 23, 59))
    assert activity.content == {"a": 1}
    with lms_app.app_context():
        terms = db.session.get_one(Terms, run.id)
        assert (terms.minimum, terms.ways, terms.waiting_rule) == (4, ["open", "rule"], "lottery")
        assert terms.decide_by == at(2027, 8, 28, 12)
        assert terms.draw_at == at(2027, 8, 29, 12)
        assert (terms.drawn_at, terms.minimum_decision) == (None, None)
        assert terms.draw_seed not in (None, "f" * 64)
        assert terms.draw_digest not in (None, "0" * 64)
        assert terms_of([run.id])[run.id].withdraw_until == at(2027, 9, 5, 23, 59)
        rules = db.session.scalars(select(EntryRule).where(EntryRule.run_id == run.id)).all()
        assert [rule.organisation_id for rule in rules] == [school.id]
        before = db.session.get_one(Terms, old.id)
        assert (before.draw_seed, before.drawn_at is not None) == ("f" * 64, True)


def test_who_leads_the_run_may_copy_it_and_others_do_not_find_it(
    client, enter, old, school, make_person, make_team_member, sign_in, lms_app, make_organisation
):
    address = f"/build/run/{old.key}/copy"
    person = make_person()
    make_team_member(run=old, person=person, role="programme_lead")
    assert sign_in(lms_app.test_client(), person).get(address).status_code == 200
    assert client.get(address).status_code == 303
    assert enter("teacher", school).get(address).status_code == 404
    assert enter("programme_lead", make_organisation()).get(address).status_code == 404


def test_no_run_is_copied_of_a_version_that_is_retired(
    enter, school, old, approved, maker, lms_app
):
    lead = enter("programme_lead", school)
    address = f"/build/run/{old.key}/copy"
    page = text_of(lead.get(address))
    laid = text_of(send(lead, address, fields_of(page), start="2027-09-07", act="lay_out"))
    with lms_app.app_context():
        from sqlalchemy import update

        from lms.core.catalogue.models import CourseVersion
        from lms.work import unit_of_work

        with lms_app.test_request_context(), unit_of_work():
            db.session.execute(update(CourseVersion).values(state="retired"))
    assert make(lead, laid, address).status_code == 422
    assert "No run can be made of this version any more" in text_of(lead.get(address))


def test_a_run_without_sessions_has_nothing_to_copy(enter, school, approved, maker):
    empty = maker.run(version=approved, hosts=[school], sessions=[])
    lead = enter("programme_lead", school)
    address = f"/build/run/{empty.key}/copy"
    answer = send(lead, address, start="2027-09-07", act="make")
    assert answer.status_code == 422
    assert "There is no session to plan" in text_of(answer)
