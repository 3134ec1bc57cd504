"""How a completion rule is judged: named conditions, each with a reason in words.

The core knows `attendance` (at least so many percent of the minutes held) and `declared` (the
teacher's word). Every other name is the course type's own, and its plugin answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lms.contracts import (
    CompletionFacts,
    CompletionRule,
    ConditionResult,
    EnrolmentFacts,
    LocalisedText,
)
from lms.core.learning.queries import (
    Progress,
    Word,
    minutes_held,
    progress_of,
    rules_of,
)
from lms.host import current_host


def standings(
    enrolments: Sequence[EnrolmentFacts],
    *,
    works: Mapping[int, Progress] | None = None,
    rules: Mapping[int, CompletionRule] | None = None,
    held: Mapping[int, int] | None = None,
) -> Mapping[int, CompletionFacts]:
    """How each enrolment stands under the rule fixed for its run, by enrolment id. At most three
    queries and one question to each course type's plugin, whatever the number of enrolments.

    `works` by enrolment id, `rules` and `held` minutes by run id are what the caller has already.
    """
    if not enrolments:
        return {}
    run_ids = sorted({enrolment.run_id for enrolment in enrolments})
    works = progress_of([enrolment.id for enrolment in enrolments]) if works is None else works
    rules = rules_of(run_ids) if rules is None else rules
    held = minutes_held(run_ids) if held is None else held
    answers = _plugin_answers(enrolments)
    found = {}
    for enrolment in enrolments:
        rule, work = rules[enrolment.run_id], works.get(enrolment.id, Progress())
        minutes = (work.minutes, held.get(enrolment.run_id, 0))
        reasons = _judge(rule, minutes, work.word, answers.get(enrolment.id, {}))
        found[enrolment.id] = CompletionFacts(
            enrolment_id=enrolment.id,
            enrolment_key=enrolment.key,
            run_id=enrolment.run_id,
            person_id=enrolment.person_id,
            course_type=enrolment.course_type,
            result=overall(reasons),
            rule_version=rule.version,
            minutes_attended=minutes[0],
            minutes_held=minutes[1],
            reasons=reasons,
        )
    return found


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
    rule: CompletionRule,
    minutes: tuple[int, int],
    word: Word | None,
    answers: Mapping[str, ConditionResult],
) -> tuple[ConditionResult, ...]:
    results = []
    for name, options in rule.conditions.items():
        if name == "attendance":
            results.append(_attendance(options, *minutes))
        elif name == "declared":
            results.append(_declared(word))
        else:
            results.append(answers.get(name) or _no_answer(name))
    return tuple(results)


def _attendance(options: Mapping[str, Any], attended: int, held: int) -> ConditionResult:
    needed = int(options.get("percent", 80))
    if held == 0:
        text = LocalisedText(
            da="Der er ikke holdt nogen mødegange endnu.",
            sv="Inga kurstillfällen har hållits än.",
            en="No sessions have been held yet.",
        )
        return ConditionResult(name="attendance", met=None, reason=text)
    # Whole minutes are compared, so that exactly the needed share is enough.
    met = attended * 100 >= needed * held
    percent = attended * 100 // held
    text = LocalisedText(
        da=f"Til stede {attended} af {held} minutter ({percent} %). "
        f"Der skal mindst {needed} % til.",
        sv=f"Närvarande {attended} av {held} minuter ({percent} %). Det krävs minst {needed} %.",
        en=f"Present {attended} of {held} minutes ({percent}%). At least {needed}% is needed.",
    )
    return ConditionResult(name="attendance", met=met, reason=text)


def _declared(word: Word | None) -> ConditionResult:
    if word is None:
        text = LocalisedText(
            da="Underviseren har ikke sagt god for arbejdet endnu.",
            sv="Läraren har inte godkänt arbetet än.",
            en="The teacher has not vouched for the work yet.",
        )
        return ConditionResult(name="declared", met=None, reason=text)
    if word.accepted:
        text = LocalisedText(
            da="Underviseren har sagt god for arbejdet.",
            sv="Läraren har godkänt arbetet.",
            en="The teacher has vouched for the work.",
        )
    else:
        text = LocalisedText(
            da="Underviseren mangler noget af arbejdet.",
            sv="Läraren saknar en del av arbetet.",
            en="The teacher is missing some of the work.",
        )
    return ConditionResult(name="declared", met=word.accepted, reason=text)


def _no_answer(name: str) -> ConditionResult:
    text = LocalisedText(
        da="En af betingelserne kan ikke afgøres lige nu.",
        sv="Ett av villkoren kan inte avgöras just nu.",
        en="One of the conditions cannot be decided just now.",
    )
    return ConditionResult(name=name, met=None, reason=text)


def _plugin_answers(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Mapping[str, ConditionResult]]:
    host = current_host()
    types = host.course_types()
    owners = {types[e.course_type].plugin for e in enrolments if e.course_type in types}
    found: dict[int, dict[str, ConditionResult]] = {}
    for owner in sorted(owners):
        own = tuple(
            e for e in enrolments if e.course_type in types and types[e.course_type].plugin == owner
        )
        answer = host.ask_owner(owner, "lms_completion_conditions", enrolments=own)
        for enrolment_id, results in (answer or {}).items():
            found[enrolment_id] = {result.name: result for result in results}
    return found
