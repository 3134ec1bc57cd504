"""Questions about certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from lms.api import Actor, db
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


def _facts(*conditions: ColumnElement[bool], limit: int = 200) -> list[CertificateFacts]:
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(limit)
    )
    return [_as_facts(row._asdict()) for row in rows]


def _as_facts(values: Mapping[str, Any]) -> CertificateFacts:
    document = CertificateDocument.from_json(values["document"])
    return CertificateFacts(**{**values, "document": document})


def of_person(person_id: int, *, limit: int = 200) -> list[CertificateFacts]:
    """A person's certificates, newest first."""
    return _facts(Certificate.person_id == person_id, limit=limit)


def of_enrolments(enrolment_ids: Sequence[int]) -> list[CertificateFacts]:
    """Certificates of these enrolments, newest first."""
    return _facts(Certificate.enrolment_id.in_(enrolment_ids))


def managed_by(actor: Actor, *, limit: int, offset: int = 0) -> list[CertificateFacts]:
    """Certificates of the issuers this actor manages, newest first."""
    issuers = actor.organisations_with(MANAGE)
    theirs = true() if issuers is None else Certificate.issuer_id.in_(issuers)
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(theirs)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_as_facts(row._asdict()) for row in rows]


def by_key(key: str, actor: Actor) -> CertificateFacts | None:
    """One certificate the actor may see."""
    return next(iter(_facts(Certificate.key == key, visible(actor))), None)


def by_id(certificate_id: int) -> CertificateFacts | None:
    """One certificate, whoever asks: for jobs."""
    return next(iter(_facts(Certificate.id == certificate_id)), None)


def by_code(code: str) -> CertificateFacts | None:
    """The certificate with this canonical code, for the public verify page."""
    return next(iter(_facts(Certificate.code == code)), None)


def issued_for(enrolment_id: int, kind: str) -> bool:
    """Is there a certificate of this kind in force for the enrolment?"""
    found = db.session.scalar(
        select(Certificate.id).where(
            Certificate.enrolment_id == enrolment_id,
            Certificate.kind == kind,
            Certificate.state == "issued",
        )
    )
    return found is not None
