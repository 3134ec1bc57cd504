"""`declared`: the teacher vouches for the work. No options. Without a word it is undecided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.contracts import ConditionResult, LocalisedText
from lms.core.learning.queries.standing import OwnSide, RunSide

NAME = "declared"


def judge(options: Mapping[str, Any], run: RunSide, own: OwnSide) -> ConditionResult:
    """Met and not met by the teacher's word."""
    if own.word is None:
        text = LocalisedText(
            da="Underviseren har ikke sagt god for arbejdet endnu.",
            sv="Läraren har inte godkänt arbetet än.",
            en="The teacher has not vouched for the work yet.",
        )
        return ConditionResult(name=NAME, met=None, reason=text)
    if own.word.accepted:
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
    return ConditionResult(name=NAME, met=own.word.accepted, reason=text)
