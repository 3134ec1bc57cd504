"""One of everything in the world: runs in each state of need, enrolments, links, files, mails."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lms.contracts import SYSTEM
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.lists import try_list
from lms.core.enrolment.models import Enrolment, Invitation
from lms.core.enrolment.queries.imports import import_by_key
from lms.core.enrolment.services import importing
from lms.core.learning.models import Assessment, Attendance, Completion, Declaration, Waiver
from lms.core.messages.models import CalendarFeed, Mail, OrganisationText
from lms.core.users.models import ApiToken, Person, SingleUseLink
from lms.core.users.people_lists import from_json
from lms.core.users.queries import digest
from lms.core.users.services import keep_list, mint_api_token, plan
from lms.db import db, new_key, now
from lms.files import store
from lms.files.sheets import read_pasted
from lms.jobs.models import Job
from lms.journal import record, seal
from lms.journal.models import JournalEntry, JournalSetAside
from lms.work import unit_of_work
from tests.access.building import building
from tests.access.classroom import classroom
from tests.access.courses_calls import calls_of
from tests.access.courses_cases import cases_of
from tests.access.courses_o import offers_of
from tests.access.courses_p import panels
from tests.access.courses_s import students_at_work
from tests.access.courses_staff import staff_tracks
from tests.access.desk import desk
from tests.access.fairplay_a import contacts
from tests.access.fairplay_tenders import tenders
from tests.access.materials import materials
from tests.access.needs_a import problems
from tests.access.needs_b import gathered
from tests.access.needs_c import on_the_desk
from tests.access.needs_d import challenges
from tests.access.needs_e import idea_development
from tests.access.outlines import outlines
from tests.access.seats import seats
from tests.access.tasks import tasks
from tests.access.threads import threads
from tests.access.tries import tries
from tests.access.world import STAFF_TRACK, TRIAL, Arguments, Side, World


def things(world: World, name: str, side: Side) -> None:
    make = world.make
    things = dict(side.objects)
    open_run = make.run(
        course_type=STAFF_TRACK,
        title=f"Gå sikkert, {side.organisation.name}",
        hosts=[side.organisation],
    )
    internal = make.run(
        course_type=STAFF_TRACK,
        title=f"Lukket hold, {side.organisation.name}",
        hosts=[side.organisation],
        visibility="invited",
    )
    if name == "own":
        make.team_member(run=internal, person=world.people["company"], role="company_teacher")
    states = {
        "asked": "awaiting_approval",
        "offered": "offered",
        "over": "completed",
        "seat": "seated",
    }
    along = make.enrolment(
        run=make.run(
            course_type=STAFF_TRACK,
            title=f"Hold for to, {side.organisation.name}",
            hosts=[side.organisation],
        ),
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        state="requested",
        pair_key=new_key(),
        answer_due=now() + timedelta(days=5),
    )
    nominated = make.enrolment(
        run=make.run(
            course_type=STAFF_TRACK,
            title=f"Hold med spørgsmål, {side.organisation.name}",
            hosts=[side.organisation],
        ),
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        source="nomination",
        nominated_by_id=side.manager.id,
        state="requested",
        answer_due=now() + timedelta(days=5),
    )
    rows = {
        thing: make.enrolment(
            run=make.run(
                course_type=STAFF_TRACK,
                title=f"Hold for {thing}, {side.organisation.name}",
                hosts=[side.organisation],
            ),
            person=side.learner,
            employer=side.organisation,
            manager=side.manager,
            state=state,
        )
        for thing, state in states.items()
    }
    first = make.sessions_of(side.run)[0]
    make.write(
        Waiver(
            enrolment_id=side.enrolment.id, condition="declared", reason="Kan det alt", at=now()
        ),
        Assessment(
            enrolment_id=side.enrolment.id,
            outcome=0,
            level=2,
            method="work",
            assessor_id=world.people["teacher"].id,
            state="final",
            at=now(),
        ),
        _present(side.enrolment, first),
        Declaration(enrolment_id=side.enrolment.id, accepted=True, note="Vist", at=now()),
        Completion(
            enrolment_id=rows["over"].id,
            result="met",
            rule_version="1",
            minutes_attended=360,
            minutes_held=360,
            reasons=[],
            decided_at=now(),
        ),
    )
    finished = make.run(
        course_type=STAFF_TRACK,
        title=f"Afsluttet hold, {side.organisation.name}",
        state="running",
        hosts=[side.organisation],
        sessions=[now() - timedelta(days=3)],
    )
    done = make.enrolment(
        run=finished,
        person=side.learner,
        state="active",
        employer=side.organisation,
        manager=side.manager,
    )
    with world.app.test_request_context(), unit_of_work():
        held = CourseSession.run_id == finished.id
        db.session.execute(update(CourseSession).where(held).values(state="held"))
    last = make.sessions_of(finished)[0]
    make.write(_present(done, last), Declaration(enrolment_id=done.id, accepted=True, at=now()))
    suspended = make.person(name=f"Lukket ude, {side.organisation.name}", state="suspended")
    make.assignment(person=suspended, organisation=side.organisation)
    if name == "own":
        make.team_member(run=finished, person=world.people["teacher"])
        make.team_member(run=finished, person=world.people["company"], role="company_teacher")
    colleague = make.person(name=f"Kollega, {side.organisation.name}")
    make.assignment(person=colleague, organisation=side.organisation)
    role = make.access_role(person=colleague, role="evaluator", organisation=side.organisation)
    certificate = _certificate(world, side, rows["over"])
    _token, sign_in_key = world.sign_in(side.learner)
    make.write(
        OrganisationText(
            organisation_id=side.organisation.id,
            kind="seated",
            language="da",
            subject="Plads på {course}",
            body="Hej {name}, vi ses {when}.",
            changed_at=now(),
        )
    )
    things |= {
        "run": {"key": side.run.key},
        "finished run": {"key": finished.key},
        "colleague": {"key": colleague.key},
        "suspended person": {"key": suspended.key},
        "open run": {"key": open_run.key},
        "internal run": {"key": internal.key},
        "enrolment": {"key": side.enrolment.key},
        "participant": {"key": side.run.key, "enrolment_key": side.enrolment.key},
        "request": {"key": rows["asked"].key},
        "offer": {"key": rows["offered"].key},
        "seat": {"key": rows["seat"].key},
        "pair request": {"key": along.key},
        "asking nomination": {"key": nominated.key},
        "past enrolment": {"key": rows["over"].key},
        "role": {"key": colleague.key, "role_id": role.id},
        "sign-in": {"key": sign_in_key},
        "certificate": {"key": certificate.key},
        "code": {"code": certificate.code},
        "API token": {"key": _token_of(world, side.learner)},
        **_list_of_people(world, side),
        "list for a run": _list_for_a_run(world, open_run, colleague),
        "mail text": {"key": side.organisation.key, "kind": "seated", "code": "da"},
        **seats(world, side),
        **tasks(world, side),
        **tries(world, side),
        **threads(world, side, finished),
        **materials(world, name, side),
        **building(world, side),
        **desk(world, side, colleague),
        **classroom(world, name, side),
        **outlines(world, name, side),
        **problems(world, side),
        **idea_development(world, name, side),
        **on_the_desk(world, side),
        **gathered(world, side),
        **challenges(world, name, side),
        **calls_of(world, name, side),
        **cases_of(world, name, side),
        **panels(world, name, side),
        **offers_of(world, name, side),
        **students_at_work(world, name, side),
        **staff_tracks(world, name, side),
        **contacts(world, name, side),
        **tenders(world, side),
    }
    if name == "own":
        things["link for an answer"] = _link(
            world, "enrolment.decide", side.manager, rows["asked"].id
        )
        things["link for an offer"] = _link(
            world, "enrolment.offer", side.learner, rows["offered"].id
        )
        things["link to sign"] = _link(world, "learning.agreement", side.manager, side.enrolment.id)
        things["link for a pair"] = _link(world, "enrolment.pair", side.learner, along.id)
        things["link of a nomination"] = _link(
            world, "enrolment.questions", side.learner, nominated.id
        )
        things["link to a run"] = _invitation(world, internal)
        things["calendar address"] = _calendar(world, side.learner)
        things["reset link"] = _link(world, "reset", side.learner)
        invited = make.person(name="Ny medarbejder", state="invited")
        make.assignment(person=invited, organisation=side.organisation)
        things["invitation"] = _link(world, "invitation", invited)
    for thing, arguments in things.items():
        world.objects.setdefault(thing, {})[name] = arguments


def _list_for_a_run(world: World, run: Run, person: Person) -> Arguments:
    with world.app.test_request_context():
        with unit_of_work():
            sheet = read_pasted(f"E-mail\n{person.email}\nnobody@nowhere.example")
            _id, key = importing.keep_list(run.id, sheet, "", SYSTEM)
        try_list(import_by_key(key, run.id))
    return {"key": run.key, "list_key": key}


def _link(world: World, purpose: str, person: Person, subject_id: int | None = None) -> Arguments:
    token = secrets.token_urlsafe(16)
    world.make.write(
        SingleUseLink(
            token_hash=digest(token),
            purpose=purpose,
            person_id=person.id,
            subject_id=subject_id,
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )
    )
    return {"token": token}


def _invitation(world: World, run: Run) -> Arguments:
    token = secrets.token_urlsafe(16)
    world.make.write(
        Invitation(
            run_id=run.id,
            token_hash=digest(token),
            label="Prøve",
            created_at=now(),
            expires_at=now() + timedelta(days=5),
        )
    )
    return {"token": token}


def _calendar(world: World, person: Person) -> Arguments:
    token = secrets.token_urlsafe(24)
    world.make.write(
        CalendarFeed(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now(),
            last_used_at=now(),  # so that looking at it writes nothing
        )
    )
    return {"token": token}


def _token_of(world: World, person: Person) -> str:
    with world.app.test_request_context(), unit_of_work():
        mint_api_token(person.id, "Udtræk", timedelta(days=30), actor=SYSTEM)
        return str(db.session.scalar(select(ApiToken.key).where(ApiToken.person_id == person.id)))


def _list_of_people(world: World, side: Side) -> Mapping[str, Arguments]:
    where = side.organisation
    listed = from_json([{"employee_number": "1", "name": "Ny, Liste"}])
    assert listed is not None
    with world.app.test_request_context(), unit_of_work():
        planned = plan(listed.rows, where.id, "changes", actor=SYSTEM)
        key = keep_list(listed.rows, planned, (), actor=SYSTEM)
    return {"list of people": {"key": where.key, "list_key": key}, "sync": {"key": key}}


def _certificate(world: World, side: Side, enrolment: Enrolment) -> Any:
    from lms_certificates import verification_code
    from lms_certificates.documents import CertificateDocument
    from lms_certificates.models import Certificate

    code, number = verification_code.new(), f"2025-{side.organisation.id:05d}"
    document = CertificateDocument(
        kind="attendance",
        language="da",
        holder_name=f"{side.learner.name} før",
        title="Løft uden løft",
        statement="har deltaget i »Løft uden løft«.",
        not_line="Ingen har bedømt deltageren.",
        minutes_attended=360,
        minutes_total=360,
        issuer_name=side.organisation.name,
        issuer_countries=("DK",),
        issued_on="2026-07-10",
        number=number,
        code=code,
        verify_url=f"http://localhost/certificates/verify/{code}",
        rule_version="1",
    )
    row = Certificate(
        number=number,
        code=code,
        kind=document.kind,
        language=document.language,
        document=document.to_json(),
        digest=document.digest(),
        issued_at=now(),
        person_id=side.learner.id,
        enrolment_id=enrolment.id,
        issuer_id=side.organisation.id,
    )
    world.make.write(row)
    with world.app.test_request_context(), unit_of_work():
        file_id = store(
            b"%PDF-1.7 made up",
            media_type="application/pdf",
            file_name=f"{number}.pdf",
            title=number,
            language="da",
            subject=("certificate", row.id),
            actor=SYSTEM,
        )
        db.session.get_one(Certificate, row.id).file_id = file_id
    return row


def trials(world: World) -> None:
    """Mit hjem on its public pages, and on each side a trial with a participant."""
    from lms_technology_trials.demo.loading import load_mit_hjem
    from lms_technology_trials.models import Collaboration, Workshop

    with world.app.test_request_context():
        load_mit_hjem()
        slug = db.session.scalars(select(Collaboration.slug)).one()
        workshop = db.session.scalars(select(Workshop.slug)).first()
    world.objects["collaboration"] = {"own": {"slug": slug}}
    world.objects["workshop"] = {"own": {"slug": slug, "workshop": workshop}}
    for name, side in world.sides.items():
        run = world.make.run(
            course_type=TRIAL,
            title=f"Prøv ny teknologi, {side.organisation.name}",
            state="running",
            hosts=[side.organisation],
            sessions=[now() - timedelta(days=2)],
        )
        if name == "own":
            world.make.team_member(run=run, person=world.people["teacher"])
            world.make.team_member(run=run, person=world.people["company"], role="company_teacher")
        enrolment = world.make.enrolment(
            run=run,
            person=side.learner,
            employer=side.organisation,
            manager=side.manager,
            state="active",
        )
        world.objects.setdefault("trial run", {})[name] = {"key": run.key}
        world.objects.setdefault("trial enrolment", {})[name] = {"key": enrolment.key}


def for_the_site(world: World) -> None:
    moment = now()
    mail = Mail(
        effect="world:1",
        person_id=world.people["learner"].id,
        kind="seat",
        message_id="<world-1@localhost>",
        state="sent",
        to_address="assistent@proevelev.example",
        subject="Du har en plads",
        text="Du har en plads.",
        html="<p>Du har en plads.</p>",
        created_at=moment,
        sent_at=moment,
    )
    failed = Mail(
        effect="world:2",
        person_id=world.people["learner"].id,
        kind="seat",
        message_id="<world-2@localhost>",
        state="failed",
        created_at=moment,
    )
    job = Job(
        type="messages.send",
        args={},
        state="failed",
        due_at=moment,
        attempts=5,
        error="made up",
        created_at=moment,
        finished_at=moment,
    )
    world.make.write(mail, failed, job)

    with world.app.test_request_context():
        with unit_of_work():
            entry_id = record("person.changed", "person", 1, actor=SYSTEM)
        seal()
        entry = db.session.get_one(JournalEntry, entry_id)
        assert entry.position is not None
    set_aside = JournalSetAside(listener="courses", entry_id=entry_id, error="made up", at=moment)
    world.make.write(set_aside)
    world.objects |= {
        "mail": {"own": {"key": mail.key}},
        "failed mail": {"own": {"key": failed.key}},
        "job": {"own": {"key": job.key}},
        "set-aside entry": {"own": {"row_id": set_aside.id}},
        "plugin": {"own": {"name": "certificates", "act": "release"}},
        "settings": {"own": {"name": "certificates"}},
        "core file": {"own": {"filename": "samspil.css"}},
        "plugin file": {"own": _plugin_file(world)},
    }


def _plugin_file(world: World) -> Arguments:
    """The first static file that a plugin brings."""
    for name, plugin in sorted(world.app.extensions["lms_host"].records.items()):
        folder = plugin.package_path / "static"
        for path in sorted(folder.rglob("*.*")):
            return {"plugin": name, "path": path.relative_to(folder).as_posix()}
    raise LookupError("no plugin brings a static file")


def _present(enrolment: Enrolment, session: CourseSession) -> Attendance:
    minutes = int((session.ends_at - session.starts_at).total_seconds()) // 60
    return Attendance(
        enrolment_id=enrolment.id,
        course_session_id=session.id,
        minutes=minutes,
        mode="present",
        set_at=now(),
    )
