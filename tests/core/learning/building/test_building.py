"""Building courses on the site: a course from nothing, its review, its next version, its copies."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from lms.contracts import (
    SYSTEM,
    ActivityPlan,
    ActivityType,
    Actor,
    CompletionRule,
    LocalisedText,
)
from lms.core.catalogue.models import Course, CourseVersion, VersionNote
from lms.core.catalogue.queries import waiting_for_review
from lms.core.catalogue.services import approve_version
from lms.core.learning.models import Activity
from lms.core.learning.queries import activities_by_id, activities_in_version
from lms.core.learning.services import (
    ActivityValues,
    order_activities,
    save_activity,
    take_out,
)
from lms.core.learning.services.building import begin_course
from lms.core.refused import Refused
from lms.db import db
from lms.hookspecs import hookimpl
from lms.testing.rows import Maker
from lms.testing.specimen import SPECIMEN_TYPE
from lms.work import unit_of_work
from tests.core.learning.building.kit import fields_of, send, text_of


def test_a_course_comes_from_its_type_with_phases_modules_and_rule(lms_app, enter, school):
    client = enter("teacher", school)
    answer = send(
        client,
        "/build/new",
        course_type="specimen",
        owner=school.key,
        title_da="Sikker i forflytning",
        outcome_0_da="Kan vælge et hjælpemiddel",
        outcome_1_en="Can explain the choice",
        languages=["da", "sv"],
    )
    assert answer.status_code == 303, text_of(answer)
    shown = text_of(client.get(answer.location))
    assert "Sikker i forflytning" in shown
    assert "Kan vælge et hjælpemiddel" in shown
    with lms_app.app_context():
        version = db.session.scalars(select(CourseVersion)).one()
        assert version.state == "draft"
        assert [module["key"] for module in version.modules] == ["start", "practice"]
        assert version.minutes == 360
        assert version.practice_minutes == 60
        assert version.languages == ["da", "sv"]
        assert [o["en"] for o in version.outcomes] == ["", "Can explain the choice"]
        assert version.rule["conditions"] == {"attendance": {"percent": 80}, "declared": {}}


def test_ct1_1_a_course_begins_with_the_activities_its_type_plans(lms_app_factory, lms_app):
    """CT1-1: what is to be handed in between two sessions is there from the start."""
    told = {"text": {"da": "Tal med en kollega."}}
    planned = ActivityPlan(
        activity_type="diary", title=LocalisedText(da="Dagbog"), minutes=40, content=told
    )
    start, practice = SPECIMEN_TYPE.modules
    conditions = {"attendance": {"percent": 80}, "activities": {}}
    plan = dataclasses.replace(
        SPECIMEN_TYPE,
        key="keeping",
        modules=(start, dataclasses.replace(practice, ends_in="note", activities=(planned,))),
        rule=CompletionRule(version="k-1", conditions=conditions),
    )

    class Keeping:
        __slots__ = ()

        @hookimpl
        def lms_activity_types(self):
            title = LocalisedText(da="Dagbog", sv="Dagbok", en="Diary")
            return [ActivityType(key="diary", title=title, icon="pencil")]

    words = {
        **dict.fromkeys(("title", "lead", "purpose", "target_group"), LocalisedText(da="Et ord")),
        "outcomes": [],
        "minutes": 1,
        "languages": ["da"],
    }
    for app in (lms_app_factory(plugins=[("keeping", Keeping())]), lms_app):
        owner = Maker(app).organisation()
        with app.app_context(), unit_of_work():
            version_id = begin_course(plan, owner.id, SYSTEM, **words)
            version = db.session.get_one(CourseVersion, version_id)
            there = activities_in_version(version_id)
            assert [module["ends_in"] for module in version.modules] == ["", "note"]
            if app is lms_app:
                # Nobody can hand anything in, so nobody is asked to.
                assert not there
                assert list(version.rule["conditions"]) == ["attendance"]
                continue
            (one,) = there
            assert (one.module, one.minutes, one.required) == ("practice", 40, True)
            assert one.content == told
            assert "activities" in version.rule["conditions"]


def test_the_list_shows_what_is_mine_to_build_and_nothing_else(
    enter, school, draft, make_organisation
):
    draft(school)
    other = draft(make_organisation(), outcomes=[])
    client = enter("teacher", school)
    shown = text_of(client.get("/build"))
    assert "1 course" in shown
    assert "Draft" in shown
    assert other.key not in shown
    assert "No course is like that" in text_of(client.get("/build?state=approved"))
    assert "1 course" in text_of(client.get("/build?state=nothing-of-the-kind&type=x&page=99"))


OWN = "You have written in this course yourself. Somebody else must approve it."


@pytest.mark.parametrize("deed", ["texts", "outline", "taken out", "order"])
def test_a_co_author_does_not_approve(lms_app, enter, school, draft, activity, make_person, deed):
    version = draft(school)
    one = activity(version)
    other = activity(version, position=2)
    co_author = make_person(language="en")
    client = enter("programme_lead", school, co_author)
    address = f"/build/version/{version.key}"
    actor = Actor(person_id=co_author.id)
    if deed == "texts":
        assert send(client, f"{address}/texts", lead_da="Et ord mere").status_code == 303
    else:
        with lms_app.app_context(), unit_of_work():
            facts = activities_by_id([one.id])[one.id]
            if deed == "outline":
                values = {name: getattr(facts, name) for name in ActivityValues.__slots__}
                save_activity(facts, ActivityValues(**values), {}, actor, revision=1)
            elif deed == "taken out":
                take_out(facts, actor)
            else:
                order_activities(("version", version.id), [other.id, one.id], actor)
    assert (
        send(enter("programme_lead", school), f"{address}/state", state="review").status_code == 303
    )
    shown = text_of(client.get(address))
    assert "It waits for somebody else" in shown
    assert "Approve it" not in text_of(client.get(f"{address}/state"))
    with lms_app.app_context(), pytest.raises(Refused) as error, unit_of_work():
        approve_version(version.id, actor)
    (refusal,) = error.value.refusals
    assert refusal.message.en == OWN
    with lms_app.test_request_context():
        host = dataclasses.replace(actor, permissions={"catalogue.manage": frozenset({None})})
        assert not waiting_for_review(host)
        somebody = dataclasses.replace(host, person_id=make_person().id)
        assert len(waiting_for_review(somebody)) == 1
    assert (
        send(enter("programme_lead", school), f"{address}/state", state="approved").status_code
        == 303
    )


def test_the_way_from_draft_to_approved_takes_two(lms_app, enter, school, draft, make_person):
    author = make_person(language="en")
    version = draft(school, author=author)
    writer = enter("programme_lead", school, author)
    address = f"/build/version/{version.key}"
    assert send(writer, f"{address}/state", state="review").status_code == 303
    # Who wrote it can take it back, but neither approve nor change it.
    assert "Approve it" not in text_of(writer.get(f"{address}/state"))
    assert writer.get(f"{address}/texts").status_code == 404
    forced = send(writer, f"{address}/state", state="approved")
    assert forced.status_code == 422
    lead = enter("programme_lead", school)
    answer = send(lead, f"{address}/state", state="draft")
    assert answer.status_code == 422
    assert "Write what is to be changed" in text_of(answer)
    send(lead, f"{address}/state", state="draft", text="Skriv formålet tydeligere")
    assert "Skriv formålet tydeligere" in text_of(writer.get(address))
    send(writer, f"{address}/state", state="review")
    assert send(lead, f"{address}/state", state="approved", text="Fint").status_code == 303
    with lms_app.app_context():
        row = db.session.get_one(CourseVersion, version.id)
        assert (row.state, row.approved_by_id is not None) == ("approved", True)
        notes = db.session.scalars(select(VersionNote.state).order_by(VersionNote.id)).all()
        assert notes == ["review", "draft", "review", "approved"]
    assert send(lead, f"{address}/state", state="retired").status_code == 303
    assert lead.get(f"{address}/state").status_code == 404


def test_what_is_missing_is_said_and_what_is_worth_a_look_as_well(enter, school, draft, activity):
    version = draft(
        school,
        outcomes=[],
        modules=[
            {
                "key": "start",
                "phase": "learn",
                "title": {"da": "Begynde", "sv": "", "en": "Begin"},
                "content": {"da": "", "sv": "", "en": ""},
                "minutes": 0,
                "between": None,
                "between_minutes": 0,
            }
        ],
    )
    client = enter("teacher", school)
    answer = send(client, f"/build/version/{version.key}/state", state="review")
    assert answer.status_code == 422
    assert "There is no learning outcome" in text_of(answer)
    assert "The module “Begin” has no minutes" in text_of(answer)
    outcome = {"da": "Kan løfte", "sv": "Kan lyfta", "en": "Can lift"}
    other = draft(school, outcomes=[outcome, {**outcome, "en": "Can carry"}])
    activity(other, outcomes=[1])
    shown = text_of(client.get(f"/build/version/{other.key}"))
    assert "No activity serves the learning outcome “Can lift”" in shown
    assert "Can carry”" not in shown
    assert send(client, f"/build/version/{other.key}/state", state="review").status_code == 303


def test_the_next_version_has_copies_of_the_activities(lms_app, enter, school, draft, activity):
    version = draft(school, state="approved")
    first = activity(version)
    activity(version, "Øv dig", position=2, after_id=first.id, opens_day=3, module="practice")
    client = enter("teacher", school)
    page = text_of(client.get(f"/build/version/{version.key}"))
    answer = send(client, f"/build/version/{version.key}/next", fields_of(page, "/next"))
    assert answer.status_code == 303
    with lms_app.app_context():
        new = db.session.scalars(select(CourseVersion).where(CourseVersion.number == 2)).one()
        assert (new.state, new.course_id) == ("draft", version.course_id)
        copies = db.session.scalars(
            select(Activity).where(Activity.course_version_id == new.id).order_by(Activity.position)
        ).all()
        assert [copy.source_id for copy in copies] == [first.id, first.id + 1]
        assert copies[1].after_id == copies[0].id
        assert copies[1].opens_day == 3
        assert copies[0].content == {"text": {"da": "Hej"}}
    # One draft at a time.
    page = text_of(client.get(f"/build/version/{version.key}"))
    again = client.post(
        f"/build/version/{version.key}/next", data=fields_of(page, "/next"), follow_redirects=True
    )
    assert "Version 2 is not approved yet" in text_of(again)


def test_a_course_is_copied_into_another_organisation(
    lms_app, enter, school, draft, activity, make_organisation, make_access_role, make_person
):
    version = draft(school, state="approved")
    activity(version)
    other = make_organisation(name="Højskolen")
    person = make_person(language="en")
    make_access_role(person=person, role="teacher", organisation=other)
    client = enter("teacher", school, person)
    answer = send(client, f"/build/version/{version.key}/copy", owner=other.key)
    assert answer.status_code == 303
    with lms_app.app_context():
        course = db.session.scalars(select(Course).where(Course.owner_id == other.id)).one()
        copy = db.session.scalars(
            select(CourseVersion).where(CourseVersion.course_id == course.id)
        ).one()
        assert (copy.number, copy.state, copy.title) == (1, "draft", version.title)
        assert copy.created_by_id == person.id
        assert db.session.scalar(select(Activity.id).where(Activity.course_version_id == copy.id))
    foreign = send(
        client,
        f"/build/version/{version.key}/copy",
        fields_of(text_of(client.get(f"/build/version/{version.key}/copy"))),
        owner=make_organisation().key,
    )
    assert foreign.status_code == 422


PAGES = ("", "/texts", "/modules", "/modules/new", "/modules/start", "/rule", "/state", "/copy")


def test_others_do_not_find_a_version(client, enter, school, draft, make_organisation):
    version = draft(school)
    readers = [
        enter("teacher", make_organisation()),
        enter("institution_admin", make_organisation()),
        enter("learner", school),
        enter("manager", school),
        enter("evaluator", school),
        enter("company_teacher", school),
    ]
    for page in (*PAGES, "/compare"):
        address = f"/build/version/{version.key}{page}"
        assert client.get(address).status_code == 303
        assert [reader.get(address).status_code for reader in readers] == [404] * 6
        assert enter("teacher", school).get(address).status_code == 200
    assert readers[2].get("/build").status_code == 404
    assert readers[2].get("/build/new").status_code == 404


@pytest.mark.parametrize("state", ["review", "approved", "retired"])
def test_only_a_draft_is_written(enter, school, draft, state):
    version = draft(school, state=state)
    client = enter("programme_lead", school)
    for page in PAGES[1:6]:
        assert client.get(f"/build/version/{version.key}{page}").status_code == 404


def test_nothing_odd_in_an_address_breaks_a_page(enter, school, draft):
    client = enter("teacher", school)
    version = draft(school)
    for address in (
        "/build/version/nothing",
        "/build/version/" + "a" * 16,
        f"/build/version/{version.key}/modules/none",
        f"/build/version/{version.key}/compare?with=nothing",
    ):
        assert client.get(address).status_code == 404
    junk = "/build?state=%00&type=%00&page=-9999999999999999999999"
    assert client.get(junk).status_code == 200


def test_the_list_and_the_editor_ask_the_same_number_of_questions(
    enter, school, draft, activity, count_queries
):
    client = enter("teacher", school)
    version = draft(school)
    for address in (
        "/build",
        f"/build/version/{version.key}",
        f"/build/version/{version.key}/texts",
    ):
        client.get(address)

    def asked():
        found = []
        for address in ("/build", f"/build/version/{version.key}"):
            with count_queries() as statements:
                client.get(address)
            # Every two seconds somebody asks which plugins are switched on; that is not the page's.
            found.append(len([asked for asked in statements if "host_plugin" not in str(asked)]))
        return found

    few = asked()
    for number in range(12):
        draft(school)
        activity(version, position=number)
    assert few == asked()
    assert max(few) <= 12


def test_what_waits_for_a_yes_stands_on_the_page_of_who_can_say_it(
    enter, school, draft, make_person, make_organisation
):
    author = make_person(language="en")
    draft(school, author=author, state="review")
    words = "Say yes to a course, or send it back"
    assert words in text_of(enter("programme_lead", school).get("/me"))
    assert words not in text_of(enter("programme_lead", school, author).get("/me"))
    assert words not in text_of(enter("teacher", school).get("/me"))
    assert words not in text_of(enter("programme_lead", make_organisation()).get("/me"))
