"""Who reads which problems, and who answers them.

A problem as it was written is read by its sender and by the desk of its organisation; by others in
public care once somebody has looked through it for personal data (I-28). Whoever works for a
company, and students, read nothing but their own, whatever role they hold (I-23).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, true

from lms.api import Actor, WorkplaceFacts, workplaces_of
from lms_challenges.models import Problem

REPORT = "challenges.report"
READ = "challenges.read"
TRIAGE = "challenges.triage"

COMPANIES = frozenset({"company", "designer"})
CARE = frozenset({"municipality", "region", "cluster", "programme_team"})
"""Kinds of organisations: those that sell, and those whose people read each other's problems."""
SCHOOL = "institution"
_STUDENT = ("studerende", "student", "elev")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What the places somebody works at today say about their reading."""

    workplaces: tuple[WorkplaceFacts, ...] = ()
    of_a_company: bool = False
    student: bool = False
    in_care: bool = False

    @property
    def reads_own_only(self) -> bool:
        """Nothing but what they sent, whatever their role?"""
        return self.of_a_company or self.student


def reader_of(actor: Actor) -> Reader:
    """The actor as a reader of problems. One query; none for a guest."""
    if actor.person_id is None:
        return Reader()
    places = workplaces_of([actor.person_id]).get(actor.person_id, ())
    return Reader(
        workplaces=places,
        of_a_company=any(place.organisation_kind in COMPANIES for place in places),
        student=any(_studies(place) for place in places),
        in_care=any(place.organisation_kind in CARE for place in places),
    )


def _studies(place: WorkplaceFacts) -> bool:
    """A student at a school; an apprentice whom a municipality employs is a colleague."""
    if place.organisation_kind != SCHOOL:
        return False
    words = _LETTERS.findall(f"{place.function.everything()} {place.function_key}".casefold())
    return any(word.endswith(_STUDENT) for word in words)


def readable(actor: Actor, reader: Reader | None = None) -> ColumnElement[bool]:
    """Problems this actor may read as they were written. `reader` saves the query that asks where
    they work; what it says of a sender is cut by `queries.problems`, not here."""
    if actor.is_system:
        return true()
    if actor.person_id is None:
        return false()
    reader = reader or reader_of(actor)
    own = Problem.sender_id == actor.person_id
    if reader.reads_own_only:
        return own
    return or_(own, _in(actor, TRIAGE), _checked(actor) if reader.in_care else false())


def triaged(actor: Actor, reader: Reader | None = None) -> ColumnElement[bool]:
    """Problems this actor may answer: those of the organisations whose desk they sit at."""
    if actor.is_system:
        return true()
    if actor.person_id is None or (reader or reader_of(actor)).reads_own_only:
        return false()
    return _in(actor, TRIAGE)


def may_triage(actor: Actor, organisation_id: int, reader: Reader | None = None) -> bool:
    """Does the actor sit at the desk of this organisation?"""
    if actor.is_system:
        return True
    if actor.person_id is None or not actor.may(TRIAGE, organisation_id):
        return False
    return not (reader or reader_of(actor)).reads_own_only


def _in(actor: Actor, permission: str) -> ColumnElement[bool]:
    where = actor.organisations_with(permission)
    if where is None:
        return true()
    return Problem.organisation_id.in_(sorted(where)) if where else false()


def _checked(actor: Actor) -> ColumnElement[bool]:
    """Looked through, and not taken back by who sent it."""
    return and_(Problem.checked_at.is_not(None), Problem.state != "withdrawn", _in(actor, READ))
