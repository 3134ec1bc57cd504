"""Questions about ideas: the ideas of a run, their points, and which challenges were developed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from lms.api import (
    Actor,
    LocalisedText,
    PartFacts,
    RunFacts,
    db,
    is_key,
    may_with_roles,
    parts_of,
    run_ids_of_type,
    runs_by_id,
    works_for_kind,
)
from lms_challenges.course_type import KEY
from lms_challenges.models import (
    Challenge,
    Cluster,
    Framing,
    Idea,
    WorkroomChallenge,
)
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.queries.workroom import (
    OWN,
    TEACH,
    RoomFacts,
    is_in,
    rooms_of,
)
from lms_challenges.stages import SCORED_STATES

MOST_IDEAS = 1000
MOST_RUNS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class IdeaFacts:
    """An idea; see `Idea`."""

    id: int
    key: str
    run_id: int | None
    challenge_id: int | None
    cluster_id: int | None
    organisation_id: int | None
    state: str
    title: str
    text: str
    language: str
    voiced_for: bool
    with_company: bool
    sheet: Mapping[str, Any]
    reason: str
    work_key: str
    by_id: int | None
    created_at: datetime
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterFacts:
    """Ideas that belong together."""

    id: int
    key: str
    title: str
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class IdeaPlace:
    """An idea as one reader meets it. `steers`: may they choose it and send it on?"""

    idea: IdeaFacts
    run: RunFacts | None
    room: RoomFacts | None
    part: PartFacts | None
    mine: bool
    leads: bool
    owns: bool

    @property
    def steers(self) -> bool:
        """May the reader choose the idea, put it away and send it on?"""
        return self.leads or self.owns

    @property
    def works(self) -> bool:
        """May the reader write its sheet?"""
        return self.steers or (self.part is not None and self.part.state in ("seated", "active"))


_COLUMNS = tuple(getattr(Idea, name) for name in IdeaFacts.__slots__)


def ideas_in_run(run_id: int) -> Sequence[IdeaFacts]:
    """Every idea of a run in the order they came. One query."""
    rows = db.session.execute(
        select(*_COLUMNS).where(Idea.run_id == run_id).order_by(Idea.id).limit(MOST_IDEAS)
    )
    return [IdeaFacts(**row._asdict()) for row in rows]


def clusters_in_run(run_id: int) -> Sequence[ClusterFacts]:
    """The clusters of a run in their order. One query."""
    rows = db.session.execute(
        select(Cluster.id, Cluster.key, Cluster.title, Cluster.position)
        .where(Cluster.run_id == run_id)
        .order_by(Cluster.position, Cluster.id)
    )
    return [ClusterFacts(**row._asdict()) for row in rows]


def in_scope(room: RoomFacts, idea: IdeaFacts) -> bool:
    """Is the idea scored? Those are that were there when the criteria were fixed."""
    fixed = room.criteria_fixed_at
    return fixed is not None and idea.created_at <= fixed and idea.state in SCORED_STATES


# --- one idea -----------------------------------------------------------------------------------


def idea_with_key(key: str) -> IdeaFacts | None:
    """One idea by key, whoever asks."""
    if not is_key(key):
        return None
    row = db.session.execute(select(*_COLUMNS).where(Idea.key == key)).first()
    return IdeaFacts(**row._asdict()) if row else None


def ideas_by_id(ids: Sequence[int]) -> Mapping[int, IdeaFacts]:
    """These ideas, whoever asks. One query."""
    rows = db.session.execute(select(*_COLUMNS).where(Idea.id.in_(ids)))
    return {row.id: IdeaFacts(**row._asdict()) for row in rows}


def idea_place(key: str, actor: Actor) -> IdeaPlace | None:
    """The idea as the actor meets it; None when it is not theirs to see."""
    idea = idea_with_key(key) if actor.signed_in else None
    place = _places([idea], actor).get(key) if idea else None
    if place is None or place.run is None or place.run.course_type != KEY:
        return place
    return replace(place, room=rooms_of([place.run.id])[place.run.id])


def places_of(keys: Sequence[str], actor: Actor) -> Mapping[str, IdeaPlace]:
    """Those of these ideas that the actor may see, by key, without their rooms. At most four
    queries."""
    wanted = [key for key in keys if is_key(key)]
    if not wanted or not actor.signed_in:
        return {}
    rows = db.session.execute(select(*_COLUMNS).where(Idea.key.in_(wanted)))
    return _places([IdeaFacts(**row._asdict()) for row in rows], actor)


def _places(ideas: Sequence[IdeaFacts], actor: Actor) -> Mapping[str, IdeaPlace]:
    run_ids = sorted({idea.run_id for idea in ideas if idea.run_id is not None})
    runs = runs_by_id(run_ids) if run_ids else {}
    parts = parts_of(actor.person_id, run_ids)
    owned = _owned([idea.id for idea in ideas], actor)
    found = {}
    for idea in ideas:
        run = runs.get(idea.run_id) if idea.run_id is not None else None
        part = parts.get(run.id) if run else None
        leads = run is not None and may_with_roles(actor, run, TEACH, part.roles if part else ())
        owns = idea.id in owned
        mine = idea.by_id == actor.person_id and not idea.voiced_for
        in_room = run is not None and run.course_type == KEY and is_in(part)
        if mine or leads or owns or in_room:
            found[idea.key] = IdeaPlace(
                idea=idea, run=run, room=None, part=part, mine=mine, leads=leads, owns=owns
            )
    return found


def _owned(idea_ids: Sequence[int], actor: Actor) -> Collection[int]:
    """Those of these ideas that are for a challenge the actor owns, or come from a run that works
    on one."""
    if not idea_ids or not actor.may_anywhere(OWN):
        return ()
    return set(db.session.scalars(select(Idea.id).where(Idea.id.in_(idea_ids), _for_owner(actor))))


def _for_owner(actor: Actor) -> ColumnElement[bool]:
    """Ideas for the challenges that the actor owns; whoever works for a company owns none."""
    where = actor.organisations_with(OWN)
    own = select(Challenge.id).where(~works_for_kind(actor.person_id, COMPANIES))
    if where is not None:
        own = own.where(Challenge.organisation_id.in_(sorted(where)))
    runs = select(WorkroomChallenge.run_id).where(WorkroomChallenge.challenge_id.in_(own))
    return or_(Idea.challenge_id.in_(own), Idea.run_id.in_(runs))


# --- many ideas ---------------------------------------------------------------------------------


def readable(actor: Actor) -> ColumnElement[bool]:
    """The ideas that stand in the actor's lists: their own, those of runs of this type they take
    part in or lead, and those for challenges they own. Three queries at most to make it."""
    if actor.is_system:
        return Idea.id.is_not(None)
    if not actor.signed_in:
        return false()
    run_ids = run_ids_of_type(KEY)[-MOST_RUNS:]
    parts = parts_of(actor.person_id, run_ids)
    open_runs = {id_ for id_, part in parts.items() if is_in(part)}
    if actor.may_anywhere(TEACH):
        open_runs |= {
            run.id for run in runs_by_id(run_ids).values() if actor.may_in_any(TEACH, run.host_ids)
        }
    fits = [
        and_(Idea.by_id == actor.person_id, Idea.voiced_for.is_(False)),
        Idea.run_id.in_(sorted(open_runs)),
    ]
    if actor.may_anywhere(OWN):
        fits.append(_for_owner(actor))
    return or_(*fits)


def number_of_ideas(fits: ColumnElement[bool]) -> Mapping[str, int]:
    """How many ideas in each state. One query."""
    rows = db.session.execute(select(Idea.state, func.count()).where(fits).group_by(Idea.state))
    return {row[0]: row[1] for row in rows}


def listed_ideas(
    fits: ColumnElement[bool], *, states: Sequence[str] = (), limit: int, offset: int = 0
) -> Sequence[IdeaFacts]:
    """Ideas, newest first. One query."""
    statement = select(*_COLUMNS).where(fits)
    if states:
        statement = statement.where(Idea.state.in_(states))
    rows = db.session.execute(
        statement.order_by(Idea.created_at.desc(), Idea.id.desc()).limit(limit).offset(offset)
    )
    return [IdeaFacts(**row._asdict()) for row in rows]


def ideas_of_challenge(
    challenge_id: int, states: Sequence[str] | None = None
) -> Sequence[IdeaFacts]:
    """Ideas that name a challenge, in these states or in all, as they came. One query."""
    statement = select(*_COLUMNS).where(Idea.challenge_id == challenge_id)
    if states is not None:
        statement = statement.where(Idea.state.in_(states))
    rows = db.session.execute(statement.order_by(Idea.id).limit(MOST_IDEAS))
    return [IdeaFacts(**row._asdict()) for row in rows]


# --- counting -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class DevelopedRun:
    """A completed run that worked on a challenge, and how many ideas it gave for it."""

    run_id: int
    run_key: str
    title: LocalisedText
    completed_at: datetime
    ideas: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Developed:
    """A challenge that counts as developed, at `counted_at`: the day its first run was completed.
    `runs` are all its completed runs, the first one first; the others count no more."""

    challenge_id: int
    challenge_key: str
    title: LocalisedText
    organisation_id: int
    counted_at: datetime
    runs: tuple[DevelopedRun, ...]


def challenges_developed(
    since: datetime | None, until: datetime | None = None
) -> Sequence[Developed]:
    """The challenges whose first run of idea development was completed from `since` (None: ever) to
    before `until` (None: until now), both aware, each once however many runs it gets, with its
    unit lines. Three queries.

    A challenge that was counted earlier is not counted again by a later run.
    """
    first = func.min(WorkroomChallenge.developed_at)
    counted = (
        select(WorkroomChallenge.challenge_id, first.label("counted_at"))
        .where(WorkroomChallenge.developed_at.is_not(None))
        .group_by(WorkroomChallenge.challenge_id)
        .having(
            true() if since is None else first >= since,
            true() if until is None else first < until,
        )
        .subquery()
    )
    ideas = (
        select(func.count())
        .where(
            Idea.run_id == WorkroomChallenge.run_id,
            Idea.challenge_id == WorkroomChallenge.challenge_id,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Challenge.id,
            Challenge.key,
            Challenge.organisation_id,
            Framing.title,
            counted.c.counted_at,
            WorkroomChallenge.run_id,
            WorkroomChallenge.developed_at,
            ideas.label("ideas"),
        )
        .join(counted, counted.c.challenge_id == Challenge.id)
        .join(Framing, and_(Framing.challenge_id == Challenge.id, Framing.until_at.is_(None)))
        .join(WorkroomChallenge, WorkroomChallenge.challenge_id == Challenge.id)
        .where(WorkroomChallenge.developed_at.is_not(None))
        .order_by(counted.c.counted_at, Challenge.id, WorkroomChallenge.developed_at)
    ).all()
    runs = runs_by_id(sorted({row.run_id for row in rows}), hosts=False) if rows else {}
    lines: dict[int, list[DevelopedRun]] = defaultdict(list)
    for row in rows:
        lines[row.id].append(
            DevelopedRun(
                run_id=row.run_id,
                run_key=runs[row.run_id].key,
                title=runs[row.run_id].title,
                completed_at=row.developed_at,
                ideas=row.ideas,
            )
        )
    return [
        Developed(
            challenge_id=row.id,
            challenge_key=row.key,
            title=row.title,
            organisation_id=row.organisation_id,
            counted_at=row.counted_at,
            runs=tuple(lines[row.id]),
        )
        for row in {row.id: row for row in rows}.values()
    ]
