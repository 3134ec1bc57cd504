"""Verbs on gates before they are decided: open one, say who decides, score it.

A decided gate never changes: every statement here writes open gates only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    active_among,
    closed_among,
    db,
    new_key,
    now,
    record,
    refused,
    workplaces_of,
)
from lms_challenges.documents import LEVELS, MATURATION, SCORES
from lms_challenges.models import Challenge, Decider, Gate
from lms_challenges.queries.challenges import ChallengeFacts, deciding_organisations
from lms_challenges.queries.gates import (
    GateFacts,
    deciders_of,
)
from lms_challenges.queries.methods import method_in_use
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.services.methods import ensure
from lms_challenges.states import CHALLENGE_ACTIVE

LONGEST_COMMENT = 2_000
MOST_DECIDERS = 15


def open_gate(
    challenge: ChallengeFacts,
    to_level: int,
    actor: Actor,
    *,
    skip_reason: str = "",
    meets_at: datetime | None = None,
) -> str:
    """Open a gate to the next level, or with a written reason to a later one; returns its key.

    It goes by the version of the method that the owner organisation tries or that is in force.
    Raises `Refused` for a challenge that is not under way, whose owner is closed, or which has an
    open gate.
    """
    # The row is written first, so that two who open a gate at once do so after each other.
    state, level = db.session.execute(
        update(Challenge)
        .where(Challenge.id == challenge.id)
        .values(revision=Challenge.revision + 1)
        .returning(Challenge.state, Challenge.level)
        .execution_options(synchronize_session=False)
    ).one()
    check_under_way(state, challenge.organisation_id)
    if not level < to_level < LEVELS:
        raise refused(
            "to_level",
            da="Vælg et trin over det, udfordringen har nået.",
            sv="Välj en nivå över den som utmaningen har nått.",
            en="Choose a level above the one that the challenge has reached.",
        )
    skips = to_level > level + 1
    if skips and not skip_reason.strip():
        raise refused(
            "skip_reason",
            da="Skriv, hvorfor I springer trin over.",
            sv="Skriv varför ni hoppar över nivåer.",
            en="Write why you leave out levels.",
        )
    if db.session.scalar(
        select(Gate.id).where(Gate.challenge_id == challenge.id, Gate.decided_at.is_(None))
    ):
        raise refused(
            "to_level",
            da="Der er allerede en åben port. Afgør den først.",
            sv="Det finns redan en öppen grind. Avgör den först.",
            en="There is an open gate already. Decide that one first.",
        )
    ensure(MATURATION)
    method = method_in_use(MATURATION, challenge.organisation_id)
    if method is None:  # a version was just made sure of
        raise changed_meanwhile()
    key = new_key()
    gate_id = db.session.execute(
        insert(Gate)
        .values(
            key=key,
            challenge_id=challenge.id,
            method_id=method.id,
            from_level=level,
            to_level=to_level,
            skip_reason=skip_reason.strip() if skips else "",
            meets_at=meets_at,
            sheet={},
            opened_at=now(),
        )
        .returning(Gate.id)
    ).scalar_one()
    data = {"challenge_id": challenge.id, "from": level, "to": to_level}
    record("challenges.gate_opened", "gate", gate_id, actor=actor, data=data)
    return key


def add_decider(gate: GateFacts, challenge: ChallengeFacts, person_id: int, actor: Actor) -> None:
    """Name somebody who decides, for the organisation of the challenge where they work. Raises
    `Refused` for whoever works for a company: a company never decides about what it sells."""
    still_open(gate)
    places = workplaces_of([person_id]).get(person_id, ())
    if any(place.organisation_kind in COMPANIES for place in places):
        raise company_decides()
    may = deciding_organisations(challenge.id, challenge.organisation_id)
    place = next((place for place in places if place.organisation_id in may), None)
    there = deciders_of(gate.id)
    if place is None or person_id not in active_among([person_id]):
        raise nobody_there()
    if any(decider.person_id == person_id for decider in there):
        raise refused(
            "mail",
            da="Personen er allerede med til at beslutte.",
            sv="Personen är redan med och beslutar.",
            en="That person decides already.",
        )
    if len(there) >= MOST_DECIDERS:
        raise refused(
            "mail",
            da="I er mange nok til at beslutte.",
            sv="Ni är tillräckligt många för att besluta.",
            en="You are enough to decide.",
        )
    try:
        db.session.execute(
            insert(Decider).values(
                gate_id=gate.id, person_id=person_id, organisation_id=place.organisation_id
            )
        )
    except IntegrityError as error:
        raise Conflict("the same decider was named twice at once") from error
    data = {"person_id": person_id, "organisation_id": place.organisation_id}
    record("challenges.decider_added", "gate", gate.id, actor=actor, data=data)


def nobody_there() -> Exception:
    """Nobody with that address works for an organisation of the challenge."""
    return refused(
        "mail",
        da="Ingen med den adresse arbejder i en af udfordringens organisationer.",
        sv="Ingen med den adressen arbetar i någon av utmaningens organisationer.",
        en="Nobody with that address works in one of the challenge's organisations.",
    )


def company_decides() -> Exception:
    """Whoever works for a company does not decide at a gate."""
    return refused(
        "mail",
        da="En, der arbejder i en virksomhed, kan ikke beslutte ved en port.",
        sv="Den som arbetar i ett företag kan inte besluta vid en grind.",
        en="Somebody who works for a company cannot decide at a gate.",
    )


def drop_decider(gate: GateFacts, decider_id: int, actor: Actor) -> None:
    """Take somebody off the list. Raises `Refused` once they have said something."""
    still_open(gate)
    gone = db.session.execute(
        delete(Decider)
        .where(Decider.gate_id == gate.id, Decider.id == decider_id, Decider.opinion == "")
        .returning(Decider.person_id)
    ).all()
    if not gone:
        raise refused(
            "mail",
            da="Den, der har sagt noget, bliver på listen.",
            sv="Den som har sagt något står kvar på listan.",
            en="Whoever has said something stays on the list.",
        )
    record("challenges.decider_dropped", "gate", gate.id, actor=actor, data={"decider": decider_id})


def save_sheet(
    gate: GateFacts,
    sheet: Mapping[str, Mapping[str, Any]],
    actor: Actor,
    *,
    revision: int,
    meets_at: datetime | None = None,
) -> None:
    """Write scores, comments and evidence. Raises `Refused` for a decided gate, and when somebody
    else saved meanwhile."""
    known = {one.key for one in gate.level.criteria}
    clean = {
        key: {
            "score": said.get("score") if said.get("score") in SCORES else None,
            "comment": str(said.get("comment", ""))[:LONGEST_COMMENT],
            "evidence": str(said.get("evidence", ""))[:LONGEST_COMMENT],
        }
        for key, said in sheet.items()
        if key in known
    }
    found = db.session.execute(
        update(Gate)
        .where(Gate.id == gate.id, Gate.decided_at.is_(None), Gate.revision == revision)
        .values(sheet=clean, meets_at=meets_at, revision=Gate.revision + 1)
        .returning(Gate.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        still_open(gate)
        raise changed_meanwhile()
    data = {"scores": {key: said["score"] for key, said in clean.items()}}
    record("challenges.gate_scored", "gate", gate.id, actor=actor, data=data)


# --- what holds for every verb ------------------------------------------------------------------


def still_open(gate: GateFacts) -> None:
    """Raises `Refused` for a decided gate. Who asks holds the gate until the end of the unit of
    work: nobody says, names or decides anything at it meanwhile."""
    decided_at = db.session.scalar(
        select(Gate.decided_at).where(Gate.id == gate.id).with_for_update()
    )
    if decided_at is not None or not gate.open:
        raise refused(
            "decided",
            da="Porten er afgjort. Det, der står på arket, ændrer sig ikke mere.",
            sv="Grinden är avgjord. Det som står på bladet ändras inte längre.",
            en="The gate is decided. What stands on the sheet does not change any more.",
        )


def check_under_way(state: str, organisation_id: int) -> None:
    """Raises `Refused` for a challenge that is not under way, or whose owner is closed."""
    if state not in CHALLENGE_ACTIVE:
        raise refused(
            "state",
            da="Udfordringen er ikke i gang. Sæt den i gang først.",
            sv="Utmaningen pågår inte. Sätt i gång den först.",
            en="The challenge is not under way. Set it going first.",
        )
    if closed_among([organisation_id]):
        raise refused(
            "owner",
            da="Ejerens organisation er lukket. En medejer må overtage udfordringen først.",
            sv="Ägarens organisation är stängd. En medägare måste ta över utmaningen först.",
            en="The owner's organisation is closed. A co-owner must take it over first.",
        )
