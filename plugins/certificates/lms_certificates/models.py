"""Tables of the certificates plugin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key, plugin_base

Base = plugin_base("certificates")


class NumberSeries(Base):  # type: ignore[valid-type,misc]
    """The last number given in a year; numbers are unbroken because they are given last."""

    __tablename__ = "certificates_number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Certificate(Base):  # type: ignore[valid-type,misc]
    """A certificate as it was issued. The row is the truth the verify page reads.

    `document` is the frozen `CertificateDocument` as its canonical JSON, kept as text so that the
    bytes stay those that `digest` (SHA-256) was taken of; `pdf_sha256` is that of the file. Keys
    into the core are set to null when what they point to goes; what the certificate says stays.
    """

    __tablename__ = "certificates_certificate"
    __table_args__ = (
        CheckConstraint("state IN ('issued', 'revoked', 'superseded')", name="state"),
        Index(
            "uq_certificates_certificate_enrolment_kind",
            "enrolment_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    number: Mapped[str] = mapped_column(Code(), unique=True)
    code: Mapped[str] = mapped_column(Code(26), unique=True)
    state: Mapped[str] = mapped_column(Code(), default="issued")
    kind: Mapped[str] = mapped_column(Code())
    language: Mapped[str] = mapped_column(Code(2))
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(
        fk("enrolment", ondelete="SET NULL"), index=True
    )
    issuer_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Code(64))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    file_id: Mapped[int | None] = mapped_column(fk("document", ondelete="SET NULL"), index=True)
    pdf_sha256: Mapped[str | None] = mapped_column(Code(64))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    replaced_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificates_certificate.id", ondelete="SET NULL"), index=True
    )
