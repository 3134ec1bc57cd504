"""The whole house with a small world in it: two organisations, nine readers, one of everything.

"Own" is what belongs to the readers' organisation, "neighbour" the same thing of another one,
"missing" what does not exist. Tests share one world per session; the fixture puts back what a
test has changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance, Completion, Declaration
from lms.core.messages.models import Mail
from lms.core.organisations.models import Organisation, OrganisationName
from lms.core.users.models import ApiToken, Person, SignIn, SingleUseLink
from lms.core.users.queries import digest
from lms.db import db, now
from lms.files import store
from lms.jobs.models import Job
from lms.journal import record, seal
from lms.journal.models import JournalEntry, JournalSetAside
from lms.testing.rows import Maker
from lms.work import unit_of_work
from tests.access.state import Content

READERS = (
    "guest",
    "learner",
    "teacher",
    "manager",
    "company",
    "lead",
    "institution",
    "evaluator",
    "site",
)
SIGNED_IN = READERS[1:]
SIDES = ("own", "neighbour", "missing")
PASSWORD = "fire rolige heste løber"
MISSING_KEY = "a2a2a2a2a2a2a2a2"

STAFF_TRACK = "staff_innovation_track"
TRIAL = "new_technology_trial"

Arguments = Mapping[str, Any]


@dataclass
class Side:
    """One organisation's half of the world."""

    organisation: Organisation
    learner: Person
    manager: Person
    run: Run
    enrolment: Enrolment
    objects: dict[str, Arguments] = field(default_factory=dict)


class World:
    """The app, who reads, and the address of each thing."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.make = Maker(app)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, str] = {}
        self.sign_in_keys: dict[str, str] = {}
        self.api_tokens: dict[str, str] = {}
        self.sides: dict[str, Side] = {}
        self.objects: dict[str, dict[str, Arguments]] = {}
        self.kept: Content = {}  # what stands in the database, to be put back

    # --- asking -------------------------------------------------------------------------------

    def client(self, reader: str) -> FlaskClient:
        """A browser in which this reader is signed in (nobody, for the guest)."""
        client = self.app.test_client()
        if reader != "guest":
            with client.session_transaction() as cookie:
                cookie["in"] = self.tokens[reader]
                cookie["seen"] = int(now().timestamp())
        return client

    def bearer(self, reader: str) -> dict[str, str]:
        """The header with which a reader's program is known."""
        if reader == "guest":
            return {}
        return {"Authorization": f"Bearer {self.api_tokens[reader]}"}

    def arguments(self, thing: str, side: str, reader: str) -> Arguments | None:
        """The arguments of a thing's address; None when there is no such side of it."""
        if thing == "-":
            return {} if side == "own" else None
        if thing == "sign-in" and side == "own":
            return {"key": self.sign_in_keys.get(reader, MISSING_KEY)}
        return self.objects[thing].get(side)

    def url(self, endpoint: str, arguments: Arguments) -> str:
        """The address of an endpoint without its host."""
        with self.app.test_request_context():
            from flask import url_for

            return url_for(endpoint, **arguments)

    # --- building -----------------------------------------------------------------------------

    def build(self) -> World:
        """Fill the empty database."""
        function = self.make.function(key="social-and-health-assistant")
        own = self._side("Prøvelev Kommune", function)
        neighbour = self._side("Nabolev Kommune", function)
        self.sides = {"own": own, "neighbour": neighbour}
        self._readers(own, function)
        for name, side in self.sides.items():
            self._things(name, side)
        self._trials()
        self.objects["function"] = {"own": {"function_id": function.id}}
        self._for_the_site()
        for thing, sides in self.objects.items():
            example = next(iter(sides.values()))
            sides["missing"] = {
                argument: _missing(argument, value) for argument, value in example.items()
            }
            if thing in ("link for an answer", "link for an offer", "reset link", "invitation"):
                sides["missing"] = {"token": secrets.token_urlsafe(16)}
        return self

    def _side(self, name: str, function: Any) -> Side:
        make = self.make
        organisation = make.organisation(name=name)
        unit = make.unit(organisation=organisation, name=f"Distrikt Nord, {name}")
        manager = make.person(name=f"Leder, {name}", password=PASSWORD)
        learner = make.person(name=f"Assistent, {name}", password=PASSWORD)
        make.assignment(person=manager, organisation=organisation, unit=unit, function=function)
        place = make.assignment(person=learner, unit=unit, function=function, manager=manager)
        begun = now() - timedelta(days=9)
        run = make.run(
            course_type=STAFF_TRACK,
            title=f"Løft uden løft, {name}",
            state="running",
            hosts=[organisation],
            sessions=[begun, begun + timedelta(days=7), begun + timedelta(days=14)],
            session_minutes=120,
            rule={
                "version": "1",
                "conditions": {"attendance": {"percent": 80}, "declared": {}},
            },
        )
        enrolment = make.enrolment(
            run=run, person=learner, state="active", employer=organisation, manager=manager
        )
        side = Side(organisation, learner, manager, run, enrolment)
        alias = OrganisationName(
            organisation_id=organisation.id, kind="alias", name=f"{name} (kort)"
        )
        make.write(alias)
        side.objects |= {
            "organisation": {"key": organisation.key},
            "name": {"key": organisation.key, "name_id": alias.id},
            "unit": {"key": organisation.key, "unit_key": unit.key},
            "person": {"key": learner.key},
            "place": {"key": learner.key, "place_key": place.key},
        }
        return side

    def _readers(self, own: Side, function: Any) -> None:
        make = self.make
        company = make.organisation(name="Opdigtet VR ApS", kind="company")
        self.company = company
        for reader in SIGNED_IN:
            if reader == "learner":
                person = own.learner
            elif reader == "manager":
                person = own.manager
            else:
                person = make.person(name=f"Læser, {reader}", password=PASSWORD)
            if reader not in ("learner", "manager", "site"):
                make.assignment(
                    person=person,
                    organisation=company if reader == "company" else own.organisation,
                    function=function,
                )
            self.people[reader] = person
            self.tokens[reader], self.sign_in_keys[reader] = self._sign_in(person)
            self.api_tokens[reader] = self._api_token(person)
        roles = {
            "teacher": "teacher",
            "lead": "programme_lead",
            "institution": "institution_admin",
            "evaluator": "evaluator",
        }
        for reader, role in roles.items():
            make.access_role(person=self.people[reader], role=role, organisation=own.organisation)
        make.access_role(
            person=self.people["company"], role="company_teacher", organisation=company
        )
        make.access_role(person=self.people["site"], role="site_admin")
        for reader in ("teacher", "company", "evaluator"):
            role = {"company": "company_teacher"}.get(reader, reader)
            make.team_member(run=own.run, person=self.people[reader], role=role)

    def _sign_in(self, person: Person) -> tuple[str, str]:
        token = secrets.token_urlsafe(32)
        row = SignIn(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now(),
            expires_at=now() + timedelta(hours=12),
            device="Firefox",
        )
        self.make.write(row)
        return token, row.key

    def _api_token(self, person: Person) -> str:
        token = secrets.token_urlsafe(32)
        self.make.write(
            ApiToken(
                person_id=person.id,
                token_hash=digest(token),
                name="Prøve",
                created_at=now(),
                expires_at=now() + timedelta(days=30),
            )
        )
        return token

    def _things(self, name: str, side: Side) -> None:
        make = self.make
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
            make.team_member(run=internal, person=self.people["company"], role="company_teacher")
        states = {"asked": "awaiting_approval", "offered": "offered", "over": "completed"}
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
        with self.app.test_request_context(), unit_of_work():
            held = CourseSession.run_id == finished.id
            db.session.execute(update(CourseSession).where(held).values(state="held"))
        last = make.sessions_of(finished)[0]
        make.write(_present(done, last), Declaration(enrolment_id=done.id, accepted=True, at=now()))
        suspended = make.person(name=f"Lukket ude, {side.organisation.name}", state="suspended")
        make.assignment(person=suspended, organisation=side.organisation)
        if name == "own":
            make.team_member(run=finished, person=self.people["teacher"])
            make.team_member(run=finished, person=self.people["company"], role="company_teacher")
        colleague = make.person(name=f"Kollega, {side.organisation.name}")
        make.assignment(person=colleague, organisation=side.organisation)
        role = make.access_role(person=colleague, role="evaluator", organisation=side.organisation)
        certificate = self._certificate(side, rows["over"])
        _token, sign_in_key = self._sign_in(side.learner)
        things |= {
            "run": {"key": side.run.key},
            "finished run": {"key": finished.key},
            "colleague": {"key": colleague.key},
            "suspended person": {"key": suspended.key},
            "open run": {"key": open_run.key},
            "internal run": {"key": internal.key},
            "enrolment": {"key": side.enrolment.key},
            "request": {"key": rows["asked"].key},
            "offer": {"key": rows["offered"].key},
            "past enrolment": {"key": rows["over"].key},
            "role": {"key": colleague.key, "role_id": role.id},
            "sign-in": {"key": sign_in_key},
            "certificate": {"key": certificate.key},
            "code": {"code": certificate.code},
        }
        if name == "own":
            things["link for an answer"] = self._link(
                "enrolment.decide", side.manager, rows["asked"].id
            )
            things["link for an offer"] = self._link(
                "enrolment.offer", side.learner, rows["offered"].id
            )
            things["reset link"] = self._link("reset", side.learner)
            invited = make.person(name="Ny medarbejder", state="invited")
            make.assignment(person=invited, organisation=side.organisation)
            things["invitation"] = self._link("invitation", invited)
        for thing, arguments in things.items():
            self.objects.setdefault(thing, {})[name] = arguments

    def _link(self, purpose: str, person: Person, subject_id: int | None = None) -> Arguments:
        token = secrets.token_urlsafe(16)
        self.make.write(
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

    def _certificate(self, side: Side, enrolment: Enrolment) -> Any:
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
        self.make.write(row)
        with self.app.test_request_context(), unit_of_work():
            from lms.contracts import SYSTEM

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

    def _trials(self) -> None:
        """Mit hjem on its public pages, and on each side a trial with a participant."""
        from lms_technology_trials.demo.loading import load_mit_hjem
        from lms_technology_trials.models import Collaboration, Workshop

        with self.app.test_request_context():
            load_mit_hjem()
            slug = db.session.scalars(select(Collaboration.slug)).one()
            workshop = db.session.scalars(select(Workshop.slug)).first()
        self.objects["collaboration"] = {"own": {"slug": slug}}
        self.objects["workshop"] = {"own": {"slug": slug, "workshop": workshop}}
        for name, side in self.sides.items():
            run = self.make.run(
                course_type=TRIAL,
                title=f"Prøv ny teknologi, {side.organisation.name}",
                state="running",
                hosts=[side.organisation],
                sessions=[now() - timedelta(days=2)],
            )
            if name == "own":
                self.make.team_member(run=run, person=self.people["teacher"])
                self.make.team_member(
                    run=run, person=self.people["company"], role="company_teacher"
                )
            enrolment = self.make.enrolment(
                run=run,
                person=side.learner,
                employer=side.organisation,
                manager=side.manager,
                state="active",
            )
            self.objects.setdefault("trial run", {})[name] = {"key": run.key}
            self.objects.setdefault("trial enrolment", {})[name] = {"key": enrolment.key}

    def _for_the_site(self) -> None:
        moment = now()
        mail = Mail(
            effect="world:1",
            person_id=self.people["learner"].id,
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
        self.make.write(mail, job)
        from lms.contracts import SYSTEM

        with self.app.test_request_context():
            with unit_of_work():
                entry_id = record("person.changed", "person", 1, actor=SYSTEM)
            seal()
            entry = db.session.get_one(JournalEntry, entry_id)
            assert entry.position is not None
        set_aside = JournalSetAside(
            listener="courses", entry_id=entry_id, error="made up", at=moment
        )
        self.make.write(set_aside)
        self.objects |= {
            "mail": {"own": {"key": mail.key}},
            "job": {"own": {"key": job.key}},
            "set-aside entry": {"own": {"row_id": set_aside.id}},
            "plugin": {"own": {"name": "certificates", "act": "release"}},
            "settings": {"own": {"name": "certificates"}},
            "core file": {"own": {"filename": "samspil.css"}},
            "plugin file": {"own": self._plugin_file()},
        }

    def _plugin_file(self) -> Arguments:
        """The first static file that a plugin brings."""
        for name, plugin in sorted(self.app.extensions["lms_host"].records.items()):
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


def _missing(argument: str, value: Any) -> Any:
    if isinstance(value, int):
        return 2**31 - 7
    if argument == "code":
        return "0" * len(value)
    return MISSING_KEY if argument.endswith("key") else "nothing-of-the-kind"
