"""Calls of company tracks: one that is coming, one that is open with what was sent to it, one that
is over with a company that has its place, its plan and another that was offered one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lms.api import new_key, now
from lms.testing.defaults import in_all_languages
from tests.access.world import Arguments, Side, World


def calls_of(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """The calls of one side; the company of its own side has a place in it."""
    from lms_courses.models import TestPlan
    from lms_courses.plan_template import FIELDS

    company = world.company if name == "own" else world.make.organisation(kind="company")
    coming = _run(world, side, "Kommer", opens=1, closes=9)
    open_now = _run(world, side, "Åben", opens=-1, closes=9)
    over = _run(world, side, "Lukket", opens=-9, closes=-1)
    sent = _application(world, open_now, "Sendt")
    asked = _application(world, over, "Ubesvaret")
    offered = _application(world, over, "Tilbudt", state="offered")
    placed = _application(
        world, over, "Plads", state="confirmed", organisation_id=company.id, reason="Ja."
    )
    drafts = _run(world, side, "Kladde", opens=-9, closes=-1)
    drafting = _application(
        world, drafts, "Skriver", state="confirmed", organisation_id=company.id, reason="Ja."
    )
    world.make.write(TestPlan(application_id=drafting.id, content={"tried": "En lampe."}))
    plan = TestPlan(
        application_id=placed.id,
        content={field.key: "Et svar." for field in FIELDS},
        begins_on=now().date(),
        state="signed",
        signed_at=now(),
    )
    world.make.write(plan)
    return {
        "call that comes": {"key": coming.key},
        "open call": {"key": open_now.key},
        "call that is over": {"key": over.key},
        "receipt": {"key": sent.key},
        "offered place": {"key": offered.key},
        "application": {"key": over.key, "application": asked.desk_key},
        "company track": {"key": over.key},
        "company with a draft": {"key": drafts.key},
        "test plan": {"key": plan.key},
    }


def _run(world: World, side: Side, title: str, *, opens: int, closes: int) -> Any:
    from lms_courses.models import Call
    from lms_courses.types import COMPANY, type_data

    run = world.make.run(
        course_type=type_data(COMPANY).plan,
        title=f"{title}, {side.organisation.name}",
        hosts=[side.organisation],
    )
    call = Call(
        run_id=run.id,
        criteria=in_all_languages("Behovet i praksis."),
        places=4,
        people=2,
        opens_at=now() + timedelta(days=opens),
        closes_at=now() + timedelta(days=closes),
    )
    world.make.write(call)
    return run


def _application(world: World, run: Any, name: str, **columns: Any) -> Any:
    from lms_courses.models import Application

    row = Application(
        run_id=run.id,
        name=f"{name} {new_key()} ApS",
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
        **columns,
    )
    world.make.write(row)
    return row
