"""Questions about the technology of runs and about what participants did in practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from lms.api import db
from lms_technology_trials.facts import PracticeFacts, Solution, TechnologyFacts
from lms_technology_trials.models import Practice, Technology
from lms_technology_trials.queries.publications import texts


def technology_of(run_ids: Sequence[int]) -> Mapping[int, TechnologyFacts]:
    """What runs are about, by run id; runs without a record are left out. One query."""
    if not run_ids:
        return {}
    rows = db.session.scalars(select(Technology).where(Technology.run_id.in_(sorted(set(run_ids)))))
    return {row.run_id: _technology(row) for row in rows}


def _technology(row: Technology) -> TechnologyFacts:
    return TechnologyFacts(
        run_id=row.run_id,
        category=row.category,
        question=row.question,
        solutions=[Solution(**one) for one in row.solutions],
        only_one_reason=row.only_one_reason,
        requirements=texts(row.requirements),
        measures=texts(row.measures),
        stop_rule=row.stop_rule,
        safe_use_check=row.safe_use_check,
    )


def practice_of(enrolment_ids: Sequence[int]) -> Mapping[int, PracticeFacts]:
    """What participants did in practice, by enrolment id; who wrote nothing is left out."""
    if not enrolment_ids:
        return {}
    rows = db.session.execute(
        select(
            Practice.enrolment_id,
            Practice.uses,
            Practice.non_use_reason,
            Practice.safe_use_passed,
        ).where(Practice.enrolment_id.in_(sorted(set(enrolment_ids))))
    )
    return {row.enrolment_id: PracticeFacts(**row._asdict()) for row in rows}
