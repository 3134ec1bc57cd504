"""note"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shadowing_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment_enrolment.id"],
            name=op.f("fk_shadowing_note_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["users_person.id"],
            name=op.f("fk_shadowing_note_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadowing_note")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_shadowing_note_enrolment_id")),
        info={"owner": "shadowing"},
    )
    op.create_index(
        op.f("ix_shadowing_note_person_id"),
        "shadowing_note",
        ["person_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("shadowing_note")
