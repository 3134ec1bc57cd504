"""What this plugin adds to the page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import Actor, LocalisedText, Panel, RunFacts, now, rule_in_words
from lms_courses.panels_cases import case_panels
from lms_courses.panels_companies import company_panels
from lms_courses.panels_feedback import feedback_panels
from lms_courses.panels_offers import offer_panels
from lms_courses.panels_staff import born_panels
from lms_courses.types import COMPANY, KEYS, TypeData, type_data

PHASES_TITLE = LocalisedText(
    da="Før, undervejs og efter", sv="Före, under och efter", en="Before, during and after"
)

SAID_BY_TYPE = ("attendance", "declared")
"""Conditions for which this plugin has sentences of its own."""


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run asks of its participants, the case of a student module, the call and the work of
    companies, what was born in a staff track, by run id."""
    cases = case_panels([run for run in runs if run.course_type != COMPANY], actor)
    companies = company_panels(runs, actor)
    staff = born_panels(runs, actor)
    feedback = feedback_panels(runs, actor)
    offers = offer_panels(runs, actor)
    found: dict[int, list[Panel]] = {}
    for run in runs:
        panels = [_phases(run, type_data(run.course_type))] if run.course_type in KEYS else []
        if run.id in cases:
            panels.append(cases[run.id])
        panels += companies.get(run.id, ())
        panels += staff.get(run.id, ())
        if run.id in feedback:
            panels.append(feedback[run.id])
        if run.id in offers:
            panels.append(offers[run.id])
        if panels:
            found[run.id] = panels
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
        },
    )


def _where(run: RunFacts) -> str:
    """Where the run is: before, during or after; before, too, when it has no dates yet."""
    if run.starts_at is None or run.ends_at is None or now() < run.starts_at:
        return "before"
    return "during" if now() <= run.ends_at else "after"
