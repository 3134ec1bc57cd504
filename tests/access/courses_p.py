"""Panels of company tracks: one that is being held, one whose feedback was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lms.api import new_key, now
from lms.testing.defaults import in_all_languages
from tests.access.world import Arguments, Side, World


def panels(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """The panels of one side: the readers' company is heard, and the evaluator is on them."""
    from lms_courses.models import PanelForm

    on_panel = world.people["evaluator"] if name == "own" else side.manager
    company = (
        world.company
        if name == "own"
        else world.make.organisation(name="Nabo Panel ApS", kind="company")
    )
    empty = _run(world, side, "Uden panel")
    held = _run(world, side, "Med panel")
    sent = _run(world, side, "Med feedback")
    world.make.team_member(run=held, person=on_panel, role="panel_member")
    world.make.team_member(run=sent, person=on_panel, role="panel_member")
    _application(world, empty, company)
    panel, subject = _panel(world, held, company)
    _application(world, held, world.make.organisation(kind="company"))  # has come since
    _released, told = _panel(
        world, sent, company, summary="Godt tænkt.", released_at=now() - timedelta(hours=1)
    )
    world.make.write(
        PanelForm(
            subject_id=told.id,
            person_id=on_panel.id,
            role="staff",
            understood=4,
            useful=3,
            safe=2,
            good="Let at bruge",
            written_at=now() - timedelta(hours=2),
        )
    )
    return {
        "panel to set up": {"key": empty.key, "kind": "feedback_day"},
        "panel": {"key": panel.key},
        "heard by a panel": {"key": panel.key, "subject": subject.key},
        "feedback": {"key": told.key},
    }


def _run(world: World, side: Side, title: str) -> Any:
    from lms_courses.models import Call
    from lms_courses.types import COMPANY, type_data

    run = world.make.run(
        course_type=type_data(COMPANY).plan,
        title=f"{title}, {side.organisation.name}",
        hosts=[side.organisation],
        state="running",
        visibility="invited",
    )
    world.make.write(
        Call(
            run_id=run.id,
            criteria=in_all_languages("Behovet i praksis."),
            places=4,
            people=2,
            opens_at=now() - timedelta(days=60),
            closes_at=now() - timedelta(days=30),
        )
    )
    return run


def _application(world: World, run: Any, company: Any) -> Any:
    from lms_courses.models import Application

    row = Application(
        run_id=run.id,
        organisation_id=company.id,
        name=company.name,
        name_key=new_key(),
        country="DK",
        size="small",
        contact_name="Kim Kontakt",
        contact_email="kim@opdigtet.example",
        people=[{"name": "Ida Ingeniør", "email": f"{new_key()}@opdigtet.example"}],
        why="Vi vil lære.",
        language="da",
        declared_at=now(),
        created_at=now(),
        state="confirmed",
    )
    world.make.write(row)
    return row


def _panel(world: World, run: Any, company: Any, summary: str = "", **columns: Any) -> Any:
    from lms_courses.models import Panel, PanelSubject

    panel = Panel(
        run_id=run.id,
        kind="feedback_day",
        held_at=now() - timedelta(hours=3),
        release_by=now() + timedelta(days=7),
        **columns,
    )
    world.make.write(panel)
    subject = PanelSubject(
        panel_id=panel.id,
        application_id=_application(world, run, company).id,
        name=company.name,
        position=1,
        summary=summary,
    )
    world.make.write(subject)
    return panel, subject
