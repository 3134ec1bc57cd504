"""challenges"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenges_method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed_because", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("current_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_method_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_method")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_method_key")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_challenges_method_kind_number")),
        info={"owner": "challenges"},
    )
    op.create_index(
        "uq_challenges_method_current",
        "challenges_method",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_table(
        "challenges_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_before", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("method_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_text", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_in", sa.Text(), nullable=False),
        sa.Column("scope_out", sa.Text(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wake_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_challenge_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["method_id"],
            ["challenges_method.id"],
            name=op.f("fk_challenges_challenge_method_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_challenge_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_challenge_owner_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_challenge")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_challenge_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_challenge_organisation_id"),
        "challenges_challenge",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_challenge_owner_id"), "challenges_challenge", ["owner_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_challenge_published_at"),
        "challenges_challenge",
        ["published_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_challenge_state"), "challenges_challenge", ["state"], unique=False
    )
    op.create_table(
        "challenges_test_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("method_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_test_round_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["method_id"],
            ["challenges_method.id"],
            name=op.f("fk_challenges_test_round_method_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_test_round_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_challenges_test_round_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_test_round")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_test_round_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_test_round_method_id"),
        "challenges_test_round",
        ["method_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_test_round_organisation_id"),
        "challenges_test_round",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "challenges_collaborator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_collaborator_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_collaborator_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_collaborator")),
        sa.UniqueConstraint(
            "challenge_id",
            "organisation_id",
            name=op.f("uq_challenges_collaborator_challenge_id_organisation_id"),
        ),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_collaborator_organisation_id"),
        "challenges_collaborator",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "challenges_framing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_because", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_framing_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_framing_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_framing")),
        info={"owner": "challenges"},
    )
    op.create_index(
        "ix_challenges_framing_challenge",
        "challenges_framing",
        ["challenge_id", "from_at"],
        unique=False,
    )
    op.create_index(
        "uq_challenges_framing_current",
        "challenges_framing",
        ["challenge_id"],
        unique=True,
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "challenges_gate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("method_id", sa.Integer(), nullable=False),
        sa.Column("from_level", sa.Integer(), nullable=False),
        sa.Column("to_level", sa.Integer(), nullable=False),
        sa.Column("skip_reason", sa.Text(), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("to_level > from_level", name=op.f("ck_challenges_gate_upwards")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_gate_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["method_id"],
            ["challenges_method.id"],
            name=op.f("fk_challenges_gate_method_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_gate")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_gate_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_gate_challenge_id"), "challenges_gate", ["challenge_id"], unique=False
    )
    op.create_index(
        "uq_challenges_gate_open",
        "challenges_gate",
        ["challenge_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "challenges_learning_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_learning_note_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_learning_note_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["challenges_test_round.id"],
            name=op.f("fk_challenges_learning_note_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_learning_note")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_learning_note_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_learning_note_challenge_id"),
        "challenges_learning_note",
        ["challenge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_learning_note_round_id"),
        "challenges_learning_note",
        ["round_id"],
        unique=False,
    )
    op.create_table(
        "challenges_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_note_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_note_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_note")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_note_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_note_challenge_id"), "challenges_note", ["challenge_id"], unique=False
    )
    op.create_table(
        "challenges_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("once_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("today", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("place_kind", sa.String(length=40), nullable=False),
        sa.Column("affected", sa.JSON(), nullable=False),
        sa.Column("consequences", sa.JSON(), nullable=False),
        sa.Column("apv", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("shown", sa.String(length=40), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("work_key", sa.String(length=16), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_url", sa.String(length=500), nullable=False),
        sa.Column("wake_on", sa.Date(), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("state_before", sa.String(length=40), nullable=False),
        sa.Column("heat", sa.Integer(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("countries", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id",
            name=op.f("ck_challenges_problem_not_into_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_problem_challenge_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_problem_checked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_challenges_problem_function_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["challenges_problem.id"],
            name=op.f("fk_challenges_problem_merged_into_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_problem_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["challenges_problem.id"],
            name=op.f("fk_challenges_problem_root_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_problem_sender_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_challenges_problem_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_problem")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_problem_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_problem_challenge_id"),
        "challenges_problem",
        ["challenge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_problem_channel"), "challenges_problem", ["channel"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_created_at"), "challenges_problem", ["created_at"], unique=False
    )
    op.create_index(
        "ix_challenges_problem_desk",
        "challenges_problem",
        ["organisation_id", "state", "answer_due"],
        unique=False,
    )
    op.create_index(
        "ix_challenges_problem_heat", "challenges_problem", ["heat", "id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_merged_into_id"),
        "challenges_problem",
        ["merged_into_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_problem_root_id"), "challenges_problem", ["root_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_sender_id"), "challenges_problem", ["sender_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_state"), "challenges_problem", ["state"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_unit_id"), "challenges_problem", ["unit_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_problem_wake_on"), "challenges_problem", ["wake_on"], unique=False
    )
    op.create_index(
        "uq_challenges_problem_once",
        "challenges_problem",
        ["once_key"],
        unique=True,
        sqlite_where=sa.text("once_key <> ''"),
        postgresql_where=sa.text("once_key <> ''"),
    )
    op.create_table(
        "challenges_cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_challenges_cluster_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_cluster")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_cluster_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_cluster_run_id"), "challenges_cluster", ["run_id"], unique=False
    )
    op.create_table(
        "challenges_decider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.String(length=40), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["gate_id"],
            ["challenges_gate.id"],
            name=op.f("fk_challenges_decider_gate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_decider_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_decider_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_decider")),
        sa.UniqueConstraint(
            "gate_id", "person_id", name=op.f("uq_challenges_decider_gate_id_person_id")
        ),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_decider_organisation_id"),
        "challenges_decider",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_decider_person_id"), "challenges_decider", ["person_id"], unique=False
    )
    op.create_table(
        "challenges_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("old", sa.String(length=40), nullable=False),
        sa.Column("new", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_step_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["challenges_problem.id"],
            name=op.f("fk_challenges_step_problem_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_step")),
        info={"owner": "challenges"},
    )
    op.create_index(op.f("ix_challenges_step_by_id"), "challenges_step", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_challenges_step_problem_id"), "challenges_step", ["problem_id"], unique=False
    )
    op.create_table(
        "challenges_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_report", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.String(length=40), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("place_kind", sa.String(length=40), nullable=False),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_challenges_voice_function_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_voice_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_voice_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["challenges_problem.id"],
            name=op.f("fk_challenges_voice_problem_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["organisations_unit.id"],
            name=op.f("fk_challenges_voice_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_voice")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_voice_key")),
        sa.UniqueConstraint(
            "problem_id", "person_id", name=op.f("uq_challenges_voice_problem_id_person_id")
        ),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_voice_organisation_id"),
        "challenges_voice",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_challenges_voice_person_id"), "challenges_voice", ["person_id"], unique=False
    )
    op.create_table(
        "challenges_word",
        sa.Column("stem", sa.String(length=40), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["challenges_problem.id"],
            name=op.f("fk_challenges_word_problem_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("stem", "problem_id", name=op.f("pk_challenges_word")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_word_problem_id"), "challenges_word", ["problem_id"], unique=False
    )
    op.create_table(
        "challenges_workroom",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("exercises", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("criteria_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_challenges_workroom_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_workroom")),
        sa.UniqueConstraint("run_id", name=op.f("uq_challenges_workroom_run_id")),
        info={"owner": "challenges"},
    )
    op.create_table(
        "challenges_workroom_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("developed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_workroom_challenge_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_challenges_workroom_challenge_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_workroom_challenge")),
        sa.UniqueConstraint(
            "run_id",
            "challenge_id",
            name=op.f("uq_challenges_workroom_challenge_run_id_challenge_id"),
        ),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_workroom_challenge_challenge_id"),
        "challenges_workroom_challenge",
        ["challenge_id"],
        unique=False,
    )
    op.create_table(
        "challenges_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("voiced_for", sa.Boolean(), nullable=False),
        sa.Column("with_company", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("work_key", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_idea_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_idea_challenge_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["challenges_cluster.id"],
            name=op.f("fk_challenges_idea_cluster_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_challenges_idea_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_challenges_idea_run_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_idea")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_idea_key")),
        info={"owner": "challenges"},
    )
    op.create_index(op.f("ix_challenges_idea_by_id"), "challenges_idea", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_challenges_idea_challenge_id"), "challenges_idea", ["challenge_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_idea_cluster_id"), "challenges_idea", ["cluster_id"], unique=False
    )
    op.create_index(
        op.f("ix_challenges_idea_organisation_id"),
        "challenges_idea",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(op.f("ix_challenges_idea_run_id"), "challenges_idea", ["run_id"], unique=False)
    op.create_index(op.f("ix_challenges_idea_state"), "challenges_idea", ["state"], unique=False)
    op.create_table(
        "challenges_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("gains", sa.Text(), nullable=False),
        sa.Column("drawbacks", sa.Text(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges_challenge.id"],
            name=op.f("fk_challenges_option_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"],
            ["challenges_idea.id"],
            name=op.f("fk_challenges_option_idea_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_option")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_option_key")),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_option_challenge_id"),
        "challenges_option",
        ["challenge_id"],
        unique=False,
    )
    op.create_table(
        "challenges_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 5", name=op.f("ck_challenges_score_value")),
        sa.ForeignKeyConstraint(
            ["idea_id"],
            ["challenges_idea.id"],
            name=op.f("fk_challenges_score_idea_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_challenges_score_person_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges_score")),
        sa.UniqueConstraint(
            "idea_id",
            "person_id",
            "criterion",
            name=op.f("uq_challenges_score_idea_id_person_id_criterion"),
        ),
        info={"owner": "challenges"},
    )
    op.create_index(
        op.f("ix_challenges_score_person_id"), "challenges_score", ["person_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("challenges_score")
    op.drop_table("challenges_option")
    op.drop_table("challenges_idea")
    op.drop_table("challenges_workroom_challenge")
    op.drop_table("challenges_workroom")
    op.drop_table("challenges_word")
    op.drop_table("challenges_voice")
    op.drop_table("challenges_step")
    op.drop_table("challenges_decider")
    op.drop_table("challenges_cluster")
    op.drop_table("challenges_problem")
    op.drop_table("challenges_note")
    op.drop_table("challenges_learning_note")
    op.drop_table("challenges_gate")
    op.drop_table("challenges_framing")
    op.drop_table("challenges_collaborator")
    op.drop_table("challenges_test_round")
    op.drop_table("challenges_challenge")
    op.drop_table("challenges_method")
