"""Own certificates, those one manages, revoking and replacing, and who sees none of it."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import select

from lms.core.users.models import Person
from lms.db import db
from lms.journal.models import JournalEntry
from lms.testing.rows import Maker
from lms.work import unit_of_work


def at(certificate, rest=""):
    return f"/certificates/c/{certificate.key}{rest}"


def entries(app, certificate):
    with app.app_context():
        return [
            (entry.verb, entry.actor_id)
            for entry in db.session.scalars(
                select(JournalEntry).where(
                    JournalEntry.subject_kind == "certificate",
                    JournalEntry.subject_id == certificate.id,
                )
            )
        ]


# --- seeing ---------------------------------------------------------------------------------------


def test_the_holder_has_list_page_sheet_and_data(registry, town, signed_in):
    enrolments = registry.completed(town.holder, hosts=[town.issuer])
    (certificate,) = registry.issue(enrolments)
    browser = signed_in(town.holder)
    assert certificate.number in browser.get("/certificates").text
    page = browser.get(at(certificate))
    assert "Åse Øst Ærø" in page.text
    assert "/revoke" not in page.text
    sheet = browser.get(at(certificate, "/certificate.pdf"))
    assert sheet.mimetype == "application/pdf"
    assert hashlib.sha256(sheet.data).hexdigest() == certificate.pdf_sha256
    assert sheet.headers["Content-Disposition"] == f"attachment; filename={certificate.number}.pdf"
    assert sheet.headers["Cache-Control"] == "no-store"
    assert "noindex" in sheet.headers["X-Robots-Tag"]
    data = browser.get(at(certificate, "/certificate.json"))
    assert hashlib.sha256(data.data).hexdigest() == certificate.digest
    assert json.loads(data.data)["number"] == certificate.number


def test_nobody_else_learns_that_it_exists(client, registry, maker, town, signed_in, submit):
    certificate = registry.certificate(person=town.holder, issuer=town.issuer, name="Åse Øst")
    company_teacher = maker.person()
    maker.access_role(person=company_teacher, role="company_teacher", organisation=town.issuer)
    teacher = maker.person()
    maker.access_role(person=teacher, role="teacher", organisation=town.issuer)
    for stranger in (town.neighbour, company_teacher, teacher, maker.person()):
        browser = signed_in(stranger)
        for rest in ("", "/certificate.pdf", "/certificate.json", "/revoke", "/replace"):
            assert browser.get(at(certificate, rest)).status_code == 404
        assert submit(browser, at(certificate, "/revoke"), reason="Nej").status_code == 404
        assert submit(browser, at(certificate, "/replace")).status_code == 404
        assert certificate.number not in browser.get("/certificates").text
        assert certificate.number not in browser.get("/certificates/issued").text
    for rest in ("", "/certificate.pdf", "/certificate.json", "/revoke"):
        assert "/sign-in" in client.get(at(certificate, rest)).location
    assert registry.maker.reload(certificate).state == "issued"


def test_a_certificate_without_a_sheet_says_that_it_comes(registry, town, signed_in):
    certificate = registry.certificate(person=town.holder)
    browser = signed_in(town.holder)
    assert "certificate.pdf" not in browser.get(at(certificate)).text
    assert browser.get(at(certificate, "/certificate.pdf")).status_code == 404


def test_who_manages_sees_the_certificates_of_that_issuer(registry, town, signed_in):
    own = registry.certificate(person=town.holder, issuer=town.issuer)
    other = registry.certificate(name="Nabo Nabosen")
    page = signed_in(town.manager).get("/certificates/issued")
    assert own.number in page.text
    assert other.number not in page.text
    assert "Nabo Nabosen" not in page.text


@pytest.mark.parametrize("count", [5, 500])
def test_the_pages_ask_the_database_little(registry, town, signed_in, count_queries, count):
    rows = [
        registry.certificate(person=town.holder, issuer=town.issuer, write=False)
        for _number in range(count)
    ]
    Maker(registry.app).write(*rows)
    holder, manager = signed_in(town.holder), signed_in(town.manager)
    asked = {
        "/certificates": holder,
        "/certificates?page=2": holder,
        "/certificates/issued": manager,
        at(rows[0]): manager,
        at(rows[0], "/revoke"): manager,
        at(rows[0], "/replace"): manager,
    }
    for url, browser in asked.items():
        with count_queries() as queries:
            assert browser.get(url).status_code == 200, url
        assert len(queries) <= 10, url
    assert ("page=2" in holder.get("/certificates").text) is (count > 50)


# --- revoking and replacing -----------------------------------------------------------------------


def test_revoking_takes_a_reason_and_stands_in_the_journal(
    lms_app, client, registry, town, signed_in, submit
):
    certificate = registry.certificate(person=town.holder, issuer=town.issuer)
    browser = signed_in(town.manager)
    assert at(certificate, "/revoke") in browser.get(at(certificate)).text
    for empty in ("", "   ", "x" * 501):
        answer = submit(browser, at(certificate, "/revoke"), reason=empty)
        assert answer.status_code == 422
    assert registry.maker.reload(certificate).state == "issued"
    answer = submit(browser, at(certificate, "/revoke"), reason="Bedømt ved en fejl.")
    assert answer.status_code == 303
    row = registry.maker.reload(certificate)
    assert (row.state, row.ended_reason) == ("revoked", "Bedømt ved en fejl.")
    assert row.ended_at is not None
    assert entries(lms_app, certificate) == [("certificates.revoked", town.manager.id)]
    assert "Bedømt ved en fejl." in browser.get(at(certificate)).text
    assert "Bedømt ved en fejl." in client.get(f"/certificates/verify/{certificate.code}").text
    assert submit(browser, at(certificate, "/revoke"), reason="Igen.").status_code == 404


def test_a_reason_names_nobody(registry, town, signed_in, submit):
    certificate = registry.certificate(person=town.holder, issuer=town.issuer)
    browser = signed_in(town.manager)
    for reason in ("ÅSE ØST  ærø var der ikke.", "Nr. 010190-1234 var forkert."):
        answer = submit(browser, at(certificate, "/revoke"), reason=reason)
        assert answer.status_code == 422
        assert reason.split()[-1] in answer.text
    assert registry.maker.reload(certificate).state == "issued"


def test_nobody_ends_their_own_certificate(registry, town, signed_in, submit):
    certificate = registry.certificate(person=town.manager, issuer=town.issuer)
    browser = signed_in(town.manager)
    assert "/revoke" not in browser.get(at(certificate)).text
    assert submit(browser, at(certificate, "/revoke"), reason="Nej.").status_code == 404
    assert submit(browser, at(certificate, "/replace")).status_code == 404
    assert registry.maker.reload(certificate).state == "issued"


def test_a_corrected_name_makes_a_new_certificate(
    lms_app, client, registry, town, maker, signed_in, submit, quick_sheets
):
    enrolments = registry.completed(town.holder, hosts=[town.issuer])
    (old,) = registry.issue(enrolments)
    browser = signed_in(town.manager)
    assert "/replace" not in browser.get(at(old)).text
    assert submit(browser, at(old, "/replace")).status_code == 303
    assert len(registry.all()) == 1, "nothing to correct"
    with lms_app.app_context(), unit_of_work():
        db.session.get(Person, town.holder.id).name = "Åse Vest"
    assert "/replace" in browser.get(at(old)).text
    assert submit(browser, at(old, "/replace")).status_code == 303
    registry.work()
    old, new = registry.all()
    assert (old.state, old.replaced_by_id, new.state) == ("superseded", new.id, "issued")
    assert int(new.number[-5:]) == int(old.number[-5:]) + 1
    assert "Åse Vest" in new.document
    assert "Åse Vest" not in old.document
    assert new.code in new.document
    assert new.file_id is not None
    assert new.enrolment_id == old.enrolment_id
    assert entries(lms_app, old)[-1] == ("certificates.replaced", town.manager.id)
    assert new.code in client.get(f"/certificates/verify/{old.code}").text
    assert at(new) in signed_in(town.holder).get(at(old)).text
    assert submit(browser, at(old, "/replace")).status_code == 404


def test_a_name_that_cannot_be_printed_is_refused_kindly(
    lms_app, registry, town, maker, signed_in, submit
):
    long_name = maker.person(name="Navn " * 30)
    certificate = registry.certificate(person=long_name, issuer=town.issuer, name="Navn Kort")
    answer = submit(signed_in(town.manager), at(certificate, "/replace"))
    assert answer.status_code == 422
    assert registry.maker.reload(certificate).state == "issued"
    assert len(registry.all()) == 1
