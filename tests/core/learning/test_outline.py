"""The outline: built, moved, taken out, and read by who takes part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.learning import outlines, services
from lms.core.learning.models import Activity
from lms.core.learning.queries.outline import outline_of
from lms.core.refused import Refused
from lms.db import db, now
from lms.testing.specimen import SPECIMEN
from tests.core.learning.workshop import Builder, Workshop


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Workshop())]


@pytest.fixture
def builder(lms_app):
    return Builder(lms_app)


@pytest.fixture
def run(make_run, maker):
    found = make_run(
        state="running",
        title="Prøv det",
        sessions=[now() - timedelta(days=6), now() + timedelta(days=6)],
        capacity=600,
    )
    first, second = maker.sessions_of(found)
    with maker.app.app_context(), maker._session() as session:
        for row, module in ((first, "start"), (second, "practice")):
            session.merge(row).module = module
        session.commit()
    return found


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


@pytest.fixture
def learner(make_person, make_enrolment, run):
    return make_enrolment(run=run, person=make_person(language="en"), state="active")


@pytest.fixture
def learns(lms_app, sign_in, maker, learner):
    from lms.core.users.models import Person

    with lms_app.app_context():
        person = db.session.get_one(Person, learner.person_id)
    return sign_in(lms_app.test_client(), person)


def fields(**changed) -> dict[str, str]:
    """An editor's page of a run, filled in."""
    return {
        "title_da": "Prøv det",
        "module": "start",
        "need": "required",
        "minutes": "30",
        "revision": "1",
    } | changed


def order(app, owner) -> list[tuple[str, str]]:
    with app.app_context():
        return [(a.title.en, a.module) for a in outline_of(owner) if a.state != "withdrawn"]


# --- who builds -----------------------------------------------------------------------------------


def test_an_activity_is_added_and_shown_when_it_is_saved(
    teacher, submit, run, lms_app, learns, learner
):
    page = submit(teacher, f"/teach/{run.key}/outline", activity_type="task", into="practice")
    assert page.status_code == 303
    editor = page.location
    new = editor.rpartition("/")[2]
    assert "Task" not in learns.get(f"/learn/{learner.key}").text
    assert learns.get(f"/specimen/task/{new}").status_code == 404
    shown = teacher.get(f"/teach/{run.key}/outline").text
    assert "Not saved yet, so nobody sees it" in shown
    saved = submit(teacher, editor, **fields(title_da="Prøv det derhjemme"))
    assert saved.status_code == 303
    assert saved.location == f"/teach/{run.key}/outline#a-{new}"
    assert "Prøv det derhjemme" in learns.get(f"/learn/{learner.key}").text


def test_an_editor_asks_for_what_is_missing_and_keeps_what_is_there(
    teacher, submit, run, builder, lms_app
):
    a, b = builder.add(run, "First"), builder.add(run, "Second", module="practice")
    address = f"/specimen/edit/{b.key}"
    wrong = submit(
        teacher,
        address,
        **fields(
            title_da="",
            minutes="many",
            due_on="2026-05-01",
            opens_on="2026-05-02",
            words="kept",
        ),
    )
    assert wrong.status_code == 422
    for sentence in ("Write a title.", "Write a whole number from 0", "It is due before it opens"):
        assert sentence in wrong.text
    assert "kept" in wrong.text
    night = submit(teacher, address, **fields(opens_on="2026-03-29", opens_clock="02:30"))
    assert (
        "There is no 2:30 that night" in night.text or "There is no 02:30 that night" in night.text
    )
    fine = submit(
        teacher,
        address,
        **fields(
            title_da="Så gør vi det",
            need="optional",
            minutes_manager="10",
            outcomes="0",
            opens_on="2026-05-01",
            due_on="2026-05-08",
            due_clock="12:00",
            after=str(a.id),
            words="Gør det",
        ),
    )
    assert fine.status_code == 303
    now_ = builder.facts(b.id)
    assert (now_.title.da, now_.title.en) == ("Så gør vi det", "Second")
    assert (now_.required, now_.catch_up, now_.outcomes) == (False, False, (0,))
    assert now_.others_minutes == {"manager": 10}
    assert now_.opens_at.isoformat() == "2026-04-30T22:00:00+00:00"
    assert now_.due_at.isoformat() == "2026-05-08T10:00:00+00:00"
    assert now_.after_id == a.id
    assert now_.content == {"words": "Gør det"}
    page = teacher.get(address).text
    assert 'value="2026-05-08"' in page
    assert 'value="12:00"' in page
    # What waits for this one cannot be waited for by it.
    assert (
        "Så gør vi det"
        not in teacher.get(f"/specimen/edit/{a.key}").text.partition("Opens after")[2]
    )


def test_a_version_counts_days_and_is_changed_as_a_draft_only(
    client,
    sign_in,
    submit,
    make_person,
    make_course,
    make_version,
    make_access_role,
    builder,
    maker,
):
    course = make_course()
    with maker.app.app_context():
        from lms.core.organisations.models import Organisation

        owner = db.session.get_one(Organisation, course.owner_id)
        db.session.expunge(owner)
    person = make_person(language="en")
    make_access_role(person=person, role="teacher", organisation=owner)
    version = make_version(course=course, state="draft", languages=("da", "en"))
    activity = builder.add(version, "First")
    browser = sign_in(client, person)
    assert browser.get(f"/build/version/{version.key}/outline").status_code == 200
    address = f"/specimen/edit/{activity.key}"
    page = browser.get(address).text
    assert "Title in English" in page
    assert "Title in Swedish" not in page
    assert "Opens on day" in page
    assert "Opens at" not in page
    wrong = submit(browser, address, **fields(opens_day="3", due_day="-4"))
    assert "It is due before it opens" in wrong.text
    far = submit(browser, address, **fields(due_day="9999"))
    assert "Write a whole number of days" in far.text
    saved = submit(browser, address, **fields(opens_day="-7", due_day="14"))
    assert saved.location.startswith(f"/build/version/{version.key}/outline")
    kept = builder.facts(activity.id)
    assert (kept.opens_day, kept.due_day, kept.opens_at) == (-7, 14, None)
    approved = make_version(course=course, number=2, state="approved")
    other = builder.add(approved, "Fixed")
    read = browser.get(f"/build/version/{approved.key}/outline").text
    assert "Only a draft can be changed" in read
    assert (
        submit(browser, f"/build/version/{approved.key}/outline", activity_type="task").status_code
        == 404
    )
    assert browser.get(f"/specimen/edit/{other.key}").status_code == 404
    assert submit(browser, f"/build/activity/{other.key}/move", way="up").status_code == 404


def test_two_tabs_lose_nothing_and_the_difference_is_shown(teacher, submit, run, builder):
    activity = builder.add(run, "Task", content={"words": "before"})
    address = f"/specimen/edit/{activity.key}"
    first = submit(teacher, address, **fields(title_da="Deres", words="theirs"))
    assert first.status_code == 303
    second = submit(teacher, address, **fields(title_da="Mine", words="mine\nand more"))
    assert second.status_code == 409
    page = second.text
    assert "Somebody else saved this activity while you wrote." in page
    table = page.partition("<table")[2].partition("</table>")[0]
    for words in ("Deres", "Mine", "theirs", "mine\nand more"):
        assert words in table
    assert "Minutes for the participant" not in table
    assert 'name="revision" type="hidden" value="2"' in page
    assert builder.facts(activity.id).content["words"] == "theirs"
    again = submit(teacher, address, **fields(title_da="Mine", words="both", revision="2"))
    assert again.status_code == 303
    assert builder.facts(activity.id).content == {"words": "both"}


def test_activities_move_up_and_down_and_over_the_edge_of_a_module(
    teacher, submit, run, builder, lms_app
):
    a = builder.add(run, "A")
    b = builder.add(run, "B")
    c = builder.add(run, "C", module="practice")
    owner = ("run", run.id)

    def move(activity, way):
        answer = submit(teacher, f"/build/activity/{activity.key}/move", way=way)
        assert answer.status_code == 303
        return answer.location

    assert move(b, "up") == f"/teach/{run.key}/outline#up-{b.key}"
    assert order(lms_app, owner) == [("B", "start"), ("A", "start"), ("C", "practice")]
    move(a, "down")
    assert order(lms_app, owner) == [("B", "start"), ("A", "practice"), ("C", "practice")]
    move(a, "up")
    move(a, "up")
    move(a, "up")
    assert order(lms_app, owner) == [("A", "start"), ("B", "start"), ("C", "practice")]
    move(c, "down")
    page = teacher.get(f"/teach/{run.key}/outline").text
    assert f'id="up-{a.key}"' not in page
    assert f'id="down-{a.key}"' in page
    assert f'id="up-{c.key}"' in page
    assert f'id="down-{c.key}"' not in page
    assert submit(teacher, f"/build/activity/{a.key}/move", way="sideways").status_code == 303
    assert order(lms_app, owner)[0] == ("A", "start")


def test_a_dragged_order_is_taken_whole_or_not_at_all(teacher, submit, run, builder, lms_app):
    a, b = builder.add(run, "A"), builder.add(run, "B")
    url, owner = f"/teach/{run.key}/outline", ("run", run.id)
    gone = submit(teacher, url, order=f"practice:{b.key} start:{a.key}", moved=b.key)
    assert gone.location == f"{url}#a-{b.key}"
    assert order(lms_app, owner) == [("B", "practice"), ("A", "start")]
    builder.add(run, "Came meanwhile")
    submit(teacher, url, order=f"start:{a.key} start:{b.key}", moved=a.key)
    assert "The outline changed in the meantime" in teacher.get(url).text
    submit(teacher, url, order="nonsense", moved="x")
    submit(teacher, url, order=f"nowhere:{a.key} nowhere:{a.key}")
    assert order(lms_app, owner)[0] == ("B", "practice")


def test_what_nobody_began_goes_and_what_somebody_began_is_kept(
    teacher, submit, run, builder, learner, learns, lms_app
):
    free, begun = builder.add(run, "Free"), builder.add(run, "Begun")
    follower = builder.add(run, "Follower", after_id=begun.id)
    builder.work(begun, learner, "submitted")
    assert "goes for good" in teacher.get(f"/build/activity/{free.key}/take-out").text
    page = teacher.get(f"/build/activity/{begun.key}/take-out").text
    assert "1 participant has begun it" in page
    for activity in (free, begun):
        assert submit(teacher, f"/build/activity/{activity.key}/take-out").status_code == 303
    assert builder.by_key(free.key) is None
    assert builder.facts(begun.id).state == "withdrawn"
    assert builder.facts(follower.id).after_id is None
    assert submit(teacher, f"/build/activity/{free.key}/take-out").status_code == 404
    own = learns.get(f"/learn/{learner.key}").text
    assert "It was taken out of the course" in own
    assert learns.get(f"/specimen/task/{begun.key}").status_code == 200
    assert "0 of 1 required done" in own
    assert submit(teacher, f"/build/activity/{begun.key}/put-back").status_code == 303
    assert builder.facts(begun.id).state == "shown"
    assert order(lms_app, ("run", run.id))[-1][0] == "Begun"


def test_hours_are_summed_and_uncovered_outcomes_warned_of(teacher, run, builder):
    builder.add(run, "One", minutes=60, others_minutes={"manager": 15, "company": 30})
    builder.add(run, "Two", minutes=20, required=False)
    builder.add(run, "Three", minutes=90, catch_up=True, required=False)
    page = teacher.get(f"/teach/{run.key}/outline").text
    assert "1 learning outcome is not served" in page
    assert "Can try something." in page
    aside = page.partition("Time in all")[2]
    assert "7 hours" in aside
    assert "20 minutes" in aside
    assert "15 minutes" in aside
    builder.add(run, "Four", outcomes=(0,))
    assert "not served" not in teacher.get(f"/teach/{run.key}/outline").text


def test_an_outline_is_for_its_team_only(client, sign_in, make_person, run, builder, submit):
    activity = builder.add(run, "One")
    stranger = sign_in(client, make_person())
    assert stranger.get(f"/teach/{run.key}/outline").status_code == 404
    assert submit(stranger, f"/teach/{run.key}/outline", activity_type="task").status_code == 404
    for way in ("take-out", "move", "put-back"):
        address = f"/build/activity/{activity.key}/{way}"
        assert submit(stranger, address, way="up").status_code == 404
    assert stranger.get("/build/version/aaaaaaaaaaaaaaaa/outline").status_code == 404


# --- who takes part -------------------------------------------------------------------------------


def test_the_next_step_stands_first_and_closed_ones_say_why(run, builder, learner, learns):
    url = f"/learn/{learner.key}"
    first = builder.add(run, "First", due_at=now() + timedelta(days=3))
    builder.add(run, "Behind", after_id=first.id)
    builder.add(run, "Later", opens_at=now() + timedelta(days=20))
    builder.add(run, "Optional", required=False, kind="reading")
    page = learns.get(url).text
    turn = page.partition('class="turn"')[2].partition("</section>")[0]
    assert "First" in turn
    assert f"/specimen/task/{first.key}" in turn
    assert "Begin" in turn
    assert "First do “First”." in page
    assert "Opens " in page
    assert "0 of 3 required done" in page
    work = builder.work(first, learner, "submitted")
    after = learns.get(url).text
    assert "Behind" in after.partition('class="turn"')[2].partition("</section>")[0]
    builder.do(services.return_work, work, SYSTEM)
    back = learns.get(url).text.partition('class="turn"')[2].partition("</section>")[0]
    assert "First" in back
    assert "See what is missing" in back


def test_a_closed_activity_shows_why_and_not_its_work(run, builder, learner, learns):
    later = builder.add(run, "Later", opens_at=now() + timedelta(days=20))
    page = learns.get(f"/specimen/task/{later.key}").text
    assert "Opens " in page
    assert f"/learn/{learner.key}" in page


def test_a_catch_up_task_is_there_for_who_missed_the_session(
    run, builder, learner, learns, maker, lms_app
):
    from lms.core.learning.models import Attendance

    builder.add(run, "Catch up", catch_up=True, required=False)
    assert "Catch up" not in learns.get(f"/learn/{learner.key}").text
    session = maker.sessions_of(run)[0]
    maker.write(
        Attendance(
            enrolment_id=learner.id,
            course_session_id=session.id,
            minutes=0,
            mode="absent",
            set_at=now(),
        )
    )
    page = learns.get(f"/learn/{learner.key}").text
    assert "Catch up" in page
    assert "For what you missed" in page


def test_who_left_reads_what_they_handed_in(
    run, builder, make_person, make_enrolment, sign_in, lms_app, maker
):
    person = make_person(language="en")
    gone = make_enrolment(run=run, person=person, state="active")
    activity, other = builder.add(run, "Handed in"), builder.add(run, "Not begun")
    builder.work(activity, gone, "submitted")
    with lms_app.app_context(), maker._session() as session:
        from lms.core.enrolment.models import Enrolment

        session.get_one(Enrolment, gone.id).state = "withdrawn"
        session.commit()
    browser = sign_in(lms_app.test_client(), person)
    page = browser.get(f"/learn/{gone.key}")
    assert page.status_code == 200
    assert "Handed in" in page.text
    assert 'class="turn"' not in page.text
    assert browser.get(f"/specimen/task/{activity.key}").status_code == 200
    assert browser.get(f"/specimen/task/{other.key}").status_code == 404


def test_a_session_moved_or_cancelled_is_said_where_it_stands(run, learner, learns, maker, lms_app):
    held, coming = maker.sessions_of(run)
    with lms_app.app_context(), maker._session() as session:
        session.merge(held).state = "cancelled"
        other = session.merge(coming)
        later = timedelta(days=1)
        other.state = "moved"
        other.starts_at, other.ends_at = other.starts_at + later, other.ends_at + later
        session.commit()
    page = learns.get(f"/learn/{learner.key}").text
    assert "Cancelled" in page
    assert "Moved" in page
    assert "3 hours" in page.partition("Time in all")[2]  # a cancelled session takes no time


def test_an_own_outline_is_nobody_elses(teacher, learner, learns):
    assert teacher.get(f"/learn/{learner.key}").status_code == 404
    assert learns.get("/learn/aaaaaaaaaaaaaaaa").status_code == 404


def test_an_outline_asks_as_much_for_many_as_for_few(
    run, builder, learner, learns, teacher, count_queries, lms_app
):
    costs = []
    for size in (2, 58):
        for number in range(size):
            builder.add(run, f"Activity {number}", module=("start", "practice")[number % 2])
        counted = []
        for browser, url in (
            (learns, f"/learn/{learner.key}"),
            (teacher, f"/teach/{run.key}/outline"),
        ):
            browser.get(url)
            with count_queries() as queries:
                assert browser.get(url).status_code == 200
            assert len(queries) <= 10, "\n".join(queries)
            counted.append(len(queries))
        costs.append(counted)
    assert costs[0] == costs[1]


# --- the rules of an outline ----------------------------------------------------------------------


def test_a_stale_order_is_refused_by_the_service(lms_app, run, builder):
    a = builder.add(run, "A")
    with pytest.raises(Refused):
        builder.do(services.order_activities, ("run", run.id), [a.id, a.id], SYSTEM)
    builder.do(services.order_activities, ("run", run.id), [a.id], SYSTEM)
    with lms_app.app_context():
        assert db.session.get_one(Activity, a.id).position == 1


@pytest.mark.once
def test_moving_never_loses_an_activity():
    from itertools import product

    def module(key, *ids):
        from tests.core.learning.workshop import text

        return outlines.Module(
            key=key,
            title=text(key),
            minutes=0,
            pieces=tuple(activity(one, key) for one in ids),
        )

    def activity(id_, key):
        from lms.contracts import ActivityFacts
        from tests.core.learning.workshop import text

        return ActivityFacts(
            id=id_,
            key=str(id_),
            course_version_id=1,
            run_id=None,
            module=key,
            position=id_,
            activity_type="task",
            title=text(""),
            minutes=1,
            required=True,
            content={},
            revision=1,
        )

    modules = [module("a", 1, 2), module("b"), module("", 3)]
    for id_, way in product((1, 2, 3), ("up", "down")):
        found = outlines.moved(modules, id_, way)
        assert found is None or sorted(found[0]) == [1, 2, 3]
    assert outlines.moved(modules, 1, "up") is None
    assert outlines.moved(modules, 2, "down") == ([1, 2, 3], {2: "b"})
    assert outlines.moved(modules, 3, "up") == ([1, 2, 3], {3: "b"})
    assert outlines.moved(modules, 3, "down") is None
