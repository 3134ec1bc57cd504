"""What the core does for staff: a goal that the manager signs (CT2-1), a day caught up (CT2-6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.api import (
    SYSTEM,
    LocalisedText,
    Presence,
    accept_work,
    db,
    decide_completions,
    enrolments_by_id,
    lapse_overdue,
    now,
    set_attendance,
    start_work,
)
from lms.core.catalogue.models import CourseSession
from lms.core.learning.models import Activity
from lms.core.messages.models import Mail
from lms.jobs import drain
from lms.testing import csrf_of
from lms_certificates.models import Certificate
from lms_courses.types import STAFF

ATTENDANCE = {"version": "staff", "conditions": {"attendance": {"percent": 80}}}
GOAL = "Jeg vil kunne sætte ord på det, der driller."


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "challenges", "certificates"]


def mails(track: Any) -> list[tuple[str, str, str]]:
    """Kind, address and text of every mail that was sent, the oldest first."""
    with track.app.app_context():
        drain()
        rows = db.session.execute(
            select(Mail.kind, Mail.to_address, Mail.text).order_by(Mail.id)
        ).all()
    return [(row.kind, row.to_address, row.text) for row in rows]


def asked(track: Any) -> tuple[Any, int]:
    """Somebody asks for a seat on the page: the person, and the enrolment's id."""
    run = track.maker.run(
        version=track.maker.version(course_type=STAFF), course_type=STAFF, hosts=[track.host]
    )
    person = track.maker.person(name="Dina", language="en")
    track.maker.assignment(person=person, organisation=track.host, manager=track.manager)
    address = f"/catalogue/{run.key}/ask"
    without = track.post(person, address)
    assert without.status_code == 422
    assert "Write in one sentence" in without.text
    sent = track.post(person, address, goal=GOAL)
    assert sent.status_code == 303
    with track.app.app_context():
        from lms.core.enrolment.models import Enrolment

        enrolment_id = db.session.scalar(
            select(Enrolment.id).where(Enrolment.person_id == person.id)
        )
    assert enrolment_id is not None
    return person, enrolment_id


def state_of(track: Any, enrolment_id: int) -> tuple[str, str]:
    """The state, and the goal."""
    one = track.ask(enrolments_by_id, [enrolment_id])[enrolment_id]
    return one.state, one.goal


def test_ct2_1_the_manager_gets_a_mail_adjusts_and_signs_in_two_clicks(track: Any) -> None:
    _person, enrolment_id = asked(track)
    assert state_of(track, enrolment_id) == ("awaiting_approval", GOAL)
    ((text),) = [
        text for kind, to, text in mails(track) if (kind, to) == ("asked", track.manager.email)
    ]
    assert GOAL in text
    link = "/answer/" + text.split("/answer/")[1].split()[0]
    client = track.app.test_client()
    first = client.get(f"{link}?lang=en")  # one click, without signing in
    assert GOAL in first.text
    better = "Jeg vil kunne få én ting ændret."
    said = {"csrf_token": csrf_of(client), "answer": "yes", "goal": better}
    assert client.post(link, data=said).status_code == 303  # and the other
    assert state_of(track, enrolment_id) == ("seated", better)


def test_ct2_1_without_a_signature_the_place_is_free_after_ten_days_and_both_hear(
    track: Any, clock: Any
) -> None:
    person, enrolment_id = asked(track)
    mails(track)
    clock.move(days=9)
    track.do(lapse_overdue, SYSTEM)
    assert state_of(track, enrolment_id)[0] == "awaiting_approval"
    clock.move(days=1, seconds=1)
    track.do(lapse_overdue, SYSTEM)
    assert state_of(track, enrolment_id)[0] == "lapsed"
    told = {(kind, to) for kind, to, _text in mails(track)}
    assert {("lapsed", person.email), ("lapsed_for_manager", track.manager.email)} <= told


def test_ct2_6_a_day_that_is_caught_up_counts_and_the_certificate_says_the_same(
    track: Any,
) -> None:
    begun = [now() - timedelta(days=14), now() - timedelta(days=7)]
    run = track.maker.run(
        version=track.maker.version(course_type=STAFF),
        course_type=STAFF,
        state="running",
        hosts=[track.host],
        sessions=begun,
        rule=ATTENDANCE,
    )
    people = [track.maker.person(name=name, language="da") for name in ("Eva", "Finn")]
    there, away = (
        track.maker.enrolment(run=run, person=person, state="active") for person in people
    )
    days = track.maker.sessions_of(run)
    task = Activity(
        run_id=run.id,
        module=days[1].module,
        position=1,
        activity_type="session",
        title=LocalisedText(da="Indhent dagen"),
        minutes=180,
        others_minutes={},
        catch_up=True,
        outcomes=[],
        content={},
        changed_at=now(),
    )
    track.maker.write(task)

    def held() -> None:
        db.session.execute(
            update(CourseSession).where(CourseSession.run_id == run.id).values(state="held")
        )

    track.do(held)
    for day, mode in ((days[0], "present"), (days[1], "excused")):
        lines = [
            Presence(enrolment_id=there.id, mode="present"),
            Presence(enrolment_id=away.id, mode=mode, reason="" if mode == "present" else "work"),
        ]
        track.do(set_attendance, day.id, lines, SYSTEM)
    work = track.do(start_work, task.id, away.id, SYSTEM)
    track.do(accept_work, work, SYSTEM)
    decided = track.do(decide_completions, [there.id, away.id], SYSTEM)
    assert {one.result for one in decided.values()} == {"met"}
    assert len({one.minutes_attended for one in decided.values()}) == 1
    mails(track)
    with track.app.app_context():
        documents = [json.loads(text) for text in db.session.scalars(select(Certificate.document))]
    assert len(documents) == 2
    own = ("number", "code", "verify_url", "holder_name", "statement")
    assert len({document["holder_name"] for document in documents}) == 2
    same = [{k: v for k, v in document.items() if k not in own} for document in documents]
    assert same[0] == same[1]
    first, second = (
        document["statement"].replace(document["holder_name"], "") for document in documents
    )
    assert first == second
