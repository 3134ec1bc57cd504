"""`agreement`: the learning agreement is signed by employee and manager. No options.

Undecided while sessions are to come, not met when it is unsigned after the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.contracts import ConditionResult, LocalisedText
from lms.core.learning.queries.standing import OwnSide, RunSide

NAME = "agreement"

BOTH = LocalisedText(
    da="Læringsaftalen er underskrevet af jer begge.",
    sv="Lärandeavtalet är undertecknat av er båda.",
    en="The learning agreement is signed by both of you.",
)
NONE_YET = LocalisedText(
    da="Skriv en læringsaftale sammen med din leder.",
    sv="Skriv ett lärandeavtal tillsammans med din chef.",
    en="Write a learning agreement together with your manager.",
)
EMPLOYEE = LocalisedText(
    da="Læringsaftalen mangler din underskrift.",
    sv="Lärandeavtalet saknar din underskrift.",
    en="The learning agreement lacks your signature.",
)
MANAGER = LocalisedText(
    da="Læringsaftalen mangler din leders underskrift.",
    sv="Lärandeavtalet saknar din chefs underskrift.",
    en="The learning agreement lacks your manager's signature.",
)


def judge(options: Mapping[str, Any], run: RunSide, own: OwnSide) -> ConditionResult:
    """Met when both have signed the same words."""
    if own.employee_signed and own.manager_signed:
        return ConditionResult(name=NAME, met=True, reason=BOTH)
    unsigned = MANAGER if own.employee_signed else EMPLOYEE
    text = unsigned if own.agreement else NONE_YET
    return ConditionResult(name=NAME, met=None if run.coming else False, reason=text)
