"""Student modules at work on each side: a group that writes, one that has handed over, none yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from lms.api import SYSTEM, db, now, put_into_groups, unit_of_work
from tests.access.world import Arguments, Side, World

STUDENT_MODULE = "student_module"
GROUP = "Gruppe Et"


def students_at_work(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """Runs whose case is the readers' company's on their own side: the learner writes in a group
    where there is an agreement to say yes to, has handed over in another, chooses in a third."""
    from lms_courses.models import CaseQuestion, CaseResult, Nda

    where = side.organisation
    company = world.company if name == "own" else world.make.organisation(kind="company")
    writes, case, group = _module(world, side, company.id, "skriver", GROUP)
    handed, _case_there, other = _module(world, side, company.id, "afleverer", GROUP)
    loose, _case_there, _none = _module(world, side, company.id, "vælger", "")
    nda = Nda(
        case_id=case.id,
        institution_id=where.id,
        secret="Tegningerne.",
        from_day=date(2026, 1, 1),
        state="signed",
        added_at=now() - timedelta(days=1),
    )
    question = CaseQuestion(
        run_id=writes.id,
        group_id=group.id,
        asked_by_id=side.learner.id,
        asked_at=now(),
        text=f"Hvad vejer den, {where.name}?",
    )
    results = [
        CaseResult(
            run_id=run.id,
            group_id=of.id,
            title=f"En kurv ved døren, {where.name}",
            text="Sæt den ved døren.",
            language="da",
            written_at=now(),
            written_by_id=side.learner.id,
            sent_at=sent_at,
        )
        for run, of, sent_at in ((writes, group, None), (handed, other, now()))
    ]
    world.make.write(nda, question, *results)
    return {
        "students at work": {"key": writes.key},
        "students without a group": {"key": loose.key},
        "group of students": {"key": writes.key, "group_key": group.key},
        "question to a company": {"key": question.key},
        "result of students": {"key": results[1].key},
    }


def _module(
    world: World, side: Side, company_id: int, what: str, group: str
) -> tuple[Any, Any, Any]:
    """A running module with its case, the learner in it, and their group if it has a name."""
    from lms.core.learning.models import Group
    from lms_courses.models import CaseUse, CaseVersion
    from lms_courses.queries.cases import content_of
    from lms_courses.types import type_data

    where = side.organisation
    run: Any = world.make.run(
        course_type=type_data(STUDENT_MODULE).plan,
        title=f"Studerende {what}, {where.name}",
        hosts=[where],
        state="running",
    )
    seat = world.make.enrolment(run=run, person=side.learner, state="active", employer=where)
    case = _case(world, company_id, where)
    version = CaseVersion(case_id=case.id, number=1, content=content_of(case), at=now())
    use = CaseUse(run_id=run.id, case_id=case.id, number=1, outcomes=[0], begun_at=now())
    world.make.write(version, use)
    if not group:
        return run, case, None
    with world.app.test_request_context(), unit_of_work():
        put_into_groups(run.id, {seat.id: group}, SYSTEM)
    with world.app.app_context():
        found = db.session.execute(
            select(Group.id, Group.key).where(Group.run_id == run.id, Group.name == group)
        ).one()
    return run, case, found


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
