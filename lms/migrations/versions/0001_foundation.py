"""foundation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "home_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("both_ways", sa.JSON(), nullable=False),
        sa.Column("duration", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_home_programme_slug")),
    )
    op.create_table(
        "host_plugin_state",
        sa.Column("plugin", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("hook", sa.String(length=80), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_host_plugin_state")),
    )
    op.create_table(
        "jobs_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("unique_key", sa.String(length=160), nullable=True),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_job")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_job_key")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_jobs_job_unique_key")),
    )
    op.create_index("ix_jobs_job_due", "jobs_job", ["state", "due_at"], unique=False)
    op.create_table(
        "jobs_schedule",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "due_at", name=op.f("pk_jobs_schedule")),
    )
    op.create_table(
        "journal_cursor",
        sa.Column("listener", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("one_by_one_to", sa.Integer(), nullable=True),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("listener", name=op.f("pk_journal_cursor")),
    )
    op.create_table(
        "organisations_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations_function")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_function_key")),
    )
    op.create_table(
        "organisations_organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("registration_number", sa.String(length=20), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_organisations_organisation_parent_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations_organisation")),
        sa.UniqueConstraint(
            "country",
            "registration_number",
            name=op.f("uq_organisations_organisation_country_registration_number"),
        ),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_organisation_key")),
    )
    op.create_index(
        op.f("ix_organisations_organisation_kind"),
        "organisations_organisation",
        ["kind"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisations_organisation_parent_id"),
        "organisations_organisation",
        ["parent_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisations_organisation_search_text"),
        "organisations_organisation",
        ["search_text"],
        unique=False,
    )
    op.create_table(
        "settings_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=40), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_setting")),
        sa.UniqueConstraint(
            "plugin",
            "scope_kind",
            "scope_id",
            name=op.f("uq_settings_setting_plugin_scope_kind_scope_id"),
        ),
    )
    op.create_table(
        "users_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_person_email_key")),
        sa.UniqueConstraint("key", name=op.f("uq_users_person_key")),
    )
    op.create_index(
        op.f("ix_users_person_search_text"), "users_person", ["search_text"], unique=False
    )
    op.create_table(
        "web_once_key",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_web_once_key")),
    )
    op.create_index(
        op.f("ix_web_once_key_created_at"), "web_once_key", ["created_at"], unique=False
    )
    op.create_table(
        "web_rate_count",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "window_start", name=op.f("pk_web_rate_count")),
    )
    op.create_index(
        op.f("ix_web_rate_count_window_start"), "web_rate_count", ["window_start"], unique=False
    )
    op.create_table(
        "catalogue_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("course_type", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_catalogue_course_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_course")),
        sa.UniqueConstraint("key", name=op.f("uq_catalogue_course_key")),
    )
    op.create_index(
        op.f("ix_catalogue_course_course_type"), "catalogue_course", ["course_type"], unique=False
    )
    op.create_index(
        op.f("ix_catalogue_course_owner_id"), "catalogue_course", ["owner_id"], unique=False
    )
    op.create_table(
        "enrolment_stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_stand_in_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_stand_in_stand_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_stand_in")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_stand_in_key")),
    )
    op.create_index(
        "ix_enrolment_stand_in_days",
        "enrolment_stand_in",
        ["stand_in_id", "from_day", "to_day"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_stand_in_person_id"), "enrolment_stand_in", ["person_id"], unique=False
    )
    op.create_table(
        "files_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.Column("alt_text", sa.String(length=500), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_files_document_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files_document")),
        sa.UniqueConstraint("key", name=op.f("uq_files_document_key")),
    )
    op.create_index(
        op.f("ix_files_document_created_by_id"), "files_document", ["created_by_id"], unique=False
    )
    op.create_index(op.f("ix_files_document_sha256"), "files_document", ["sha256"], unique=False)
    op.create_index(
        "ix_files_document_subject", "files_document", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "home_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("unit", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("counting", sa.JSON(), nullable=False),
        sa.Column("course_types", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["home_programme.id"],
            name=op.f("fk_home_target_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_target")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_home_target_programme_id_code")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payload_salt", sa.String(length=40), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users_person.id"],
            name=op.f("fk_journal_entry_actor_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("position", name=op.f("uq_journal_entry_position")),
    )
    op.create_index(op.f("ix_journal_entry_actor_id"), "journal_entry", ["actor_id"], unique=False)
    op.create_index(
        "ix_journal_entry_subject", "journal_entry", ["subject_kind", "subject_id"], unique=False
    )
    op.create_index(
        "ix_journal_entry_unsealed",
        "journal_entry",
        ["id"],
        unique=False,
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_index(op.f("ix_journal_entry_verb"), "journal_entry", ["verb"], unique=False)
    op.create_table(
        "learning_snippet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_learning_snippet_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_snippet")),
    )
    op.create_index(
        op.f("ix_learning_snippet_person_id"), "learning_snippet", ["person_id"], unique=False
    )
    op.create_table(
        "messages_calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_messages_calendar_feed_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_calendar_feed")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_calendar_feed_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_messages_calendar_feed_token_hash")),
    )
    op.create_index(
        op.f("ix_messages_calendar_feed_person_id"),
        "messages_calendar_feed",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "messages_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("effect", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["messages_mail.id"],
            name=op.f("fk_messages_mail_digest_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_messages_mail_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_mail")),
        sa.UniqueConstraint("effect", name=op.f("uq_messages_mail_effect")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_mail_key")),
    )
    op.create_index(
        op.f("ix_messages_mail_created_at"), "messages_mail", ["created_at"], unique=False
    )
    op.create_index(
        op.f("ix_messages_mail_digest_id"), "messages_mail", ["digest_id"], unique=False
    )
    op.create_index(
        "ix_messages_mail_person_state", "messages_mail", ["person_id", "state"], unique=False
    )
    op.create_table(
        "messages_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_messages_preference_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_preference")),
        sa.UniqueConstraint(
            "person_id", "topic", name=op.f("uq_messages_preference_person_id_topic")
        ),
    )
    op.create_table(
        "messages_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["users_person.id"],
            name=op.f("fk_messages_text_changed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_messages_text_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_text")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "language",
            name=op.f("uq_messages_text_organisation_id_kind_language"),
        ),
    )
    op.create_index(
        op.f("ix_messages_text_changed_by_id"), "messages_text", ["changed_by_id"], unique=False
    )
    op.create_table(
        "organisations_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_organisations_name_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations_name")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_organisations_name_organisation_id_name")
        ),
    )
    op.create_index(
        op.f("ix_organisations_name_organisation_id"),
        "organisations_name",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "organisations_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_organisations_unit_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_unit_key")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_organisations_unit_organisation_id_name")
        ),
    )
    op.create_index(
        op.f("ix_organisations_unit_organisation_id"),
        "organisations_unit",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "records_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("from_kind", sa.String(length=40), nullable=False),
        sa.Column("from_key", sa.String(length=40), nullable=False),
        sa.Column("to_kind", sa.String(length=40), nullable=False),
        sa.Column("to_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "from_kind <> to_kind OR from_key <> to_key", name=op.f("ck_records_link_not_to_itself")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_records_link_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records_link")),
        sa.UniqueConstraint("key", name=op.f("uq_records_link_key")),
    )
    op.create_index(
        op.f("ix_records_link_created_by_id"), "records_link", ["created_by_id"], unique=False
    )
    op.create_index("ix_records_link_to", "records_link", ["to_kind", "to_key"], unique=False)
    op.create_index(
        "uq_records_link_ends",
        "records_link",
        ["from_kind", "from_key", "to_kind", "to_key"],
        unique=True,
    )
    op.create_table(
        "users_access_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_users_access_role_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_users_access_role_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_access_role")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "organisation_id",
            name=op.f("uq_users_access_role_person_id_role_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_users_access_role_organisation_id"),
        "users_access_role",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_users_access_role_person_id"), "users_access_role", ["person_id"], unique=False
    )
    op.create_index(
        "uq_users_access_role_site",
        "users_access_role",
        ["person_id", "role"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    )
    op.create_table(
        "users_api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_users_api_token_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_api_token")),
        sa.UniqueConstraint("key", name=op.f("uq_users_api_token_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_users_api_token_token_hash")),
    )
    op.create_index(
        op.f("ix_users_api_token_person_id"), "users_api_token", ["person_id"], unique=False
    )
    op.create_table(
        "users_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_users_sign_in_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_sign_in")),
        sa.UniqueConstraint("key", name=op.f("uq_users_sign_in_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_users_sign_in_token_hash")),
    )
    op.create_index(
        op.f("ix_users_sign_in_person_id"), "users_sign_in", ["person_id"], unique=False
    )
    op.create_table(
        "users_single_use_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_users_single_use_link_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_single_use_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_users_single_use_link_token_hash")),
    )
    op.create_index(
        op.f("ix_users_single_use_link_person_id"),
        "users_single_use_link",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "users_sync",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_users_sync_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_users_sync_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_sync")),
        sa.UniqueConstraint("key", name=op.f("uq_users_sync_key")),
    )
    op.create_index(
        op.f("ix_users_sync_created_by_id"), "users_sync", ["created_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_users_sync_organisation_id"), "users_sync", ["organisation_id"], unique=False
    )
    op.create_table(
        "catalogue_course_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("lead", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.JSON(), nullable=False),
        sa.Column("target_group", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("practice_minutes", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["users_person.id"],
            name=op.f("fk_catalogue_course_version_approved_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["catalogue_course.id"],
            name=op.f("fk_catalogue_course_version_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_catalogue_course_version_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_course_version")),
        sa.UniqueConstraint(
            "course_id", "number", name=op.f("uq_catalogue_course_version_course_id_number")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_catalogue_course_version_key")),
    )
    op.create_index(
        op.f("ix_catalogue_course_version_approved_by_id"),
        "catalogue_course_version",
        ["approved_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalogue_course_version_course_id"),
        "catalogue_course_version",
        ["course_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalogue_course_version_created_by_id"),
        "catalogue_course_version",
        ["created_by_id"],
        unique=False,
    )
    op.create_table(
        "enrolment_cost_centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_cost_centre_holder_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_enrolment_cost_centre_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_enrolment_cost_centre_unit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_cost_centre")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_cost_centre_key")),
        sa.UniqueConstraint(
            "organisation_id",
            "unit_id",
            name=op.f("uq_enrolment_cost_centre_organisation_id_unit_id"),
        ),
    )
    op.create_index(
        op.f("ix_enrolment_cost_centre_holder_id"),
        "enrolment_cost_centre",
        ["holder_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_cost_centre_unit_id"), "enrolment_cost_centre", ["unit_id"], unique=False
    )
    op.create_table(
        "journal_set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listener", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["journal_entry.id"],
            name=op.f("fk_journal_set_aside_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_set_aside")),
    )
    op.create_index(
        op.f("ix_journal_set_aside_entry_id"), "journal_set_aside", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_journal_set_aside_listener"), "journal_set_aside", ["listener"], unique=False
    )
    op.create_table(
        "users_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("employee_number", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_users_assignment_function_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["users_person.id"],
            name=op.f("fk_users_assignment_manager_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_users_assignment_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_users_assignment_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_users_assignment_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users_assignment")),
        sa.UniqueConstraint("key", name=op.f("uq_users_assignment_key")),
    )
    op.create_index(
        "ix_users_assignment_employee",
        "users_assignment",
        ["organisation_id", "employee_number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_users_assignment_function_id"), "users_assignment", ["function_id"], unique=False
    )
    op.create_index(
        op.f("ix_users_assignment_manager_id"), "users_assignment", ["manager_id"], unique=False
    )
    op.create_index(
        op.f("ix_users_assignment_person_id"), "users_assignment", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_users_assignment_unit_id"), "users_assignment", ["unit_id"], unique=False
    )
    op.create_table(
        "catalogue_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("course_type", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("queue_tail", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("enrol_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("rule_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "taken >= 0 AND held >= 0 AND taken + held <= capacity",
            name=op.f("ck_catalogue_run_seats"),
        ),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["catalogue_course_version.id"],
            name=op.f("fk_catalogue_run_course_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_run")),
        sa.UniqueConstraint("key", name=op.f("uq_catalogue_run_key")),
    )
    op.create_index(
        op.f("ix_catalogue_run_course_type"), "catalogue_run", ["course_type"], unique=False
    )
    op.create_index(
        op.f("ix_catalogue_run_course_version_id"),
        "catalogue_run",
        ["course_version_id"],
        unique=False,
    )
    op.create_index(
        "ix_catalogue_run_listed",
        "catalogue_run",
        ["visibility", "state", "starts_at"],
        unique=False,
    )
    op.create_table(
        "catalogue_version_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_catalogue_version_note_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["catalogue_course_version.id"],
            name=op.f("fk_catalogue_version_note_course_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_version_note")),
    )
    op.create_index(
        op.f("ix_catalogue_version_note_by_id"), "catalogue_version_note", ["by_id"], unique=False
    )
    op.create_index(
        op.f("ix_catalogue_version_note_course_version_id"),
        "catalogue_version_note",
        ["course_version_id"],
        unique=False,
    )
    op.create_table(
        "catalogue_course_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("between", sa.JSON(), nullable=False),
        sa.Column("between_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_catalogue_course_session_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_course_session")),
        sa.UniqueConstraint("key", name=op.f("uq_catalogue_course_session_key")),
        sa.UniqueConstraint(
            "run_id", "position", name=op.f("uq_catalogue_course_session_run_id_position")
        ),
    )
    op.create_index(
        op.f("ix_catalogue_course_session_starts_at"),
        "catalogue_course_session",
        ["starts_at"],
        unique=False,
    )
    op.create_table(
        "catalogue_run_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_catalogue_run_host_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_catalogue_run_host_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_run_host")),
        sa.UniqueConstraint(
            "run_id", "organisation_id", name=op.f("uq_catalogue_run_host_run_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_catalogue_run_host_organisation_id"),
        "catalogue_run_host",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "catalogue_team_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_catalogue_team_member_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_catalogue_team_member_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_team_member")),
        sa.UniqueConstraint(
            "run_id",
            "person_id",
            "role",
            name=op.f("uq_catalogue_team_member_run_id_person_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_catalogue_team_member_person_id"),
        "catalogue_team_member",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "enrolment_entry_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_enrolment_entry_rule_function_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_enrolment_entry_rule_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_entry_rule_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_enrolment_entry_rule_unit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_entry_rule")),
    )
    op.create_index(
        op.f("ix_enrolment_entry_rule_function_id"),
        "enrolment_entry_rule",
        ["function_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_entry_rule_organisation_id"),
        "enrolment_entry_rule",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_entry_rule_run_id"), "enrolment_entry_rule", ["run_id"], unique=False
    )
    op.create_index(
        op.f("ix_enrolment_entry_rule_unit_id"), "enrolment_entry_rule", ["unit_id"], unique=False
    )
    op.create_table(
        "enrolment_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_import_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_import_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_import")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_import_key")),
    )
    op.create_index(
        op.f("ix_enrolment_import_created_by_id"),
        "enrolment_import",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_import_run_id"), "enrolment_import", ["run_id"], unique=False
    )
    op.create_table(
        "enrolment_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_invitation_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_invitation_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_invitation")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_invitation_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enrolment_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_enrolment_invitation_created_by_id"),
        "enrolment_invitation",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_invitation_run_id"), "enrolment_invitation", ["run_id"], unique=False
    )
    op.create_table(
        "enrolment_reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "used >= 0 AND used <= seats", name=op.f("ck_enrolment_reservation_used")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_enrolment_reservation_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_reservation_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_reservation")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_reservation_key")),
        sa.UniqueConstraint(
            "run_id",
            "organisation_id",
            name=op.f("uq_enrolment_reservation_run_id_organisation_id"),
        ),
    )
    op.create_index(
        "ix_enrolment_reservation_due",
        "enrolment_reservation",
        ["released_at", "release_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_reservation_organisation_id"),
        "enrolment_reservation",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "enrolment_terms",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("entry_key", sa.String(length=60), nullable=True),
        sa.Column("approval", sa.String(length=40), nullable=False),
        sa.Column("approvers", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minimum_decision", sa.String(length=40), nullable=True),
        sa.Column("per_employer", sa.Integer(), nullable=True),
        sa.Column("in_pairs", sa.Boolean(), nullable=False),
        sa.Column("waiting_rule", sa.String(length=80), nullable=False),
        sa.Column("draw_seed", sa.String(length=64), nullable=True),
        sa.Column("draw_digest", sa.String(length=64), nullable=True),
        sa.Column("draw_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("after_no", sa.String(length=40), nullable=False),
        sa.Column("withdraw_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_terms_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_enrolment_terms")),
    )
    op.create_index(
        op.f("ix_enrolment_terms_draw_at"), "enrolment_terms", ["draw_at"], unique=False
    )
    op.create_table(
        "learning_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("activity_type", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("others_minutes", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("catch_up", sa.Boolean(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("opens_day", sa.Integer(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(course_version_id IS NULL) <> (run_id IS NULL)",
            name=op.f("ck_learning_activity_one_place"),
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_learning_activity_minutes")),
        sa.ForeignKeyConstraint(
            ["after_id"],
            ["learning_activity.id"],
            name=op.f("fk_learning_activity_after_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_activity_changed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["catalogue_course_version.id"],
            name=op.f("fk_learning_activity_course_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_learning_activity_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["learning_activity.id"],
            name=op.f("fk_learning_activity_source_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_activity")),
        sa.UniqueConstraint("key", name=op.f("uq_learning_activity_key")),
    )
    op.create_index(
        op.f("ix_learning_activity_after_id"), "learning_activity", ["after_id"], unique=False
    )
    op.create_index(
        op.f("ix_learning_activity_changed_by_id"),
        "learning_activity",
        ["changed_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_learning_activity_in_run", "learning_activity", ["run_id", "position"], unique=False
    )
    op.create_index(
        "ix_learning_activity_in_version",
        "learning_activity",
        ["course_version_id", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_activity_source_id"), "learning_activity", ["source_id"], unique=False
    )
    op.create_table(
        "learning_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_learning_group_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_group")),
        sa.UniqueConstraint("key", name=op.f("uq_learning_group_key")),
        sa.UniqueConstraint("run_id", "name", name=op.f("uq_learning_group_run_id_name")),
    )
    op.create_table(
        "catalogue_teaching_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("sees", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["catalogue_course_session.id"],
            name=op.f("fk_catalogue_teaching_slot_course_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_catalogue_teaching_slot_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_catalogue_teaching_slot_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_teaching_slot")),
    )
    op.create_index(
        op.f("ix_catalogue_teaching_slot_course_session_id"),
        "catalogue_teaching_slot",
        ["course_session_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalogue_teaching_slot_organisation_id"),
        "catalogue_teaching_slot",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalogue_teaching_slot_person_id"),
        "catalogue_teaching_slot",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "enrolment_enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.String(length=500), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("pair_key", sa.String(length=16), nullable=True),
        sa.Column("handed_from_id", sa.Integer(), nullable=True),
        sa.Column("nominated_by_id", sa.Integer(), nullable=True),
        sa.Column("goal_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("goal_signed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_enrolment_enrolment_employer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_enrolment_enrolment_function_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["goal_signed_by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_enrolment_goal_signed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["handed_from_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_enrolment_enrolment_handed_from_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_enrolment_manager_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["nominated_by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_enrolment_nominated_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_enrolment_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["enrolment_reservation.id"],
            name=op.f("fk_enrolment_enrolment_reservation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_enrolment_enrolment_run_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_enrolment_enrolment_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_enrolment")),
        sa.UniqueConstraint("key", name=op.f("uq_enrolment_enrolment_key")),
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_employer_id"),
        "enrolment_enrolment",
        ["employer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_function_id"),
        "enrolment_enrolment",
        ["function_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_goal_signed_by_id"),
        "enrolment_enrolment",
        ["goal_signed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_handed_from_id"),
        "enrolment_enrolment",
        ["handed_from_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_enrolment_manager_state",
        "enrolment_enrolment",
        ["manager_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_nominated_by_id"),
        "enrolment_enrolment",
        ["nominated_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_pair_key"), "enrolment_enrolment", ["pair_key"], unique=False
    )
    op.create_index(
        "ix_enrolment_enrolment_person_state",
        "enrolment_enrolment",
        ["person_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_reservation_id"),
        "enrolment_enrolment",
        ["reservation_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_enrolment_run_state",
        "enrolment_enrolment",
        ["run_id", "state", "rank", "position"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_enrolment_unit_id"), "enrolment_enrolment", ["unit_id"], unique=False
    )
    op.create_index(
        "uq_enrolment_enrolment_live",
        "enrolment_enrolment",
        ["person_id", "run_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('active', 'awaiting_approval', 'offered', 'requested', 'seated', 'waitlisted')"
        ),
        postgresql_where=sa.text(
            "state IN ('active', 'awaiting_approval', 'offered', 'requested', 'seated', 'waitlisted')"
        ),
    )
    op.create_table(
        "learning_check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("late_after", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["catalogue_course_session.id"],
            name=op.f("fk_learning_check_in_course_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_check_in_opened_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_check_in")),
        sa.UniqueConstraint(
            "course_session_id", name=op.f("uq_learning_check_in_course_session_id")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_learning_check_in_key")),
    )
    op.create_index(
        op.f("ix_learning_check_in_opened_by_id"),
        "learning_check_in",
        ["opened_by_id"],
        unique=False,
    )
    op.create_table(
        "learning_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("by_team", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["learning_activity.id"],
            name=op.f("fk_learning_comment_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users_person.id"],
            name=op.f("fk_learning_comment_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_learning_comment_group_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_comment")),
        sa.UniqueConstraint("key", name=op.f("uq_learning_comment_key")),
    )
    op.create_index(
        op.f("ix_learning_comment_author_id"), "learning_comment", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_learning_comment_group_id"), "learning_comment", ["group_id"], unique=False
    )
    op.create_index(
        "ix_learning_comment_thread", "learning_comment", ["activity_id", "id"], unique=False
    )
    op.create_table(
        "enrolment_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approver_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_approval_approver_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_approval_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_enrolment_approval_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_approval")),
        sa.UniqueConstraint(
            "enrolment_id", "position", name=op.f("uq_enrolment_approval_enrolment_id_position")
        ),
    )
    op.create_index(
        "ix_enrolment_approval_approver_state",
        "enrolment_approval",
        ["approver_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_approval_decided_by_id"),
        "enrolment_approval",
        ["decided_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_approval_state_due", "enrolment_approval", ["state", "due"], unique=False
    )
    op.create_table(
        "enrolment_import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_enrolment_import_row_enrolment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["enrolment_import.id"],
            name=op.f("fk_enrolment_import_row_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_import_row_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_import_row")),
        sa.UniqueConstraint(
            "import_id", "number", name=op.f("uq_enrolment_import_row_import_id_number")
        ),
    )
    op.create_index(
        op.f("ix_enrolment_import_row_enrolment_id"),
        "enrolment_import_row",
        ["enrolment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_import_row_person_id"),
        "enrolment_import_row",
        ["person_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_import_row_state",
        "enrolment_import_row",
        ["import_id", "state", "number"],
        unique=False,
    )
    op.create_table(
        "enrolment_transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("old", sa.String(length=40), nullable=True),
        sa.Column("new", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_enrolment_transition_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_enrolment_transition_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_transition")),
    )
    op.create_index(
        op.f("ix_enrolment_transition_by_id"), "enrolment_transition", ["by_id"], unique=False
    )
    op.create_index(
        op.f("ix_enrolment_transition_enrolment_id"),
        "enrolment_transition",
        ["enrolment_id"],
        unique=False,
    )
    op.create_table(
        "learning_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=500), nullable=False),
        sa.Column("task", sa.String(length=1000), nullable=False),
        sa.Column("minutes_promised", sa.Integer(), nullable=False),
        sa.Column("task_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employee_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("manager_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("employee_used", sa.Integer(), nullable=True),
        sa.Column("employee_words", sa.String(length=1000), nullable=False),
        sa.Column("manager_used", sa.Integer(), nullable=True),
        sa.Column("manager_words", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_agreement_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["users_person.id"],
            name=op.f("fk_learning_agreement_manager_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_agreement")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_learning_agreement_enrolment_id")),
    )
    op.create_index(
        op.f("ix_learning_agreement_follow_up_at"),
        "learning_agreement",
        ["follow_up_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_agreement_manager_id"), "learning_agreement", ["manager_id"], unique=False
    )
    op.create_table(
        "learning_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("catch_up", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "minutes >= 0 AND catch_up >= 0", name=op.f("ck_learning_attendance_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["catalogue_course_session.id"],
            name=op.f("fk_learning_attendance_course_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_attendance_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_attendance_set_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_attendance")),
        sa.UniqueConstraint(
            "enrolment_id",
            "course_session_id",
            name=op.f("uq_learning_attendance_enrolment_id_course_session_id"),
        ),
    )
    op.create_index(
        op.f("ix_learning_attendance_course_session_id"),
        "learning_attendance",
        ["course_session_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_attendance_set_by_id"), "learning_attendance", ["set_by_id"], unique=False
    )
    op.create_table(
        "learning_completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("rule_version", sa.String(length=80), nullable=False),
        sa.Column("minutes_attended", sa.Integer(), nullable=False),
        sa.Column("minutes_held", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_completion_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_completion_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_completion")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_learning_completion_enrolment_id")),
    )
    op.create_index(
        op.f("ix_learning_completion_decided_by_id"),
        "learning_completion",
        ["decided_by_id"],
        unique=False,
    )
    op.create_table(
        "learning_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_declaration_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_declaration_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_declaration")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_learning_declaration_enrolment_id")),
    )
    op.create_index(
        op.f("ix_learning_declaration_by_id"), "learning_declaration", ["by_id"], unique=False
    )
    op.create_table(
        "learning_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_group_member_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["learning_group.id"],
            name=op.f("fk_learning_group_member_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_group_member")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_learning_group_member_enrolment_id")),
    )
    op.create_index(
        op.f("ix_learning_group_member_group_id"),
        "learning_group_member",
        ["group_id"],
        unique=False,
    )
    op.create_table(
        "learning_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("rule_version", sa.String(length=80), nullable=False),
        sa.Column("minutes_attended", sa.Integer(), nullable=False),
        sa.Column("minutes_held", sa.Integer(), nullable=False),
        sa.Column("outlook", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_standing_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_standing")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_learning_standing_enrolment_id")),
    )
    op.create_table(
        "learning_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_waiver_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_waiver_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_waiver")),
        sa.UniqueConstraint(
            "enrolment_id", "condition", name=op.f("uq_learning_waiver_enrolment_id_condition")
        ),
    )
    op.create_index(op.f("ix_learning_waiver_by_id"), "learning_waiver", ["by_id"], unique=False)
    op.create_table(
        "learning_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("record_type", sa.String(length=80), nullable=True),
        sa.Column("record_key", sa.String(length=16), nullable=True),
        sa.Column("record_title", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "score IS NULL OR (score >= 0 AND score <= 100)", name=op.f("ck_learning_work_score")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["learning_activity.id"],
            name=op.f("fk_learning_work_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users_person.id"],
            name=op.f("fk_learning_work_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_work_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_work")),
        sa.UniqueConstraint(
            "activity_id", "enrolment_id", name=op.f("uq_learning_work_activity_id_enrolment_id")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_learning_work_key")),
    )
    op.create_index(
        op.f("ix_learning_work_decided_by_id"), "learning_work", ["decided_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_learning_work_enrolment_id"), "learning_work", ["enrolment_id"], unique=False
    )
    op.create_index(
        "ix_learning_work_to_mark",
        "learning_work",
        ["activity_id", "state", "submitted_at"],
        unique=False,
    )
    op.create_table(
        "learning_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["users_person.id"],
            name=op.f("fk_learning_assessment_assessor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_learning_assessment_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_learning_assessment_work_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_assessment")),
        sa.UniqueConstraint(
            "enrolment_id",
            "outcome",
            "assessor_id",
            name=op.f("uq_learning_assessment_enrolment_id_outcome_assessor_id"),
        ),
    )
    op.create_index(
        op.f("ix_learning_assessment_assessor_id"),
        "learning_assessment",
        ["assessor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_learning_assessment_work_id"), "learning_assessment", ["work_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("learning_assessment")
    op.drop_table("learning_work")
    op.drop_table("learning_waiver")
    op.drop_table("learning_standing")
    op.drop_table("learning_group_member")
    op.drop_table("learning_declaration")
    op.drop_table("learning_completion")
    op.drop_table("learning_attendance")
    op.drop_table("learning_agreement")
    op.drop_table("enrolment_transition")
    op.drop_table("enrolment_import_row")
    op.drop_table("enrolment_approval")
    op.drop_table("learning_comment")
    op.drop_table("learning_check_in")
    op.drop_table("enrolment_enrolment")
    op.drop_table("catalogue_teaching_slot")
    op.drop_table("learning_group")
    op.drop_table("learning_activity")
    op.drop_table("enrolment_terms")
    op.drop_table("enrolment_reservation")
    op.drop_table("enrolment_invitation")
    op.drop_table("enrolment_import")
    op.drop_table("enrolment_entry_rule")
    op.drop_table("catalogue_team_member")
    op.drop_table("catalogue_run_host")
    op.drop_table("catalogue_course_session")
    op.drop_table("catalogue_version_note")
    op.drop_table("catalogue_run")
    op.drop_table("users_assignment")
    op.drop_table("journal_set_aside")
    op.drop_table("enrolment_cost_centre")
    op.drop_table("catalogue_course_version")
    op.drop_table("users_sync")
    op.drop_table("users_single_use_link")
    op.drop_table("users_sign_in")
    op.drop_table("users_api_token")
    op.drop_table("users_access_role")
    op.drop_table("records_link")
    op.drop_table("organisations_unit")
    op.drop_table("organisations_name")
    op.drop_table("messages_text")
    op.drop_table("messages_preference")
    op.drop_table("messages_mail")
    op.drop_table("messages_calendar_feed")
    op.drop_table("learning_snippet")
    op.drop_table("journal_entry")
    op.drop_table("home_target")
    op.drop_table("files_document")
    op.drop_table("enrolment_stand_in")
    op.drop_table("catalogue_course")
    op.drop_table("web_rate_count")
    op.drop_table("web_once_key")
    op.drop_table("users_person")
    op.drop_table("settings_setting")
    op.drop_table("organisations_organisation")
    op.drop_table("organisations_function")
    op.drop_table("journal_cursor")
    op.drop_table("jobs_schedule")
    op.drop_table("jobs_job")
    op.drop_table("host_plugin_state")
    op.drop_table("home_programme")
