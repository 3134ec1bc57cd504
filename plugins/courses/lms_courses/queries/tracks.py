"""What the page of a run says of a company track: its call and the reader's part, in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from lms.api import Actor, RunFacts, db, now, on_team
from lms_courses.models import Application, Call, TestPlan, ValueClaim
from lms_courses.permissions import COMMENT, COMPANY, DECIDE
from lms_courses.queries.calls import LEADS, SITE, CallFacts
from lms_courses.queries.plans import TEACH

LEADING = ("programme_lead",)
READING = ("programme_lead", "teacher", "host_contact")
"""Roles on a run's team of those who decide on applications, and of those who read plans."""
FOR_A_COMPANY = ("company_teacher",)
"""Roles on a run's team of those who stand in it for a company."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackFacts:
    """A company track as one reader sees it. `application_id` is that of their own company, where
    it has a place; then `claims` are how many it has written, and `plan` is how far its plan is."""

    call: CallFacts
    leads: bool
    reads: bool
    application_id: int | None = None
    claims: int = 0
    plan: str = ""
    signed_at: datetime | None = None


def tracks_of(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, TrackFacts]:
    """The tracks that have a call, by run id. One query, none without runs."""
    if not runs:
        return {}
    own = and_(
        Application.run_id == Call.run_id,
        Application.state == "confirmed",
        Application.organisation_id.in_(sorted(actor.organisation_ids)),
        Call.closes_at <= now(),
    )
    claims = (
        select(func.count())
        .select_from(ValueClaim)
        .where(ValueClaim.application_id == Application.id, ValueClaim.text != "")
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            *(getattr(Call, name) for name in CallFacts.__dataclass_fields__),
            Application.id.label("application_id"),
            claims.label("claims"),
            TestPlan.state.label("plan"),
            TestPlan.signed_at,
            on_team(actor.person_id, Call.run_id, LEADING).label("leads"),
            on_team(actor.person_id, Call.run_id, READING).label("reads"),
            on_team(actor.person_id, Call.run_id, FOR_A_COMPANY).label("for_a_company"),
        )
        .outerjoin(Application, own)
        .outerjoin(TestPlan, TestPlan.application_id == Application.id)
        .where(Call.run_id.in_([run.id for run in runs]))
        .order_by(Call.id, Application.id)
    ).all()
    hosts = {run.id: run.host_ids for run in runs}
    found: dict[int, TrackFacts] = {}
    for row in rows:
        where = hosts[row.run_id]
        barred = (row.for_a_company or _works_for_one(actor)) and not actor.may(SITE)
        leads = (row.leads or leads_by_role(actor, where)) and not barred
        found.setdefault(
            row.run_id,
            TrackFacts(
                call=CallFacts(
                    **{name: getattr(row, name) for name in CallFacts.__dataclass_fields__}
                ),
                leads=leads,
                reads=not barred
                and (
                    leads
                    or row.reads
                    or actor.may_in_any(TEACH, where)
                    or actor.may_in_any(COMMENT, where)
                ),
                application_id=row.application_id,
                claims=row.claims or 0,
                plan=row.plan or "",
                signed_at=row.signed_at,
            ),
        )
    return found


def leads_by_role(actor: Actor, host_ids: Sequence[int]) -> bool:
    """May the actor decide on applications by a role at one of these hosts? Nobody does who works
    for a company."""
    may = actor.may_in_any(DECIDE, host_ids) or actor.may_in_any(LEADS, host_ids)
    return may and (actor.may(SITE) or not _works_for_one(actor))


def _works_for_one(actor: Actor) -> bool:
    """Does the actor work for a company today? Told by what the company's people hold in it."""
    return any(one is not None for one in actor.permissions.get(COMPANY, ()))
