"""The learning agreement: two signatures under the same words, and the mirror that follows."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from lms.contracts import LANGUAGES, SYSTEM, Actor
from lms.core.enrolment.models import StandIn
from lms.core.learning import todo
from lms.core.learning.models import Agreement, Standing
from lms.core.learning.services import (
    AgreementWords,
    EditedMeanwhile,
    answer_follow_up,
    decide_completions,
    sign_agreement,
    write_agreement,
)
from lms.core.learning.services.agreeing import ask_due_follow_ups
from lms.core.messages.letters import About, write
from lms.core.messages.models import Mail
from lms.core.refused import Refused
from lms.db import db, now, stopped_clock
from lms.jobs import drain
from lms.journal import deliver, seal
from lms.journal.models import JournalEntry
from lms.web.i18n import set_language
from lms.work import unit_of_work

RULE = {"version": "g", "conditions": {"agreement": {}}}
WORDS = AgreementWords(goal="Færre løft alene", task="Prøv lejet på stuen", minutes_promised=360)


@pytest.fixture
def run(make_run):
    return make_run(state="running", sessions=[now() - timedelta(days=3)], rule=RULE)


@pytest.fixture
def people(make_person, make_assignment, make_organisation):
    """A participant, their manager, and somebody else, all with one employer."""
    learner = make_person(name="Lis Learner", language="en")
    manager = make_person(name="Mogens Manager", language="en")
    other = make_person(name="Olga Other", language="en")
    employer = make_organisation()
    for person in (learner, manager, other):
        boss = manager if person is learner else None
        make_assignment(person=person, organisation=employer, manager=boss)
    return learner, manager, other


@pytest.fixture
def row(run, people, make_enrolment):
    learner, manager, _other = people
    return make_enrolment(run=run, person=learner, manager=manager, state="active")


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def actors(people):
    return [Actor(person_id=person.id) for person in people]


@pytest.fixture
def agreed(do, row, actors):
    learner, manager, _other = actors
    do(write_agreement, row.id, WORDS, learner)
    return do(sign_agreement, row.id, manager, revision=1)


@pytest.fixture
def tell(lms_app):
    def deliver_all():
        with lms_app.app_context():
            seal()
            deliver()
            drain()

    return deliver_all


def mails(app, kind):
    with app.app_context():
        return [
            (mail.person_id, mail.subject, mail.text)
            for mail in db.session.scalars(
                db.select(Mail).where(Mail.kind == kind).order_by(Mail.id)
            )
        ]


def link_in(text: str) -> str:
    found = re.search(r"http://localhost(/agreement/[\w-]+)", text)
    assert found, text
    return found.group(1)


def test_both_sign_the_same_words(lms_app, do, row, actors):
    learner, manager, _other = actors
    first = do(write_agreement, row.id, WORDS, learner)
    assert (first.state, first.revision) == ("proposed", 1)
    assert first.signed_by("employee")
    assert not first.signed_by("manager")
    both = do(sign_agreement, row.id, manager, revision=1)
    assert both.state == "agreed"
    with lms_app.app_context():
        assert db.session.scalar(db.select(Standing.result)) == "met"


def test_other_words_take_both_signatures_away(lms_app, do, row, actors, agreed):
    learner, manager, _other = actors
    words = AgreementWords(goal="Ingen løft alene", task=WORDS.task, minutes_promised=120)
    changed = do(write_agreement, row.id, words, manager, revision=1)
    assert (changed.state, changed.revision, changed.goal) == ("proposed", 2, "Ingen løft alene")
    assert changed.signed_by("manager")
    assert not changed.signed_by("employee")
    with lms_app.app_context():
        assert db.session.scalar(db.select(Standing.result)) == "undecided"
        entry = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.verb == "learning.agreement_changed")
        ).one()
        assert entry.payload["before"]["goal"] == "Færre løft alene"
    same = do(write_agreement, row.id, words, learner, revision=2)
    assert (same.revision, same.state) == (2, "agreed")


def test_words_that_somebody_else_changed_are_not_signed(do, row, actors):
    learner, manager, _other = actors
    do(write_agreement, row.id, WORDS, learner)
    words = AgreementWords(goal="Andet", task="Andet", minutes_promised=0)
    do(write_agreement, row.id, words, manager, revision=1)
    for attempt in (
        lambda: do(sign_agreement, row.id, learner, revision=1),
        lambda: do(write_agreement, row.id, WORDS, learner, revision=1),
        lambda: do(write_agreement, row.id, WORDS, learner),
    ):
        with pytest.raises(EditedMeanwhile) as error:
            attempt()
        assert error.value.current.goal == "Andet"


def test_only_the_two_and_a_stand_in(do, maker, row, people, actors, make_person):
    _learner, boss, other = people
    with pytest.raises(Refused):
        do(write_agreement, row.id, WORDS, actors[2])
    day = now().date()
    maker.write(StandIn(person_id=boss.id, stand_in_id=other.id, from_day=day, to_day=day))
    signed = do(write_agreement, row.id, WORDS, actors[2])
    assert signed.signed_by("manager")
    assert signed.manager_id == boss.id


def test_the_page_keeps_what_was_typed_when_words_changed(
    lms_app, sign_in, submit, do, row, people, actors
):
    browser = sign_in(lms_app.test_client(), people[0])
    url = f"/enrolments/{row.key}/agreement"
    assert "Jeg vil kunne vise det til mine kolleger." in browser.get(url).text
    wrong = submit(browser, url, act="write", goal="", task="", hours="many", revision="0")
    assert wrong.status_code == 422
    assert "Write in one sentence what should change at work." in wrong.text
    do(write_agreement, row.id, WORDS, actors[1])
    mine = {"goal": "Mit mål", "task": "Min opgave", "hours": "4", "until": "2031-03-04"}
    met = submit(browser, url, act="write", revision="0", **mine)
    assert met.status_code == 422
    assert "Mit mål" in met.text
    assert "Færre løft alene" in met.text
    assert 'value="1"' in met.text
    assert submit(browser, url, act="write", revision="1", **mine).status_code == 303
    with lms_app.app_context():
        found = db.session.scalars(db.select(Agreement)).one()
        assert (found.goal, found.minutes_promised, found.revision) == ("Mit mål", 240, 2)
        assert found.manager_signed_at is None
    text = browser.get(url).text
    assert "The participant has signed" in text
    assert "The manager has not signed" in text


def test_who_else_reads_and_who_may_not(
    lms_app, sign_in, submit, run, row, people, agreed, make_person, make_team_member
):
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    url = f"/enrolments/{row.key}/agreement"
    browser = sign_in(lms_app.test_client(), teacher)
    text = browser.get(url).text
    assert "Færre løft alene" in text
    assert "Save and sign" not in text
    assert submit(browser, url, act="sign", revision="1").status_code == 404
    assert sign_in(lms_app.test_client(), people[2]).get(url).status_code == 404


def test_the_manager_signs_from_a_mail_in_two_clicks(
    lms_app, submit, do, row, people, actors, tell
):
    do(write_agreement, row.id, WORDS, actors[0])
    tell()
    ((reader, subject, text),) = mails(lms_app, "agreement")
    assert reader == people[1].id
    assert "Lis Learner asks you to sign" in subject
    link, guest = link_in(text), lms_app.test_client()
    page = guest.get(f"{link}?lang=en").text
    assert "Do you sign this?" in page
    assert "Færre løft alene" in page
    with lms_app.app_context():
        assert db.session.scalar(db.select(Agreement.manager_signed_at)) is None
    assert submit(guest, link, act="sign", revision="1").status_code == 303
    with lms_app.app_context():
        assert db.session.scalar(db.select(Agreement.state)) == "agreed"
    over = guest.get(f"{link}?lang=en")
    assert over.status_code == 410
    assert "You have answered this already" in over.text
    assert guest.get("/agreement/nonsense").status_code == 410


def test_the_employee_is_asked_when_the_manager_adjusts(lms_app, do, row, people, actors, tell):
    do(write_agreement, row.id, WORDS, actors[1])
    tell()
    assert [reader for reader, _s, _t in mails(lms_app, "agreement")] == [people[0].id]


# --- the mirror ---------------------------------------------------------------------------------


@pytest.fixture
def completed(lms_app, do, row, agreed, run):
    """Decided; when the mirror is due."""
    do(decide_completions, [row.id], SYSTEM)
    with lms_app.app_context():
        return db.session.scalar(db.select(Agreement.follow_up_at))


def test_the_mirror_is_due_twelve_weeks_after_the_end_of_the_run(completed, run):
    assert completed == run.ends_at + timedelta(weeks=12)


def test_both_are_asked_and_reminded_twice_at_most(lms_app, completed, people, tell):
    for days, asked in ((-1, 0), (0, 2), (1, 2), (8, 4), (14, 6), (21, 6), (40, 6)):
        with stopped_clock(completed + timedelta(days=days, hours=1)):
            with lms_app.app_context(), unit_of_work():
                ask_due_follow_ups()
            tell()
            tell()
        assert len(mails(lms_app, "follow_up")) == asked
    readers = [reader for reader, _s, _t in mails(lms_app, "follow_up")]
    assert sorted(set(readers)) == sorted([people[0].id, people[1].id])


def test_who_has_answered_is_not_reminded(lms_app, do, completed, people, actors, row, tell):
    with stopped_clock(completed + timedelta(hours=1)):
        do(answer_follow_up, row.id, 3, "Vi løfter to og to", actors[1])
        do(ask_due_follow_ups)
        tell()
        tell()
        assert [reader for reader, _s, _t in mails(lms_app, "follow_up")] == [people[0].id]
        found = do(answer_follow_up, row.id, 2, "", actors[0])
        assert found.state == "followed_up"


def test_the_managers_answer_is_read_by_the_employee_and_by_no_teacher(
    lms_app,
    sign_in,
    submit,
    do,
    completed,
    people,
    actors,
    row,
    run,
    tell,
    make_person,
    make_team_member,
):
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher)
    with stopped_clock(completed + timedelta(hours=1)):
        do(ask_due_follow_ups)
        tell()
        tell()
        text = next(t for reader, _s, t in mails(lms_app, "follow_up") if reader == people[1].id)
        guest = lms_app.test_client()
        page = guest.get(f"{link_in(text)}?lang=en").text
        assert "How much of it is used at work now?" in page
        nothing = submit(guest, link_in(text), act="mirror")
        assert nothing.status_code == 422
        sent = submit(guest, link_in(text), used="4", words="To og to hver gang")
        assert sent.status_code == 303
        url = f"/enrolments/{row.key}/agreement"
        assert "To og to hver gang" in sign_in(lms_app.test_client(), people[0]).get(url).text
        assert "To og to hver gang" not in sign_in(lms_app.test_client(), teacher).get(url).text


def test_too_early_and_by_strangers(do, row, actors, completed):
    with pytest.raises(Refused):
        do(answer_follow_up, row.id, 3, "", actors[0])
    with stopped_clock(completed + timedelta(hours=1)), pytest.raises(Refused):
        do(answer_follow_up, row.id, 3, "", actors[2])


def test_signed_after_the_course_it_is_mirrored_as_well(lms_app, do, run, row, people, actors):
    from lms.core.learning.services import waive

    do(write_agreement, row.id, WORDS, actors[0])
    do(waive, row.id, "agreement", "Lederen er syg", SYSTEM)
    do(decide_completions, [row.id], SYSTEM)
    signed = do(sign_agreement, row.id, actors[1], revision=1)
    assert signed.state == "agreed"
    assert signed.follow_up_at == run.ends_at + timedelta(weeks=12)


def test_the_evaluator_reads_it_without_names_and_nobody_else_does(
    lms_app, sign_in, do, completed, actors, row, run, make_person, make_team_member
):
    with stopped_clock(completed + timedelta(hours=1)):
        readers = {}
        for role in ("evaluator", "programme_lead"):
            person = make_person(language="en")
            make_team_member(run=run, person=person, role=role)
            readers[role] = sign_in(lms_app.test_client(), person)
        do(answer_follow_up, row.id, 3, "To og to hver gang", actors[1])
        url = f"/teach/{run.key}/sums"
        text = readers["evaluator"].get(url).text
        assert "To og to hver gang" in text
        assert "Mogens Manager" not in text
        assert "Lis Learner" not in text
        assert "Answered: not shown of 1 asked." in text
        assert "To og to hver gang" not in readers["programme_lead"].get(url).text


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_letters_are_written_in_each_language(
    lms_app, do, row, people, actors, completed, code
):
    def letter(kind, person, **values):
        set_language(code)
        return write(kind, About(person_id=person.id, subject_id=row.id, values=values))

    for person in people[:2]:
        for turn in (0, 1):
            found = do(letter, "follow_up", person, turn=turn)
            assert found.press[1].endswith(f"lang={code}")
            assert "%(" not in f"{found.subject}{found.paragraphs}{found.why}"
        assert do(letter, "agreement", person) is None
    unsigned = {"state": "proposed", "employee_signed_at": None, "manager_signed_at": None}
    do(lambda: db.session.execute(db.update(Agreement).values(**unsigned)))
    said = {do(letter, "agreement", person).subject for person in people[:2]}
    assert len(said) == 2


# --- what waits for me --------------------------------------------------------------------------


@pytest.fixture
def waits(lms_app):
    """Titles of what waits for somebody, of agreements only."""

    def titles(actor):
        with lms_app.test_request_context():
            return [i.title.en for i in todo.items(actor) if i.key.startswith("learning.agreement")]

    return titles


def test_an_unsigned_agreement_waits_for_the_other_part(do, row, actors, waits):
    learner, manager, other = actors
    assert not waits(learner)
    do(write_agreement, row.id, WORDS, learner)
    assert not waits(learner)
    assert waits(manager) == ["Read and sign the learning agreement with Lis Learner"]
    assert not waits(other)
    do(write_agreement, row.id, dataclasses.replace(WORDS, task="Et andet"), manager, revision=1)
    assert not waits(manager)
    assert waits(learner) == ["Read and sign your learning agreement"]
    do(sign_agreement, row.id, learner, revision=2)
    assert not waits(learner)


def test_an_unsigned_agreement_waits_for_who_stands_in_and_for_todays_manager(
    do, maker, row, people, actors, waits, make_person, make_assignment, make_organisation
):
    learner, _boss, other = people
    do(write_agreement, row.id, WORDS, actors[0])
    day = now().date()
    maker.write(StandIn(person_id=people[1].id, stand_in_id=other.id, from_day=day, to_day=day))
    assert len(waits(actors[2])) == 1
    new = make_person(name="Ny Leder")
    make_assignment(person=learner, organisation=make_organisation(), manager=new)
    assert len(waits(Actor(person_id=new.id))) == 1


def test_a_due_mirror_waits_for_both_until_each_has_answered(do, row, actors, completed, waits):
    learner, manager, _other = actors
    with stopped_clock(completed - timedelta(hours=1)):
        assert not waits(learner)
    with stopped_clock(completed + timedelta(hours=1)):
        assert waits(learner) == ["Say what came into use at work"]
        assert waits(manager) == ["Say what came into use at work for Lis Learner"]
        do(answer_follow_up, row.id, 3, "", learner)
        assert not waits(learner)
        assert len(waits(manager)) == 1


def test_what_waits_stands_on_my_page_and_leads_to_the_agreement(
    client, sign_in, do, row, people, actors
):
    do(write_agreement, row.id, WORDS, actors[0])
    sign_in(client, people[1])
    text = client.get("/me").text
    assert "Read and sign the learning agreement with Lis Learner" in text
    assert f'href="/enrolments/{row.key}/agreement"' in text
