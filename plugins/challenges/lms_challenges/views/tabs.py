"""The pages of problems that belong together, as tabs."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import Actor
from lms_challenges.queries.seeing import READ, TRIAGE
from lms_challenges.words import _

Tab = tuple[str, str, bool]


def problem_tabs(actor: Actor, current: str) -> Sequence[Tab]:
    """(word, address, is it this page) for the part `tabs`. `current` is report, mine, heat or
    desk."""
    tabs = [
        ("report", _("Tell of a problem"), "challenges.report"),
        ("mine", _("Yours"), "challenges.mine"),
    ]
    if actor.may_anywhere(READ):
        tabs.append(("heat", _("What weighs most"), "challenges.heat"))
    if actor.may_anywhere(TRIAGE):
        tabs.append(("desk", _("The desk"), "challenges.desk_list"))
    return [(word, url_for(endpoint), name == current) for name, word, endpoint in tabs]
