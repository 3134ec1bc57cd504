"""Staff tracks of each side: a run with journeys, one for each state of a try-out, one decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.api import now
from tests.access.world import STAFF_TRACK, Arguments, Side, World

STEPS = [{"step": "Kommer hjem", "touchpoint": "Nøgleboks", "citizen": "Venter", "risk": "Løft"}]


def staff_tracks(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """What the learner of one side wrote, and what their manager was asked."""
    from lms_courses.models import Decision

    journeys, planned, tried, thought, noted = (
        _run(world, name, side, what)
        for what in ("rejsen", "planen", "beslutningen", "tanken", "noten")
    )
    fresh = _journey(world, side, *journeys)
    checked = _journey(world, side, *journeys, checked_at=now())
    asked = _tryout(world, side, *planned, state="asked")
    not_asked = _tryout(world, side, *thought, state="planned")
    colleague = world.make.enrolment(run=noted[0], state="active", employer=side.organisation)
    waiting = _tryout(world, side, noted[0], colleague, state="tried", partner_id=noted[1].id)
    confirmed = _tryout(world, side, *tried, state="confirmed", confirmed_at=now())
    decision = Decision(
        run_id=tried[0].id,
        tryout_id=confirmed.id,
        outcome="yes",
        reason="Det sparer skridt.",
        decided_on=now().date(),
        recorded_by_id=side.learner.id,
        recorded_at=now(),
    )
    world.make.write(decision)
    return {
        "staff track": {"key": journeys[0].key},
        "journey": {"key": fresh.key},
        "checked journey": {"key": checked.key},
        "try-out": {"key": asked.key},
        "planned try-out": {"key": not_asked.key},
        "try-out of a colleague": {"key": waiting.key},
        "confirmed try-out": {"key": confirmed.key},
        "decision": {"key": decision.key},
    }


def _run(world: World, name: str, side: Side, what: str) -> tuple[Any, Any]:
    run = world.make.run(
        course_type=STAFF_TRACK,
        title=f"Medarbejdere og {what}, {side.organisation.name}",
        state="running",
        hosts=[side.organisation],
    )
    enrolment = world.make.enrolment(
        run=run,
        person=side.learner,
        state="active",
        employer=side.organisation,
        manager=side.manager,
    )
    if name == "own":
        world.make.team_member(run=run, person=world.people["company"], role="company_teacher")
    return run, enrolment


def _journey(world: World, side: Side, run: Any, enrolment: Any, **columns: Any) -> Any:
    from lms_courses.models import Journey

    row = Journey(
        run_id=run.id,
        enrolment_id=enrolment.id,
        title=f"Hjem en fredag, {side.organisation.name}",
        steps=STEPS,
        language="da",
        created_by_id=side.learner.id,
        created_at=now(),
        **columns,
    )
    world.make.write(row)
    return row


def _tryout(world: World, side: Side, run: Any, enrolment: Any, **columns: Any) -> Any:
    from lms_courses.models import Tryout

    row = Tryout(
        run_id=run.id,
        enrolment_id=enrolment.id,
        what=f"En kurv ved døren, {side.organisation.name}",
        measure="Hvor tit vi går tilbage",
        before="Fjorten gange",
        after="Tre gange",
        learned="Kurven skal stå ved døren.",
        manager_id=side.manager.id,
        begins_on=now().date(),
        ends_on=now().date(),
        changed_at=now(),
        **columns,
    )
    world.make.write(row)
    return row
