"""What idea development adds to the pages of runs and enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, EnrolmentFacts, LocalisedText, Panel, RunFacts, may_with_roles, parts_of
from lms_challenges.course_type import KEY
from lms_challenges.queries.workroom import AT_WORK, IN_CLASS, TEACH, is_in, rooms_of
from lms_challenges.stages import STAGES

RUN_TITLE = LocalisedText(da="Det, vi arbejder med", sv="Det vi arbetar med", en="What we work on")
ROOM_TITLE = LocalisedText(da="Arbejdsrummet", sv="Arbetsrummet", en="The workroom")


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """The challenges of a run, and the way into its workroom for who may enter, by run id."""
    own = [run for run in runs if run.course_type == KEY]
    if not own:
        return {}
    rooms = rooms_of([run.id for run in own])
    parts = parts_of(actor.person_id, [run.id for run in own])
    found = {}
    for run in own:
        part = parts.get(run.id)
        leads = may_with_roles(actor, run, TEACH, part.roles if part else ())
        enters = actor.signed_in and (leads or is_in(part))
        values = {
            "room": rooms[run.id],
            "url": url_for("challenges.ideas", key=run.key) if enters else None,
            "plan_url": url_for("challenges.plan_ideas", key=run.key) if leads else None,
        }
        found[run.id] = [
            Panel(template="challenges/run_panel.html", title=RUN_TITLE, values=values, order=30)
        ]
    return found


def enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The way into the workroom, and what the group does there now, by enrolment id."""
    own = [e for e in enrolments if e.course_type == KEY and e.state in IN_CLASS]
    rooms = rooms_of(sorted({enrolment.run_id for enrolment in own}))
    return {
        enrolment.id: [
            Panel(
                template="challenges/enrolment_panel.html",
                title=ROOM_TITLE,
                values={
                    "room": rooms[enrolment.run_id],
                    "stage": STAGES[rooms[enrolment.run_id].stage],
                    "at_work": enrolment.state in AT_WORK,
                    "url": url_for("challenges.ideas", key=enrolment.run_key),
                },
                order=40,
            )
        ]
        for enrolment in own
        if enrolment.person_id == actor.person_id
    }
