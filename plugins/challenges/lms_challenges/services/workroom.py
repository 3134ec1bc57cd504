"""Verbs on workrooms: what a run works on, its question, exercises, criteria and stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    RunStateChange,
    db,
    enrolments_in_run,
    new_key,
    now,
    reassess,
    record,
    refused,
)
from lms_challenges.course_type import KEY
from lms_challenges.models import Challenge, Cluster, Idea, Score, Workroom, WorkroomChallenge
from lms_challenges.queries.workroom import (
    AT_WORK,
    MOST_PEOPLE,
    PROPOSED_CRITERIA,
    PROPOSED_EXERCISES,
    Criterion,
    ExerciseFacts,
    number_of_challenges,
)
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.stages import STAGE_MOVES

NEEDS_CHALLENGE = frozenset({"open", "closed", "running"})
MOST_CLUSTERS = 60
UNTOUCHED = 0
"""The revision of a workroom that nobody has made yet."""


def hold_room(run_id: int) -> Workroom:
    """The workroom of a run, made when nobody has touched it, and held until the end of the
    transaction: of two changes at once the second sees what the first has made."""
    room = _held(run_id)
    if room is not None:
        return room
    try:
        with db.session.begin_nested():
            db.session.execute(
                insert(Workroom).values(
                    run_id=run_id,
                    stage="collecting",
                    question="",
                    exercises=_as_json(PROPOSED_EXERCISES),
                    notes="",
                    criteria=_as_json(PROPOSED_CRITERIA),
                    revision=1,
                )
            )
    except IntegrityError as error:
        raise Conflict("two began the workroom at once") from error
    room = _held(run_id)
    if room is None:
        raise LookupError(f"no workroom of run {run_id}")
    return room


def _held(run_id: int) -> Workroom | None:
    statement = select(Workroom).where(Workroom.run_id == run_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _as_json(items: Sequence[Criterion] | Sequence[ExerciseFacts]) -> list[dict[str, Any]]:
    return [asdict(item) for item in items]


# --- what it works on -----------------------------------------------------------------------------


def set_challenges(run_id: int, challenge_ids: Sequence[int], actor: Actor, *, state: str) -> None:
    """Say which challenges a run works on; `state` is the run's. Raises `Refused` when one with
    ideas would go, and when a run that people can get seats in would be left without any."""
    hold_room(run_id)
    wanted = list(dict.fromkeys(challenge_ids))
    if not wanted and state in NEEDS_CHALLENGE:
        raise refused(
            "challenges",
            da="Holdet er åbent, og så skal det have mindst én udfordring.",
            sv="Omgången är öppen, och då måste den ha minst en utmaning.",
            en="The run is open, so it needs at least one challenge.",
        )
    mine = WorkroomChallenge.run_id == run_id
    before = set(db.session.scalars(select(WorkroomChallenge.challenge_id).where(mine)))
    gone = before - set(wanted)
    in_use = select(Idea.id).where(Idea.run_id == run_id, Idea.challenge_id.in_(gone)).limit(1)
    if gone and db.session.scalar(in_use) is not None:
        raise refused(
            "challenges",
            da="Der er skrevet idéer til en udfordring, som du tager ud. Lad den blive.",
            sv="Det finns idéer till en utmaning som du tar bort. Låt den vara kvar.",
            en="There are ideas for a challenge that you take out. Leave it in.",
        )
    db.session.execute(
        delete(WorkroomChallenge).where(mine, WorkroomChallenge.challenge_id.in_(gone))
    )
    new = [id_ for id_ in wanted if id_ not in before]
    for challenge_id in new:
        db.session.execute(
            insert(WorkroomChallenge).values(run_id=run_id, challenge_id=challenge_id)
        )
    if new or gone:
        record(
            "challenges.run_challenges_set",
            "run",
            run_id,
            actor=actor,
            data={"challenges": wanted},
        )


def write_question(run_id: int, question: str, notes: str, actor: Actor, *, revision: int) -> None:
    """What the group is asked, and what the facilitator notes for themselves. Raises `Refused`
    when others saved meanwhile."""
    _change(run_id, actor, "question", revision, question=question, notes=notes)


def set_criteria(
    run_id: int, criteria: Sequence[Criterion], actor: Actor, *, revision: int
) -> None:
    """By what ideas are scored. Raises `Refused` once the criteria are fixed, without any, and
    when others saved meanwhile."""
    if hold_room(run_id).criteria_fixed_at is not None:
        raise refused(
            "criteria",
            da="Kriterierne ligger fast, fordi I er i gang med at give point.",
            sv="Kriterierna ligger fast, eftersom ni har börjat ge poäng.",
            en="The criteria are fixed, because you have begun to give points.",
        )
    if not criteria:
        raise _without_criteria()
    _change(run_id, actor, "criteria", revision, criteria=_as_json(criteria))


def set_exercises(
    run_id: int, exercises: Sequence[ExerciseFacts], actor: Actor, *, revision: int
) -> None:
    """What the facilitator does with the group, in order. Raises `Refused` when others saved
    meanwhile."""
    _change(run_id, actor, "exercises", revision, exercises=_as_json(exercises))


def tick_exercise(run_id: int, key: str, done: bool, actor: Actor) -> None:
    """An exercise was run, or was not after all. An unknown one changes nothing."""
    room = hold_room(run_id)
    room.exercises = [{**one, "done": done} if one["key"] == key else one for one in room.exercises]
    room.revision += 1
    db.session.flush()
    data = {"exercise": key, "done": done}
    record("challenges.exercise_run", "run", run_id, actor=actor, data=data)


def _change(run_id: int, actor: Actor, what: str, revision: int, **values: Any) -> None:
    room = hold_room(run_id)
    if revision != room.revision and (revision, room.revision) != (UNTOUCHED, 1):
        raise changed_meanwhile()
    for name, value in values.items():
        setattr(room, name, value)
    room.revision += 1
    db.session.flush()
    record("challenges.workroom_written", "run", run_id, actor=actor, data={"what": what})


# --- clusters -------------------------------------------------------------------------------------


def add_cluster(run_id: int, title: str, actor: Actor) -> str:
    """A new cluster at the end; returns its key. Raises `Refused` when there are too many."""
    hold_room(run_id)
    number = db.session.execute(
        select(func.count()).select_from(Cluster).where(Cluster.run_id == run_id)
    ).scalar_one()
    if number >= MOST_CLUSTERS:
        raise refused(
            "title",
            da=f"Der er {MOST_CLUSTERS} grupper, og flere kan ingen overskue. Saml nogle først.",
            sv=f"Det finns {MOST_CLUSTERS} grupper, och fler överblickar ingen. Slå ihop några.",
            en=f"There are {MOST_CLUSTERS} clusters, more than anybody can survey. Join some.",
        )
    key = new_key()
    db.session.execute(
        insert(Cluster).values(key=key, run_id=run_id, title=title[:160], position=number + 1)
    )
    record("challenges.cluster_made", "run", run_id, actor=actor, data={"cluster": key})
    return key


def rename_cluster(run_id: int, cluster_id: int, title: str, actor: Actor) -> None:
    """Give a cluster another name."""
    db.session.execute(
        update(Cluster)
        .where(Cluster.id == cluster_id, Cluster.run_id == run_id)
        .values(title=title[:160])
    )
    record("challenges.cluster_renamed", "run", run_id, actor=actor, data={"id": cluster_id})


def drop_cluster(run_id: int, cluster_id: int, actor: Actor) -> None:
    """Take a cluster away; its ideas stay, in none."""
    hold_room(run_id)
    inside = (Idea.run_id == run_id, Idea.cluster_id == cluster_id)
    db.session.execute(update(Idea).where(*inside, Idea.state == "clustered").values(state="raw"))
    db.session.execute(update(Idea).where(*inside).values(cluster_id=None))
    db.session.execute(delete(Cluster).where(Cluster.id == cluster_id, Cluster.run_id == run_id))
    record("challenges.cluster_dropped", "run", run_id, actor=actor, data={"id": cluster_id})


def put_into_cluster(
    run_id: int, idea_keys: Sequence[str], cluster_id: int | None, actor: Actor
) -> int:
    """Move ideas into a cluster, or (None) out of any; returns how many were moved. What has
    been scored keeps its points: a cluster is only where an idea lies."""
    hold_room(run_id)
    theirs = (Idea.run_id == run_id, Idea.key.in_(list(idea_keys)))
    state = "raw" if cluster_id is None else "clustered"
    db.session.execute(
        update(Idea)
        .where(*theirs, Idea.state.in_(("raw", "clustered")))
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    moved = db.session.scalars(
        update(Idea)
        .where(*theirs)
        .values(cluster_id=cluster_id)
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    ).all()
    data = {"cluster": cluster_id, "ideas": len(moved)}
    record("challenges.ideas_clustered", "run", run_id, actor=actor, data=data)
    return len(moved)


# --- stages ---------------------------------------------------------------------------------------


def move_stage(run_id: int, to: str, actor: Actor) -> None:
    """Go on to the next stage, or back to the one before. Entering `scoring` fixes the criteria;
    entering `choosing` shows everybody the points, which ends the scoring. Raises `Refused`."""
    room = hold_room(run_id)
    if to == room.stage:
        return
    if to not in STAGE_MOVES[room.stage]:
        raise changed_meanwhile()
    moment = now()
    if to == "scoring":
        _check_scoring(room)
        room.criteria_fixed_at = moment
    elif room.stage == "scoring" and to == "clustering":
        if _is_scored(run_id):
            raise refused(
                "stage",
                da="Nogen har givet point. Derfor kan I ikke gå tilbage og ændre idéerne.",
                sv="Någon har gett poäng. Därför kan ni inte gå tillbaka och ändra idéerna.",
                en="Somebody has given points, so you cannot go back and change the ideas.",
            )
        room.criteria_fixed_at = None
    elif to == "choosing" and room.shown_at is None:
        room.shown_at = moment
    data = {"old": room.stage, "new": to}
    room.stage = to
    room.revision += 1
    db.session.flush()
    record("challenges.stage_moved", "run", run_id, actor=actor, data=data)
    judge_again(run_id, actor)


def judge_again(run_id: int, actor: Actor) -> None:
    """Tell the core that the conditions of everybody in the run may stand otherwise now."""
    rows = enrolments_in_run(run_id, sorted(AT_WORK), limit=MOST_PEOPLE)
    reassess([row.enrolment.id for row in rows], actor)


def _check_scoring(room: Workroom) -> None:
    if not room.criteria:
        raise _without_criteria()
    any_idea = select(Idea.id).where(
        Idea.run_id == room.run_id, Idea.state.in_(("raw", "clustered"))
    )
    if db.session.scalar(any_idea.limit(1)) is None:
        raise refused(
            "stage",
            da="Der er ingen idéer at give point til endnu.",
            sv="Det finns inga idéer att ge poäng till än.",
            en="There are no ideas to give points to yet.",
        )


def _without_criteria() -> Exception:
    return refused(
        "criteria",
        da="Vælg mindst ét kriterium. Det skal ligge fast, før nogen giver point.",
        sv="Välj minst ett kriterium. Det ska ligga fast innan någon ger poäng.",
        en="Choose at least one criterion. It is fixed before anybody gives points.",
    )


def _is_scored(run_id: int) -> bool:
    scored = select(Score.id).join(Idea, Idea.id == Score.idea_id).where(Idea.run_id == run_id)
    return db.session.scalar(scored.limit(1)) is not None


# --- what the core tells --------------------------------------------------------------------------


def count_completed(changes: Sequence[RunStateChange]) -> None:
    """The challenges of a run that is completed count as developed from now on."""
    done = [c.run.id for c in changes if c.new == "completed" and c.run.course_type == KEY]
    if done:
        db.session.execute(
            update(WorkroomChallenge)
            .where(WorkroomChallenge.run_id.in_(done), WorkroomChallenge.developed_at.is_(None))
            .values(developed_at=now())
        )


def copy_rooms(runs: Mapping[int, int], actor: Actor) -> None:
    """The copied runs (old id -> new) ask the same question with the same exercises and criteria
    for the same challenges. Ideas, points, clusters and what was done stay with the old run."""
    if not runs:
        return
    rooms = db.session.execute(
        select(Workroom.run_id, Workroom.question, Workroom.exercises, Workroom.criteria).where(
            Workroom.run_id.in_(runs)
        )
    ).all()
    for row in rooms:
        room = hold_room(runs[row.run_id])
        room.question = row.question
        room.exercises = [{**one, "done": False} for one in row.exercises]
        room.criteria = list(row.criteria)
    db.session.flush()
    pairs = db.session.execute(
        select(WorkroomChallenge.run_id, WorkroomChallenge.challenge_id)
        .join(Challenge, Challenge.id == WorkroomChallenge.challenge_id)
        .where(WorkroomChallenge.run_id.in_(runs))
        .order_by(WorkroomChallenge.id)
    ).all()
    known = number_of_challenges(list(runs.values()))
    for pair in pairs:
        if not known.get(runs[pair.run_id]):
            db.session.execute(
                insert(WorkroomChallenge).values(
                    run_id=runs[pair.run_id], challenge_id=pair.challenge_id
                )
            )
    for row in rooms:
        record("challenges.workroom_copied", "run", runs[row.run_id], actor=actor)
