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
TEACH = "learning.teach"
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
    """The whole sheet for who takes part or speaks for a side; others read who is behind it, those
    of another company too, whatever they are in the run (I-23)."""
    inside = use.takes_part or actor.may_in_any(CASE, run.host_ids)
    whole = bool(use.case.sides) or (inside and not companies_of(actor))
    return Panel(
        template="courses/case.html",
        title=use.case.title if whole else THE_CASE,
        order=20,
        values={
            "case": use.case,
            "whole": whole,
            "url": url_for("courses.case_in_run", key=use.key) if whole else "",
            "newer": use.newest > use.case.number and "teacher" in use.case.sides,
            "ways": _ways(run, use, actor),
        },
    )


def _ways(run: RunFacts, use: UseFacts, actor: Actor) -> Mapping[str, str]:
    """Where the reader goes on: their rights, the questions, the results."""
    company = bool(companies_of(actor))
    teaches = actor.may_in_any(TEACH, run.host_ids) and not company
    inside = (use.takes_part and not company) or teaches
    found = {}
    if inside:
        found["rights"] = url_for("courses.student_case", key=run.key)
    if inside or "company" in use.case.sides:
        found["questions"] = url_for("courses.case_questions", key=run.key)
    if inside or use.case.sides & {"company", "practice"}:
        found["results"] = url_for("courses.case_results", key=run.key)
    return found
