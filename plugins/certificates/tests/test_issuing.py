"""From a completion to a certificate: once, numbered without gaps, printed once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.contracts import SYSTEM
from lms.core.messages.models import Mail
from lms.db import db, now
from lms.files import fetch
from lms.jobs import drain, retry_failed
from lms.jobs.models import Job
from lms.jobs.running import run_claimed
from lms.jobs.services import claim, sweep
from lms.journal import record
from lms.journal.models import JournalEntry
from lms.work import Conflict, unit_of_work
from lms_certificates import issuing
from lms_certificates.documents import CertificateDocument

PROVE = os.environ.get("LMS_PROVE") == "1"


def jobs(app, type_):
    with app.app_context():
        return [
            (job.state, job.attempts, job.error)
            for job in db.session.scalars(select(Job).where(Job.type == type_))
        ]


def hurry(app):
    """Make everything that waits for its time due now."""
    with app.app_context(), unit_of_work():
        db.session.query(Job).filter(Job.state == "queued").update({"due_at": now()})


def unbroken(certificates, year):
    return [c.number for c in sorted(certificates, key=lambda c: c.number)] == [
        f"{year}-{n:05d}" for n in range(1, len(certificates) + 1)
    ]


def test_notice_of_a_met_completion_ends_in_a_printed_certificate(lms_app, registry, maker):
    person = maker.person(name="Kim Prøve", language="sv")
    host = maker.organisation(name="Prøvelev Kommune")
    (enrolment,) = registry.completed(person, title="Øvelse", hosts=[host])
    with lms_app.app_context(), unit_of_work():
        record("learning.completion_met", "enrolment", enrolment.id, actor=SYSTEM)
    registry.work()
    (certificate,) = registry.all()
    document = CertificateDocument.from_json(certificate.document)
    assert (document.holder_name, document.title, document.language) == (
        "Kim Prøve",
        "Øvelse",
        "sv",
    )
    assert (document.issuer_name, document.rule_version) == ("Prøvelev Kommune", "specimen-1")
    assert (document.minutes_attended, document.minutes_total) == (300, 360)
    assert certificate.number == f"{document.issued_on[:4]}-00001"
    assert document.verify_url == f"http://localhost/certificates/verify/{certificate.code}"
    assert certificate.digest == hashlib.sha256(certificate.document.encode()).hexdigest()
    assert certificate.issuer_id == host.id
    with lms_app.app_context():
        facts, pdf = fetch(certificate.file_id)
    assert pdf.startswith(b"%PDF-1.7")
    assert hashlib.sha256(pdf).hexdigest() == certificate.pdf_sha256 == facts.sha256
    with lms_app.app_context():
        verbs = db.session.scalars(
            select(JournalEntry.verb).where(JournalEntry.subject_kind == "certificate")
        )
        assert list(verbs) == ["certificates.issued"]


def test_notice_ignores_what_is_not_about_completion(lms_app, registry, maker):
    (enrolment,) = registry.completed(maker.person(), result="not_met")
    with lms_app.app_context(), unit_of_work():
        record("learning.completion_not_met", "enrolment", enrolment.id, actor=SYSTEM)
    registry.work()
    assert registry.all() == []
    assert jobs(lms_app, issuing.ISSUE) == []


def test_jobs_issue_nothing_for_a_completion_that_is_not_met(lms_app, registry, maker):
    assert registry.issue(registry.completed(maker.person(), result="not_met")) == []
    assert jobs(lms_app, issuing.ISSUE) == [("done", 1, "")]


def test_the_holder_is_told_once(lms_app, registry, maker, quick_sheets):
    enrolments = registry.completed(maker.person())
    (certificate,) = registry.issue(enrolments)
    registry.issue(enrolments)
    with lms_app.app_context():
        mails = list(db.session.scalars(select(Mail.effect)))
    assert mails == [f"certificates:{certificate.id}:ready"]
    assert len(quick_sheets) == 1


def test_one_certificate_of_a_kind_also_when_it_is_revoked(lms_app, registry, maker, quick_sheets):
    enrolments = registry.completed(maker.person())
    (certificate,) = registry.issue(enrolments)
    with lms_app.app_context():
        with unit_of_work():
            assert issuing.revoke(certificate.id, "Forkert.", SYSTEM)
            db.session.query(Job).filter(Job.type == issuing.ISSUE).update(
                {"state": "queued", "due_at": now(), "attempts": 0}
            )
        drain()
    assert len(registry.all()) == 1
    assert jobs(lms_app, issuing.ISSUE) == [("done", 1, "")]


def test_the_year_of_the_number_is_that_of_the_date_on_the_sheet(
    registry, maker, quick_sheets, clock
):
    clock.stop_at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    (certificate,) = registry.issue(registry.completed(maker.person()))
    assert CertificateDocument.from_json(certificate.document).issued_on == "2027-01-01"
    assert certificate.number == "2027-00001"


def test_a_company_beside_an_institution_does_not_award(registry, maker, quick_sheets):
    company = maker.organisation(kind="company", country="SE")
    college = maker.organisation(kind="institution")
    enrolments = registry.completed(maker.person(), hosts=[company, college])
    (certificate,) = registry.issue(enrolments)
    document = CertificateDocument.from_json(certificate.document)
    assert (certificate.issuer_id, document.issuer_name) == (college.id, college.name)
    assert document.issuer_countries == ("SE", "DK")


def test_jobs_wait_for_a_course_type_that_is_away_then_fail_and_can_be_tried_again(
    lms_app, registry, maker, quick_sheets, issuer_plugin
):
    issuer_plugin.silent = True
    assert registry.issue(registry.completed(maker.person())) == []
    ((state, attempts, error),) = jobs(lms_app, issuing.ISSUE)
    assert (state, attempts) == ("queued", 1)
    assert "the course type does not answer" in error
    for _attempt in range(9):
        hurry(lms_app)
        registry.work()
    ((state, attempts, error),) = jobs(lms_app, issuing.ISSUE)
    assert (state, attempts) == ("failed", 10)
    assert "the course type does not answer" in error
    issuer_plugin.silent = False
    with lms_app.app_context(), unit_of_work():
        assert retry_failed(db.session.scalar(select(Job.id)), actor=SYSTEM)
    registry.work()
    (certificate,) = registry.all()
    assert certificate.number.endswith("-00001")


def test_jobs_say_which_elements_a_micro_credential_lacks(
    lms_app, registry, maker, quick_sheets, issuer_plugin
):
    issuer_plugin.kind = "micro"
    assert registry.issue(registry.completed(maker.person())) == []
    ((_state, _attempts, error),) = jobs(lms_app, issuing.ISSUE)
    for element in ("outcomes", "workload", "level", "assessment_method", "quality"):
        assert f"{element}: missing for kind micro" in error
    issuer_plugin.kind = "attendance"
    hurry(lms_app)
    registry.work()
    (certificate,) = registry.all()
    assert (certificate.kind, certificate.number[-6:]) == ("attendance", "-00001")


def test_an_identity_number_in_a_name_is_never_printed(lms_app, registry, maker, quick_sheets):
    assert registry.issue(registry.completed(maker.person(name="Kim 010190-1234"))) == []
    ((_state, _attempts, error),) = jobs(lms_app, issuing.ISSUE)
    assert "holder_name: holds a personal identity number" in error
    (certificate,) = registry.issue(registry.completed(maker.person()))
    assert certificate.number.endswith("-00001"), "the refused one took no number"


def test_hostile_words_are_printed_as_they_are(lms_app, registry, maker):
    name = "<script>alert(1)</script> {{ 7*7 }} %(x)s"
    (certificate,) = registry.issue(
        registry.completed(maker.person(name=name), title='<img src=x> & "q" \' æøå')
    )
    assert CertificateDocument.from_json(certificate.document).holder_name == name
    assert certificate.pdf_sha256


def test_numbers_are_unbroken_under_threads(lms_app, registry, maker, quick_sheets):
    people = [maker.person() for _ in range(60 if PROVE else 16)]
    enrolments = registry.completed(*people)
    registry.ask(enrolments)

    def work(name):
        deadline = time.monotonic() + 60
        while len(registry.all()) < len(people) and time.monotonic() < deadline:
            # Who meets another one at SQLite's door comes again, as a worker's process does.
            with contextlib.suppress(Conflict, OperationalError), lms_app.app_context():
                hurry(lms_app)
                while (claimed := claim(name)) is not None:
                    run_claimed(claimed)

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    certificates = registry.all()
    assert sorted(c.enrolment_id for c in certificates) == [e.id for e in enrolments]
    assert unbroken(certificates, certificates[0].number[:4])


def test_numbers_are_unbroken_when_workers_are_killed(
    lms_app, registry, maker, quick_sheets, issuing_site, tmp_path
):
    kills, people = (20, 200) if PROVE else (4, 30)
    enrolments = registry.completed(*(maker.person() for _ in range(people)))
    registry.ask(enrolments)
    where = [lms_app.config["DATABASE_URL"], str(lms_app.config["DATA_DIR"])]
    for kill in range(1, kills + 1):
        process = subprocess.Popen(
            [sys.executable, issuing_site.__file__, *where], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout.readline() == "ready\n"
            deadline = time.monotonic() + 30
            while len(registry.all()) < people * kill // (kills + 1):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.1))
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    deadline = time.monotonic() + 30
    while any(not c.file_id for c in registry.all()) or len(registry.all()) < people:
        assert time.monotonic() < deadline
        with lms_app.app_context():
            sweep()
        hurry(lms_app)
        registry.work()
        time.sleep(0.1)
    certificates = registry.all()
    assert sorted(c.enrolment_id for c in certificates) == [e.id for e in enrolments]
    assert unbroken(certificates, certificates[0].number[:4])
    assert len({c.code for c in certificates}) == people
    with lms_app.app_context():
        assert len(list(db.session.scalars(select(Mail.effect)))) == people
