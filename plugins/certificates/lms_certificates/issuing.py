"""From a completion to a certificate: freeze what it says, allot the number, print it once.

Two jobs. The first asks the course type for details and, in the transaction that marks it done,
allots the number and writes the row: so numbers are unbroken and an enrolment gets one
certificate of a kind. The second renders the frozen document and stores the file with its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace as changed
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from lms.api import (
    SYSTEM,
    Actor,
    CertificateDetails,
    CompletionFacts,
    Finish,
    JobContext,
    LocalisedText,
    OrganisationFacts,
    RunFacts,
    certificate_details,
    completions_of,
    contains_identity_number,
    db,
    enqueue,
    link_records,
    new_key,
    now,
    organisations_by_id,
    people_by_id,
    queue_note,
    record,
    runs_by_id,
    sessions_of,
    settings_of,
    site_address,
    store,
)
from lms_certificates import queries, verification_code
from lms_certificates.documents import CertificateDocument
from lms_certificates.models import Certificate, NumberSeries
from lms_certificates.records import CERTIFICATE
from lms_certificates.sheets import words

ISSUE = "certificates.issue"
RENDER = "certificates.render"


class NotYetError(Exception):
    """What the certificate needs cannot be had just now; the job tries again later."""


def ask_for_certificates(enrolment_ids: Sequence[int]) -> None:
    """Put one issuing job in the queue for each completed enrolment, in the open transaction."""
    for enrolment_id in enrolment_ids:
        enqueue(ISSUE, {"enrolment": enrolment_id}, unique_key=f"{ISSUE}:{enrolment_id}")


def issue(context: JobContext) -> Finish | None:
    """The first job."""
    enrolment_id = int(context.args["enrolment"])
    completion = completions_of([enrolment_id]).get(enrolment_id)
    if completion is None or completion.result != "met":
        context.log("nothing to issue: the completion is not met")
        return None
    details = certificate_details([completion]).get(enrolment_id)
    if details is None:
        raise NotYetError("the course type does not answer what its certificate says")
    run = runs_by_id([completion.run_id])[completion.run_id]
    code = verification_code.new()

    def finish() -> None:
        if not queries.was_issued_for(enrolment_id, details.kind):
            _issue(completion, details, run, code)

    return finish


def _issue(
    completion: CompletionFacts, details: CertificateDetails, run: RunFacts, code: str
) -> None:
    person = people_by_id([completion.person_id])[completion.person_id]
    issuer = issuer_of(run)
    moment = now()
    issued_on = moment.astimezone(ZoneInfo(run.zone)).date()
    document = freeze(
        completion,
        details,
        run,
        issuer=issuer,
        holder=person.name,
        language=person.language,
        number=_next_number(issued_on.year),
        code=code,
        issued_on=issued_on.isoformat(),
    )
    key = new_key()
    certificate_id = _write(
        document,
        moment,
        key=key,
        person_id=completion.person_id,
        enrolment_id=completion.enrolment_id,
        issuer_id=issuer.id if issuer else None,
    )
    record(
        "certificates.issued",
        "certificate",
        certificate_id,
        actor=SYSTEM,
        data={"enrolment": completion.enrolment_id, "kind": document.kind},
    )
    link_records(("course", run.key), (CERTIFICATE, key), SYSTEM)


def _write(document: CertificateDocument, moment: datetime, *, key: str, **keys: int | None) -> int:
    """The row of a certificate, and the job that prints it. Returns the row's id."""
    document.refuse_texts(contains_identity_number, "holds a personal identity number")
    row = Certificate(
        key=key,
        number=document.number,
        code=document.code,
        kind=document.kind,
        language=document.language,
        document=document.to_json(),
        digest=document.digest(),
        issued_at=moment,
        **keys,
    )
    db.session.add(row)
    db.session.flush()
    enqueue(RENDER, {"certificate": row.id}, unique_key=f"{RENDER}:{row.id}")
    return row.id


def issuer_of(run: RunFacts) -> OrganisationFacts | None:
    """The first host that is no company, for a company alone does not award; else the first."""
    known = organisations_by_id(list(run.host_ids))
    hosts = [known[id_] for id_ in run.host_ids if id_ in known]
    return next((host for host in hosts if host.kind != "company"), hosts[0] if hosts else None)


def _next_number(year: int) -> str:
    """The next number of the year. The row of the series stays locked until the commit, so the
    next one waits, and a rollback gives the number back: the series has no gaps."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    last = db.session.execute(
        insert(NumberSeries)
        .values(year=year, last=1)
        .on_conflict_do_update(
            index_elements=[NumberSeries.year], set_={"last": NumberSeries.last + 1}
        )
        .returning(NumberSeries.last)
    ).scalar_one()
    prefix = str(settings_of("certificates")["number_prefix"])
    return f"{prefix}{year}-{last:05d}"


def freeze(
    completion: CompletionFacts,
    details: CertificateDetails,
    run: RunFacts,
    *,
    issuer: OrganisationFacts | None,
    holder: str,
    language: str,
    number: str,
    code: str,
    issued_on: str,
) -> CertificateDocument:
    """Everything the certificate says, as primitives in the holder's language."""

    def said(text: LocalisedText) -> str:
        return text.in_language(language)

    title = said(run.title)
    assessed = details.kind in ("competence", "micro")
    hosts = organisations_by_id(list(run.host_ids))
    countries = [hosts[id_].country for id_ in run.host_ids if id_ in hosts]
    zone = ZoneInfo(run.zone)
    held = [s for s in sessions_of([run.id]).get(run.id, ()) if s.state == "held"]
    statement = said(details.statement) or words.default_statement(
        details.kind,
        language,
        title=title,
        minutes_attended=completion.minutes_attended,
        minutes_total=completion.minutes_held,
    )
    return CertificateDocument(
        kind=details.kind,
        language=language,
        holder_name=holder,
        title=title,
        statement=statement,
        not_line=said(details.not_line) or words.default_not_line(details.kind, language),
        minutes_attended=completion.minutes_attended,
        minutes_total=completion.minutes_held,
        issuer_name=issuer.name if issuer else current_app.config["SITE_NAME"],
        issuer_countries=tuple(dict.fromkeys(countries)),
        issued_on=issued_on,
        number=number,
        code=code,
        verify_url=site_address("certificates.verified", code=code),
        rule_version=completion.rule_version,
        starts_on=held[0].starts_at.astimezone(zone).date().isoformat() if held else "",
        ends_on=held[-1].ends_at.astimezone(zone).date().isoformat() if held else "",
        outcomes=()
        if details.kind == "attendance"
        else tuple(said(outcome) for outcome in details.outcomes),
        assessment_method=said(details.assessment_method) if assessed else "",
        assessed_by=said(details.assessed_by) if assessed else "",
        practised_with=details.practised_with,
        programme_line=str(settings_of("certificates")["programme_line"]),
    )


def render(context: JobContext) -> Finish | None:
    """The second job: WeasyPrint is imported here, in the worker, and nowhere else."""
    certificate = queries.by_id(int(context.args["certificate"]))
    if certificate is None or certificate.file_id is not None:
        return None
    from lms_certificates.rendering import render as print_sheet

    pdf = print_sheet(certificate.document)
    context.log(f"{len(pdf)} bytes")

    def finish() -> None:
        row = db.session.get_one(Certificate, certificate.id)
        if row.file_id is not None:
            return
        document_id = store(
            pdf,
            media_type="application/pdf",
            file_name=f"{certificate.number}.pdf",
            title=f"{certificate.document.title} {certificate.number}",
            language=certificate.language,
            subject=("certificates.certificate", certificate.id),
            actor=SYSTEM,
        )
        row.file_id = document_id
        row.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
        db.session.flush()
        _tell_the_holder(certificate)

    return finish


def _tell_the_holder(certificate: queries.CertificateFacts) -> None:
    if certificate.person_id is None:
        return
    title = certificate.document.title
    queue_note(
        f"certificates:{certificate.id}:ready",
        certificate.person_id,
        subject=LocalisedText(
            da=f"Dit bevis er klar: {title}",
            sv=f"Ditt intyg är klart: {title}",
            en=f"Your certificate is ready: {title}",
        ),
        text=LocalisedText(
            da="Du kan hente det og vise det frem. Enhver kan se efter, at det er ægte.",
            sv="Du kan hämta det och visa upp det. Vem som helst kan kontrollera att det är äkta.",
            en="You can fetch it and show it. Anybody can check that it is real.",
        ),
        label=LocalisedText(da="Se beviset", sv="Se intyget", en="See the certificate"),
        url=site_address("certificates.show", key=certificate.key),
        why=LocalisedText(
            da="Du får denne mail, fordi du har gennemført et forløb.",
            sv="Du får det här mejlet för att du har genomfört en kurs.",
            en="You get this mail because you completed a course.",
        ),
    )


def revoke(certificate_id: int, reason: str, actor: Actor) -> bool:
    """Revoke a certificate in force; the reason is shown on the verify page. False when it was
    not in force any more."""
    if not _end(certificate_id, "revoked", reason):
        return False
    record("certificates.revoked", "certificate", certificate_id, actor=actor)
    return True


def _end(certificate_id: int, state: str, reason: str = "") -> bool:
    ended = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == "issued")
        .values(state=state, ended_at=now(), ended_reason=reason)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def replace(certificate_id: int, actor: Actor) -> str | None:
    """Issue the certificate anew with the holder's present name; the old one says that it is
    replaced. Returns the key of the new one, None when there is nothing to correct or the old
    one is not in force any more."""
    old = queries.by_id(certificate_id)
    holder = present_name(old)
    if old is None or holder is None or not _end(old.id, "superseded"):
        return None
    moment = now()
    issued_on = moment.astimezone(ZoneInfo(current_app.config["ZONE"])).date()
    code = verification_code.new()
    document = changed(
        old.document,
        holder_name=holder,
        number=_next_number(issued_on.year),
        code=code,
        verify_url=site_address("certificates.verified", code=code),
        issued_on=issued_on.isoformat(),
    )
    key = new_key()
    new_id = _write(
        document,
        moment,
        key=key,
        person_id=old.person_id,
        enrolment_id=old.enrolment_id,
        issuer_id=old.issuer_id,
    )
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == old.id)
        .values(replaced_by_id=new_id)
        .execution_options(synchronize_session=False)
    )
    record("certificates.replaced", "certificate", old.id, actor=actor, data={"by": new_id})
    link_records((CERTIFICATE, old.key), (CERTIFICATE, key), actor)
    return key


def present_name(certificate: queries.CertificateFacts | None) -> str | None:
    """What the holder is called now, when that is not what the certificate says."""
    if certificate is None or certificate.person_id is None:
        return None
    person = people_by_id([certificate.person_id]).get(certificate.person_id)
    if person is None or person.name == certificate.document.holder_name:
        return None
    return person.name
