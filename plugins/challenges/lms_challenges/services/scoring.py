"""Verbs on points: each scores alone, and the group sees nothing before all have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from lms.api import (
    SYSTEM,
    Actor,
    EnrolmentFacts,
    db,
    enrolments_in_run,
    now,
    reassess,
    record,
    refused,
)
from lms_challenges.course_type import KEY
from lms_challenges.models import Idea, Score
from lms_challenges.queries.ideas import ideas_in_run, in_scope
from lms_challenges.queries.scores import scored_by
from lms_challenges.queries.workroom import AT_WORK, MOST_PEOPLE, rooms_of
from lms_challenges.services.workroom import hold_room, move_stage
from lms_challenges.stages import LEAST_POINTS, MOST_POINTS


def score_idea(
    run_id: int, idea_id: int, values: Mapping[str, int], enrolment_id: int, actor: Actor
) -> bool:
    """What the actor says of one idea, by criterion: for every criterion, 0 to 5. It replaces what
    they said before. Returns True when they were the last one and the points were shown by that.

    Raises `Refused` when the points are shown, the idea has gone on, or a criterion is missing.
    """
    room = hold_room(run_id)
    if room.shown_at is not None:
        raise refused(
            "scoring",
            da="Pointene er vist for alle, så nu kan ingen ændre dem.",
            sv="Poängen har visats för alla, så nu kan ingen ändra dem.",
            en="The points were shown to everybody, so nobody can change them now.",
        )
    if room.stage != "scoring":
        raise refused(
            "scoring",
            da="I er ikke nået til at give point endnu. Vent på den, der styrer forløbet.",
            sv="Ni har inte kommit till poängen än. Vänta på den som leder.",
            en="It is not time for points yet. Wait for whoever leads.",
        )
    if idea_id not in _scope(run_id):
        raise _not_scored(idea_id)
    keys = [criterion["key"] for criterion in room.criteria]
    good = all(LEAST_POINTS <= value <= MOST_POINTS for value in values.values())
    if set(values) != set(keys) or not good:
        raise refused(
            "scoring",
            da="Giv point for hvert kriterium, fra 0 til 5.",
            sv="Ge poäng för varje kriterium, från 0 till 5.",
            en="Give points for every criterion, from 0 to 5.",
        )
    own = (Score.idea_id == idea_id, Score.person_id == actor.person_id)
    db.session.execute(delete(Score).where(*own))
    moment = now()
    db.session.execute(
        insert(Score),
        [
            {
                "idea_id": idea_id,
                "person_id": actor.person_id,
                "criterion": key,
                "value": values[key],
                "at": moment,
            }
            for key in keys
        ],
    )
    record("challenges.idea_scored", "idea", idea_id, actor=actor, data={"run": run_id})
    if show_if_everybody(run_id, actor):
        return True
    reassess([enrolment_id], actor)
    return False


def _scope(run_id: int) -> Sequence[int]:
    facts = rooms_of([run_id])[run_id]
    return [idea.id for idea in ideas_in_run(run_id) if in_scope(facts, idea)]


def _not_scored(idea_id: int) -> Exception:
    state = db.session.scalar(select(Idea.state).where(Idea.id == idea_id))
    if state in ("at_gate", "continued"):
        return refused(
            "scoring",
            da="Idéen er sendt til beslutning. Der kan ikke gives point til den mere.",
            sv="Idén har skickats till beslut. Det går inte att ge den poäng längre.",
            en="The idea was sent to a gate. Points for it can no longer be given.",
        )
    return refused(
        "scoring",
        da="Idéen er ikke med, når der gives point: den kom til senere eller er lagt til side.",
        sv="Idén är inte med när poäng ges: den kom till senare eller är lagd åt sidan.",
        en="The idea is not among those that get points: it came later or was put aside.",
    )


def show_if_everybody(run_id: int, actor: Actor) -> bool:
    """Show the points when everybody who takes part has scored every idea; were they shown?"""
    room = hold_room(run_id)
    if room.stage != "scoring":
        return False
    scope = set(_scope(run_id))
    rows = enrolments_in_run(run_id, sorted(AT_WORK), limit=MOST_PEOPLE)
    people = {row.enrolment.person_id for row in rows}
    known = scored_by([run_id])
    if not scope or not people:
        return False
    if any(not scope <= set(known.get((run_id, person), ())) for person in people):
        return False
    move_stage(run_id, "choosing", actor)
    return True


def after_enrolments(enrolments: Sequence[EnrolmentFacts]) -> None:
    """Somebody who has left is not waited for: when all others have scored, the points show."""
    for run_id in sorted({e.run_id for e in enrolments if e.course_type == KEY and _left(e)}):
        if rooms_of([run_id])[run_id].stage == "scoring":
            show_if_everybody(run_id, SYSTEM)


def _left(enrolment: EnrolmentFacts) -> bool:
    return enrolment.state in ("withdrawn", "cancelled", "no_show", "not_completed")
