"""How a completion rule is judged: named conditions, each with a reason in words.

The core knows `attendance`, `declared`, `activities`, `assessment` and `agreement`, a small module
each. A name with a dot is a plugin's, and the plugin it begins with answers. Whoever is let off a
condition has fulfilled it. A verdict follows from facts alone, never from the time of day or the
order in which things happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from lms.contracts import CompletionFacts, ConditionResult, EnrolmentFacts
from lms.core.learning.conditions import (
    activities,
    agreement,
    assessment,
    attendance,
    declared,
    plugins,
    words,
)
from lms.core.learning.queries.standing import OwnSide, RunSide, known_about
from lms.core.learning.queries.stood import Stood

Judge = Callable[[Mapping[str, Any], RunSide, OwnSide], ConditionResult]

CORE: Mapping[str, Judge] = {
    "attendance": attendance.judge,
    "declared": declared.judge,
    "activities": activities.judge,
    "assessment": assessment.judge,
    "agreement": agreement.judge,
}
"""The core's conditions by name: options of the rule, the run, the participant -> a verdict."""


def standings(
    enrolments: Sequence[EnrolmentFacts], runs: Mapping[int, RunSide] | None = None
) -> Mapping[int, CompletionFacts]:
    """How each enrolment stands under the rule fixed for its run, by enrolment id; see
    `judge_all`."""
    return {id_: stood.facts for id_, stood in judge_all(enrolments, runs).items()}


def judge_all(
    enrolments: Sequence[EnrolmentFacts], runs: Mapping[int, RunSide] | None = None
) -> Mapping[int, Stood]:
    """The verdict on each enrolment from the facts as they are, with the forecast of attendance
    and the required activities accepted, by enrolment id. At most six queries and one question
    to each plugin, whatever the number of enrolments; `runs` are the sides of their runs where the
    caller has read them."""
    if not enrolments:
        return {}
    known = known_about(enrolments, runs)
    rules = {run_id: run.rule for run_id, run in known.runs.items()}
    answers = plugins.answers(enrolments, rules)
    return {
        enrolment.id: _judge(
            enrolment,
            known.runs[enrolment.run_id],
            known.own[enrolment.id],
            answers.get(enrolment.id, {}),
        )
        for enrolment in enrolments
    }


def verdict(
    run: RunSide, own: OwnSide, answers: Mapping[str, ConditionResult]
) -> tuple[ConditionResult, ...]:
    """The conditions of the run's rule in their order, `answers` being the plugins' by name."""
    results = []
    for name, options in run.rule.conditions.items():
        if (judge := CORE.get(name)) is not None:
            result = judge(options, run, own)
        else:
            result = answers.get(name) or words.no_answer(name)
        if name in own.waived:
            result = words.let_off(result)
        results.append(result)
    return tuple(results)


def overall(
    reasons: Sequence[ConditionResult],
) -> Literal["met", "not_met", "undecided"]:
    """Met when all are met; not met when one is not; else undecided. No conditions: undecided."""
    if any(reason.met is False for reason in reasons):
        return "not_met"
    if not reasons or any(reason.met is None for reason in reasons):
        return "undecided"
    return "met"


def _judge(
    enrolment: EnrolmentFacts,
    run: RunSide,
    own: OwnSide,
    answers: Mapping[str, ConditionResult],
) -> Stood:
    reasons = verdict(run, own, answers)
    done, required = activities.progress(run, own)
    return Stood(
        facts=CompletionFacts(
            enrolment_id=enrolment.id,
            enrolment_key=enrolment.key,
            run_id=enrolment.run_id,
            person_id=enrolment.person_id,
            course_type=enrolment.course_type,
            result=overall(reasons),
            rule_version=run.rule.version,
            minutes_attended=attendance.attended(own),
            minutes_held=run.held,
            reasons=reasons,
        ),
        outlook=attendance.outlook_name(run, own),
        done=done,
        required=required,
    )
