"""Many rows of everything, written in bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from lms.core.catalogue.models import CourseSession, CourseVersion, Run, RunHost, TeamMember
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.learning.models import Attendance, Declaration, Standing
from lms.core.messages.models import Mail
from lms.core.organisations.models import Organisation, OrganisationName, Unit
from lms.core.users.models import Assignment, Person, SignIn
from lms.db import db, new_key, now
from lms.jobs.models import Job
from lms.journal.models import JournalEntry
from tests.access.world import World


def crowd(world: World, number: int) -> None:
    """Add `number` runs, people, participants, mails, jobs ... to what the readers see."""
    with world.app.app_context(), Session(db.engine) as session:
        _people(world, session, number)
        _runs(world, session, number)
        _participants(world, session, number)
        _rest(world, session, number)
        _contacts(world, session, number)
        session.commit()


def _copy(session: Session, row: Any, times: int, /, **changes: Any) -> None:
    """Insert `number` copies of a row; a change may be a function of the copy's number."""
    table = type(row).__table__
    base = {
        column.name: getattr(row, column.key) for column in table.columns if column.name != "id"
    }
    rows = []
    for n in range(times):
        values = dict(base)
        if "key" in values:
            values["key"] = new_key()
        for name, value in changes.items():
            values[name] = value(n) if callable(value) else value
        rows.append(values)
    if rows:
        session.execute(insert(table), rows)


def _new_ids(session: Session, model: Any, number: int) -> list[int]:
    found = session.scalars(select(model.id).order_by(model.id.desc()).limit(number))
    return sorted(found)


def _people(world: World, session: Session, number: int) -> None:
    own = world.sides["own"]
    learner = session.get_one(Person, own.learner.id)
    _copy(
        session,
        learner,
        number,
        name=lambda n: f"Mange {n}",
        search_text=lambda n: f"mange {n}",
        email=lambda n: f"mange{n}@proevelev.example",
        email_key=lambda n: f"mange{n}@proevelev.example",
    )
    ids = _new_ids(session, Person, number)
    place = session.scalars(
        select(Assignment).where(Assignment.person_id == learner.id).limit(1)
    ).one()
    _copy(session, place, number, person_id=lambda n: ids[n])
    organisation = session.get_one(Organisation, own.organisation.id)
    _copy(
        session,
        organisation,
        number,
        name=lambda n: f"Mangelev Kommune {n}",
        search_text=lambda n: f"mangelev kommune {n}",
        registration_number=None,
    )
    name = session.scalars(select(OrganisationName).limit(1)).one()
    _copy(session, name, number, name=lambda n: f"Kortnavn {n}")
    unit = session.scalars(select(Unit).where(Unit.organisation_id == organisation.id)).first()
    _copy(session, unit, number, name=lambda n: f"Distrikt {n}")


def _runs(world: World, session: Session, number: int) -> None:
    own = world.sides["own"]
    version_id = session.scalar(select(func.min(CourseVersion.id)))
    opened = session.scalars(select(Run).where(Run.key == world.objects["open run"]["own"]["key"]))
    run = opened.one()
    _copy(
        session,
        run,
        number,
        course_version_id=version_id,
        search_text=lambda n: f"mange hold {n}",
        taken=0,
        queue_tail=0,
    )
    ids = _new_ids(session, Run, number)
    host = session.scalars(select(RunHost).where(RunHost.run_id == own.run.id)).one()
    _copy(session, host, number, run_id=lambda n: ids[n])
    meeting = session.scalars(
        select(CourseSession).where(CourseSession.run_id == run.id).limit(1)
    ).one()
    _copy(session, meeting, number, run_id=lambda n: ids[n])
    for reader in ("teacher", "company", "evaluator"):
        member = session.scalars(
            select(TeamMember).where(TeamMember.person_id == world.people[reader].id).limit(1)
        ).one()
        _copy(session, member, number, run_id=lambda n: ids[n])
    mine = session.get_one(Enrolment, own.enrolment.id)
    states = ("awaiting_approval", "seated", "active", "completed", "withdrawn")
    _copy(
        session,
        mine,
        number,
        run_id=lambda n: ids[n],
        state=lambda n: states[n % len(states)],
        answer_due=now() + timedelta(days=3),
    )


def _participants(world: World, session: Session, number: int) -> None:
    own = world.sides["own"]
    people = list(
        session.scalars(select(Person.id).where(Person.name.like("Mange %")).order_by(Person.id))
    )
    first = session.scalars(
        select(CourseSession).where(CourseSession.run_id == own.run.id).limit(1)
    ).one()
    mine = session.get_one(Enrolment, own.enrolment.id)
    keys = {
        thing: world.objects[thing]["own"]["key"] for thing in ("run", "finished run", "trial run")
    }
    for thing, key in keys.items():
        run_id = session.scalars(select(Run.id).where(Run.key == key)).one()
        states = ("active", "active", "waitlisted", "withdrawn") if thing == "run" else ("active",)
        session.execute(
            update(Run).where(Run.id == run_id).values(capacity=number + 99, taken=number)
        )
        _copy(
            session,
            mine,
            number,
            run_id=run_id,
            person_id=lambda n: people[n],
            state=lambda n, states=states: states[n % len(states)],
            position=lambda n, states=states: (
                n if states[n % len(states)] == "waitlisted" else None
            ),
        )
        ids = _new_ids(session, Enrolment, number)
        step = session.scalars(select(Transition).limit(1)).one()
        _copy(session, step, number, enrolment_id=lambda n, ids=ids: ids[n])
        standing = session.scalars(select(Standing).limit(1)).one()
        _copy(session, standing, number, enrolment_id=lambda n, ids=ids: ids[n])
        word = session.scalars(select(Declaration).limit(1)).one()
        _copy(session, word, number, enrolment_id=lambda n, ids=ids: ids[n])
        if thing == "run":
            mark = session.scalars(
                select(Attendance).where(Attendance.course_session_id == first.id).limit(1)
            ).one()
            _copy(session, mark, number, enrolment_id=lambda n, ids=ids: ids[n])


def _rest(world: World, session: Session, number: int) -> None:
    from lms_certificates.models import Certificate

    mail = session.scalars(select(Mail).limit(1)).one()
    _copy(session, mail, number, effect=lambda n: f"mange:{n}", message_id=lambda n: f"<m{n}@x>")
    job = session.scalars(select(Job).limit(1)).one()
    _copy(session, job, number, unique_key=None)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.position.is_not(None))).first()
    assert entry is not None
    _copy(session, entry, number, position=lambda n: 10_000 + n)
    token = session.scalars(select(SignIn).limit(1)).one()
    _copy(session, token, number, token_hash=lambda n: f"{n:064d}")
    certificate = session.scalars(select(Certificate).limit(1)).one()
    _copy(
        session,
        certificate,
        number,
        number=lambda n: f"2024-{n:05d}",
        code=lambda n: f"{n:026d}",
        enrolment_id=None,
        person_id=certificate.person_id,
    )


def _contacts(world: World, session: Session, number: int) -> None:
    """Companies, contacts of the readers' authority with theirs, corrections, aid."""
    from lms_fairplay.models import AidLine, ContactLine, Correction
    from lms_fairplay.models import Declaration as Word

    company = session.get_one(Organisation, world.company.id)
    _copy(
        session,
        company,
        number,
        name=lambda n: f"Mange Robot {n} ApS",
        search_text=lambda n: f"mange robot {n} aps",
        registration_number=None,
    )
    ids = _new_ids(session, Organisation, number)
    for model in (ContactLine, AidLine, Word):
        row = session.scalars(
            select(model).where(model.company_id == company.id).order_by(model.id).limit(1)
        ).one()
        _copy(session, row, number)
        _copy(session, row, number, company_id=lambda n: ids[n])
    said = session.scalars(select(Correction).order_by(Correction.id).limit(1)).one()
    lines = _new_ids(session, ContactLine, 2 * number)
    _copy(session, said, 2 * number, line_id=lambda n: lines[n])
