"""The cases of the demo: put before a school by a company, negotiated, and taken into a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.api import SYSTEM, Actor, LocalisedText, runs_by_id
from lms_courses.demo.replay import Stage
from lms_courses.queries.cases import CaseFacts, case_by_key
from lms_courses.services import cases
from lms_courses.services.case_uses import take_case
from lms_courses.services.cases import CaseValues, RightsValues
from lms_courses.types import text_of


def publish_case(data: Mapping[str, Any], institution_id: int, author: Actor, stage: Stage) -> str:
    """A company proposes its case, practice and teacher have their say, and it is open; its key."""
    company = stage.actor(data["contact"])
    practice = stage.actor(data["practice_by"])

    def told(name: str) -> LocalisedText:
        return text_of(data[name])

    key = cases.propose(
        CaseValues(
            company_id=stage.organisations[data["company"]],
            institution_id=institution_id,
            practice_host_id=stage.organisations[data["practice_host"]],
            contact_id=stage.people[data["contact"]],
            hours_promised=data["hours_promised"],
            title=told("title"),
            problem=told("problem"),
            why=told("why"),
            question=told("question"),
            given=told("given"),
            limits=told("limits"),
        ),
        company,
    )

    def now() -> CaseFacts:
        found = case_by_key(key, SYSTEM)
        if found is None:
            raise LookupError(key)
        return found

    for one in data["talk"]:
        cases.comment(now(), one["side"], one["text"], stage.actor(one["by"]))
    rights = RightsValues(ownership="owned_by_students", rights=told("rights"))
    cases.settle_rights(now(), rights, "", author, number=now().number)
    cases.check_as_practice(now(), practice, number=now().number)
    for state in ("approved", "open"):
        cases.move(now(), state, "", author)
    return key


def take_into(run_id: int, case_key: str, outcomes: list[int], lead: Actor) -> None:
    """The run works on the case."""
    case = case_by_key(case_key, SYSTEM)
    if case is None:
        raise LookupError(case_key)
    take_case(runs_by_id([run_id])[run_id], case, outcomes, lead)
