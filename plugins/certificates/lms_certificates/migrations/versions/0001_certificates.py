"""certificates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificates_number_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificates_number_series")),
        info={"owner": "certificates"},
    )
    op.create_table(
        "certificates_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("issuer_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('issued', 'revoked', 'superseded')",
            name=op.f("ck_certificates_certificate_state"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_certificates_certificate_enrolment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["files_document.id"],
            name=op.f("fk_certificates_certificate_file_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_certificates_certificate_issuer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_certificates_certificate_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["certificates_certificate.id"],
            name=op.f("fk_certificates_certificate_replaced_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_certificate_code")),
        sa.UniqueConstraint("key", name=op.f("uq_certificates_certificate_key")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_certificate_number")),
        info={"owner": "certificates"},
    )
    op.create_index(
        op.f("ix_certificates_certificate_enrolment_id"),
        "certificates_certificate",
        ["enrolment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificates_certificate_file_id"),
        "certificates_certificate",
        ["file_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificates_certificate_issuer_id"),
        "certificates_certificate",
        ["issuer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificates_certificate_person_id"),
        "certificates_certificate",
        ["person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificates_certificate_replaced_by_id"),
        "certificates_certificate",
        ["replaced_by_id"],
        unique=False,
    )
    op.create_index(
        "uq_certificates_certificate_enrolment_kind",
        "certificates_certificate",
        ["enrolment_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )


def downgrade() -> None:
    op.drop_table("certificates_certificate")
    op.drop_table("certificates_number_series")
