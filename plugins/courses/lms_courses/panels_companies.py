"""What company tracks add to the page of a run: the call, a company's own work, all companies'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, EnrolmentFacts, LocalisedText, Panel, RunFacts, runs_by_id
from lms_courses.plan_template import ROLES
from lms_courses.queries.calls import SHOWN, calls_of, company_in_run, may_decide
from lms_courses.queries.plans import claims_of, plan_of, works_with
from lms_courses.queries.sharing import shared_in
from lms_courses.types import COMPANY

CALL = LocalisedText(da="For virksomheder", sv="För företag", en="For companies")
OWN = LocalisedText(da="Jeres eget arbejde", sv="Ert eget arbete", en="Your own work")
ALL = LocalisedText(da="Virksomhederne", sv="Företagen", en="The companies")
WITH_COMPANIES = ("open", "closed", "running", "completed", "evaluated")


def company_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """The call, what the reader's company has written, and for the team the way to all of it."""
    tracks = [run for run in runs if run.course_type == COMPANY]
    calls = calls_of([run.id for run in tracks])
    found: dict[int, Sequence[Panel]] = {}
    for run in tracks:
        leads = may_decide(actor, run)
        panels = []
        if run.state in SHOWN or (leads and run.state == "planned"):
            panels.append(
                Panel(
                    template="courses/call_panel.html",
                    title=CALL,
                    order=0,
                    place="aside",
                    values={"run": run, "call": calls.get(run.id), "leads": leads},
                )
            )
        if run.id in calls and run.state in WITH_COMPANIES:
            if (own := own_panel(run, actor)) is not None:
                panels.append(own)
            elif leads or works_with(actor, run):
                panels.append(_all(run))
        found[run.id] = panels
    return found


def enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """What the reader's company has written, on the page of a seat."""
    tracks = [one for one in enrolments if one.course_type == COMPANY]
    runs = runs_by_id([one.run_id for one in tracks]) if tracks else {}
    found = {}
    for one in tracks:
        if one.person_id == actor.person_id:
            own = own_panel(runs[one.run_id], actor)
            found[one.id] = (own,) if own is not None else ()
    return found


def own_panel(run: RunFacts, actor: Actor) -> Panel | None:
    """Claims, plan and what hosts have shared, for people of a company that has a place: their
    own, and nothing of others. Four queries."""
    company = company_in_run(run.id, sorted(actor.organisation_ids)) if actor.signed_in else None
    if company is None:
        return None
    return Panel(
        template="courses/company_panel.html",
        title=OWN,
        order=5,
        values={
            "run": run,
            "claims": claims_of([company.id])[company.id],
            "roles": ROLES,
            "plan": plan_of(company.id),
            "shared": shared_in(run.id),
            "claims_url": url_for("courses.claims", key=run.key),
            "plan_url": url_for("courses.plan", key=run.key),
        },
    )


def _all(run: RunFacts) -> Panel:
    return Panel(
        template="courses/companies_panel.html",
        title=ALL,
        order=55,
        place="aside",
        values={
            "plans_url": url_for("courses.plans", key=run.key),
            "share_url": url_for("courses.share", key=run.key),
            "shared": shared_in(run.id),
        },
    )
