"""The case of a run on the run's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, Panel, RunFacts
from lms_courses.permissions import CASE
from lms_courses.queries.case_uses import UseFacts, uses_in_runs
from lms_courses.queries.cases import companies_of
from lms_courses.types import COMPANY, STAFF, STUDENT

WITHOUT = frozenset({COMPANY, STAFF})
"""Types of this plugin whose runs work on no case; those of others may."""
THE_CASE = LocalisedText(da="Casen", sv="Caset", en="The case")


def case_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Panel]:
    """The case of each of these runs that has one, and for its teachers the way to choose one for
    a student module. One query."""
    uses = uses_in_runs([run.id for run in runs if run.course_type not in WITHOUT], actor)
    found = {}
    for run in runs:
        if run.id in uses:
            found[run.id] = _case(run, uses[run.id], actor)
        elif run.course_type == STUDENT and _chooses(run, actor):
            found[run.id] = Panel(
                template="courses/case_none.html",
                title=THE_CASE,
                order=20,
                values={"url": url_for("courses.run_cases", key=run.key)},
            )
    return found


def _chooses(run: RunFacts, actor: Actor) -> bool:
    return actor.may_in_any(CASE, run.host_ids) and not companies_of(actor)


def _case(run: RunFacts, use: UseFacts, actor: Actor) -> Panel:
    """The whole sheet for who takes part or speaks for a side; others read who is behind
    it."""
    whole = use.takes_part or bool(use.case.sides) or actor.may_in_any(CASE, run.host_ids)
    return Panel(
        template="courses/case.html",
        title=use.case.title if whole else THE_CASE,
        order=20,
        values={
            "case": use.case,
            "whole": whole,
            "url": url_for("courses.case_in_run", key=use.key) if whole else "",
            "newer": use.newest > use.case.number and "teacher" in use.case.sides,
        },
    )
