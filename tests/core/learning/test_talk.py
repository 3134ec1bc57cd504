"""The talk beside an activity: who says what to whom, and who takes it away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.core.learning.models import Comment, Group, GroupMember
from lms.core.learning.queries.talk import unanswered
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
def run(make_run):
    return make_run(state="running", sessions=[now() - timedelta(days=6)], capacity=50)


@pytest.fixture
def teacher(lms_app, sign_in, make_person, make_team_member, run):
    person = make_person(name="Lærke Lærer", language="en")
    make_team_member(run=run, person=person)
    return sign_in(lms_app.test_client(), person)


@pytest.fixture
def joins(lms_app, sign_in, make_person, make_enrolment, run):
    """Somebody who takes part: (browser, enrolment)."""

    def join(name="Dagny Deltager", state="active"):
        person = make_person(name=name, language="en")
        seat = make_enrolment(run=run, person=person, state=state)
        return sign_in(lms_app.test_client(), person), seat

    return join


@pytest.fixture
def in_group(maker, run):
    def put(name, *seats):
        group = Group(run_id=run.id, name=name)
        maker.write(group)
        maker.write(*(GroupMember(group_id=group.id, enrolment_id=seat.id) for seat in seats))
        return group

    return put


def say_in(submit, browser, activity, words, **more):
    return submit(browser, f"/learn/activity/{activity.key}/talk", talk_text=words, **more)


def page_of(browser, activity) -> str:
    return browser.get(f"/specimen/task/{activity.key}").text


def waiting(app, run) -> dict[int, int]:
    with app.app_context():
        return dict(unanswered([run.id])[run.id])


def test_a_question_and_an_answer_stand_beside_the_activity(
    lms_app, submit, teacher, joins, builder, run
):
    activity = builder.add(run, "Task")
    (asks, _seat), (reads, _other) = joins("Dagny"), joins("Elin")
    assert "Nobody has said anything yet." in page_of(asks, activity)
    said = say_in(submit, asks, activity, "Hvor lang\n<b>skal</b> den være?")
    assert said.location == f"/specimen/task/{activity.key}#talk"
    page = page_of(reads, activity)
    assert "Dagny" in page
    assert "&lt;b&gt;skal&lt;/b&gt;" in page
    assert waiting(lms_app, run) == {activity.id: 1}
    say_in(submit, teacher, activity, "En side er nok.")
    assert waiting(lms_app, run) == {}
    answered = page_of(reads, activity)
    assert answered.count('class="badge info"') == 1
    assert answered.index("Dagny") < answered.index("Lærke Lærer")
    say_in(submit, asks, activity, "Tak")
    assert waiting(lms_app, run) == {activity.id: 1}


def test_what_cannot_be_kept_comes_back_as_it_was_typed(submit, joins, builder, run):
    activity = builder.add(run, "Task")
    browser, _seat = joins()
    empty = say_in(submit, browser, activity, "  ")
    assert empty.status_code == 422
    assert "Write what you want to say." in empty.text
    number = say_in(submit, browser, activity, "Fru Hansen, 0101015003, kan ikke")
    assert number.status_code == 422
    assert "personal identity number" in number.text
    assert "Fru Hansen" in number.text
    stale = browser.post(
        f"/learn/activity/{activity.key}/talk", data={"csrf_token": "x", "talk_text": "Kept"}
    )
    assert stale.status_code == 422
    assert "Kept" in stale.text
    assert say_in(submit, browser, activity, "x" * 2001).status_code == 422


def test_own_words_go_for_good_and_the_team_takes_any_away(
    lms_app, submit, teacher, joins, builder, run
):
    activity = builder.add(run, "Task")
    (asks, _seat), (other, _other) = joins("Dagny"), joins("Elin")
    for words in ("First", "Second"):
        say_in(submit, asks, activity, words)
    with lms_app.app_context():
        first, second = db.session.scalars(db.select(Comment).order_by(Comment.id)).all()
    address = "/learn/comment/{}/withdraw"
    assert submit(other, address.format(first.key)).status_code == 404
    assert submit(asks, address.format(first.key)).status_code == 303
    assert submit(teacher, address.format(second.key)).status_code == 303
    assert submit(asks, address.format("aaaaaaaaaaaaaaaa")).status_code == 404
    page = page_of(other, activity)
    assert page.count("Withdrawn.") == 2
    assert "Second" not in page
    with lms_app.app_context():
        texts = db.session.scalars(db.select(Comment.text).order_by(Comment.id)).all()
    assert texts == ["", "Second"]
    assert waiting(lms_app, run) == {}


def test_groups_talk_by_themselves_and_the_team_with_each(
    lms_app, submit, teacher, joins, in_group, builder, run
):
    activity = builder.add(run, "Task", content={"talk": "group"})
    (a, seat_a), (b, seat_b), (alone, _seat) = joins("Anna"), joins("Bo"), joins("Carl")
    red, blue = in_group("Red", seat_a), in_group("Blue", seat_b)
    assert "you are not in one yet" in page_of(alone, activity)
    assert say_in(submit, alone, activity, "Hi").status_code == 404
    say_in(submit, a, activity, "From red")
    # A group that is not one's own cannot be written to.
    say_in(submit, b, activity, "From blue", talk_group=str(red.id))
    assert "From red" not in page_of(b, activity)
    assert "From blue" in page_of(b, activity)
    assert "Talk in Red" in page_of(a, activity)
    everything = page_of(teacher, activity)
    assert "From red" in everything
    assert "From blue" in everything
    assert say_in(submit, teacher, activity, "To whom?").status_code == 422
    say_in(submit, teacher, activity, "To blue", talk_group=str(blue.id))
    assert "To blue" in page_of(b, activity)
    assert "To blue" not in page_of(a, activity)
    assert waiting(lms_app, run) == {activity.id: 1}


def test_no_talk_where_it_is_off_or_closed_and_only_reading_for_who_left(
    submit, teacher, joins, builder, run, maker, lms_app
):
    off = builder.add(run, "Quiet", content={"talk": "off"})
    later = builder.add(run, "Later", opens_at=now() + timedelta(days=2))
    open_one = builder.add(run, "Open")
    browser, seat = joins()
    for activity in (off, later):
        assert "Talk about it" not in page_of(browser, activity)
        assert say_in(submit, browser, activity, "Hi").status_code == 404
    assert say_in(submit, teacher, off, "Hi").status_code == 404
    say_in(submit, browser, open_one, "I was here")
    builder.work(open_one, seat, "submitted")
    with lms_app.app_context(), maker._session() as session:
        session.merge(seat).state = "withdrawn"
        session.commit()
    page = page_of(browser, open_one)
    assert "I was here" in page
    assert "nothing more can be said here" in page
    assert say_in(submit, browser, open_one, "Once more").status_code == 404


def test_the_talk_is_for_the_class_and_its_team(
    client, sign_in, submit, make_person, builder, run, joins
):
    activity = builder.add(run, "Task")
    stranger = sign_in(client, make_person())
    assert say_in(submit, stranger, activity, "Hi").status_code == 404
    applicant, _seat = joins("Ansøger", state="requested")
    assert say_in(submit, applicant, activity, "Hi").status_code == 404


def test_an_activity_asks_as_much_with_much_talk_as_with_none(
    submit, joins, builder, run, maker, count_queries
):
    first = builder.add(run, "First")
    activity = builder.add(run, "Task", after_id=first.id, outcomes=(0,))
    browser, seat = joins()
    builder.work(first, seat, "accepted")
    costs = []
    for size in (1, 60):
        maker.write(
            *(
                Comment(activity_id=activity.id, author_id=seat.person_id, text="Hi", at=now())
                for _each in range(size)
            )
        )
        page_of(browser, activity)
        with count_queries() as queries:
            assert "Talk about it" in page_of(browser, activity)
        costs.append(len(queries))
        assert len(queries) <= 10, "\n".join(queries)
    assert costs[0] == costs[1]
