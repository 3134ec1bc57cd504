"""courses"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses_company_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("practice_host_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("hours_promised", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("alternative", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("need_kind", sa.String(length=40), nullable=False),
        sa.Column("need_key", sa.String(length=40), nullable=False),
        sa.Column("ownership", sa.String(length=40), nullable=False),
        sa.Column("with_nda", sa.Boolean(), nullable=False),
        sa.Column("rights_settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("practice_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("practice_checked_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_company_case_approved_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_company_case_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["users_person.id"],
            name=op.f("fk_courses_company_case_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_company_case_institution_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["practice_checked_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_company_case_practice_checked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["practice_host_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_company_case_practice_host_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_company_case_proposed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_company_case")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_company_case_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_company_case_approved_by_id"),
        "courses_company_case",
        ["approved_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_company_id"),
        "courses_company_case",
        ["company_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_contact_id"),
        "courses_company_case",
        ["contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_institution_id"),
        "courses_company_case",
        ["institution_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_practice_checked_by_id"),
        "courses_company_case",
        ["practice_checked_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_practice_host_id"),
        "courses_company_case",
        ["practice_host_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_proposed_by_id"),
        "courses_company_case",
        ["proposed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_company_case_state"), "courses_company_case", ["state"], unique=False
    )
    op.create_table(
        "courses_case_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_comment_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["courses_company_case.id"],
            name=op.f("fk_courses_case_comment_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_case_comment")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_case_comment_by_id"), "courses_case_comment", ["by_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_case_comment_case_id"), "courses_case_comment", ["case_id"], unique=False
    )
    op.create_table(
        "courses_case_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_version_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["courses_company_case.id"],
            name=op.f("fk_courses_case_version_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_case_version")),
        sa.UniqueConstraint(
            "case_id", "number", name=op.f("uq_courses_case_version_case_id_number")
        ),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_case_version_by_id"), "courses_case_version", ["by_id"], unique=False
    )
    op.create_table(
        "courses_nda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("institution_id IS NOT NULL", name=op.f("ck_courses_nda_institution")),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_nda_added_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["courses_company_case.id"],
            name=op.f("fk_courses_nda_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_nda_institution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_nda_signed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_nda")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_nda_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_nda_added_by_id"), "courses_nda", ["added_by_id"], unique=False
    )
    op.create_index(op.f("ix_courses_nda_case_id"), "courses_nda", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_courses_nda_institution_id"), "courses_nda", ["institution_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_nda_signed_by_id"), "courses_nda", ["signed_by_id"], unique=False
    )
    op.create_table(
        "courses_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("desk_key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("registration_number", sa.String(length=20), nullable=True),
        sa.Column("size", sa.String(length=40), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("left_because", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["users_person.id"],
            name=op.f("fk_courses_application_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_application_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_application_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_application_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_application")),
        sa.UniqueConstraint("desk_key", name=op.f("uq_courses_application_desk_key")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_application_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_application_contact_id"),
        "courses_application",
        ["contact_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_application_decided_by_id"),
        "courses_application",
        ["decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_application_organisation_id"),
        "courses_application",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_application_run_id"), "courses_application", ["run_id"], unique=False
    )
    op.create_index(
        "uq_courses_application_name",
        "courses_application",
        ["run_id", "country", "name_key"],
        unique=True,
        sqlite_where=sa.text("registration_number IS NULL AND state != 'withdrawn'"),
        postgresql_where=sa.text("registration_number IS NULL AND state != 'withdrawn'"),
    )
    op.create_index(
        "uq_courses_application_number",
        "courses_application",
        ["run_id", "country", "registration_number"],
        unique=True,
        sqlite_where=sa.text("registration_number IS NOT NULL AND state != 'withdrawn'"),
        postgresql_where=sa.text("registration_number IS NOT NULL AND state != 'withdrawn'"),
    )
    op.create_table(
        "courses_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_courses_call_times")),
        sa.CheckConstraint("places > 0 AND people > 0", name=op.f("ck_courses_call_places")),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_call_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_call_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_call")),
        sa.UniqueConstraint("run_id", name=op.f("uq_courses_call_run_id")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_call_created_by_id"), "courses_call", ["created_by_id"], unique=False
    )
    op.create_table(
        "courses_case_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("fallback_case_id", sa.Integer(), nullable=True),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hours_given", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_use_begun_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["courses_company_case.id"],
            name=op.f("fk_courses_case_use_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fallback_case_id"],
            ["courses_company_case.id"],
            name=op.f("fk_courses_case_use_fallback_case_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_case_use_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_case_use")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_case_use_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_case_use_begun_by_id"), "courses_case_use", ["begun_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_case_use_case_id"), "courses_case_use", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_case_use_fallback_case_id"),
        "courses_case_use",
        ["fallback_case_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_use_run_id"), "courses_case_use", ["run_id"], unique=False
    )
    op.create_index(
        "uq_courses_case_use_live",
        "courses_case_use",
        ["run_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "courses_panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_panel_released_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_panel_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_panel")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_panel_key")),
        sa.UniqueConstraint("run_id", "kind", name=op.f("uq_courses_panel_run_id_kind")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_panel_released_by_id"), "courses_panel", ["released_by_id"], unique=False
    )
    op.create_table(
        "courses_case_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_question_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_question_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_courses_case_question_group_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_case_question_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_case_question")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_case_question_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_case_question_answered_by_id"),
        "courses_case_question",
        ["answered_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_question_asked_by_id"),
        "courses_case_question",
        ["asked_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_question_group_id"),
        "courses_case_question",
        ["group_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_question_run_id"), "courses_case_question", ["run_id"], unique=False
    )
    op.create_table(
        "courses_case_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("response", sa.String(length=40), nullable=False),
        sa.Column("response_reason", sa.Text(), nullable=False),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_courses_case_result_group_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["responded_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_result_responded_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_case_result_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_result_sent_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_case_result_written_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_case_result")),
        sa.UniqueConstraint("group_id", name=op.f("uq_courses_case_result_group_id")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_case_result_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_case_result_responded_by_id"),
        "courses_case_result",
        ["responded_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_result_run_id"), "courses_case_result", ["run_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_case_result_sent_by_id"),
        "courses_case_result",
        ["sent_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_case_result_written_by_id"),
        "courses_case_result",
        ["written_by_id"],
        unique=False,
    )
    op.create_table(
        "courses_group_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("with_nda", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_courses_group_terms_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_group_terms_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_group_terms")),
        sa.UniqueConstraint("group_id", name=op.f("uq_courses_group_terms_group_id")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_group_terms_run_id"), "courses_group_terms", ["run_id"], unique=False
    )
    op.create_table(
        "courses_panel_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(application_id IS NULL) != (group_id IS NULL)",
            name=op.f("ck_courses_panel_subject_either"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["courses_application.id"],
            name=op.f("fk_courses_panel_subject_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_courses_panel_subject_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["courses_panel.id"],
            name=op.f("fk_courses_panel_subject_panel_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_panel_subject")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_panel_subject_key")),
        sa.UniqueConstraint(
            "panel_id",
            "application_id",
            name=op.f("uq_courses_panel_subject_panel_id_application_id"),
        ),
        sa.UniqueConstraint(
            "panel_id", "group_id", name=op.f("uq_courses_panel_subject_panel_id_group_id")
        ),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_panel_subject_application_id"),
        "courses_panel_subject",
        ["application_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_panel_subject_group_id"),
        "courses_panel_subject",
        ["group_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_panel_subject_panel_id"),
        "courses_panel_subject",
        ["panel_id"],
        unique=False,
    )
    op.create_table(
        "courses_test_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("commented_by_id", sa.Integer(), nullable=True),
        sa.Column("commented_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["courses_application.id"],
            name=op.f("fk_courses_test_plan_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commented_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_test_plan_commented_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_test_plan_host_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_test_plan_signed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_test_plan")),
        sa.UniqueConstraint("application_id", name=op.f("uq_courses_test_plan_application_id")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_test_plan_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_test_plan_commented_by_id"),
        "courses_test_plan",
        ["commented_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_test_plan_host_id"), "courses_test_plan", ["host_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_test_plan_signed_by_id"),
        "courses_test_plan",
        ["signed_by_id"],
        unique=False,
    )
    op.create_table(
        "courses_value_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["courses_application.id"],
            name=op.f("fk_courses_value_claim_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_value_claim_changed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_value_claim")),
        sa.UniqueConstraint(
            "application_id", "role", name=op.f("uq_courses_value_claim_application_id_role")
        ),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_value_claim_changed_by_id"),
        "courses_value_claim",
        ["changed_by_id"],
        unique=False,
    )
    op.create_table(
        "courses_journey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("checked_with", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_journey_checked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_journey_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_courses_journey_enrolment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_journey_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_journey")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_journey_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_journey_checked_by_id"), "courses_journey", ["checked_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_journey_created_by_id"), "courses_journey", ["created_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_journey_enrolment_id"), "courses_journey", ["enrolment_id"], unique=False
    )
    op.create_index(op.f("ix_courses_journey_run_id"), "courses_journey", ["run_id"], unique=False)
    op.create_table(
        "courses_nda_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nda_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_courses_nda_signature_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["nda_id"],
            ["courses_nda.id"],
            name=op.f("fk_courses_nda_signature_nda_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_nda_signature")),
        sa.UniqueConstraint(
            "nda_id", "enrolment_id", name=op.f("uq_courses_nda_signature_nda_id_enrolment_id")
        ),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_nda_signature_enrolment_id"),
        "courses_nda_signature",
        ["enrolment_id"],
        unique=False,
    )
    op.create_table(
        "courses_panel_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("understood", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("safe", sa.Integer(), nullable=False),
        sa.Column("good", sa.Text(), nullable=False),
        sa.Column("better", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "understood BETWEEN 1 AND 4 AND useful BETWEEN 1 AND 4 AND safe BETWEEN 1 AND 4",
            name=op.f("ck_courses_panel_form_scales"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_courses_panel_form_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["courses_panel_subject.id"],
            name=op.f("fk_courses_panel_form_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_panel_form")),
        sa.UniqueConstraint(
            "subject_id", "person_id", name=op.f("uq_courses_panel_form_subject_id_person_id")
        ),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_panel_form_person_id"), "courses_panel_form", ["person_id"], unique=False
    )
    op.create_table(
        "courses_slot_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("sees", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("materials_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("limits_slot_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_courses_slot_offer_minutes")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_slot_offer_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_slot_offer_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["catalogue_course_session.id"],
            name=op.f("fk_courses_slot_offer_course_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["limits_slot_id"],
            ["catalogue_teaching_slot.id"],
            name=op.f("fk_courses_slot_offer_limits_slot_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_slot_offer_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"],
            ["catalogue_teaching_slot.id"],
            name=op.f("fk_courses_slot_offer_slot_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"],
            ["users_person.id"],
            name=op.f("fk_courses_slot_offer_teacher_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_slot_offer")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_slot_offer_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_slot_offer_answered_by_id"),
        "courses_slot_offer",
        ["answered_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_slot_offer_company_id"), "courses_slot_offer", ["company_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_slot_offer_course_session_id"),
        "courses_slot_offer",
        ["course_session_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_slot_offer_limits_slot_id"),
        "courses_slot_offer",
        ["limits_slot_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_slot_offer_run_id"), "courses_slot_offer", ["run_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_slot_offer_slot_id"), "courses_slot_offer", ["slot_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_slot_offer_teacher_id"), "courses_slot_offer", ["teacher_id"], unique=False
    )
    op.create_table(
        "courses_tryout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("idea_kind", sa.String(length=40), nullable=False),
        sa.Column("idea_key", sa.String(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=300), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_courses_tryout_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["users_person.id"],
            name=op.f("fk_courses_tryout_manager_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_courses_tryout_partner_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_tryout_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_tryout")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_courses_tryout_enrolment_id")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_tryout_key")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_tryout_manager_id"), "courses_tryout", ["manager_id"], unique=False
    )
    op.create_index(
        op.f("ix_courses_tryout_partner_id"), "courses_tryout", ["partner_id"], unique=False
    )
    op.create_index(op.f("ix_courses_tryout_run_id"), "courses_tryout", ["run_id"], unique=False)
    op.create_table(
        "courses_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("tryout_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("carried_by", sa.String(length=200), nullable=False),
        sa.Column("wake_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_decision_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["users_person.id"],
            name=op.f("fk_courses_decision_recorded_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_courses_decision_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tryout_id"],
            ["courses_tryout.id"],
            name=op.f("fk_courses_decision_tryout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_decision")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_decision_key")),
        sa.UniqueConstraint("tryout_id", name=op.f("uq_courses_decision_tryout_id")),
        info={"owner": "courses"},
    )
    op.create_index(
        op.f("ix_courses_decision_decided_by_id"),
        "courses_decision",
        ["decided_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_decision_recorded_by_id"),
        "courses_decision",
        ["recorded_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_courses_decision_run_id"), "courses_decision", ["run_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("courses_decision")
    op.drop_table("courses_tryout")
    op.drop_table("courses_slot_offer")
    op.drop_table("courses_panel_form")
    op.drop_table("courses_nda_signature")
    op.drop_table("courses_journey")
    op.drop_table("courses_value_claim")
    op.drop_table("courses_test_plan")
    op.drop_table("courses_panel_subject")
    op.drop_table("courses_group_terms")
    op.drop_table("courses_case_result")
    op.drop_table("courses_case_question")
    op.drop_table("courses_panel")
    op.drop_table("courses_case_use")
    op.drop_table("courses_call")
    op.drop_table("courses_application")
    op.drop_table("courses_nda")
    op.drop_table("courses_case_version")
    op.drop_table("courses_case_comment")
    op.drop_table("courses_company_case")
