"""A student module at work on each side: a group with a question and a result, one without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lms.api import SYSTEM, now, put_into_groups, unit_of_work
from tests.access.world import Arguments, Side, World

STUDENT_MODULE = "student_module"
GROUP = "Gruppe Et"


def students_at_work(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """A run whose case is the readers' company's on their own side, with its learner in a group."""
    from lms.core.learning.models import Group
    from lms_courses.models import CaseQuestion, CaseResult, CaseUse, CaseVersion
    from lms_courses.queries.cases import content_of
    from lms_courses.types import type_data

    where = side.organisation
    company = world.company if name == "own" else world.make.organisation(kind="company")
    run: Any = world.make.run(
        course_type=type_data(STUDENT_MODULE).plan,
        title=f"Studerende i gang, {where.name}",
        hosts=[where],
        state="running",
    )
    seat = world.make.enrolment(run=run, person=side.learner, state="active", employer=where)
    case = _case(world, company.id, where)
    version = CaseVersion(case_id=case.id, number=1, content=content_of(case), at=now())
    use = CaseUse(run_id=run.id, case_id=case.id, number=1, outcomes=[0], begun_at=now())
    world.make.write(version, use)
    with world.app.test_request_context(), unit_of_work():
        put_into_groups(run.id, {seat.id: GROUP}, SYSTEM)
    with world.app.app_context():
        from lms.db import db

        group = db.session.execute(
            select(Group.id, Group.key).where(Group.run_id == run.id, Group.name == GROUP)
        ).one()
    question = CaseQuestion(
        run_id=run.id,
        group_id=group.id,
        asked_by_id=side.learner.id,
        asked_at=now(),
        text=f"Hvad vejer den, {where.name}?",
    )
    result = CaseResult(
        run_id=run.id,
        group_id=group.id,
        title=f"En kurv ved døren, {where.name}",
        text="Sæt den ved døren.",
        language="da",
        written_at=now(),
        written_by_id=side.learner.id,
        sent_at=now(),
    )
    world.make.write(question, result)
    return {
        "students at work": {"key": run.key},
        "group of students": {"key": run.key, "group_key": group.key},
        "question to a company": {"key": question.key},
        "result of students": {"key": result.key},
    }


def _case(world: World, company_id: int, where: Any) -> Any:
    from lms.api import LocalisedText
    from lms_courses.models import CompanyCase

    def text(words: str) -> LocalisedText:
        return LocalisedText(da=words, sv=f"{words} (sv)", en=f"{words} (en)")

    words = ("problem", "why", "question", "given", "limits", "rights")
    case = CompanyCase(
        state="closed",
        company_id=company_id,
        institution_id=where.id,
        practice_host_id=where.id,
        hours_promised=12,
        title=text(f"Kurve, {where.name}"),
        alternative=LocalisedText(),
        created_at=now(),
        changed_at=now(),
        rights_settled_at=now(),
        practice_checked_at=now(),
        **{one: text(f"Kurve: {one}") for one in words},
    )
    world.make.write(case)
    return case
