"""What company tracks add to the page of a run: the call, a company's own work, all companies'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, EnrolmentFacts, LocalisedText, Panel, RunFacts
from lms_courses.plan_template import ROLES
from lms_courses.queries.calls import SHOWN, confirmed_in
from lms_courses.queries.tracks import TrackFacts, leads_by_role, tracks_of
from lms_courses.types import COMPANY

CALL = LocalisedText(da="For virksomheder", sv="För företag", en="For companies")
OWN = LocalisedText(da="Jeres eget arbejde", sv="Ert eget arbete", en="Your own work")
ALL = LocalisedText(da="Virksomhederne", sv="Företagen", en="The companies")
WITH_COMPANIES = ("open", "closed", "running", "completed", "evaluated")


def company_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """The call, what the reader's company has written, and for the team the way to all of it. One
    query."""
    tracks = [run for run in runs if run.course_type == COMPANY]
    found = tracks_of(tracks, actor)
    return {run.id: _panels(run, found.get(run.id), actor) for run in tracks}


def enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The way to what the reader's company has written, on the page of their seat. One query."""
    own = [o for o in enrolments if o.course_type == COMPANY and o.person_id == actor.person_id]
    placed = {
        (run_id, company.organisation_id)
        for run_id, companies in confirmed_in([one.run_id for one in own]).items()
        for company in companies
    }
    return {
        one.id: (
            Panel(
                template="courses/company_way.html",
                title=OWN,
                order=5,
                values={"url": url_for("courses.track", key=one.run_key)},
            ),
        )
        for one in own
        if any((one.run_id, id_) in placed for id_ in actor.organisation_ids)
    }


def _panels(run: RunFacts, track: TrackFacts | None, actor: Actor) -> Sequence[Panel]:
    leads = track.leads if track is not None else leads_by_role(actor, run.host_ids)
    panels = []
    if run.state in SHOWN or (leads and run.state == "planned"):
        call = track.call if track is not None else None
        panels.append(
            Panel(
                template="courses/call_panel.html",
                title=CALL,
                order=0,
                place="aside",
                values={"run": run, "call": call, "leads": leads},
            )
        )
    if track is None or run.state not in WITH_COMPANIES:
        return panels
    if track.application_id is not None:
        panels.append(
            Panel(
                template="courses/company_panel.html",
                title=OWN,
                order=5,
                place="aside",
                values={"run": run, "track": track, "roles": len(ROLES)},
            )
        )
    elif track.reads:
        panels.append(
            Panel(
                template="courses/companies_panel.html",
                title=ALL,
                order=55,
                place="aside",
                values={"run": run},
            )
        )
    return panels
