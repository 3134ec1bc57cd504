"""Verbs of the meeting at a gate: each one says what they want, and it is decided together.

A decided gate never changes: every statement here writes open gates only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from lms.api import Actor, db, now, record, refused, workplaces_of
from lms_challenges.models import Challenge, Decider, Gate
from lms_challenges.queries.challenges import ChallengeFacts, deciding_organisations
from lms_challenges.queries.gates import (
    DeciderFacts,
    GateFacts,
    deciders_of,
    enough_options,
    options_of,
)
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.services.gate_answers import answer_waiting
from lms_challenges.services.gates import check_under_way, company_decides, still_open
from lms_challenges.services.maturing import PARTNERED, learn_from, options_lacking
from lms_challenges.services.notes import LearningValues
from lms_challenges.states import DECISIONS

ORGANISATIONS = 2
"""From how many organisations people must want the same before it is decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionValues:
    """What a meeting decided: `next_on` is when the challenge is looked at again."""

    decision: str
    reason: str
    conditions: str = ""
    next_on: date | None = None
    note: LearningValues | None = None


def give_opinion(gate: GateFacts, actor: Actor, opinion: str, remark: str) -> None:
    """Say as one of those who decide what one wants. Raises `Refused` for anybody else, for who
    works for a company by now, and once the gate is decided."""
    still_open(gate)
    if actor.person_id is None or opinion not in DECISIONS:
        raise changed_meanwhile()
    _check_no_company([actor.person_id])
    found = db.session.execute(
        update(Decider)
        .where(Decider.gate_id == gate.id, Decider.person_id == actor.person_id)
        .values(opinion=opinion, remark=remark, at=now())
        .returning(Decider.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    data = {"opinion": opinion}
    record("challenges.opinion_given", "gate", gate.id, actor=actor, data=data)


def agreed_on(deciders: Sequence[DeciderFacts]) -> Collection[str]:
    """The opinions that people of at least two organisations share: what may be decided."""
    by_opinion: dict[str, set[tuple[int, int]]] = {}
    for decider in deciders:
        if decider.opinion and decider.person_id is not None:
            said = by_opinion.setdefault(decider.opinion, set())
            said.add((decider.person_id, decider.organisation_id))
    return frozenset(
        opinion
        for opinion, said in by_opinion.items()
        if len({person for person, _where in said}) >= ORGANISATIONS
        and len({where for _person, where in said}) >= ORGANISATIONS
    )


def who_count(
    deciders: Sequence[DeciderFacts], challenge: ChallengeFacts
) -> Sequence[DeciderFacts]:
    """Those whose word counts: the organisation they came from still decides. One that was taken
    off the challenge does not, whatever its people have said before."""
    may = deciding_organisations(challenge.id, challenge.organisation_id)
    return [decider for decider in deciders if decider.organisation_id in may]


def decide(
    gate: GateFacts, challenge: ChallengeFacts, values: DecisionValues, actor: Actor
) -> None:
    """Write down what the meeting decided; nothing of the gate changes any more.

    Nobody decides alone: people of two organisations have said the same. "Go" needs a score for
    every criterion, and from level 4 three options; "stop" something learned. Ideas that wait for
    the gate are answered with it. Raises `Refused`.
    """
    still_open(gate)
    check_under_way(challenge.state, challenge.organisation_id)
    _check_values(gate, values)
    deciders = who_count(deciders_of(gate.id), challenge)
    _check_no_company([d.person_id for d in deciders if d.opinion and d.person_id is not None])
    if values.decision not in agreed_on(deciders):
        raise refused(
            "decision",
            da="Ingen beslutter alene. To fra hver sin organisation skal have sagt det samme.",
            sv="Ingen beslutar ensam. Två från var sin organisation ska ha sagt samma sak.",
            en="Nobody decides alone. Two people from different organisations must have said the "
            "same.",
        )
    if values.decision == "go":
        _check_go(gate, challenge, values)
    if values.decision == "stop":
        learn_from(challenge, actor, values.note)
    found = db.session.execute(
        update(Gate)
        .where(Gate.id == gate.id, Gate.decided_at.is_(None), Gate.revision == gate.revision)
        .values(
            decision=values.decision,
            reason=values.reason.strip(),
            conditions=values.conditions.strip(),
            next_on=values.next_on,
            decided_at=now(),
            revision=Gate.revision + 1,
        )
        .returning(Gate.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    _carry_out(gate, challenge, values)
    answer_waiting(challenge.id, values.decision, actor, reason=values.reason)
    data = {
        "challenge_id": challenge.id,
        "decision": values.decision,
        "from": gate.from_level,
        "to": gate.to_level,
        "deciders": [decider.id for decider in deciders],
    }
    record("challenges.gate_decided", "gate", gate.id, actor=actor, data=data)


def _carry_out(gate: GateFacts, challenge: ChallengeFacts, values: DecisionValues) -> None:
    changes: dict[str, Any] = {}
    if values.decision == "go":
        changes = {"level": gate.to_level, "method_id": gate.method_id}
    elif values.decision == "stop":
        changes = {"state": "stopped", "reason": values.reason.strip(), "wake_on": None}
    found = db.session.execute(
        update(Challenge)
        .where(
            Challenge.id == challenge.id,
            Challenge.level == gate.from_level,
            Challenge.state == challenge.state,
            Challenge.organisation_id == challenge.organisation_id,
        )
        .values(revision=Challenge.revision + 1, **changes)
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()


def _check_no_company(person_ids: Sequence[int]) -> None:
    places = workplaces_of(person_ids)
    if any(one.organisation_kind in COMPANIES for found in places.values() for one in found):
        raise company_decides()


def _check_values(gate: GateFacts, values: DecisionValues) -> None:
    if not values.reason.strip():
        raise refused(
            "reason",
            da="Skriv, hvorfor I beslutter det.",
            sv="Skriv varför ni beslutar det.",
            en="Write why you decide so.",
        )
    if values.decision in ("recycle", "hold") and (
        values.next_on is None or values.next_on <= now().date()
    ):
        raise refused(
            "next_on",
            da="Vælg en dag, der kommer, hvor I mødes igen.",
            sv="Välj en kommande dag då ni möts igen.",
            en="Choose a day to come when you meet again.",
        )


def _check_go(gate: GateFacts, challenge: ChallengeFacts, values: DecisionValues) -> None:
    if gate.scored < len(gate.level.criteria):
        raise refused(
            "decision",
            da="Sig noget om hvert kriterium, før I går videre.",
            sv="Säg något om varje kriterium innan ni går vidare.",
            en="Say something of every criterion before you go on.",
        )
    missing = any(gate.score(one.key) == 0 for one in gate.level.criteria)
    if missing and not values.conditions.strip():
        raise refused(
            "conditions",
            da="Noget mangler. Skriv, hvad der skal være på plads, og hvornår.",
            sv="Något saknas. Skriv vad som ska vara på plats och när.",
            en="Something is missing. Write what must be in place, and when.",
        )
    if gate.to_level >= PARTNERED > gate.from_level and not enough_options(
        options_of(challenge.id)
    ):
        raise options_lacking()
