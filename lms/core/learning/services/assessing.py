"""Verbs on assessment: a level for each learning outcome, agreed on by all who assess it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from lms.contracts import Actor, EnrolmentFacts
from lms.core.learning.conditions.assessment import assessors_needed
from lms.core.learning.models import Assessment, Work
from lms.core.learning.queries.assessing import outcomes_of_run
from lms.core.learning.queries.completion import rules_of
from lms.core.learning.services.judging import held_enrolment, insist_may_judge
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused, refused
from lms.db import db, now
from lms.journal import record

LEVELS = range(4)
"""0 not shown, 1 partly, 2 shown, 3 shown well."""
METHODS = ("work", "observation", "conversation", "test")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What an assessor found of one learning outcome (its place in the list)."""

    outcome: int
    level: int
    method: str
    supervised: bool = False
    note: str = ""
    work_id: int | None = None


def assess(enrolment_id: int, findings: Sequence[Finding], actor: Actor) -> int:
    """Write what the actor found; what they found of an outcome before is replaced. Returns how
    many findings changed.

    An outcome is settled when as many have assessed it as the run's rule asks for, and all of
    them say the same; until then it is a draft that the participant does not see. Raises
    `Refused` for oneself, for who works for a company, once it is decided, and for findings that
    cannot be.
    """
    enrolment = held_enrolment(enrolment_id)
    insist_may_judge(enrolment, actor)
    _refuse_bad(findings, enrolment)
    before = {
        row.outcome: row
        for row in db.session.execute(
            select(
                Assessment.id,
                Assessment.outcome,
                Assessment.level,
                Assessment.method,
                Assessment.supervised,
                Assessment.note,
                Assessment.work_id,
            ).where(
                Assessment.enrolment_id == enrolment_id, Assessment.assessor_id == actor.person_id
            )
        )
    }
    changed = 0
    for finding in findings:
        values = {name: getattr(finding, name) for name in Finding.__slots__}
        old = before.get(finding.outcome)
        if old is not None and all(getattr(old, name) == new for name, new in values.items()):
            continue
        changed += 1
        _put(enrolment_id, None if old is None else old.id, values, actor)
        record(
            "learning.assessed",
            "enrolment",
            enrolment_id,
            actor=actor,
            data={
                "run": enrolment.run_id,
                "outcome": finding.outcome,
                "level": finding.level,
                "before": None if old is None else old.level,
            },
            payload={"note": finding.note} if finding.note else None,
        )
    if changed:
        _settle(enrolment)
        reassess([enrolment_id], actor)
    return changed


def take_assessment_back(enrolment_id: int, actor: Actor) -> int:
    """Remove all that the actor found of this participant; how many findings. Raises `Refused`
    once it is decided."""
    enrolment = held_enrolment(enrolment_id)
    gone = db.session.scalars(
        delete(Assessment)
        .where(Assessment.enrolment_id == enrolment_id, Assessment.assessor_id == actor.person_id)
        .returning(Assessment.outcome)
    ).all()
    if gone:
        record(
            "learning.assessment_taken_back",
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"run": enrolment.run_id, "outcomes": sorted(gone)},
        )
        _settle(enrolment)
        reassess([enrolment_id], actor)
    return len(gone)


def _put(enrolment_id: int, old_id: int | None, values: dict[str, Any], actor: Actor) -> None:
    if old_id is not None:
        db.session.execute(
            update(Assessment).where(Assessment.id == old_id).values(**values, at=now())
        )
        return
    db.session.execute(
        insert(Assessment).values(
            **values,
            enrolment_id=enrolment_id,
            assessor_id=actor.person_id,
            state="draft",
            at=now(),
        )
    )


def _settle(enrolment: EnrolmentFacts) -> None:
    """Final is what enough people have found alike; everything else is a draft again."""
    options = rules_of([enrolment.run_id])[enrolment.run_id].conditions.get("assessment", {})
    levels: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(
        select(Assessment.outcome, Assessment.level).where(Assessment.enrolment_id == enrolment.id)
    )
    for outcome, level in rows:
        levels[outcome].append(level)
    needed = assessors_needed(options)
    settled = [
        outcome
        for outcome, found in levels.items()
        if len(found) >= needed and len(set(found)) == 1
    ]
    own = Assessment.enrolment_id == enrolment.id
    for state, which in (
        ("final", Assessment.outcome.in_(settled)),
        ("draft", Assessment.outcome.not_in(settled)),
    ):
        db.session.execute(
            update(Assessment).where(own, which, Assessment.state != state).values(state=state)
        )


def _refuse_bad(findings: Sequence[Finding], enrolment: EnrolmentFacts) -> None:
    outcomes = range(len(outcomes_of_run(enrolment.run_id)))
    works = {finding.work_id for finding in findings if finding.work_id is not None}
    own = set(
        db.session.scalars(
            select(Work.id).where(Work.id.in_(works), Work.enrolment_id == enrolment.id)
        )
    )
    for finding in findings:
        if (
            finding.outcome not in outcomes
            or finding.level not in LEVELS
            or finding.method not in METHODS
        ):
            raise _impossible()
    if works - own or len({f.outcome for f in findings}) < len(findings):
        raise _impossible()


def _impossible() -> Refused:
    return refused(
        "finding",
        da="Læringsmålene er ændret imens. Se siden igen, og vurder på ny.",
        sv="Lärandemålen har ändrats under tiden. Läs om sidan och bedöm på nytt.",
        en="The learning outcomes changed in the meantime. Look again and assess anew.",
    )
