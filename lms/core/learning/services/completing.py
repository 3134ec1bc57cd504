"""Verbs on the teacher's word and on completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert

from lms.contracts import (
    Actor,
    CompletionFacts,
    LocalisedText,
    Refusal,
)
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.enrolment.services import finish
from lms.core.learning.conditions import standings
from lms.core.learning.models import Completion, Declaration
from lms.core.learning.queries.stood import reasons_as_json
from lms.core.learning.services.agreeing import schedule_follow_ups
from lms.core.learning.services.attendance import insert_rows
from lms.core.learning.services.judging import held_enrolment, insist_may_judge
from lms.core.learning.services.refusals import changed
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal import record


def declare(enrolment_id: int, accepted: bool, note: str, actor: Actor) -> None:
    """The teacher's word on the work of one enrolment; see `declare_all`."""
    declare_all([(enrolment_id, accepted, note)], actor)


def declare_all(words: Sequence[tuple[int, bool, str]], actor: Actor) -> None:
    """The teacher's word on the work of each (enrolment id, accepted, note); a later word replaces
    it. Raises `Refused` once an enrolment is no longer active (what is decided stays decided), for
    oneself, and for who works for a company."""
    words = sorted(words)
    for enrolment_id, accepted, note in words:
        enrolment = held_enrolment(enrolment_id, states=("active",))
        insist_may_judge(enrolment, actor)
        db.session.execute(delete(Declaration).where(Declaration.enrolment_id == enrolment_id))
        insert_rows(
            Declaration,
            [
                {
                    "enrolment_id": enrolment_id,
                    "accepted": accepted,
                    "note": note,
                    "by_id": actor.person_id,
                    "at": now(),
                }
            ],
        )
        record(
            "learning.declared",
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"accepted": accepted},
            payload={"note": note} if note else None,
        )
    reassess([enrolment_id for enrolment_id, _accepted, _note in words], actor)


def decide_completions(enrolment_ids: Sequence[int], actor: Actor) -> Mapping[int, CompletionFacts]:
    """Decide active enrolments under the rule of their run: met is completed, not met is not.

    What is undecided stays as it is. Returns the standings of all, decided or not. Raises
    `Refused` when one is no longer active.
    """
    enrolments = enrolments_by_id(enrolment_ids)
    if any(enrolment.state != "active" for enrolment in enrolments.values()):
        raise Refused(changed())
    found = standings([enrolments[id_] for id_ in sorted(enrolments)])
    moment = now()
    for enrolment_id, standing in found.items():
        if standing.result == "undecided":
            continue
        # First the guarded step: of two people deciding at once, one is refused here.
        finish(enrolment_id, "completed" if standing.result == "met" else "not_completed", actor)
        db.session.execute(
            insert(Completion).values(
                enrolment_id=enrolment_id,
                result=standing.result,
                rule_version=standing.rule_version,
                minutes_attended=standing.minutes_attended,
                minutes_held=standing.minutes_held,
                reasons=reasons_as_json(standing.reasons),
                decided_at=moment,
                decided_by_id=actor.person_id,
            )
        )
        record(
            "learning.completion_" + standing.result,
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"run": standing.run_id, "rule": standing.rule_version},
        )
    schedule_follow_ups([id_ for id_, standing in found.items() if standing.result == "met"])
    return found


def completion_refusals(states: Sequence[str]) -> list[Refusal]:
    """Why the completions of a run whose sessions are in these states cannot be decided yet: a
    register is missing."""
    missing = sum(state not in ("held", "cancelled") for state in states)
    if not missing:
        return []
    text = LocalisedText(
        da=f"Fremmødet mangler for {missing} af {len(states)} mødegange. Skriv det først.",
        sv=f"Närvaron saknas för {missing} av {len(states)} kurstillfällen. Skriv in den först.",
        en=f"The register is missing for {missing} of {len(states)} sessions. Write it first.",
    )
    return [Refusal(code="register_missing", message=text)]
