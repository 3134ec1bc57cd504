"""Conditions of plugins: `<plugin>.<name>`, asked of that plugin for all its enrolments at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.contracts import CompletionRule, ConditionResult, EnrolmentFacts
from lms.host import current_host


def answers(
    enrolments: Sequence[EnrolmentFacts], rules: Mapping[int, CompletionRule]
) -> Mapping[int, Mapping[str, ConditionResult]]:
    """What plugins say of the conditions named after them, by enrolment id and name; `rules` by
    run id. A plugin that fails or is not here says nothing, and nobody speaks for another."""
    asked: dict[str, list[EnrolmentFacts]] = defaultdict(list)
    for enrolment in enrolments:
        for plugin in plugins_in(rules[enrolment.run_id]):
            asked[plugin].append(enrolment)
    host = current_host()
    found: dict[int, dict[str, ConditionResult]] = defaultdict(dict)
    for plugin, own in sorted(asked.items()):
        answer = host.ask_owner(plugin, "lms_completion_conditions", enrolments=tuple(own))
        for enrolment_id, results in (answer or {}).items():
            for result in results:
                if result.name.startswith(f"{plugin}."):
                    # Letting somebody off is said in the core, with a name and a reason.
                    found[enrolment_id][result.name] = replace(result, waived=False)
    return found


def plugins_in(rule: CompletionRule) -> Sequence[str]:
    """The plugins whose conditions a rule names."""
    return sorted({name.partition(".")[0] for name in rule.conditions if "." in name})
