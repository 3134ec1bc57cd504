"""What panels add to the page of a run and of a seat: the way in for each who has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from lms.api import (
    Actor,
    EnrolmentFacts,
    LocalisedText,
    Panel,
    PartFacts,
    RunFacts,
    group_of,
    parts_of,
    runs_by_id,
)
from lms_courses.panel_kinds import KINDS, KINDS_OF
from lms_courses.queries.panels import (
    IN_CLASS,
    PanelFacts,
    SubjectFacts,
    leads_with,
    panels_in,
    released_on,
)

TITLE = LocalisedText(da="Feedback", sv="Återkoppling", en="Feedback")
WITH_PANELS = ("open", "closed", "running", "completed", "evaluated")


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One line: a kind of panel, when it is held or was sent, and a link. `what` is lead, set_up,
    give or read."""

    kind: LocalisedText
    panel: PanelFacts | None
    what: str
    url: str


def feedback_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Panel]:
    """Panels to lead, to give feedback on, and feedback to read, by run id. Two queries, and at
    most three more for who may have feedback to read."""
    with_panels = [run for run in runs if run.course_type in KINDS_OF and run.state in WITH_PANELS]
    if not with_panels or not actor.signed_in:
        return {}
    ids = [run.id for run in with_panels]
    panels, parts = panels_in(ids), parts_of(actor.person_id, ids)
    found = {}
    for run in with_panels:
        part = parts.get(run.id, PartFacts(run_id=run.id))
        ways = [
            *_leading(run, panels[run.id], actor, part),
            *_giving(panels[run.id], part),
            *_reading(panels[run.id], actor, part),
        ]
        if ways:
            found[run.id] = _panel(run, ways)
    return found


def feedback_on_seats(enrolments: Sequence[EnrolmentFacts], actor: Actor) -> Mapping[int, Panel]:
    """Feedback to read on the page of one's own seat."""
    own = [
        one
        for one in enrolments
        if one.person_id == actor.person_id and one.course_type in KINDS_OF
    ]
    ids = sorted({one.run_id for one in own})
    panels = panels_in(ids)
    runs = runs_by_id(ids) if any(panels.values()) else {}
    found = {}
    for one in own:
        part = PartFacts(run_id=one.run_id, enrolment_id=one.id, state=one.state)
        if ways := _reading(panels[one.run_id], actor, part):
            found[one.id] = _panel(runs[one.run_id], ways)
    return found


def _panel(run: RunFacts, ways: Sequence[Way]) -> Panel:
    return Panel(
        template="courses/panel_ways.html",
        title=TITLE,
        order=15,
        values={"ways": ways, "zone": run.zone},
    )


def _leading(
    run: RunFacts, panels: Mapping[str, PanelFacts], actor: Actor, part: PartFacts
) -> list[Way]:
    if not leads_with(actor, run, part.roles):
        return []
    return [
        Way(
            kind=KINDS[kind],
            panel=panels.get(kind),
            what="lead" if kind in panels else "set_up",
            url=url_for("courses.lead_panel", key=panels[kind].key)
            if kind in panels
            else url_for("courses.set_up_panel", key=run.key, kind=kind),
        )
        for kind in KINDS_OF[run.course_type]
    ]


def _giving(panels: Mapping[str, PanelFacts], part: PartFacts) -> list[Way]:
    if "panel_member" not in part.roles:
        return []
    return [
        Way(
            kind=KINDS[kind],
            panel=panel,
            what="give",
            url=url_for("courses.panel", key=panel.key),
        )
        for kind, panel in panels.items()
        if panel.released_at is None
    ]


def _reading(panels: Mapping[str, PanelFacts], actor: Actor, part: PartFacts) -> list[Way]:
    released = {one.id: one for one in panels.values() if one.released_at is not None}
    if not released:
        return []
    subjects: Sequence[SubjectFacts] = ()
    if actor.organisation_ids:
        subjects = released_on(list(released), companies=sorted(actor.organisation_ids))
    if not subjects and part.enrolment_id is not None and part.state in IN_CLASS:
        group = group_of(part.enrolment_id)
        subjects = released_on(list(released), groups=[group[0]]) if group is not None else ()
    return [
        Way(
            kind=KINDS[released[one.panel_id].kind],
            panel=released[one.panel_id],
            what="read",
            url=url_for("courses.feedback", key=one.key),
        )
        for one in subjects
    ]
