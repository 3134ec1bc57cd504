"""Questions about assessment: who may not assess, what each one found, what stands of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.contracts import LocalisedText, OutcomeResult
from lms.core.catalogue.models import CourseVersion, Run, TeamMember
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Assessment, Waiver
from lms.core.organisations.models import Organisation
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one assessor found of one learning outcome; `final` once all who assessed it agree."""

    outcome: int
    level: int
    method: str
    supervised: bool
    note: str
    assessor_id: int | None
    assessor: str | None
    final: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """A condition somebody is let off: why, and who said so."""

    condition: str
    reason: str
    by: str | None
    at: datetime


def is_of_a_company(person_id: int | None, run_id: int) -> bool:
    """Does this person work for a company today, or teach this run for one?"""
    employed = (
        select(Assignment.id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .where(
            Assignment.person_id == person_id,
            Organisation.kind == "company",
            current_assignment(),
        )
    )
    teaches = select(TeamMember.id).where(
        TeamMember.person_id == person_id,
        TeamMember.run_id == run_id,
        TeamMember.role == "company_teacher",
    )
    return bool(db.session.scalar(select(employed.exists() | teaches.exists())))


def outcomes_of_run(run_id: int) -> tuple[LocalisedText, ...]:
    """The learning outcomes of a run, in order."""
    texts = db.session.scalar(
        select(CourseVersion.outcomes)
        .join(Run, Run.course_version_id == CourseVersion.id)
        .where(Run.id == run_id)
    )
    return tuple(LocalisedText.from_dict(text) for text in texts or ())


def found_of(enrolment_ids: Sequence[int]) -> Mapping[int, Mapping[int, Sequence[Found]]]:
    """What all assessors found, by enrolment id and place of the outcome, the first first."""
    found: dict[int, dict[int, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(
        select(
            Assessment.enrolment_id,
            Assessment.outcome,
            Assessment.level,
            Assessment.method,
            Assessment.supervised,
            Assessment.note,
            Assessment.assessor_id,
            Person.name.label("assessor"),
            (Assessment.state == "final").label("final"),
            Assessment.at,
        )
        .outerjoin(Person, Person.id == Assessment.assessor_id)
        .where(Assessment.enrolment_id.in_(enrolment_ids))
        .order_by(Assessment.enrolment_id, Assessment.outcome, Assessment.id)
    ):
        values = row._asdict()
        found[values.pop("enrolment_id")][row.outcome].append(Found(**values))
    return found


def results_of(enrolment_ids: Sequence[int]) -> Mapping[int, tuple[OutcomeResult, ...]]:
    """What stands of each outcome, by enrolment id: for certificates and for the one concerned."""
    rows = db.session.execute(
        select(
            Assessment.enrolment_id,
            Assessment.outcome,
            func.min(Assessment.level).label("level"),
            func.min(Assessment.method).label("method"),
            func.count().label("assessors"),
            func.count().filter(Assessment.supervised).label("supervised"),
            func.count().filter(Assessment.state == "final").label("final"),
            CourseVersion.outcomes.label("titles"),
        )
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(Assessment.enrolment_id.in_(enrolment_ids))
        .group_by(Assessment.enrolment_id, Assessment.outcome, CourseVersion.id)
        .order_by(Assessment.enrolment_id, Assessment.outcome)
    )
    found: dict[int, list[OutcomeResult]] = defaultdict(list)
    for row in rows:
        own = row.titles
        if row.final != row.assessors or row.outcome >= len(own):
            continue
        found[row.enrolment_id].append(
            OutcomeResult(
                outcome=row.outcome,
                title=LocalisedText.from_dict(own[row.outcome]),
                level=row.level,
                method=row.method,
                supervised=row.supervised == row.assessors,
                assessors=row.assessors,
            )
        )
    return {id_: tuple(results) for id_, results in found.items()}


def waivers_of(enrolment_ids: Sequence[int]) -> Mapping[int, Sequence[Waived]]:
    """What these people are let off, by enrolment id."""
    found: dict[int, list[Waived]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Waiver.enrolment_id,
            Waiver.condition,
            Waiver.reason,
            Person.name.label("by"),
            Waiver.at,
        )
        .outerjoin(Person, Person.id == Waiver.by_id)
        .where(Waiver.enrolment_id.in_(enrolment_ids))
        .order_by(Waiver.enrolment_id, Waiver.id)
    )
    for row in rows:
        values = row._asdict()
        found[values.pop("enrolment_id")].append(Waived(**values))
    return found
