"""Who may read the papers about cases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from lms.api import Actor, db, takes_part
from lms_courses.models import CaseUse, CompanyCase, Nda
from lms_courses.queries.cases import speaks_for

RIGHTS = "courses_case_rights"
"""The subject of the document with which rights are signed over."""


def readable_papers(
    nda_ids: Sequence[int], case_ids: Sequence[int], actor: Actor
) -> tuple[frozenset[int], frozenset[int]]:
    """Those of these agreements, and of these cases, whose papers the actor may read: they speak
    for a side of it, or take part in a run that works on it. Two queries."""
    works_on_it = CompanyCase.id.in_(
        select(CaseUse.case_id).where(takes_part(actor.person_id, CaseUse.run_id))
    )
    may = or_(speaks_for(actor), works_on_it)
    ndas = db.session.scalars(
        select(Nda.id)
        .join(CompanyCase, CompanyCase.id == Nda.case_id)
        .where(Nda.id.in_(sorted(set(nda_ids))), may)
    )
    cases = db.session.scalars(
        select(CompanyCase.id).where(CompanyCase.id.in_(sorted(set(case_ids))), may)
    )
    return frozenset(ndas), frozenset(cases)
