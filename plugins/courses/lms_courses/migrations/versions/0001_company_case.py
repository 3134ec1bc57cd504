"""company case"""

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
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("practice_host_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("hours_promised", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
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
            ["course_id"],
            ["catalogue_course.id"],
            name=op.f("fk_courses_company_case_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_host_id"],
            ["organisations_organisation.id"],
            name=op.f("fk_courses_company_case_practice_host_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_company_case")),
        sa.UniqueConstraint("course_id", name=op.f("uq_courses_company_case_course_id")),
        info={"owner": "courses"},
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
        op.f("ix_courses_company_case_practice_host_id"),
        "courses_company_case",
        ["practice_host_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("courses_company_case")
