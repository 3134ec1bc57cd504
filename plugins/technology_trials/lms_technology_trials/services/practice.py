"""Writing down what a run is about, and what participants did between the sessions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import Actor, db, now, reassess, record
from lms_technology_trials.facts import TechnologyFacts
from lms_technology_trials.models import Practice, Technology
from lms_technology_trials.queries import technology_of


def write_technology(facts: TechnologyFacts, actor: Actor) -> None:
    """Say what a run is about: category, solutions, question, measures. Replaces what was said."""
    row = db.session.scalar(select(Technology).where(Technology.run_id == facts.run_id))
    if row is None:
        row = Technology(run_id=facts.run_id)
        db.session.add(row)
    row.category = facts.category
    row.question = facts.question
    row.solutions = [{"name": s.name, "organisation": s.organisation} for s in facts.solutions]
    row.only_one_reason = facts.only_one_reason
    row.requirements = [text.as_dict() for text in facts.requirements]
    row.measures = [text.as_dict() for text in facts.measures]
    row.stop_rule = facts.stop_rule
    row.safe_use_check = facts.safe_use_check
    row.changed_at = now()
    db.session.flush()
    record(
        "technology_trials.technology_written",
        "run",
        facts.run_id,
        actor=actor,
        data={"solutions": len(facts.solutions)},
    )


def copy_technology(runs: Mapping[int, int], actor: Actor) -> None:
    """What copied runs are about, by old run id -> new."""
    if not runs:
        return
    for facts in technology_of(list(runs)).values():
        write_technology(replace(facts, run_id=runs[facts.run_id]), actor)


def write_log(enrolment_id: int, uses: int, non_use_reason: str | None, actor: Actor) -> None:
    """How often somebody has used the technology so far, or why not. The numbers replace what was
    there, so that sending them twice counts once."""
    _write(enrolment_id, uses=uses, non_use_reason=non_use_reason)
    record(
        "technology_trials.practice_logged",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"uses": uses, "reasoned": non_use_reason is not None},
    )
    reassess([enrolment_id], actor)


def set_safe_use(enrolment_id: int, passed: bool | None, actor: Actor) -> None:
    """The teacher's safe-use check: passed, not passed, or (None) not done yet."""
    _write(
        enrolment_id,
        safe_use_passed=passed,
        checked_by_id=actor.person_id if passed is not None else None,
        checked_at=now() if passed is not None else None,
    )
    record(
        "technology_trials.safe_use_checked",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"passed": passed},
    )
    reassess([enrolment_id], actor)


def _write(enrolment_id: int, **values: Any) -> None:
    """One row for each enrolment: it is made when missing, and then changed in one statement."""
    moment = now()
    known = select(Practice.id).where(Practice.enrolment_id == enrolment_id)
    if db.session.scalar(known) is None:
        # Two people at once: the second finds the row that the first has made.
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.execute(
                insert(Practice).values(enrolment_id=enrolment_id, uses=0, changed_at=moment)
            )
    db.session.execute(
        update(Practice)
        .where(Practice.enrolment_id == enrolment_id)
        .values(changed_at=moment, **values)
    )
