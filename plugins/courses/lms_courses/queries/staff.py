"""Who meets what in a staff track: the run, the seat of the reader, and with whom they work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.api import (
    Actor,
    EnrolmentFacts,
    PartFacts,
    RunFacts,
    db,
    enrolments_by_id,
    is_key,
    may_with_roles,
    parts_of,
    run_by_key,
    working_with,
    works_for_kind,
)
from lms_courses.types import STAFF

TEACH = "learning.teach"
COMPANIES = ("company",)
AT_WORK = frozenset({"seated", "active"})
"""States in which a participant still does something."""
TOOK_PART = AT_WORK | {"completed", "not_completed"}
"""States in which a participant may read what the run made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffRun:
    """A run of a staff track as the reader meets it: their part in it, and whether they teach it.
    Whoever works for a company teaches none."""

    run: RunFacts
    part: PartFacts | None
    teaches: bool

    @property
    def at_work(self) -> bool:
        """Does the reader take part, and is the run not over for them?"""
        return self.part is not None and self.part.state in AT_WORK

    @property
    def took_part(self) -> bool:
        """Has the reader a seat in it, or had one to the end?"""
        return self.part is not None and self.part.state in TOOK_PART


def staff_run(key: str, actor: Actor) -> StaffRun | None:
    """The run of a staff track that the reader takes part in or teaches; None for anybody else.
    At most four queries."""
    run = run_by_key(key, actor) if is_key(key) and actor.signed_in else None
    if run is None or run.course_type != STAFF:
        return None
    part = parts_of(actor.person_id, [run.id]).get(run.id)
    teaches = may_with_roles(actor, run, TEACH, part.roles if part else ())
    found = StaffRun(run=run, part=part, teaches=teaches and not of_a_company(actor))
    return found if found.teaches or found.took_part else None


def of_a_company(actor: Actor) -> bool:
    """Does the actor work for a company today? One query."""
    return bool(db.session.scalar(select(works_for_kind(actor.person_id, COMPANIES))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A participant, and the colleague they do things with: None for who works alone."""

    enrolment: EnrolmentFacts
    colleague: EnrolmentFacts | None

    @property
    def ids(self) -> Sequence[int]:
        """Their enrolments."""
        return [one.id for one in (self.enrolment, self.colleague) if one is not None]

    @property
    def manager_id(self) -> int | None:
        """Their manager, the participant's own before the colleague's."""
        own = self.enrolment.manager_id
        return own if own is not None or self.colleague is None else self.colleague.manager_id


def seat_of(enrolment_id: int) -> Seat:
    """A participant with the one they work with now: of their group of two, else of their pair.
    In a larger group nobody is the other. At most three queries."""
    others = working_with(enrolment_id).enrolment_ids
    other = others[0] if len(others) == 1 else None
    found = enrolments_by_id([id_ for id_ in (enrolment_id, other) if id_ is not None])
    return Seat(
        enrolment=found[enrolment_id],
        colleague=found.get(other) if other is not None else None,
    )
