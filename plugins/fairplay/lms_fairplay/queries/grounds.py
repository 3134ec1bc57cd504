"""Questions about what a place in a run stands on: aid that is written down, or that it is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import false, or_, select

from lms.api import db
from lms_fairplay.models import AidLine


def grounds_in(run_ids: Iterable[int | None]) -> Mapping[int | None, Collection[int | None]]:
    """Companies with an aid line for these runs, by run id; None among them stands for every
    company of the run, None as the run for lines of no run. One query."""
    wanted = set(run_ids)
    if not wanted:
        return {}
    runs = sorted(run for run in wanted if run is not None)
    of_none = AidLine.run_id.is_(None) if None in wanted else false()
    found: dict[int | None, set[int | None]] = defaultdict(set)
    for run_id, company_id in db.session.execute(
        select(AidLine.run_id, AidLine.company_id).where(or_(AidLine.run_id.in_(runs), of_none))
    ):
        found[run_id].add(company_id)
    return found
