"""What happens in the house becomes mails: the right one, to the right reader, once."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.contracts import SYSTEM, Actor, JournalEntryFacts, LocalisedText
from lms.core.catalogue.models import Run
from lms.core.enrolment import services
from lms.core.messages import queries, routing
from lms.core.messages.hooks import lms_notice
from lms.core.messages.letters import WRITERS
from lms.core.messages.models import Mail
from lms.core.messages.services import Recipient, queue, queue_letter, queue_note
from lms.core.messages.topics import TOPIC_OF
from lms.core.users import services as people
from lms.core.users.models import Person, SingleUseLink
from lms.db import db, now
from lms.journal.services import entries
from lms.work import unit_of_work


def kinds(mails: list[Mail]) -> list[tuple[str, str]]:
    return [(mail.kind, mail.state) for mail in mails]


def test_every_kind_that_is_asked_for_has_a_writer() -> None:
    asked_for = {
        *routing.ABOUT_PEOPLE.values(),
        *routing.TO_THE_PERSON.values(),
        *routing.TO_APPROVERS.values(),
        *routing.TO_LEADS.values(),
        *routing.ABOUT_SESSIONS.values(),
        *(
            "answered",
            "handed_over",
            "drawn_place",
            "late_withdrawal",
            "lapsed_for_manager",
            "news",
            "questions_asked",
            "session_for_team",
            "team_named",
            "class_message",
            "talk",
            "agreement",
            "follow_up",
        ),
        *("note", "digest"),
    }
    assert asked_for == set(WRITERS)
    assert TOPIC_OF.keys() <= set(WRITERS)


def test_a_request_writes_to_the_manager_in_the_managers_language(story) -> None:
    story.ask("Jeg vil kunne sige til i tide.")
    (mail,) = story.post()
    assert (mail.kind, mail.state, mail.to_address) == ("asked", "sent", story.manager.email)
    assert "Sygeplejerske, Prøvelev" in mail.subject
    for part in (mail.text, mail.html):
        assert "Jeg vil kunne sige til i tide." in part
        assert "http://localhost/answer/" in part
        assert "Se det, der driller" in part
    assert '<html lang="sv">' in mail.html


def test_a_yes_writes_to_the_one_who_asked_in_their_language(story) -> None:
    story.ask()
    story.do(services.say_yes, story.manager)
    mails = story.post()
    seated = [mail for mail in mails if mail.kind == "seated"]
    assert [mail.to_address for mail in seated] == [story.worker.email]
    assert '<html lang="da">' in seated[0].html
    assert "/enrolments/" in seated[0].text


def test_a_request_answered_before_its_mail_was_written_sends_no_question(story) -> None:
    story.ask()
    story.do(services.say_yes, story.manager)
    assert kinds(story.post()) == [("asked", "dropped"), ("seated", "sent")]


def test_a_no_says_why(story) -> None:
    story.ask()
    story.post()
    story.do(services.say_no, story.manager, "Vi mangler folk i uge 48.")
    mails = story.post()
    assert kinds(mails) == [("asked", "sent"), ("declined", "sent")]
    assert "Vi mangler folk i uge 48." in mails[-1].text
    assert "Vi mangler folk i uge 48." in mails[-1].html


def test_when_the_time_is_over_both_are_told(story, clock) -> None:
    story.ask()
    story.post()
    clock.move(days=11)
    with story.app.app_context(), unit_of_work():
        services.lapse_overdue(SYSTEM)
    mails = story.post()[1:]
    assert {(mail.kind, mail.to_address) for mail in mails} == {
        ("lapsed", story.worker.email),
        ("lapsed_for_manager", story.manager.email),
    }


def test_a_full_run_and_then_a_free_seat(story, make_enrolment) -> None:
    with story.app.app_context(), unit_of_work():
        db.session.execute(update(Run).where(Run.id == story.run.id).values(capacity=1))
    first = make_enrolment(run=story.run, state="seated")
    story.ask()
    story.do(services.say_yes, story.manager)
    assert kinds(story.post())[-1] == ("waitlisted", "sent")
    with story.app.app_context(), unit_of_work():
        services.withdraw(first.id, SYSTEM)
    mail = story.post()[-1]
    assert (mail.kind, mail.to_address) == ("offered", story.worker.email)
    assert "http://localhost/answer/" in mail.text


def test_an_offer_that_lapses_is_no_business_of_the_managers(story, clock, make_enrolment) -> None:
    test_a_full_run_and_then_a_free_seat(story, make_enrolment)
    clock.move(days=4)
    with story.app.app_context(), unit_of_work():
        services.lapse_overdue(SYSTEM)
    after = [mail.kind for mail in story.post()]
    assert after[-1] == "lapsed"
    assert "lapsed_for_manager" not in after


def test_a_cancelled_run_is_told(story) -> None:
    from lms.core.catalogue.services import change_run_state

    story.ask()
    story.do(services.say_yes, story.manager)
    story.post()
    with story.app.app_context(), unit_of_work():
        change_run_state(story.run.id, "cancelled", SYSTEM, "Der er for få.")
    *_rest, mail, news = story.post()
    assert kinds([mail, news]) == [("cancelled", "sent"), ("news", "held")]
    assert "Der er for få." in mail.text


def test_who_still_waits_when_the_run_begins_is_told_so_and_their_manager_is_not(
    story, make_enrolment
) -> None:
    from lms.core.catalogue.services import change_run_state

    run = story.maker.run(capacity=1)
    make_enrolment(run=run, state="seated")
    make_enrolment(run=run, person=story.worker, manager=story.manager, state="waitlisted")
    with story.app.app_context(), unit_of_work():
        change_run_state(run.id, "running", SYSTEM)
    (mail,) = [mail for mail in story.post() if mail.kind.startswith("lapsed")]
    assert (mail.kind, mail.to_address) == ("lapsed", story.worker.email)
    assert "Holdet er begyndt" in mail.text


@pytest.mark.parametrize(("met", "kind"), [(True, "completed"), (False, "not_completed")])
def test_completion_is_told_with_its_reasons(story, maker, met, kind) -> None:
    from lms.core.catalogue.services import change_run_state
    from lms.core.learning.services import Presence, decide_completions, declare, set_attendance

    story.ask()
    story.do(services.say_yes, story.manager)
    begun = now() - timedelta(days=1)
    with story.app.app_context(), unit_of_work():
        change_run_state(story.run.id, "running", SYSTEM)
    for session in maker.sessions_of(story.run):
        session.starts_at, session.ends_at = begun, begun + timedelta(hours=3)
        mode = "present" if met else "absent"
        with story.app.app_context(), unit_of_work():
            db.session.merge(session)
            line = Presence(enrolment_id=story.enrolment_id, mode=mode)
            db.session.flush()
            set_attendance(session.id, [line], SYSTEM)
    story.do(lambda id_, actor: declare(id_, met, "", actor), story.manager)
    story.do(lambda id_, actor: decide_completions([id_], actor), story.manager)
    mail = story.post()[-1]
    assert (mail.kind, mail.to_address) == (kind, story.worker.email)
    assert "80 %" in mail.text or "80\u00a0%" in mail.text


def test_the_journal_read_twice_writes_once(story) -> None:
    story.ask()
    before = kinds(story.post())
    with story.app.app_context():
        query = select(entries).where(entries.c.verb == "enrolment.approval_opened")
        row = db.session.execute(query).one()._mapping
        wanted = {field.name for field in fields(JournalEntryFacts)}
        again = JournalEntryFacts(**{name: row[name] for name in wanted})
        db.session.rollback()
        with unit_of_work():
            lms_notice([again, again])
    assert kinds(story.post()) == before == [("asked", "sent")]


def test_an_effect_is_asked_for_once(story) -> None:
    with story.app.app_context():
        with unit_of_work():
            assert queue("test:1", story.worker.id, "reset")
        with unit_of_work():
            assert not queue("test:1", story.worker.id, "reset")
    assert kinds(story.post()) == [("reset", "sent")]


def test_an_invitation_and_a_reset_carry_links_that_are_kept_as_digests(story) -> None:
    with story.app.app_context(), unit_of_work():
        people.ask_for_reset(story.worker.id, actor=SYSTEM)
    (mail,) = story.post()
    token = mail.text.split("/new-password/")[1].split()[0]
    with story.app.app_context():
        (link,) = db.session.scalars(select(SingleUseLink))
        assert (link.purpose, link.person_id) == ("reset", story.worker.id)
        assert token not in link.token_hash
    client = story.app.test_client()
    assert client.get(f"/new-password/{token}").status_code == 200


def test_a_plugins_note_is_in_the_readers_language_and_leads_where_it_says(story) -> None:
    words = {
        name: LocalisedText(da=f"{name} på dansk", sv=f"{name} på svenska", en=f"{name} in English")
        for name in ("subject", "text", "label", "why")
    }
    with story.app.app_context(), unit_of_work():
        assert queue_note("test:note", story.manager.id, url="http://localhost/courses", **words)
    (mail,) = story.post()
    assert mail.subject == "subject på svenska"
    for part in (mail.text, mail.html):
        assert "http://localhost/courses" in part
        assert all(f"{name} på svenska" in part for name in ("text", "label", "why"))


def test_a_letter_to_an_address_alone_is_sent_and_stands_on_no_list(story) -> None:
    words = {
        name: LocalisedText(da=f"{name} på dansk", sv=f"{name} på svenska", en=f"{name} in English")
        for name in ("subject", "text", "label", "why")
    }
    to = Recipient(name="Nobody Known", email="nobody@elsewhere.example", language="en")
    with story.app.app_context(), unit_of_work():
        assert queue_letter("test:letter", to, url="http://localhost/courses", **words)
        assert not queue_letter("test:letter", to, url="http://localhost/courses", **words)
    (mail,) = story.post()
    assert (mail.state, mail.to_address) == ("sent", "nobody@elsewhere.example")
    assert "text in English" in mail.text
    site = Actor(person_id=1, permissions={"site.admin": frozenset({None})})
    with story.app.app_context():
        assert queries.mails(site, limit=10) == ([], 0)
        assert queries.mail_by_key(mail.key, site) is None


def test_markup_in_a_goal_is_words(story) -> None:
    story.ask("<script>alert(1)</script> & mere")
    (mail,) = story.post()
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "<script>alert(1)</script> & mere" in mail.text


@pytest.mark.parametrize(
    "columns", [{"state": "suspended"}, {"email": None, "email_key": None}], ids=["left", "no mail"]
)
def test_who_cannot_be_written_to_is_not(story, columns) -> None:
    story.ask()
    with story.app.app_context(), unit_of_work():
        db.session.execute(update(Person).where(Person.id == story.manager.id).values(**columns))
    (mail,) = story.post()
    assert (mail.state, mail.to_address, mail.text) == ("dropped", "", "")


def test_an_enrolment_that_is_gone_writes_nothing(story) -> None:
    with story.app.app_context(), unit_of_work():
        queue("test:gone", story.worker.id, "seated", subject_id=987654)
    assert kinds(story.post()) == [("seated", "dropped")]
