"""Questions of who teaches for a company: own slots, and what was agreed to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from lms.contracts import Actor, LocalisedText
from lms.core.catalogue.models import CourseSession, Run, RunHost, TeachingSlot, TeamMember
from lms.core.catalogue.queries import on_team
from lms.core.enrolment.models import Enrolment
from lms.core.learning.queries.desk import IN_RUN
from lms.core.users.models import Person
from lms.db import db

TEACH = "learning.teach"
AGREED = ("approved", "held")
"""States of a slot in which what was agreed to be seen may be seen."""
LEVELS = ("nothing", "number", "functions", "names")


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSlot:
    """One of the actor's teaching slots in a run; `sees` is what was agreed for it."""

    id: int
    run_id: int
    session_title: LocalisedText
    starts_at: datetime
    ends_at: datetime
    venue: str
    session_state: str
    topic: LocalisedText
    minutes: int
    product: str
    sees: str
    state: str

    @property
    def level(self) -> str:
        """What may be seen now: nothing before the slot is approved."""
        return self.sees if self.state in AGREED and self.sees in LEVELS else "nothing"


def own_slots(run_id: int, actor: Actor) -> Sequence[OwnSlot]:
    """The actor's slots in a run, their own and those of their organisations, in order of time."""
    if not actor.signed_in:
        return ()
    rows = db.session.execute(
        select(
            TeachingSlot.id,
            CourseSession.run_id,
            CourseSession.title.label("session_title"),
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.venue,
            CourseSession.state.label("session_state"),
            TeachingSlot.topic,
            TeachingSlot.minutes,
            TeachingSlot.product,
            TeachingSlot.sees,
            TeachingSlot.state,
        )
        .join(CourseSession, CourseSession.id == TeachingSlot.course_session_id)
        .where(CourseSession.run_id == run_id, _own(actor), TeachingSlot.state != "withdrawn")
        .order_by(CourseSession.starts_at, TeachingSlot.id)
    )
    return [OwnSlot(**row._asdict()) for row in rows]


def readable_slots(slot_ids: Sequence[int], actor: Actor) -> frozenset[int]:
    """Those of these slots whose materials the actor may read: they are the actor's own or of their
    company, or the actor teaches the run. One query, none without slots."""
    if not slot_ids or not actor.signed_in:
        return frozenset()
    companies = sorted(actor.organisation_ids)
    teaches = actor.organisations_with(TEACH)
    hosted = select(RunHost.run_id).where(RunHost.role == "host")
    if teaches is not None:
        hosted = hosted.where(RunHost.organisation_id.in_(sorted(teaches)))
    return frozenset(
        db.session.scalars(
            select(TeachingSlot.id)
            .join(CourseSession, CourseSession.id == TeachingSlot.course_session_id)
            .join(Run, Run.id == CourseSession.run_id)
            .where(
                TeachingSlot.id.in_(sorted(set(slot_ids))),
                or_(
                    _own(actor),
                    TeachingSlot.organisation_id.in_(companies),
                    Run.id.in_(hosted),
                    on_team(actor.person_id, TEACH),
                ),
            )
        )
    )


def run_for_company(key: str, actor: Actor) -> int | None:
    """The id of the run with this key when the actor teaches in it for a company: by a slot, or by
    being on its team as that."""
    if not actor.signed_in:
        return None
    with_slot = (
        select(CourseSession.run_id)
        .join(TeachingSlot, TeachingSlot.course_session_id == CourseSession.id)
        .where(_own(actor), TeachingSlot.state != "withdrawn")
    )
    on_team = select(TeamMember.run_id).where(
        TeamMember.person_id == actor.person_id, TeamMember.role == "company_teacher"
    )
    return db.session.scalar(
        select(Run.id).where(Run.key == key, or_(Run.id.in_(with_slot), Run.id.in_(on_team)))
    )


def number_in_class(run_id: int) -> int:
    """How many take part."""
    statement = select(func.count()).where(Enrolment.run_id == run_id, Enrolment.state.in_(IN_RUN))
    return db.session.scalar(statement) or 0


def names_in_class(run_id: int) -> list[str]:
    """Who takes part, by name."""
    return list(
        db.session.scalars(
            select(Person.name)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Enrolment.run_id == run_id, Enrolment.state.in_(IN_RUN))
            .order_by(Person.search_text, Enrolment.id)
        )
    )


def _own(actor: Actor) -> ColumnElement[bool]:
    # Who has left the company teaches and sees no longer what was agreed with it.
    still_there = or_(
        TeachingSlot.organisation_id.is_(None),
        TeachingSlot.organisation_id.in_(sorted(actor.organisation_ids)),
    )
    mine = (TeachingSlot.person_id == actor.person_id) & still_there
    if not actor.organisation_ids:
        return mine
    # A slot given to a person by name is theirs and not their whole organisation's.
    ours = TeachingSlot.person_id.is_(None) & TeachingSlot.organisation_id.in_(
        sorted(actor.organisation_ids)
    )
    return or_(mine, ours)
