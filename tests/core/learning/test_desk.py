"""Desks: what needs a teacher now, a message to the class, and what a company may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.contracts import SYSTEM, LocalisedText
from lms.core.catalogue.models import TeachingSlot
from lms.core.learning.models import Attendance, Standing
from lms.core.learning.queries.snippets import snippets_of
from lms.core.messages.models import Mail
from lms.core.users.models import Assignment, Person
from lms.db import db, now
from lms.files import store
from lms.files.models import Document
from lms.jobs import drain
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN
from lms.work import unit_of_work
from tests.core.learning.workshop import Builder, Workshop, text


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Workshop())]


@pytest.fixture
def builder(lms_app):
    return Builder(lms_app)


@pytest.fixture
def run(make_run):
    begun = [now() - timedelta(days=30), now() - timedelta(days=1), now() + timedelta(days=6)]
    return make_run(state="running", title="Prøv det", sessions=begun, capacity=600)


@pytest.fixture
def lecturer(make_person, make_team_member, run):
    person = make_person(name="Lærke Lærer", language="en")
    make_team_member(run=run, person=person)
    return person


@pytest.fixture
def teacher(client, sign_in, lecturer):
    return sign_in(client, lecturer)


@pytest.fixture
def joins(make_person, make_enrolment, run):
    def join(name="Dagny Deltager", *, language="da", state="active", **columns):
        person = make_person(name=name, language=language)
        return make_enrolment(run=run, person=person, state=state, **columns)

    return join


def browser_of(app, sign_in, enrolment):
    with app.app_context():
        return sign_in(app.test_client(), db.session.get_one(Person, enrolment.person_id))


def entries(app, verb) -> list[JournalEntry]:
    with app.app_context():
        return list(db.session.scalars(db.select(JournalEntry).where(JournalEntry.verb == verb)))


def post(app) -> list[Mail]:
    """Seal and tell what happened, and send the mails."""
    from lms.journal import deliver, seal

    with app.app_context():
        seal()
        deliver()
        drain()
        return list(db.session.scalars(db.select(Mail).order_by(Mail.id)))


# --- what needs me now ----------------------------------------------------------------------------


def test_a_desk_says_what_waits_and_who_is_slipping(
    lms_app, teacher, submit, run, joins, builder, maker, sign_in
):
    quiet, late, fine = joins("Stille"), joins("Forsinket"), joins("Flittig")
    due = builder.add(run, "Due", due_at=now() - timedelta(days=2))
    rest = builder.add(run, "Rest")
    for seat in (late, fine):
        builder.work(rest, seat, "submitted")
    builder.work(due, fine, "accepted")
    page = browser_of(lms_app, sign_in, fine)
    submit(page, f"/learn/activity/{rest.key}/talk", talk_text="Hvordan?")
    desk = teacher.get(f"/teach/{run.key}/desk").text
    turn = desk.partition('class="turn"')[2].partition("</section>")[0]
    assert "Write who was there" in turn
    assert "Look at 2 hand-ins: Rest" in desk
    assert f"/specimen/mark/{rest.key}" in desk
    assert "Answer 1 contribution: Rest" in desk
    slipping = desk.partition('id="behind"')[2]
    assert "1 required activity is overdue" in slipping
    assert "Has not begun anything yet" in slipping
    assert "Flittig" not in slipping
    assert "Stille" in slipping
    assert "Forsinket" in slipping
    assert f"to={quiet.key}" in slipping
    index = teacher.get("/teach").text
    assert "2 registers to write" in index
    assert "2 hand-ins to look at" in index
    assert "1 contribution to answer" in index
    assert f"/teach/{run.key}/desk" in index


def test_whoever_cannot_reach_the_attendance_stands_first(teacher, run, joins, maker):
    joins("Anna")
    lost = joins("Åse")
    maker.write(
        Standing(
            enrolment_id=lost.id,
            result="not_met",
            rule_version="1",
            minutes_attended=0,
            minutes_held=360,
            outlook="lost",
            done=0,
            required=0,
            reasons=[],
            changed_at=now(),
        )
    )
    slipping = teacher.get(f"/teach/{run.key}/desk").text.partition('id="behind"')[2]
    assert "Åse" in slipping
    assert "Can no longer reach the attendance" in slipping
    assert "Anna" not in slipping


def test_an_empty_desk_says_so(client, sign_in, make_person, make_run, make_team_member):
    run = make_run(state="open")
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    browser = sign_in(client, person)
    desk = browser.get(f"/teach/{run.key}/desk").text
    assert "Nothing waits for you in this run" in desk
    assert "Nobody, as far as" in desk
    assert 'class="turn"' not in desk


def test_a_desk_asks_as_much_for_500_as_for_5(lms_app, teacher, run, joins, builder, count_queries):
    activities = [builder.add(run, f"Task {n}") for n in range(6)]
    costs = []
    for size in (5, 60):
        for number in range(size):
            seat = joins(f"Deltager {size}-{number}")
            if number % 3 == 0:
                builder.work(activities[number % 6], seat, "submitted")
        for url in (f"/teach/{run.key}/desk", "/teach", f"/teach/{run.key}/message"):
            teacher.get(url)
            with count_queries() as queries:
                assert teacher.get(url).status_code == 200
            assert len(queries) <= 10, "\n".join(queries)
            costs.append((url, len(queries)))
    assert len(set(costs)) == 3


def test_desks_are_for_the_team(client, sign_in, make_person, run, joins, submit):
    joins()
    stranger = sign_in(client, make_person())
    for page in ("desk", "message", "mine", "groups"):
        assert stranger.get(f"/teach/{run.key}/{page}").status_code == 404
    assert submit(stranger, f"/teach/{run.key}/message", to="all").status_code == 404
    assert stranger.get("/teach/snippets").status_code == 404


# --- a message to the class -----------------------------------------------------------------------


def test_a_message_reaches_those_it_is_for_in_their_language(lms_app, teacher, submit, run, joins):
    danish, swede = joins("Dagny"), joins("Sven", language="sv")
    gone = joins("Gone", state="withdrawn")
    url = f"/teach/{run.key}/message"
    wrong = submit(teacher, url, to="chosen", subject="", text="")
    assert wrong.status_code == 422
    for sentence in ("Choose at least one.", "Write in a few words", "Write the message."):
        assert sentence in wrong.text
    sent = submit(teacher, url, to="all", subject="Husk støvler", text="Vi går ud.\n\nTag mad med.")
    assert sent.status_code == 303
    assert "The message goes to 2 participants." in teacher.get(sent.location).text
    mails = post(lms_app)
    assert [(m.kind, m.person_id, m.state) for m in mails] == [
        ("class_message", danish.person_id, "sent"),
        ("class_message", swede.person_id, "sent"),
    ]
    assert '<html lang="da">' in mails[0].html
    assert '<html lang="sv">' in mails[1].html
    for mail in mails:
        assert "Husk støvler" in mail.subject
        assert "Tag mad med." in mail.text
        assert "Lærke Lærer" in mail.text
        assert "/learn/" in mail.text
    (entry,) = entries(lms_app, "learning.message_sent")
    assert entry.data == {"to": [danish.id, swede.id]}
    assert entry.payload["subject"] == "Husk støvler"
    forged = submit(teacher, url, to="chosen", people=[gone.key], subject="x", text="y")
    assert forged.status_code == 422
    assert "There is nobody to write to" in forged.text


def test_a_message_to_a_group_and_to_those_chosen(lms_app, teacher, submit, run, joins):
    a, b, c = joins("Anna"), joins("Bo"), joins("Carl")
    submit(
        teacher, f"/teach/{run.key}/groups", **{f"group-{a.key}": "Red", f"group-{b.key}": "Red"}
    )
    url = f"/teach/{run.key}/message"
    page = teacher.get(f"{url}?to={c.key}&to=nonsense").text
    assert page.count(" checked") == 2
    group = page.partition('value="group-')[2].partition('"')[0]
    submit(teacher, url, to=f"group-{group}", subject="Red", text="x")
    submit(teacher, url, to="chosen", people=[c.key], subject="Carl", text="x")
    assert submit(teacher, url, to="group-nobody", subject="Red", text="x").status_code == 422
    told = [entry.data["to"] for entry in entries(lms_app, "learning.message_sent")]
    assert told == [[a.id, b.id], [c.id]]


def test_who_talks_hears_of_more_and_the_teachers_of_questions(
    lms_app, teacher, lecturer, submit, run, joins, builder, sign_in
):
    activity = builder.add(run, "Task")
    asks, other = joins("Dagny"), joins("Elin")
    url = f"/learn/activity/{activity.key}/talk"
    with lms_app.app_context():
        from lms.contracts import SYSTEM
        from lms.core.messages.services import choose
        from lms.work import unit_of_work

        with unit_of_work():
            choose(asks.person_id, {"talks": "at_once"}, SYSTEM)
            choose(lecturer.id, {"talks": "at_once"}, SYSTEM)
    submit(browser_of(lms_app, sign_in, asks), url, talk_text="Hvordan?")
    submit(teacher, url, talk_text="Sådan.")
    submit(browser_of(lms_app, sign_in, other), url, talk_text="Tak")
    mails = post(lms_app)
    assert {m.state for m in mails} == {"sent"}
    told = sorted(m.person_id for m in mails)
    assert told == sorted([lecturer.id, asks.person_id] * 2)
    answer = next(m for m in mails if m.person_id == asks.person_id)
    assert "Sådan." in answer.text
    assert f"/specimen/task/{activity.key}" in answer.text
    assert "#talk" in answer.text


# --- words one writes often -----------------------------------------------------------------------


def test_pieces_of_feedback_are_kept_changed_and_thrown_away(
    lms_app, teacher, lecturer, submit, make_person
):
    url = "/teach/snippets"
    assert submit(teacher, url, snippet_text="").status_code == 422
    assert submit(teacher, url, snippet_text="Godt set.").status_code == 303
    with lms_app.app_context():
        from lms.core.users.queries import actor_for_person

        (kept,) = snippets_of(actor_for_person(lecturer.id))
    fields = {"snippet": str(kept.id), "act": "save"}
    empty = submit(teacher, url, snippet_text="", **fields)
    assert empty.status_code == 422
    assert "Write the words you want to use again." in empty.text
    assert submit(teacher, url, snippet_text="Rigtig godt set.", **fields).status_code == 303
    assert "Rigtig godt set." in teacher.get(url).text
    assert submit(teacher, url, snippet="99999", snippet_text="x").status_code == 404
    dropped = submit(teacher, url, snippet=str(kept.id), act="drop", snippet_text="")
    assert dropped.status_code == 303
    assert "Rigtig godt set." not in teacher.get(url).text


# --- who teaches for a company --------------------------------------------------------------------


@pytest.fixture
def company(make_person, make_organisation, make_assignment):
    person = make_person(name="Firma", language="en")
    firm = make_organisation(name="Loftlift A/S", kind="company")
    make_assignment(person=person, organisation=firm)
    return person, firm


@pytest.fixture
def slot(maker, run, company):
    person, firm = company

    def make(sees, *, state="approved", whose="firm", day=0):
        row = TeachingSlot(
            course_session_id=maker.sessions_of(run)[day].id,
            person_id=person.id if whose == "person" else None,
            organisation_id=firm.id,
            topic=text(f"Lift {sees}"),
            minutes=45,
            product="Liften",
            sees=sees,
            state=state,
        )
        maker.write(row)
        return row

    return make


@pytest.mark.parametrize("sees", ["nothing", "number", "functions", "names"])
def test_a_company_sees_what_was_agreed_and_nothing_else(
    lms_app, client, sign_in, submit, run, joins, slot, company, make_function, sees
):
    care = make_function(title=LocalisedText(da="Plejer", sv="Skötare", en="Carer"))
    for number in range(6):
        joins(f"Deltager {number}", function_id=care.id)
    slot(sees)
    browser = sign_in(client, company[0])
    url = f"/teach/{run.key}/mine"
    page = browser.get(url).text
    assert f"Lift {sees}" in page
    assert "45 minutes" in page
    assert ('class="fig">6<' in page) == (sees != "nothing")
    assert ("Carer" in page) == (sees == "functions")
    assert "Deltager" not in page
    shown = submit(browser, url)
    looks = entries(lms_app, "learning.names_seen")
    if sees == "names":
        assert shown.status_code == 200
        assert "Deltager 3" in shown.text
        assert [entry.data["number"] for entry in looks] == [6]
        submit(browser, url)
        assert len(entries(lms_app, "learning.names_seen")) == 2
    else:
        assert shown.status_code == 404
        assert looks == []
    for other in ("desk", "outline", "groups", "message"):
        assert browser.get(f"/teach/{run.key}/{other}").status_code == 404


def test_a_slot_that_is_not_approved_shows_nothing_and_one_withdrawn_is_gone(
    client, sign_in, submit, run, joins, slot, company, make_person, make_assignment
):
    joins("Deltager")
    browser = sign_in(client, company[0])
    url = f"/teach/{run.key}/mine"
    slot("names", state="withdrawn")
    assert browser.get(url).status_code == 404
    slot("names", state="offered")
    page = browser.get(url).text
    assert "Offered, not approved yet" in page
    assert "It was agreed that you see nothing about them." in page
    assert submit(browser, url).status_code == 404


def test_a_slot_given_to_one_person_is_not_their_colleagues(
    lms_app, sign_in, run, slot, company, make_person, make_assignment
):
    colleague = make_person()
    make_assignment(person=colleague, organisation=company[1])
    browser = sign_in(lms_app.test_client(), colleague)
    slot("names", whose="person")
    assert browser.get(f"/teach/{run.key}/mine").status_code == 404
    slot("number", day=1)
    page = browser.get(f"/teach/{run.key}/mine").text
    assert "Lift number" in page
    assert "Lift names" not in page


def test_a_look_at_the_class_is_written_down_once_a_day_and_names_each_time(
    lms_app, client, sign_in, submit, run, joins, slot, company
):
    joins("Deltager")
    browser = sign_in(client, company[0])
    url = f"/teach/{run.key}/mine"
    slot("nothing")
    browser.get(url)
    assert entries(lms_app, "learning.class_seen") == []
    slot("names", day=1)
    for _time in range(2):
        assert "That you have seen this is written down." in browser.get(url).text
    (look,) = entries(lms_app, "learning.class_seen")
    assert (look.actor_id, look.data) == (company[0].id, {"level": "names", "number": 1})
    submit(browser, url)
    assert len(entries(lms_app, "learning.class_seen")) == 1
    assert len(entries(lms_app, "learning.names_seen")) == 1


def test_who_left_the_company_sees_its_slots_no_more(
    lms_app, sign_in, run, slot, company, make_person
):
    slot("names", whose="person")
    url = f"/teach/{run.key}/mine"
    assert sign_in(lms_app.test_client(), company[0]).get(url).status_code == 200
    with lms_app.app_context(), unit_of_work():
        yesterday = now().date() - timedelta(days=1)
        db.session.execute(update(Assignment).values(to_day=yesterday))
    assert sign_in(lms_app.test_client(), company[0]).get(url).status_code == 404


def test_a_company_reads_what_it_brings_and_nobody_else_does(
    lms_app, sign_in, run, slot, company, make_person, make_assignment
):
    row = slot("nothing", whose="person")
    with lms_app.app_context(), unit_of_work():
        id_ = store(
            b"Sider.",
            media_type="text/plain",
            file_name="sider.txt",
            title="Sider om liften",
            language="da",
            subject=("teaching_slot", row.id),
            actor=SYSTEM,
            visibility="internal",
        )
        key = db.session.get_one(Document, id_).key
    own = sign_in(lms_app.test_client(), company[0])
    assert "Sider om liften" in own.get(f"/teach/{run.key}/mine").text
    assert own.get(f"/files/{key}").status_code == 200
    other = sign_in(lms_app.test_client(), make_person())
    assert other.get(f"/files/{key}").status_code == 404


# --- my page --------------------------------------------------------------------------------------


def test_the_next_step_waits_on_my_page(lms_app, sign_in, run, joins, builder):
    seat = joins("Dagny", language="en")
    browser = browser_of(lms_app, sign_in, seat)
    builder.add(run, "Optional", required=False)
    first = builder.add(run, "First", due_at=now() + timedelta(days=1))
    builder.add(run, "Behind", after_id=first.id)
    page = browser.get("/me").text
    turn = page.partition('class="turn"')[2].partition("</section>")[0]
    assert "Do “First”" in turn
    assert f"/specimen/task/{first.key}" in turn
    assert "Behind" not in page
    builder.work(first, seat, "returned")
    turn = browser.get("/me").text.partition('class="turn"')[2].partition("</section>")[0]
    assert "Look again at “First”" in turn


def test_hand_ins_wait_on_the_teachers_page(teacher, run, joins, builder):
    activity = builder.add(run, "Task")
    builder.work(activity, joins(), "submitted")
    page = teacher.get("/me").text
    assert "Look at what was handed in: Task" in page
    assert f"/specimen/mark/{activity.key}" in page


def test_attendance_is_not_needed_for_a_desk(teacher, run, joins, maker):
    seat, session = joins(), maker.sessions_of(run)[0]
    maker.write(
        Attendance(
            enrolment_id=seat.id,
            course_session_id=session.id,
            minutes=180,
            mode="present",
            set_at=now(),
        )
    )
    assert teacher.get(f"/teach/{run.key}/desk").status_code == 200
