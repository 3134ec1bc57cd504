"""Questions about what companies wrote in a track: claims of value, and test plans.

A company reads its own; the team of the run and whoever decides in it read all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lms.api import Actor, RunFacts, db, is_key, may_in_run
from lms_courses.models import Application, TestPlan, ValueClaim
from lms_courses.permissions import COMMENT, DECIDE
from lms_courses.queries.calls import LEADS, speaks_for_a_company

TEACH = "learning.teach"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFacts:
    """A test plan; see `lms_courses.models.TestPlan`. `company` is the name it applied with."""

    id: int
    key: str
    application_id: int
    run_id: int
    organisation_id: int | None
    company: str
    content: Mapping[str, str]
    begins_on: date | None
    revision: int
    state: str
    signed_by_id: int | None
    signed_at: datetime | None
    comment: str
    host_id: int | None
    commented_by_id: int | None
    commented_at: datetime | None


_OWN = [
    getattr(TestPlan, name)
    for name in PlanFacts.__dataclass_fields__
    if name not in ("run_id", "organisation_id", "company")
]
_PLAN = [
    *_OWN,
    Application.run_id,
    Application.organisation_id,
    Application.name.label("company"),
]


def works_with(actor: Actor, run: RunFacts) -> bool:
    """Does the actor teach in the run or lead it, so that all companies' plans are theirs to
    read? Never of whoever speaks for a company."""
    if not actor.signed_in:
        return False
    works = any(may_in_run(actor, run, what) for what in (TEACH, COMMENT, DECIDE, LEADS))
    return works and not speaks_for_a_company(actor, run.id)


def claims_of(application_ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """Claims of value by application id and role."""
    found: dict[int, dict[str, str]] = {id_: {} for id_ in application_ids}
    if not found:
        return found
    for row in db.session.execute(
        select(ValueClaim.application_id, ValueClaim.role, ValueClaim.text).where(
            ValueClaim.application_id.in_(sorted(found))
        )
    ):
        found[row.application_id][row.role] = row.text
    return found


def plan_of(application_id: int) -> PlanFacts | None:
    """The plan of one company."""
    found = _plans(TestPlan.application_id == application_id)
    return found[0] if found else None


def plans_in(run_ids: Sequence[int]) -> Sequence[PlanFacts]:
    """The plans of companies that have a place in these runs, by name; who may read them is
    decided before. One query."""
    if not run_ids:
        return ()
    return _plans(Application.run_id.in_(sorted(set(run_ids))), Application.state == "confirmed")


def plan_by_key(key: str) -> PlanFacts | None:
    """One plan; who may read it is decided by its run."""
    found = _plans(TestPlan.key == key) if is_key(key) else []
    return found[0] if found else None


def _plans(*conditions: Any) -> list[PlanFacts]:
    rows = db.session.execute(
        select(*_PLAN)
        .join(Application, Application.id == TestPlan.application_id)
        .where(*conditions)
        .order_by(Application.name_key, TestPlan.id)
    )
    return [PlanFacts(**row._mapping) for row in rows]
