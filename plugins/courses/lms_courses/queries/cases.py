"""Questions about the case sheets of student modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.api import LocalisedText, db
from lms_courses.models import CompanyCase


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """A case sheet. `hours_promised` is how many hours the company gives."""

    course_id: int
    company_id: int | None
    practice_host_id: int | None
    contact_id: int | None
    hours_promised: int
    title: LocalisedText
    problem: LocalisedText
    question: LocalisedText
    given: LocalisedText
    limits: LocalisedText
    rights: LocalisedText


def cases_by_course(course_ids: Sequence[int]) -> Mapping[int, CaseFacts]:
    """Case sheets by course id; whoever may see a run of the course may see its case."""
    if not course_ids:
        return {}
    rows = db.session.execute(
        select(
            CompanyCase.course_id,
            CompanyCase.company_id,
            CompanyCase.practice_host_id,
            CompanyCase.contact_id,
            CompanyCase.hours_promised,
            CompanyCase.title,
            CompanyCase.problem,
            CompanyCase.question,
            CompanyCase.given,
            CompanyCase.limits,
            CompanyCase.rights,
        ).where(CompanyCase.course_id.in_(sorted(set(course_ids))))
    )
    return {row.course_id: CaseFacts(**row._mapping) for row in rows}
