"""Courses and their types, for those who plan and load them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from lms.contracts import CourseType, LocalisedText
from lms.core.catalogue.models import Course, CourseVersion, Run
from lms.db import db
from lms.host import current_host


def course_plan(course_type: str) -> CourseType | None:
    """What a course type plans; None when nobody here answers for the type just now."""
    owned = current_host().course_types().get(course_type)
    return owned.item if owned else None


def titles_owned_by(owner_id: int, course_type: str) -> Mapping[int, LocalisedText]:
    """The title of the newest version of an organisation's courses of one type, by course id."""
    rows = db.session.execute(
        select(CourseVersion.course_id, CourseVersion.title)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.owner_id == owner_id, Course.course_type == course_type)
        .order_by(CourseVersion.course_id, CourseVersion.number)
    )
    return {row.course_id: row.title for row in rows}


def run_ids_of_type(course_type: str) -> list[int]:
    """All runs of a course type, oldest first, whoever asks: for plugins' own jobs and demos."""
    return list(
        db.session.scalars(select(Run.id).where(Run.course_type == course_type).order_by(Run.id))
    )


def course_owner(course_id: int) -> int:
    """The organisation a course belongs to. Raises `LookupError`."""
    owner_id = db.session.scalar(select(Course.owner_id).where(Course.id == course_id))
    if owner_id is None:
        raise LookupError(f"no course {course_id}")
    return owner_id
