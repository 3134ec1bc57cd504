"""Verbs on the team of a run: who is named for what, and who is taken off again."""

from __future__ import annotations

from sqlalchemy import delete, select

from lms.contracts import Actor
from lms.core.catalogue.models import TeamMember
from lms.core.catalogue.services.seats import lock_run
from lms.core.refused import refused
from lms.db import db
from lms.journal import record

LEAD = "programme_lead"


def name_for(run_id: int, person_id: int, role: str, actor: Actor) -> None:
    """Somebody is on the run's team as this from now on, and hears of it. Raises `Refused` when
    they are already."""
    lock_run(run_id)
    if _member(run_id, person_id, role):
        raise refused(
            "email.already",
            da="Denne person har allerede den opgave på holdet.",
            sv="Den här personen har redan den uppgiften i omgången.",
            en="This person has that task in the run already.",
        )
    db.session.add(TeamMember(run_id=run_id, person_id=person_id, role=role))
    db.session.flush()
    record(
        "catalogue.team_named",
        "run",
        run_id,
        actor=actor,
        data={"person": person_id, "role": role},
    )


def take_off_team(run_id: int, person_id: int, role: str, actor: Actor) -> None:
    """Somebody is not on the team as this any more; nothing happens when they were not. Raises
    `Refused` for the only one who is responsible for the run."""
    lock_run(run_id)
    if not _member(run_id, person_id, role):
        return
    if role == LEAD and len(_people_as(run_id, LEAD)) == 1:
        raise refused(
            "last_lead",
            da="Nogen skal have ansvaret for holdet. Sæt en anden på først.",
            sv="Någon måste ha ansvaret för omgången. Lägg till någon annan först.",
            en="Somebody has to be responsible for the run. Name somebody else first.",
        )
    db.session.execute(
        delete(TeamMember).where(
            TeamMember.run_id == run_id,
            TeamMember.person_id == person_id,
            TeamMember.role == role,
        )
    )
    record(
        "catalogue.team_left",
        "run",
        run_id,
        actor=actor,
        data={"person": person_id, "role": role},
    )


def _member(run_id: int, person_id: int, role: str) -> bool:
    return person_id in _people_as(run_id, role)


def _people_as(run_id: int, role: str) -> list[int]:
    return list(
        db.session.scalars(
            select(TeamMember.person_id).where(TeamMember.run_id == run_id, TeamMember.role == role)
        )
    )
