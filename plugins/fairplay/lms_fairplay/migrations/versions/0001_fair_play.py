"""fair play"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fairplay_authority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_authority_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_authority")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_fairplay_authority_organisation_id")),
        info={"owner": "fairplay"},
    )
    op.create_table(
        "fairplay_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_fairplay_declaration_days")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_declaration_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_declaration_signed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_declaration")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_declaration_key")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        "ix_fairplay_declaration_company",
        "fairplay_declaration",
        ["company_id", "to_day"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fairplay_declaration_signed_by_id"),
        "fairplay_declaration",
        ["signed_by_id"],
        unique=False,
    )
    op.create_table(
        "fairplay_merger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_merger_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_merger_ended_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_merger_into_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_merger_written_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_merger")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        op.f("ix_fairplay_merger_company_id"), "fairplay_merger", ["company_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_merger_ended_by_id"), "fairplay_merger", ["ended_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_merger_into_id"), "fairplay_merger", ["into_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_merger_written_by_id"), "fairplay_merger", ["written_by_id"], unique=False
    )
    op.create_index(
        "ux_fairplay_merger_holds",
        "fairplay_merger",
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "fairplay_tender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_tender_authority_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_tender_registered_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_tender")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_tender_key")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        "ix_fairplay_tender_frozen",
        "fairplay_tender",
        ["authority_id", "category", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fairplay_tender_registered_by_id"),
        "fairplay_tender",
        ["registered_by_id"],
        unique=False,
    )
    op.create_table(
        "fairplay_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("up_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_line_id", sa.Integer(), nullable=False),
        sa.Column("line_ids", sa.JSON(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("masked", sa.Integer(), nullable=False),
        sa.Column("materials", sa.Integer(), nullable=False),
        sa.Column("document_keys", sa.JSON(), nullable=False),
        sa.Column("document_key", sa.String(length=16), nullable=False),
        sa.Column("public_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_pack_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["public_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_pack_public_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["tender_id"],
            ["fairplay_tender.id"],
            name=op.f("fk_fairplay_pack_tender_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_pack")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_pack_key")),
        sa.UniqueConstraint("tender_id", "number", name=op.f("uq_fairplay_pack_tender_id_number")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        op.f("ix_fairplay_pack_asked_by_id"), "fairplay_pack", ["asked_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_pack_public_by_id"), "fairplay_pack", ["public_by_id"], unique=False
    )
    op.create_table(
        "fairplay_aid_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=300), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "company_id IS NOT NULL OR ground = 'open_to_all'",
            name=op.f("ck_fairplay_aid_line_company"),
        ),
        sa.CheckConstraint(
            "ground != 'open_to_all' OR reason != ''", name=op.f("ck_fairplay_aid_line_reason")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_fairplay_aid_line_value")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_aid_line_authority_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_aid_line_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_fairplay_aid_line_run_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_aid_line_written_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_aid_line")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_aid_line_key")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        op.f("ix_fairplay_aid_line_authority_id"),
        "fairplay_aid_line",
        ["authority_id"],
        unique=False,
    )
    op.create_index(
        "ix_fairplay_aid_line_company", "fairplay_aid_line", ["company_id", "day"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_aid_line_run_id"), "fairplay_aid_line", ["run_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_aid_line_written_by_id"),
        "fairplay_aid_line",
        ["written_by_id"],
        unique=False,
    )
    op.create_index(
        "ux_fairplay_aid_line_open_to_all",
        "fairplay_aid_line",
        ["run_id"],
        unique=True,
        postgresql_where=sa.text("company_id IS NULL"),
        sqlite_where=sa.text("company_id IS NULL"),
    )
    op.create_table(
        "fairplay_contact_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("public_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_contact_line_authority_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_fairplay_contact_line_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_fairplay_contact_line_run_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_contact_line_written_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_contact_line")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_contact_line_key")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        "ix_fairplay_contact_line_company",
        "fairplay_contact_line",
        ["company_id", "at"],
        unique=False,
    )
    op.create_index(
        "ix_fairplay_contact_line_desk",
        "fairplay_contact_line",
        ["authority_id", "category", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fairplay_contact_line_run_id"), "fairplay_contact_line", ["run_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_contact_line_written_by_id"),
        "fairplay_contact_line",
        ["written_by_id"],
        unique=False,
    )
    op.create_table(
        "fairplay_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_correction_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_correction_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["fairplay_contact_line.id"],
            name=op.f("fk_fairplay_correction_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_correction")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_correction_key")),
        info={"owner": "fairplay"},
    )
    op.create_index(
        op.f("ix_fairplay_correction_answered_by_id"),
        "fairplay_correction",
        ["answered_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fairplay_correction_by_id"), "fairplay_correction", ["by_id"], unique=False
    )
    op.create_index(
        op.f("ix_fairplay_correction_line_id"), "fairplay_correction", ["line_id"], unique=False
    )
    op.create_table(
        "fairplay_running_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_fairplay_running_contact_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["fairplay_contact_line.id"],
            name=op.f("fk_fairplay_running_contact_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tender_id"],
            ["fairplay_tender.id"],
            name=op.f("fk_fairplay_running_contact_tender_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairplay_running_contact")),
        sa.UniqueConstraint("key", name=op.f("uq_fairplay_running_contact_key")),
        sa.UniqueConstraint(
            "tender_id", "line_id", name=op.f("uq_fairplay_running_contact_tender_id_line_id")
        ),
        info={"owner": "fairplay"},
    )
    op.create_index(
        op.f("ix_fairplay_running_contact_decided_by_id"),
        "fairplay_running_contact",
        ["decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fairplay_running_contact_line_id"),
        "fairplay_running_contact",
        ["line_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("fairplay_running_contact")
    op.drop_table("fairplay_correction")
    op.drop_table("fairplay_contact_line")
    op.drop_table("fairplay_aid_line")
    op.drop_table("fairplay_pack")
    op.drop_table("fairplay_tender")
    op.drop_table("fairplay_merger")
    op.drop_table("fairplay_declaration")
    op.drop_table("fairplay_authority")
