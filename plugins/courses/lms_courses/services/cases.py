"""Verbs on the case sheets of student modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from sqlalchemy import select

from lms.api import Actor, db, now, record
from lms_courses.models import CompanyCase
from lms_courses.queries import CaseFacts, cases_by_course


def write_case(case: CaseFacts, actor: Actor) -> int:
    """Write the case sheet of a course, or write it anew; returns its id."""
    row = db.session.scalar(select(CompanyCase).where(CompanyCase.course_id == case.course_id))
    values = {field.name: getattr(case, field.name) for field in fields(case)}
    if row is None:
        row = CompanyCase(**values, created_at=now(), changed_at=now())
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


def copy_cases(courses: Mapping[int, int], actor: Actor) -> None:
    """The case sheets of copied courses, by old course id -> new. The contact is left out: they
    said yes to the old course, and nobody has asked them about the new one."""
    for case in cases_by_course(list(courses)).values():
        write_case(replace(case, course_id=courses[case.course_id], contact_id=None), actor)
