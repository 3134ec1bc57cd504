"""Verbs on the case sheets of student modules."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import select

from lms.api import Actor, db, now, record
from lms_courses.models import CompanyCase
from lms_courses.queries import CaseFacts


def write_case(case: CaseFacts, actor: Actor) -> int:
    """Write the case sheet of a course, or write it anew; returns its id."""
    row = db.session.scalar(select(CompanyCase).where(CompanyCase.course_id == case.course_id))
    values = {field.name: getattr(case, field.name) for field in fields(case)}
    if row is None:
        row = CompanyCase(**values, changed_at=now())
        db.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_at = now()
    db.session.flush()
    record(
        "courses.case_written",
        "course",
        case.course_id,
        actor=actor,
        data={"company": case.company_id, "practice_host": case.practice_host_id},
    )
    return row.id
