"""Every kind of mail in every language, and who is told of what happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from lms.contracts import LANGUAGES, SYSTEM, JournalEntryFacts
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Approval, Enrolment, StandIn, Transition
from lms.core.enrolment.services.leaving import hand_over
from lms.core.messages import routing
from lms.core.messages.hooks import lms_notice
from lms.core.messages.letters import WRITERS, About, write
from lms.core.messages.letters.kinds import KINDS
from lms.core.messages.models import Mail
from lms.core.messages.queries import preferences_of
from lms.core.messages.services import choose, queue
from lms.core.messages.topics import TOPICS, how_for
from lms.core.users import services as people
from lms.core.users.models import Person
from lms.db import db, new_key, now
from lms.web.i18n import set_language
from lms.work import unit_of_work

OTHER_STATES = {"handed_over": "withdrawn", "nominated": "seated", "pair_asked": "requested"}


@pytest.fixture
def scene(story, maker):
    """A seat, an open approval, a lead: what every kind of mail may be about."""
    lead = maker.person(name="Forløbsansvarlig", language="en")
    maker.team_member(run=story.run, person=lead, role="programme_lead")
    row = maker.enrolment(
        run=story.run, person=story.worker, manager=story.manager, state="awaiting_approval"
    )
    with story.app.app_context():
        wanted = select(Approval).where(Approval.enrolment_id == row.id)
        approval = db.session.scalars(wanted).one()
        db.session.expunge(approval)
    session = maker.sessions_of(story.run)[0]
    return {"lead": lead, "row": row, "approval": approval, "session": session}


def put_state(app, enrolment_id: int, state: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Enrolment, enrolment_id).state = state


def entry(verb: str, subject: int, id_: int = 1, actor: int | None = None, **data):
    return JournalEntryFacts(
        id=id_,
        position=id_,
        at=now(),
        verb=verb,
        subject_kind="enrolment",
        subject_id=subject,
        actor_id=actor,
        data=data,
    )


def told(app, *entries) -> list[tuple[str, int]]:
    """(kind, person) of the mails that these entries call for."""
    with app.app_context():
        return [(ask.kind, ask.person_id) for ask in routing.asks_for(entries)]


def test_every_kind_is_written_in_each_language(story, scene) -> None:
    run, row = story.run, scene["row"]
    about_run = {"under_minimum", "seats_released", "drawn", "session_for_team"}
    plain = {"note", "digest"}
    from_classes = {"class_message", "talk"}  # tests/core/learning/test_desk.py
    from_agreements = {"agreement", "follow_up"}  # tests/core/learning/test_agreement.py
    from_teams = {"team_named"}  # tests/core/catalogue/test_team.py
    values = {
        "approval": scene["approval"].id,
        "session": scene["session"].id,
        "before": now().isoformat(),
        "state": "seated",
        "old": "seated",
        "taken": 2,
        "minimum": 5,
        "seats": 3,
        "organisation": None,
        "entry": 0,
    }
    subjects: dict[str, set[str]] = {}
    elsewhere = plain | from_classes | from_agreements | from_teams
    for kind in sorted(WRITERS.keys() - elsewhere):
        spec = KINDS.get(kind)
        states = sorted(spec.states) if spec else ["awaiting_approval"]
        put_state(story.app, row.id, OTHER_STATES.get(kind) or states[-1])
        subject = run.id if kind in about_run else row.id
        with story.app.app_context(), unit_of_work():
            for code in LANGUAGES:
                set_language(code)
                letter = write(
                    kind, About(person_id=story.manager.id, subject_id=subject, values=values)
                )
                assert letter is not None, kind
                assert letter.subject, kind
                assert letter.why, kind
                assert "%(" not in f"{letter.subject}{letter.paragraphs}{letter.why}", kind
                if letter.press:
                    assert letter.press[1].endswith(f"lang={code}"), kind
                subjects.setdefault(kind, set()).add(letter.subject)
    assert {kind for kind, said in subjects.items() if len(said) < len(LANGUAGES)} == set()


def test_a_question_goes_to_each_who_may_answer_once(story, scene) -> None:
    row, approval, lead = scene["row"], scene["approval"], scene["lead"]
    opened = entry(
        "enrolment.approval_opened",
        row.id,
        approval=approval.id,
        kind="line_manager",
        approvers=[story.manager.id, lead.id, story.manager.id],
    )
    again = entry("enrolment.approval_opened", row.id, 2, **opened.data)
    with story.app.app_context(), unit_of_work():
        lms_notice([opened, again])
    mails = story.post()
    assert [(m.kind, m.person_id) for m in mails] == [
        ("asked", story.manager.id),
        ("asked", lead.id),
    ]
    links = {m.text.split("/answer/")[1].split()[0] for m in mails}
    assert len(links) == 2, "each has a link of their own"
    assert "?lang=sv" in mails[0].text
    assert "somebody who is away" in mails[1].text


def test_an_answer_is_told_to_the_others_who_were_asked(story, scene, maker) -> None:
    row, approval = scene["row"], scene["approval"]
    stand_in = maker.person()
    today = now().date()
    maker.write(
        StandIn(person_id=story.manager.id, stand_in_id=stand_in.id, from_day=today, to_day=today)
    )
    decided = entry("enrolment.approval_decided", row.id, actor=stand_in.id, approval=approval.id)
    assert told(story.app, decided) == [("answered", story.manager.id)]


def test_news_go_to_who_leads_and_who_nominated_but_not_to_who_did_it(story, maker) -> None:
    other = maker.person()
    row = maker.enrolment(
        run=story.run, person=story.worker, manager=story.manager, nominated_by_id=other.id
    )
    seated = entry("enrolment.seated", row.id, actor=story.manager.id)
    assert told(story.app, seated) == [("seated", story.worker.id), ("news", other.id)]
    waits = entry("enrolment.waitlisted", row.id)
    assert told(story.app, waits) == [("waitlisted", story.worker.id), ("news", other.id)]


def test_a_late_withdrawal_is_told_once_to_each(story, scene) -> None:
    row = scene["row"]
    batch = (
        entry("enrolment.late_withdrawal", row.id, 1),
        entry("enrolment.withdrawn", row.id, 2, story.worker.id, old="seated"),
    )
    assert told(story.app, *batch) == [
        ("late_withdrawal", scene["lead"].id),
        ("news", story.manager.id),
        ("withdrawn", story.worker.id),
    ]


def test_what_is_about_a_run_goes_to_those_responsible(story, scene, maker) -> None:
    waiting = maker.enrolment(run=story.run, state="waitlisted")
    lead = scene["lead"].id
    for verb in ("under_minimum", "seats_released"):
        happened = entry(f"enrolment.{verb}", story.run.id, taken=1, minimum=4, seats=2)
        assert told(story.app, happened) == [(verb, lead)]
    drawn = entry("enrolment.drawn", story.run.id, seed="abc")
    assert told(story.app, drawn) == [("drawn", lead), ("drawn_place", waiting.person_id)]


def test_a_seat_handed_over_is_told_to_both_and_to_neither_twice(story, maker) -> None:
    workplace = maker.organisation()
    colleague = maker.person(language="sv")
    maker.assignment(person=colleague, organisation=workplace)
    row = maker.enrolment(
        run=story.run, person=story.worker, employer=workplace, manager=story.manager
    )
    with story.app.app_context(), unit_of_work():
        hand_over(row.id, colleague.id, SYSTEM)
    mails = {(mail.kind, mail.person_id): mail for mail in story.post()}
    assert mails.keys() == {
        ("handed_over", story.worker.id),
        ("seated", colleague.id),
        ("news", story.manager.id),
    }
    assert "METHOD:CANCEL" in mails["handed_over", story.worker.id].calendar
    assert "METHOD:REQUEST" in mails["seated", colleague.id].calendar


def test_who_has_left_hears_so_once_and_nothing_more(story, scene) -> None:
    with story.app.app_context(), unit_of_work():
        db.session.get_one(Person, story.worker.id).state = "active"
        people.leave(story.worker.id, actor=SYSTEM)
        queue("test:later", story.worker.id, "withdrawn", subject_id=scene["row"].id)
    mails = [mail for mail in story.post() if mail.person_id == story.worker.id]
    assert {(mail.kind, mail.state) for mail in mails} == {
        ("left", "sent"),
        ("withdrawn", "dropped"),
    }


def test_a_request_that_ran_out_because_the_run_began_is_told_rightly(story, scene) -> None:
    put_state(story.app, scene["row"].id, "lapsed")
    from lms.core.catalogue.models import Run

    with story.app.app_context(), unit_of_work():
        db.session.get_one(Run, story.run.id).state = "running"
    with story.app.app_context(), unit_of_work():
        set_language("en")
        about = About(person_id=story.manager.id, subject_id=scene["row"].id, values={})
        letter = write("lapsed_for_manager", about)
        assert letter is not None
        assert "ask again" not in letter.paragraphs[0]


def test_preferences_say_how_and_what_must_come_at_once_does(story) -> None:
    with story.app.app_context():
        with unit_of_work():
            choices = dict.fromkeys(TOPICS, "never") | {"requests": "weekly"}
            choose(story.manager.id, choices, SYSTEM)
        chosen = preferences_of([story.manager.id])[story.manager.id]
    assert how_for("asked", chosen) == "weekly"
    assert how_for("seated", chosen) == "never"
    for kind in ("offered", "reminder", "reset", "invitation", "session_moved", "cancelled"):
        assert how_for(kind, chosen) == "at_once"


def test_a_batch_of_many_takes_as_many_questions_as_one_of_few(story, scene, maker, count_queries):
    """5,000 participants of one run: each statement is the same, in pages of a thousand rows."""
    run = maker.run(capacity=6_000, sessions=1)
    number = 5_000
    with story.app.app_context(), unit_of_work():
        moment = now()
        first = db.session.scalar(select(func.max(Person.id))) or 0
        db.session.execute(
            insert(Person),
            [
                {
                    "id": first + n,
                    "key": new_key(),
                    "name": f"Deltager {n}",
                    "search_text": "",
                    "created_at": moment,
                }
                for n in range(1, number + 1)
            ],
        )
        base = db.session.scalar(select(func.max(Enrolment.id))) or 0
        db.session.execute(
            insert(Enrolment),
            [
                {
                    "id": base + n,
                    "key": new_key(),
                    "run_id": run.id,
                    "person_id": first + n,
                    "manager_id": story.manager.id,
                    "state": "seated",
                    "goal": "",
                    "answers": {},
                    "created_at": moment,
                    "changed_at": moment,
                }
                for n in range(1, number + 1)
            ],
        )
    counts = []
    for size in (20, number):
        batch = [entry("enrolment.seated", base + n, 10_000 * size + n) for n in range(1, size + 1)]
        with story.app.app_context(), count_queries() as queries, unit_of_work():
            lms_notice(batch)
        asked = [one for one in queries if not one.startswith("INSERT")]
        counts.append(len(asked))
        assert len(queries) - len(asked) <= 1 + 2 * size // 1000 + 1
    assert counts[0] == counts[1] <= 8
    with story.app.app_context():
        assert db.session.scalar(select(func.count()).where(Mail.kind == "seated")) == number + 20


def test_a_session_moved_and_one_cancelled_reach_everybody_with_a_seat(story, maker) -> None:
    from lms.core.catalogue.moving import cancel_session, move_session

    teacher = maker.person(name="Underviser")
    maker.team_member(run=story.run, person=teacher)
    seat = maker.enrolment(run=story.run, person=story.worker)
    maker.enrolment(run=story.run, state="waitlisted")
    first, second = maker.sessions_of(story.run)
    with story.app.app_context(), unit_of_work():
        later = second.starts_at + timedelta(days=1)
        move_session(second.id, later, later + timedelta(hours=2), SYSTEM, venue="Salen")
        cancel_session(first.id, SYSTEM, "Underviseren er syg.")
    mails = story.post()
    assert sorted((mail.kind, mail.person_id) for mail in mails) == sorted(
        [
            ("session_moved", story.worker.id),
            ("session_cancelled", story.worker.id),
            ("session_for_team", teacher.id),
            ("session_for_team", teacher.id),
        ]
    )
    by_kind = {mail.kind: mail for mail in mails}
    moved, cancelled = by_kind["session_moved"], by_kind["session_cancelled"]
    assert f"{second.key}-{seat.key}@localhost" in moved.calendar.replace("\r\n ", "")
    assert "METHOD:REQUEST" in moved.calendar
    assert "Salen" in moved.calendar
    assert "METHOD:CANCEL" in cancelled.calendar
    assert "Underviseren er syg." in cancelled.text
    with story.app.app_context():
        run = maker.reload(story.run)
        assert run.starts_at == later
        states = dict(db.session.execute(select(CourseSession.id, CourseSession.state)).all())
        assert (states[first.id], states[second.id]) == ("cancelled", "moved")


def test_a_reason_stands_in_the_mail(story, scene, maker) -> None:
    row = scene["row"]
    maker.write(
        Transition(enrolment_id=row.id, old="seated", new="withdrawn", at=now(), reason="Flytter.")
    )
    put_state(story.app, row.id, "withdrawn")
    with story.app.app_context(), unit_of_work():
        queue("test:out", story.worker.id, "withdrawn", subject_id=row.id)
    (mail,) = [mail for mail in story.post() if mail.kind == "withdrawn"]
    assert "Flytter." in mail.text
