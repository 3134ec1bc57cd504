"""Questions about workrooms: what a run works on, how far it has come, and who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from lms.api import (
    Actor,
    LocalisedText,
    PartFacts,
    RunFacts,
    db,
    enrolments_in_run,
    is_key,
    may_with_roles,
    parts_of,
    run_by_key,
    works_for_kind,
)
from lms_challenges.course_type import KEY
from lms_challenges.models import Challenge, Framing, Workroom, WorkroomChallenge
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.stages import CRITERIA, EXERCISES, WRITING
from lms_challenges.states import CHALLENGE_ACTIVE

TEACH = "learning.teach"
OWN = "challenges.own"
AT_WORK = frozenset({"seated", "active"})
"""Enrolments whose ideas and points are wanted."""
IN_CLASS = frozenset({*AT_WORK, "completed", "not_completed"})
"""Enrolments that may read the workroom, and whose points count."""
MOST_PEOPLE = 500
MOST_CHOICES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One question that ideas are scored by."""

    key: str
    text: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class ExerciseFacts:
    """An exercise of the group; `done` once the facilitator has run it."""

    key: str
    title: LocalisedText
    text: LocalisedText
    minutes: int
    done: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeRef:
    """A challenge by its name of today."""

    id: int
    key: str
    title: LocalisedText
    question: LocalisedText
    organisation_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomFacts:
    """The workroom of a run, as `Workroom`; what nobody has written yet is what is proposed."""

    run_id: int
    stage: str
    question: str
    exercises: tuple[ExerciseFacts, ...]
    notes: str
    criteria: tuple[Criterion, ...]
    criteria_fixed_at: datetime | None
    shown_at: datetime | None
    revision: int
    challenges: tuple[ChallengeRef, ...] = ()

    @property
    def writing(self) -> bool:
        """May ideas be written?"""
        return self.stage in WRITING

    @property
    def shown(self) -> bool:
        """Does the group see the points?"""
        return self.shown_at is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A workroom as one reader meets it: do they lead the run, take part, or (who does not lead)
    own a challenge of it?"""

    run: RunFacts
    facts: RoomFacts
    part: PartFacts | None
    leads: bool
    owns: bool

    @property
    def takes_part(self) -> bool:
        """Is this a participant whose ideas and points are wanted?"""
        return self.part is not None and self.part.state in AT_WORK

    @property
    def steers(self) -> bool:
        """May the reader choose ideas and send them on?"""
        return self.leads or self.owns


PROPOSED_CRITERIA = tuple(Criterion(key=key, text=text) for key, text in CRITERIA.items())
PROPOSED_EXERCISES = tuple(
    ExerciseFacts(key=one.key, title=one.title, text=one.text, minutes=one.minutes)
    for one in EXERCISES
)


def rooms_of(run_ids: Sequence[int]) -> Mapping[int, RoomFacts]:
    """The workrooms of these runs by run id, also of those that nobody has touched: two queries
    at most, none without runs."""
    if not run_ids:
        return {}
    rooms = db.session.execute(select(*_ROOM).where(Workroom.run_id.in_(run_ids))).all()
    written = {row.run_id: row for row in rooms}
    challenges = challenges_of(run_ids)
    return {
        run_id: _facts(run_id, written.get(run_id), tuple(challenges.get(run_id, ())))
        for run_id in run_ids
    }


_ROOM = (
    Workroom.run_id,
    Workroom.stage,
    Workroom.question,
    Workroom.exercises,
    Workroom.notes,
    Workroom.criteria,
    Workroom.criteria_fixed_at,
    Workroom.shown_at,
    Workroom.revision,
)


def _facts(run_id: int, row: Any, challenges: tuple[ChallengeRef, ...]) -> RoomFacts:
    if row is None:
        return RoomFacts(
            run_id=run_id,
            stage="collecting",
            question="",
            exercises=PROPOSED_EXERCISES,
            notes="",
            criteria=PROPOSED_CRITERIA,
            criteria_fixed_at=None,
            shown_at=None,
            revision=0,
            challenges=challenges,
        )
    values = row._asdict()
    values["exercises"] = tuple(exercise_from(one) for one in row.exercises)
    values["criteria"] = tuple(criterion_from(one) for one in row.criteria)
    return RoomFacts(**values, challenges=challenges)


def exercise_from(value: Mapping[str, Any]) -> ExerciseFacts:
    """An exercise out of the workroom's JSON."""
    return ExerciseFacts(
        key=value["key"],
        title=LocalisedText.from_dict(value["title"]),
        text=LocalisedText.from_dict(value["text"]),
        minutes=int(value.get("minutes", 0)),
        done=bool(value.get("done", False)),
    )


def criterion_from(value: Mapping[str, Any]) -> Criterion:
    """A criterion out of the workroom's JSON."""
    return Criterion(key=value["key"], text=LocalisedText.from_dict(value["text"]))


def challenges_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[ChallengeRef]]:
    """What these runs work on, by run id, in the order it was said. One query."""
    rows = db.session.execute(
        _named()
        .add_columns(WorkroomChallenge.run_id)
        .join(WorkroomChallenge, WorkroomChallenge.challenge_id == Challenge.id)
        .where(WorkroomChallenge.run_id.in_(run_ids))
        .order_by(WorkroomChallenge.id)
    )
    found: dict[int, list[ChallengeRef]] = {}
    for row in rows:
        values = row._asdict()
        found.setdefault(values.pop("run_id"), []).append(ChallengeRef(**values))
    return found


def _named() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Challenge.id,
            Challenge.key,
            Framing.title,
            Framing.question,
            Challenge.organisation_id,
        )
        .select_from(Challenge)
        .join(Framing, and_(Framing.challenge_id == Challenge.id, Framing.until_at.is_(None)))
    )


def challenges_to_choose(
    actor: Actor, run: RunFacts, chosen: Sequence[int]
) -> Sequence[ChallengeRef]:
    """What a run may work on: challenges under way of its hosts or of where the actor writes
    challenges, those published, and those it has already. At most `MOST_CHOICES`, newest first."""
    own = actor.organisations_with(OWN)
    near = Challenge.organisation_id.in_(sorted({*run.host_ids, *(own or ())}))
    everywhere = [] if own is not None else [Challenge.id.is_not(None)]
    may = or_(near, Challenge.published_at.is_not(None), *everywhere)
    rows = db.session.execute(
        _named()
        .where(or_(Challenge.id.in_(chosen), and_(Challenge.state.in_(CHALLENGE_ACTIVE), may)))
        .order_by(Challenge.id.in_(chosen).desc(), Challenge.id.desc())
        .limit(MOST_CHOICES)
    )
    return [ChallengeRef(**row._asdict()) for row in rows]


# --- who may ------------------------------------------------------------------------------------


def room_of(key: str, actor: Actor) -> Room | None:
    """The workroom of a run by the run's key; None when it is no idea development or not the
    actor's to see: it is there for the team, for participants, and for who owns a challenge of
    it. People of a company own none, and see the workrooms of runs they take part in."""
    run = run_by_key(key, actor) if actor.signed_in and is_key(key) else None
    if run is None or run.course_type != KEY:
        return None
    return room_in(run, actor)


def room_in(run: RunFacts, actor: Actor) -> Room | None:
    """As `room_of`, for who has the run already."""
    part = parts_of(actor.person_id, [run.id]).get(run.id)
    leads = may_with_roles(actor, run, TEACH, part.roles if part else ())
    facts = rooms_of([run.id])[run.id]
    owns = not leads and owns_any(actor, [one.organisation_id for one in facts.challenges])
    if not (leads or owns or is_in(part)):
        return None
    return Room(run=run, facts=facts, part=part, leads=leads, owns=owns)


def is_in(part: PartFacts | None) -> bool:
    """Does this part in a run open its workroom?"""
    return part is not None and (bool(part.roles) or part.state in IN_CLASS)


def owns_any(actor: Actor, organisation_ids: Sequence[int]) -> bool:
    """Does the actor write challenges of one of these organisations, and work for no company?"""
    if not any(actor.may(OWN, organisation_id) for organisation_id in organisation_ids):
        return False
    return actor.is_system or not is_of_a_company(actor)


def is_of_a_company(actor: Actor) -> bool:
    """Does the actor work for a company today?"""
    return bool(db.session.scalar(select(works_for_kind(actor.person_id, COMPANIES))))


def runs_opened_to(actor: Actor, run_ids: Sequence[int]) -> Sequence[int]:
    """Those of these runs that work on a challenge the actor owns. One query, none for others."""
    where = actor.organisations_with(OWN)
    if not run_ids or not actor.signed_in or where == frozenset():
        return ()
    statement = (
        select(WorkroomChallenge.run_id)
        .distinct()
        .join(Challenge, Challenge.id == WorkroomChallenge.challenge_id)
        .where(WorkroomChallenge.run_id.in_(run_ids), ~works_for_kind(actor.person_id, COMPANIES))
    )
    if where is not None:
        statement = statement.where(Challenge.organisation_id.in_(sorted(where)))
    return db.session.scalars(statement).all()


def participants(run_id: int) -> Mapping[int, str]:
    """Who takes part in a run or did to its end: state of the enrolment by person id."""
    rows = enrolments_in_run(run_id, sorted(IN_CLASS), limit=MOST_PEOPLE)
    return {row.enrolment.person_id: row.enrolment.state for row in rows}


def number_of_challenges(run_ids: Sequence[int]) -> Mapping[int, int]:
    """How many challenges each of these runs works on, by run id. One query."""
    rows = db.session.execute(
        select(WorkroomChallenge.run_id, func.count())
        .where(WorkroomChallenge.run_id.in_(run_ids))
        .group_by(WorkroomChallenge.run_id)
    )
    return {row[0]: row[1] for row in rows}
