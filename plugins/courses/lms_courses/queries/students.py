"""Questions about a student module at work: what one reader is in it, its groups and on what terms
each of them works.

What a group with the agreement on secrecy asks and hears stands among such groups: a student reads
it who is in one of them and said yes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from lms.api import (
    SYSTEM,
    Actor,
    PartFacts,
    RunFacts,
    db,
    enrolments_by_id,
    groups_in_run,
    is_key,
    may_with_roles,
    parts_of,
    people_by_id,
    run_by_key,
    runs_by_id,
)
from lms_courses.models import GroupTerms, NdaSignature
from lms_courses.queries.case_uses import UseFacts, uses_in_runs
from lms_courses.queries.cases import companies_of
from lms_courses.queries.ndas import nda_of_run
from lms_courses.types import STUDENT

TEACH = "learning.teach"
IN_CLASS = ("seated", "active", "completed", "not_completed")
AT_WORK = ("seated", "active")
OVER = frozenset({"completed", "evaluated", "archived", "cancelled"})


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupAt:
    """A group of a run; `seats` are the enrolments in it, also of those who left the run."""

    id: int
    key: str
    name: str
    with_nda: bool
    seats: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A run that works on a case, as one reader meets it.

    `seat` is the reader's enrolment when they are of the class, `works` whether they may still
    work there. `teaches`: on the team or for a host, and not for a company. `signed` holds,
    by enrolment, the ids of the agreements that those in groups, and the reader, said yes to.
    """

    run: RunFacts
    use: UseFacts | None
    seat: int | None
    works: bool
    teaches: bool
    groups: Mapping[int, GroupAt]
    signed: Mapping[int, frozenset[int]]

    @property
    def own(self) -> GroupAt | None:
        """The reader's group."""
        found = (one for one in self.groups.values() if self.seat in one.seats)
        return next(found, None) if self.seat is not None else None

    @property
    def bound(self) -> bool:
        """Is the reader in a group with the agreement, and did they say yes to it?"""
        own = self.own
        return own is not None and own.with_nda and self.seat in self.signed

    @property
    def company(self) -> bool:
        """Does the reader speak for the company of the case?"""
        return self.use is not None and "company" in self.use.case.sides

    @property
    def practice(self) -> bool:
        """Does the reader speak for the place in practice?"""
        return self.use is not None and "practice" in self.use.case.sides

    @property
    def answers(self) -> bool:
        """Does the reader answer questions? The company; its teacher where a case has none."""
        if self.use is None:
            return False
        return self.company or (self.use.case.company_id is None and self.teaches)


def module_at(key: str, actor: Actor) -> Module | None:
    """A run with a case in which the reader takes part, teaches or speaks for a side."""
    run = run_by_key(key, SYSTEM) if is_key(key) and actor.signed_in else None
    return module_of(run, actor) if run is not None else None


def module_with(run_id: int, actor: Actor) -> Module | None:
    """The same by the run's id; also for readers of its own results, see `results`."""
    return module_of(runs_by_id([run_id])[run_id], actor)


def module_of(run: RunFacts, actor: Actor) -> Module | None:
    """The run as the reader meets it; None where they have nothing to do with it. Four queries."""
    use = uses_in_runs([run.id], actor).get(run.id)
    if use is None and run.course_type != STUDENT:
        return None
    part = parts_of(actor.person_id, [run.id]).get(run.id, PartFacts(run_id=run.id))
    teaches = not companies_of(actor) and may_with_roles(actor, run, TEACH, part.roles)
    seat = part.enrolment_id if part.state in IN_CLASS else None
    sides = use.case.sides & {"company", "practice"} if use is not None else frozenset()
    if not teaches and seat is None and not sides:
        return None
    groups = groups_in_run(run.id)
    seats = {id_ for _k, _n, ids in groups.values() for id_ in ids}
    with_nda, signed = _terms(run.id, sorted(seats | ({seat} if seat is not None else set())))
    return Module(
        run=run,
        use=use,
        seat=seat,
        works=seat is not None and part.state in AT_WORK and run.state not in OVER,
        teaches=teaches,
        groups={
            id_: GroupAt(id=id_, key=key, name=name, with_nda=id_ in with_nda, seats=tuple(ids))
            for id_, (key, name, ids) in groups.items()
        },
        signed=signed,
    )


def _terms(
    run_id: int, seats: Sequence[int]
) -> tuple[frozenset[int], Mapping[int, frozenset[int]]]:
    """The groups of a run that work with the agreement, and the ids of the agreements that these
    enrolments said yes to. One query."""
    groups = select(literal(0).label("seat"), GroupTerms.group_id.label("id")).where(
        GroupTerms.run_id == run_id, GroupTerms.with_nda
    )
    signed = select(NdaSignature.enrolment_id.label("seat"), NdaSignature.nda_id.label("id")).where(
        NdaSignature.enrolment_id.in_(seats)
    )
    with_nda: set[int] = set()
    found: dict[int, set[int]] = {}
    for seat, id_ in db.session.execute(union_all(groups, signed)):
        (found.setdefault(seat, set()) if seat else with_nda).add(id_)
    return frozenset(with_nda), {seat: frozenset(ids) for seat, ids in found.items()}


def unsigned_in(run_id: int, seats: Collection[int]) -> Mapping[int, str]:
    """Names of those of the class among these enrolments who have not said yes to the agreement
    that holds for the run, or to any where it has ended, by enrolment id."""
    nda = nda_of_run(run_id)
    signed = _signers(seats, nda.id if nda is not None else None)
    left = enrolments_by_id(sorted(set(seats) - signed))
    there = {id_: one.person_id for id_, one in left.items() if one.state in IN_CLASS}
    people = people_by_id(sorted(set(there.values()))) if there else {}
    return {id_: people[person].name for id_, person in there.items() if person in people}


def groups_with_nda(group_ids: Collection[int]) -> frozenset[int]:
    """Those of these groups that work with the agreement."""
    return frozenset(
        db.session.scalars(
            select(GroupTerms.group_id).where(
                GroupTerms.group_id.in_(sorted(set(group_ids))), GroupTerms.with_nda
            )
        )
    )


def people_in(group: GroupAt) -> Mapping[int, str]:
    """Names of those in a group who are of the class still, by enrolment id. Two queries."""
    return people_of([group]).get(group.id, {})


def people_of(groups: Collection[GroupAt]) -> Mapping[int, Mapping[int, str]]:
    """The same for many groups, by group id."""
    seats = enrolments_by_id(sorted({id_ for one in groups for id_ in one.seats}))
    there = {id_: one.person_id for id_, one in seats.items() if one.state in IN_CLASS}
    people = people_by_id(sorted(set(there.values()))) if there else {}
    return {
        one.id: {
            id_: people[there[id_]].name
            for id_ in one.seats
            if id_ in there and there[id_] in people
        }
        for one in groups
    }


def _signers(seats: Collection[int], nda_id: int | None) -> frozenset[int]:
    statement = select(NdaSignature.enrolment_id).where(
        NdaSignature.enrolment_id.in_(sorted(set(seats)))
    )
    if nda_id is not None:
        statement = statement.where(NdaSignature.nda_id == nda_id)
    return frozenset(db.session.scalars(statement))
