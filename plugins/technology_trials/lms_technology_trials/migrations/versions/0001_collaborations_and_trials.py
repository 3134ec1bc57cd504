"""collaborations and trials"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "technology_trials_collaboration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("short_title", sa.JSON(), nullable=False),
        sa.Column("lead", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("source_title", sa.String(length=300), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=True),
        sa.Column("programme_name", sa.JSON(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_collaboration")),
        sa.UniqueConstraint("key", name=op.f("uq_technology_trials_collaboration_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_technology_trials_collaboration_slug")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_collaboration_state"),
        "technology_trials_collaboration",
        ["state"],
        unique=False,
    )
    op.create_table(
        "technology_trials_former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("until_workshop", sa.String(length=80), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_former_name_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_former_name")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_former_name_collaboration_id"),
        "technology_trials_former_name",
        ["collaboration_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_party_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_technology_trials_party_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_party")),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_party_collaboration_id_slug"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_party_organisation_id"),
        "technology_trials_party",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_phase_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_phase")),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_phase_collaboration_id_slug"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_table(
        "technology_trials_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_role_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["organisations_function.id"],
            name=op.f("fk_technology_trials_role_function_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_role")),
        sa.UniqueConstraint(
            "collaboration_id", "slug", name=op.f("uq_technology_trials_role_collaboration_id_slug")
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_role_function_id"),
        "technology_trials_role",
        ["function_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("raw", sa.String(length=200), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("short_title", sa.JSON(), nullable=False),
        sa.Column("focus", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_series_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_series")),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_series_collaboration_id_slug"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_table(
        "technology_trials_specification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("raw", sa.String(length=200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("interviewees", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_specification_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_specification")),
        sa.UniqueConstraint(
            "collaboration_id", name=op.f("uq_technology_trials_specification_collaboration_id")
        ),
        info={"owner": "technology_trials"},
    )
    op.create_table(
        "technology_trials_rung",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_rung_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["technology_trials_series.id"],
            name=op.f("fk_technology_trials_rung_series_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_rung")),
        sa.UniqueConstraint(
            "collaboration_id",
            "position",
            name=op.f("uq_technology_trials_rung_collaboration_id_position"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_rung_series_id"),
        "technology_trials_rung",
        ["series_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_trial_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("presented", sa.Boolean(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("participant_kind", sa.String(length=40), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["technology_trials_party.id"],
            name=op.f("fk_technology_trials_trial_test_location_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["technology_trials_series.id"],
            name=op.f("fk_technology_trials_trial_test_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_trial_test")),
        sa.UniqueConstraint("key", name=op.f("uq_technology_trials_trial_test_key")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_trial_test_location_id"),
        "technology_trials_trial_test",
        ["location_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_trial_test_series_id"),
        "technology_trials_trial_test",
        ["series_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_venue_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["technology_trials_party.id"],
            name=op.f("fk_technology_trials_venue_party_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_venue")),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_venue_collaboration_id_slug"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_venue_party_id"),
        "technology_trials_venue",
        ["party_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rung_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.JSON(), nullable=True),
        sa.Column("contexts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rung_id"],
            ["technology_trials_rung.id"],
            name=op.f("fk_technology_trials_finding_rung_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_finding")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_finding_rung_id"),
        "technology_trials_finding",
        ["rung_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_trial_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_test_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["technology_trials_party.id"],
            name=op.f("fk_technology_trials_trial_party_party_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trial_test_id"],
            ["technology_trials_trial_test.id"],
            name=op.f("fk_technology_trials_trial_party_trial_test_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_trial_party")),
        sa.UniqueConstraint(
            "trial_test_id",
            "party_id",
            name=op.f("uq_technology_trials_trial_party_trial_test_id_party_id"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_trial_party_party_id"),
        "technology_trials_trial_party",
        ["party_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("source_order", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_text", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.JSON(), nullable=True),
        sa.Column("outputs", sa.JSON(), nullable=False),
        sa.Column("outputs_stated", sa.Boolean(), nullable=False),
        sa.Column("aims_without_output", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("group_title", sa.JSON(), nullable=True),
        sa.Column("group_raw", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_workshop_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phase_id"],
            ["technology_trials_phase.id"],
            name=op.f("fk_technology_trials_workshop_phase_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"],
            ["technology_trials_venue.id"],
            name=op.f("fk_technology_trials_workshop_venue_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_workshop")),
        sa.UniqueConstraint(
            "collaboration_id",
            "held_on",
            "starts",
            "venue_id",
            name=op.f("uq_technology_trials_workshop_collaboration_id_held_on_starts_venue_id"),
        ),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_workshop_collaboration_id_slug"),
        ),
        sa.UniqueConstraint("key", name=op.f("uq_technology_trials_workshop_key")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_workshop_phase_id"),
        "technology_trials_workshop",
        ["phase_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_workshop_venue_id"),
        "technology_trials_workshop",
        ["venue_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_text", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("kind_stated", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("licence", sa.String(length=100), nullable=True),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["technology_trials_collaboration.id"],
            name=op.f("fk_technology_trials_material_collaboration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["files_document.id"],
            name=op.f("fk_technology_trials_material_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["technology_trials_series.id"],
            name=op.f("fk_technology_trials_material_series_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["technology_trials_workshop.id"],
            name=op.f("fk_technology_trials_material_workshop_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_material")),
        sa.UniqueConstraint(
            "collaboration_id",
            "slug",
            name=op.f("uq_technology_trials_material_collaboration_id_slug"),
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_material_document_id"),
        "technology_trials_material",
        ["document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_material_series_id"),
        "technology_trials_material",
        ["series_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_material_workshop_id"),
        "technology_trials_material",
        ["workshop_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("raw", sa.String(length=300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("listed", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["technology_trials_party.id"],
            name=op.f("fk_technology_trials_participation_party_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["technology_trials_role.id"],
            name=op.f("fk_technology_trials_participation_role_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["technology_trials_workshop.id"],
            name=op.f("fk_technology_trials_participation_workshop_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_participation")),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_participation_party_id"),
        "technology_trials_participation",
        ["party_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_participation_role_id"),
        "technology_trials_participation",
        ["role_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_technology_trials_participation_workshop_id"),
        "technology_trials_participation",
        ["workshop_id"],
        unique=False,
    )
    op.create_table(
        "technology_trials_technology",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=True),
        sa.Column("solutions", sa.JSON(), nullable=False),
        sa.Column("only_one_reason", sa.String(length=500), nullable=True),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("stop_rule", sa.JSON(), nullable=True),
        sa.Column("safe_use_check", sa.JSON(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["catalogue_run.id"],
            name=op.f("fk_technology_trials_technology_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_technology")),
        sa.UniqueConstraint("run_id", name=op.f("uq_technology_trials_technology_run_id")),
        info={"owner": "technology_trials"},
    )
    op.create_table(
        "technology_trials_practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("non_use_reason", sa.String(length=1000), nullable=True),
        sa.Column("safe_use_passed", sa.Boolean(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_technology_trials_practice_uses")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["users_person.id"],
            name=op.f("fk_technology_trials_practice_checked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_technology_trials_practice_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technology_trials_practice")),
        sa.UniqueConstraint(
            "enrolment_id", name=op.f("uq_technology_trials_practice_enrolment_id")
        ),
        info={"owner": "technology_trials"},
    )
    op.create_index(
        op.f("ix_technology_trials_practice_checked_by_id"),
        "technology_trials_practice",
        ["checked_by_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("technology_trials_practice")
    op.drop_table("technology_trials_technology")
    op.drop_table("technology_trials_participation")
    op.drop_table("technology_trials_material")
    op.drop_table("technology_trials_workshop")
    op.drop_table("technology_trials_trial_party")
    op.drop_table("technology_trials_finding")
    op.drop_table("technology_trials_venue")
    op.drop_table("technology_trials_trial_test")
    op.drop_table("technology_trials_rung")
    op.drop_table("technology_trials_specification")
    op.drop_table("technology_trials_series")
    op.drop_table("technology_trials_role")
    op.drop_table("technology_trials_phase")
    op.drop_table("technology_trials_party")
    op.drop_table("technology_trials_former_name")
    op.drop_table("technology_trials_collaboration")
