"""How many companies have had a case in teaching, year by year (CT4-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, true

from lms.api import Actor, beside, db
from lms_courses.models import CaseUse, CompanyCase
from lms_courses.permissions import DECIDE


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanyInYear:
    """A company with cases in teaching in a year: its name, how many runs, hours given."""

    name: str
    runs: int
    hours: int


@dataclass(frozen=True, kw_only=True, slots=True)
class YearOfCompanies:
    """The companies of one year, by name."""

    year: int
    companies: Sequence[CompanyInYear]


def companies_by_year(actor: Actor) -> Sequence[YearOfCompanies]:
    """Of the institutions where the actor decides, the latest year first. One query."""
    where = actor.organisations_with(DECIDE)
    mine = true() if where is None else CompanyCase.institution_id.in_(sorted(where))
    year = func.extract("year", CaseUse.begun_at)
    name = beside(organisation=CompanyCase.company_id)[0].element
    rows = db.session.execute(
        select(
            year.label("year"),
            name.label("name"),
            func.count(CaseUse.run_id.distinct()).label("runs"),
            func.sum(CaseUse.hours_given).label("hours"),
        )
        .join(CompanyCase, CompanyCase.id == CaseUse.case_id)
        .where(CompanyCase.company_id.is_not(None), mine)
        .group_by(year, CompanyCase.company_id)
        .order_by(year.desc())
    )
    found: dict[int, list[CompanyInYear]] = {}
    for row in rows:
        found.setdefault(int(row.year), []).append(
            CompanyInYear(name=row.name or "", runs=row.runs, hours=int(row.hours or 0))
        )
    return [
        YearOfCompanies(year=year_, companies=sorted(of, key=lambda one: one.name.casefold()))
        for year_, of in found.items()
    ]
