"""What a run's page says of companies, in one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, String, cast, literal, null, select, union_all

from lms.api import RunFacts, beside, db
from lms_fairplay.models import AidLine, Tender
from lms_fairplay.queries.tenders import Freezing, freezes


@dataclass(frozen=True, kw_only=True, slots=True)
class BesideRuns:
    """Why runs are open to all, by run id, and what stops contacts of their authorities now, the
    first registered first."""

    reasons: Mapping[int, str]
    tenders: Sequence[Freezing]


def authorities_in(run: RunFacts) -> frozenset[int]:
    """Those who arrange a run or take part in arranging it."""
    return frozenset((*run.host_ids, *run.partner_ids))


def beside_runs(runs: Iterable[RunFacts]) -> BesideRuns:
    """What is written of these runs, and the tenders of their authorities. One query."""
    runs = list(runs)
    authorities = {id_ for run in runs for id_ in authorities_in(run)}
    reasons = select(
        literal("reason").label("kind"),
        AidLine.run_id.label("a"),
        cast(null(), Integer).label("b"),
        AidLine.reason.label("t1"),
        cast(null(), String).label("t2"),
    ).where(AidLine.company_id.is_(None), AidLine.run_id.in_([run.id for run in runs]))
    tenders = select(
        literal("tender"),
        Tender.id,
        Tender.authority_id,
        beside(organisation=Tender.authority_id)[0].element,
        Tender.category,
    ).where(Tender.authority_id.in_(sorted(authorities)), freezes())
    rows = db.session.execute(union_all(reasons, tenders)).all()
    found = [
        Freezing(id=row.a, authority_id=row.b, authority=row.t1 or "", category=row.t2)
        for row in rows
        if row.kind == "tender"
    ]
    return BesideRuns(
        reasons={row.a: row.t1 for row in rows if row.kind == "reason"},
        tenders=sorted(found, key=lambda one: one.id),
    )
