"""Questions about certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true

from lms.api import Actor, db, employed_by, now
from lms_certificates.documents import CertificateDocument
from lms_certificates.models import Certificate

MANAGE = "certificates.manage"


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateFacts:
    """A certificate as it was issued, with how it stands now."""

    id: int
    key: str
    number: str
    code: str
    state: str
    kind: str
    language: str
    person_id: int | None
    enrolment_id: int | None
    issuer_id: int | None
    document: CertificateDocument
    digest: str
    issued_at: datetime
    file_id: int | None
    pdf_sha256: str | None
    ended_at: datetime | None
    ended_reason: str
    replaced_by_id: int | None


_COLUMNS = tuple(getattr(Certificate, name) for name in CertificateFacts.__dataclass_fields__)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Own certificates, and those of issuers where the actor manages certificates."""
    if actor.may(MANAGE):
        return true()
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.person_id is not None:
        conditions.append(Certificate.person_id == actor.person_id)
    if issuers := actor.organisations_with(MANAGE):
        conditions.append(Certificate.issuer_id.in_(issuers))
    return or_(*conditions)


def _facts(
    *conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[CertificateFacts]:
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_as_facts(row._asdict()) for row in rows]


def _as_facts(values: Mapping[str, Any]) -> CertificateFacts:
    document = CertificateDocument.from_json(values["document"])
    return CertificateFacts(**{**values, "document": document})


def of_person(person_id: int, *, limit: int, offset: int = 0) -> list[CertificateFacts]:
    """A person's certificates, newest first."""
    return _facts(Certificate.person_id == person_id, limit=limit, offset=offset)


def of_enrolments(enrolment_ids: Sequence[int]) -> list[CertificateFacts]:
    """Certificates of these enrolments, newest first."""
    return _facts(Certificate.enrolment_id.in_(enrolment_ids))


def of_employer(organisation_id: int, *, limit: int) -> list[CertificateFacts]:
    """Certificates of those who worked for an organisation when they took part, newest first."""
    return _facts(Certificate.enrolment_id.in_(employed_by([organisation_id])), limit=limit)


def managed_by(actor: Actor, *, limit: int, offset: int = 0) -> list[CertificateFacts]:
    """Certificates of the issuers this actor manages, newest first."""
    issuers = actor.organisations_with(MANAGE)
    theirs = true() if issuers is None else Certificate.issuer_id.in_(issuers)
    return _facts(theirs, limit=limit, offset=offset)


def may_end(certificate: CertificateFacts, actor: Actor) -> bool:
    """May the actor revoke or replace it? Who manages the issuer's certificates may, while it is
    in force; nobody decides about a certificate of their own."""
    return (
        certificate.state == "issued"
        and actor.may(MANAGE, certificate.issuer_id)
        and (actor.person_id is None or certificate.person_id != actor.person_id)
    )


def by_key(key: str, actor: Actor) -> CertificateFacts | None:
    """One certificate the actor may see."""
    return next(iter(_facts(Certificate.key == key, visible(actor))), None)


def with_keys(keys: Sequence[str], actor: Actor) -> list[CertificateFacts]:
    """The certificates with these keys that the actor may see, newest first."""
    return _facts(Certificate.key.in_(keys), visible(actor))


def by_id(certificate_id: int) -> CertificateFacts | None:
    """One certificate, whoever asks: for jobs, and for who was shown the way by another one."""
    return next(iter(_facts(Certificate.id == certificate_id)), None)


def by_code(code: str) -> CertificateFacts | None:
    """The certificate with this canonical code, for the public verify page."""
    return next(iter(_facts(Certificate.code == code)), None)


def was_issued_for(enrolment_id: int, kind: str) -> bool:
    """Did the enrolment ever get a certificate of this kind? A revoked one counts: it is for
    people to make another, never for a job that runs again."""
    found = db.session.scalar(
        select(Certificate.id)
        .where(Certificate.enrolment_id == enrolment_id, Certificate.kind == kind)
        .limit(1)
    )
    return found is not None


def unprinted_since(age: timedelta) -> int:
    """How many certificates were issued longer ago than `age` and have no file yet."""
    found = db.session.scalar(
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.file_id.is_(None), Certificate.pdf_sha256.is_(None))
        .where(Certificate.issued_at < now() - age)
    )
    return found or 0
