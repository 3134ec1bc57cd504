"""Who may read the papers about cases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from lms.api import Actor, db, takes_part
from lms_courses.models import CaseUse, CompanyCase, Nda
from lms_courses.queries.cases import companies_of, speaks_for

RIGHTS = "courses_case_rights"
"""The subject of the document with which rights are signed over."""


def readable_papers(
    nda_ids: Sequence[int], case_ids: Sequence[int], actor: Actor
) -> tuple[frozenset[int], frozenset[int]]:
    """Those of these agreements, and of these cases, whose papers the actor may read: they speak
    for a side of it, or take part in a run that works on it. Nobody of another company, whatever
    they are in the run (I-23). Where a case was withdrawn, the class keeps the agreements that it
    worked under, and nothing that came later. Two queries."""
    part = takes_part(actor.person_id, CaseUse.run_id)
    working = exists().where(
        CaseUse.case_id == CompanyCase.id, CaseUse.withdrawn_at.is_(None), part
    )
    worked_under = exists().where(
        CaseUse.case_id == Nda.case_id, Nda.added_at < CaseUse.withdrawn_at, part
    )
    speaks = speaks_for(actor)
    company = bool(companies_of(actor))
    ndas = db.session.scalars(
        select(Nda.id)
        .join(CompanyCase, CompanyCase.id == Nda.case_id)
        .where(
            Nda.id.in_(sorted(set(nda_ids))),
            speaks if company else or_(speaks, working, worked_under),
        )
    )
    cases = db.session.scalars(
        select(CompanyCase.id).where(
            CompanyCase.id.in_(sorted(set(case_ids))), speaks if company else or_(speaks, working)
        )
    )
    return frozenset(ndas), frozenset(cases)
