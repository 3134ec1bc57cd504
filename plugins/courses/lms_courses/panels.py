"""What this plugin adds to the page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.api import (
    Actor,
    LocalisedText,
    OrganisationFacts,
    Panel,
    RunFacts,
    now,
    organisations_by_id,
    rule_in_words,
)
from lms_courses.queries import CaseFacts, cases_by_course
from lms_courses.types import KEYS, STUDENT, TypeData, type_data

PHASES_TITLE = LocalisedText(
    da="Før, undervejs og efter", sv="Före, under och efter", en="Before, during and after"
)

SAID_BY_TYPE = ("attendance", "declared")
"""Conditions for which this plugin has sentences of its own."""


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run asks of its participants, and the case of a student module, by run id."""
    own = [run for run in runs if run.course_type in KEYS]
    cases = cases_by_course([run.course_id for run in own if run.course_type == STUDENT])
    organisations = organisations_by_id(
        [
            id_
            for case in cases.values()
            for id_ in (case.company_id, case.practice_host_id)
            if id_ is not None
        ]
    )
    found: dict[int, list[Panel]] = {}
    for run in own:
        found[run.id] = [_phases(run, type_data(run.course_type))]
        if run.course_type == STUDENT and run.course_id in cases:
            found[run.id].append(_case(cases[run.course_id], organisations))
    return found


def _phases(run: RunFacts, data: TypeData) -> Panel:
    conditions = run.rule.conditions if run.rule else {}
    attendance = conditions.get("attendance")
    return Panel(
        template="courses/phases.html",
        title=PHASES_TITLE,
        order=60,
        place="aside",
        values={
            "before": data.before,
            "after": data.after,
            "phases": data.plan.phases,
            "at": _where(run),
            "percent": attendance.get("percent", 80) if attendance is not None else None,
            "declared": data.declared if "declared" in conditions else None,
            "also": rule_in_words({k: v for k, v in conditions.items() if k not in SAID_BY_TYPE}),
            "collected": data.plan.collects_requests and run.state in ("announced", "open"),
        },
    )


def _where(run: RunFacts) -> str:
    """Where the run is: before, during or after; before, too, when it has no dates yet."""
    if run.starts_at is None or run.ends_at is None or now() < run.starts_at:
        return "before"
    return "during" if now() <= run.ends_at else "after"


def _case(case: CaseFacts, organisations: Mapping[int, OrganisationFacts]) -> Panel:
    def name(organisation_id: int | None) -> str | None:
        found = organisations.get(organisation_id) if organisation_id else None
        return found.name if found else None

    values: dict[str, Any] = {
        "problem": case.problem,
        "question": case.question,
        "given": case.given,
        "limits": case.limits,
        "rights": case.rights,
        "company": name(case.company_id),
        "practice_host": name(case.practice_host_id),
        "minutes": case.hours_promised * 60,
    }
    return Panel(template="courses/case.html", title=case.title, order=20, values=values)
