"""The condition that a company leaves with a plan: signed in time, and commented on by a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lms.api import (
    Condition,
    ConditionResult,
    EnrolmentFacts,
    LocalisedText,
    RunFacts,
    SettingField,
    now,
    runs_by_id,
)
from lms_courses.queries.plans import PlanFacts, plans_in

TEST_PLAN = "courses.test_plan"
DAYS = 14

CONDITIONS = (
    Condition(
        key=TEST_PLAN,
        title=LocalisedText(
            da="Testplan, skrevet under og kommenteret af en vært",
            sv="Testplan, underskriven och kommenterad av en värd",
            en="Test plan, signed and commented on by a host",
        ),
        fields=(
            SettingField(
                key="days",
                kind="number",
                label=LocalisedText(
                    da="Så mange dage efter den sidste mødegang kan den skrives under",
                    sv="Så många dagar efter sista tillfället kan den skrivas under",
                    en="So many days after the last session it can be signed",
                ),
                default=DAYS,
                minimum=0,
                maximum=365,
            ),
        ),
    ),
)


def conditions(enrolments: Sequence[EnrolmentFacts]) -> Mapping[int, Sequence[ConditionResult]]:
    """How the plan of each one's company stands, by enrolment id, where the run's rule asks for
    one. Two queries."""
    runs = runs_by_id(sorted({enrolment.run_id for enrolment in enrolments}), hosts=False)
    asking = [run.id for run in runs.values() if run.rule and TEST_PLAN in run.rule.conditions]
    if not asking:
        return {}
    plans = {(plan.run_id, plan.organisation_id): plan for plan in plans_in(asking)}
    return {
        one.id: (_result(plans.get((one.run_id, one.employer_id)), runs[one.run_id]),)
        for one in enrolments
        if one.run_id in asking
    }


def last_moment(run: RunFacts) -> datetime | None:
    """Until when a plan can be signed in time; None while the run has no days."""
    if run.ends_at is None or run.rule is None:
        return None
    options = run.rule.conditions.get(TEST_PLAN, {})
    return run.ends_at + timedelta(days=int(options.get("days", DAYS)))


def _result(plan: PlanFacts | None, run: RunFacts) -> ConditionResult:
    until = last_moment(run)
    if plan is None or plan.signed_at is None:
        late = until is not None and now() > until
        return ConditionResult(name=TEST_PLAN, met=False if late else None, reason=NOT_SIGNED)
    if until is not None and plan.signed_at > until:
        return ConditionResult(name=TEST_PLAN, met=False, reason=LATE)
    if plan.state != "commented":
        return ConditionResult(name=TEST_PLAN, met=None, reason=NOT_COMMENTED)
    return ConditionResult(name=TEST_PLAN, met=True, reason=DONE)


NOT_SIGNED = LocalisedText(
    da="Virksomhedens testplan er ikke skrevet under.",
    sv="Företagets testplan är inte underskriven.",
    en="The company's test plan is not signed.",
)
LATE = LocalisedText(
    da="Virksomhedens testplan kom efter fristen.",
    sv="Företagets testplan kom efter sista dagen.",
    en="The company's test plan came after the last day.",
)
NOT_COMMENTED = LocalisedText(
    da="Testplanen er skrevet under. En vært skal kommentere den.",
    sv="Testplanen är underskriven. En värd ska kommentera den.",
    en="The test plan is signed. A host has to comment on it.",
)
DONE = LocalisedText(
    da="Testplanen er skrevet under, og en vært har kommenteret den.",
    sv="Testplanen är underskriven, och en värd har kommenterat den.",
    en="The test plan is signed, and a host has commented on it.",
)
