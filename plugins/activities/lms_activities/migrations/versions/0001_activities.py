"""activities"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activities_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_activities_record_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_activities_record_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_activities_record_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_record")),
        sa.UniqueConstraint("key", name=op.f("uq_activities_record_key")),
        info={"owner": "activities"},
    )
    op.create_index(
        op.f("ix_activities_record_organisation_id"),
        "activities_record",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activities_record_person_id"), "activities_record", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_activities_record_run_id"), "activities_record", ["run_id"], unique=False
    )
    op.create_table(
        "activities_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "points IS NULL OR (points >= 0 AND points <= most)",
            name=op.f("ck_activities_attempt_points"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_activities_attempt_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_activities_attempt_key")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_activities_attempt_work_id_number")),
        info={"owner": "activities"},
    )
    op.create_table(
        "activities_hand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("group_name", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["learning_activity.id"],
            name=op.f("fk_activities_hand_in_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"],
            ["users_person.id"],
            name=op.f("fk_activities_hand_in_agreed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_activities_hand_in_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_activities_hand_in_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_hand_in")),
        sa.UniqueConstraint("key", name=op.f("uq_activities_hand_in_key")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_activities_hand_in_work_id_number")),
        info={"owner": "activities"},
    )
    op.create_index(
        op.f("ix_activities_hand_in_agreed_by_id"),
        "activities_hand_in",
        ["agreed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activities_hand_in_by_id"), "activities_hand_in", ["by_id"], unique=False
    )
    op.create_index(
        "ix_activities_hand_in_waiting",
        "activities_hand_in",
        ["activity_id", "decided_at", "agreed_at"],
        unique=False,
    )
    op.create_table(
        "activities_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_activities_link_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_activities_link_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_link")),
        sa.UniqueConstraint("key", name=op.f("uq_activities_link_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_activities_link_token_hash")),
        info={"owner": "activities"},
    )
    op.create_index(
        op.f("ix_activities_link_person_id"), "activities_link", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_activities_link_work_id"), "activities_link", ["work_id"], unique=False
    )
    op.create_table(
        "activities_log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=40), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_activities_log_entry_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_log_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_activities_log_entry_key")),
        sa.UniqueConstraint(
            "work_id", "client_key", name=op.f("uq_activities_log_entry_work_id_client_key")
        ),
        info={"owner": "activities"},
    )
    op.create_index(
        "ix_activities_log_entry_in_order",
        "activities_log_entry",
        ["work_id", "happened_at"],
        unique=False,
    )
    op.create_table(
        "activities_marking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_in_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_in_id"],
            ["activities_hand_in.id"],
            name=op.f("fk_activities_marking_hand_in_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["marker_id"],
            ["users_person.id"],
            name=op.f("fk_activities_marking_marker_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_marking")),
        sa.UniqueConstraint(
            "hand_in_id", "marker_id", name=op.f("uq_activities_marking_hand_in_id_marker_id")
        ),
        info={"owner": "activities"},
    )
    op.create_index(
        op.f("ix_activities_marking_marker_id"), "activities_marking", ["marker_id"], unique=False
    )
    op.create_table(
        "activities_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_in_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hand_in_id"],
            ["activities_hand_in.id"],
            name=op.f("fk_activities_share_hand_in_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_activities_share_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_activities_share_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities_share")),
        sa.UniqueConstraint(
            "hand_in_id", "work_id", name=op.f("uq_activities_share_hand_in_id_work_id")
        ),
        info={"owner": "activities"},
    )
    op.create_index(
        op.f("ix_activities_share_person_id"), "activities_share", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_activities_share_work_id"), "activities_share", ["work_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("activities_share")
    op.drop_table("activities_marking")
    op.drop_table("activities_log_entry")
    op.drop_table("activities_link")
    op.drop_table("activities_hand_in")
    op.drop_table("activities_attempt")
    op.drop_table("activities_record")
