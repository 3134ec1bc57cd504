"""Verbs on the terms of a run, on reservations and invitations, and on who answers for whom."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from lms.contracts import Actor
from lms.core.catalogue.services import hold_run, keep_seats
from lms.core.enrolment.models import (
    CostCentre,
    Enrolment,
    EntryRule,
    Invitation,
    Reservation,
    StandIn,
    Terms,
)
from lms.core.enrolment.queries import (
    CORE_WAITING_RULES,
    LOTTERY,
    ReservationFacts,
    TermsFacts,
    question_as_json,
    reservations_of,
    terms_of,
)
from lms.core.enrolment.services.reasons import refusal
from lms.core.enrolment.services.seats import new_seed, offer_free_seats
from lms.core.refused import Refused
from lms.core.users.models import Person
from lms.core.users.queries import digest
from lms.db import clean_text, db, new_key, now, today
from lms.journal import record

KEEP = frozenset({"run_id", "draw_digest", "draw_seed", "drawn_at", "minimum_decision"})
"""What is not written by whoever sets the terms."""
ASKED = ("requested", "awaiting_approval", "waitlisted")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Who may ask: everything that is set must fit."""

    organisation_id: int | None = None
    unit_id: int | None = None
    function_id: int | None = None
    role: str | None = None


def set_terms(terms: TermsFacts, actor: Actor) -> None:
    """Write the terms of a run. A lottery gets its seed, and shows the seed's SHA-256 from then
    on. Raises `Refused` when the waiting rule would change for people who wait already."""
    run_id = terms.run_id
    hold_run(run_id)
    before = terms_of([run_id])[run_id]
    other_rule = before.waiting_rule != terms.waiting_rule
    # A plugin gives its ranks when one asks, so nobody may have asked before it is its rule.
    wait = ASKED if terms.waiting_rule not in CORE_WAITING_RULES else ("waitlisted",)
    if other_rule and _number_in(run_id, wait):
        raise Refused(
            refusal(
                "waiting_rule.people_wait",
                "Nogen venter allerede efter den gamle regel. Den kan ikke ændres nu.",
                "Någon väntar redan enligt den gamla regeln. Den kan inte ändras nu.",
                "People wait by the old rule already. It cannot be changed now.",
            )
        )
    values = _as_columns(terms)
    another_draw = other_rule and before.drawn_at is not None
    if terms.waiting_rule == LOTTERY and (before.draw_digest is None or another_draw):
        values["draw_seed"], values["draw_digest"] = new_seed()
        values["drawn_at"] = None
    if before.minimum != terms.minimum or before.decide_by != terms.decide_by:
        values["minimum_decision"] = None
    written = db.session.execute(
        update(Terms)
        .where(Terms.run_id == run_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not written.rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(Terms).values(run_id=run_id, **values))
    changed = {
        name: _plain(getattr(terms, name))
        for name in values
        if name in TermsFacts.__dataclass_fields__
        and name not in KEEP | {"entry_key"}
        and getattr(before, name) != getattr(terms, name)
    }
    record("enrolment.terms_set", "run", run_id, actor=actor, data={"changed": changed})
    offer_free_seats(run_id, actor)


def _as_columns(terms: TermsFacts) -> dict[str, Any]:
    values = {
        name: getattr(terms, name) for name in TermsFacts.__dataclass_fields__ if name not in KEEP
    }
    return values | {
        "ways": list(terms.ways),
        "approvers": list(terms.approvers),
        "questions": [question_as_json(question) for question in terms.questions],
        "entry_key": clean_text(terms.entry_key) if terms.entry_key else None,
    }


def _plain(value: Any) -> Any:
    """A value as the journal can keep it: texts of questions stay with the terms."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [item if isinstance(item, str) else item.key for item in value]
    return value


def _number_in(run_id: int, states: Sequence[str]) -> int:
    return db.session.execute(
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(states))
    ).scalar_one()


def set_entry_rules(run_id: int, rules: Sequence[Rule], actor: Actor) -> None:
    """Who may ask where the way in is a rule; replaces what was there."""
    hold_run(run_id)
    db.session.execute(delete(EntryRule).where(EntryRule.run_id == run_id))
    for rule in rules:
        db.session.execute(
            insert(EntryRule).values(
                run_id=run_id,
                organisation_id=rule.organisation_id,
                unit_id=rule.unit_id,
                function_id=rule.function_id,
                role=rule.role,
            )
        )
    data = {"rules": len(rules)}
    record("enrolment.entry_rules_set", "run", run_id, actor=actor, data=data)


# --- seats kept ---------------------------------------------------------------------------------


def keep_for(
    run_id: int, organisation_id: int, seats: int, release_at: datetime | None, actor: Actor
) -> None:
    """Keep seats for an organisation's people until a day, or change how many. Raises `Refused`
    when there are not so many free, or more of them are used already."""
    hold_run(run_id)
    there = next(
        (
            found
            for found in reservations_of([run_id])[run_id]
            if found.organisation_id == organisation_id
        ),
        None,
    )
    before = _still_kept(there)
    used = there.used if there else 0
    if seats < used:
        raise Refused(
            refusal(
                "seats.used",
                f"{used} af pladserne er allerede optaget. Skriv mindst det tal.",
                f"{used} av platserna är redan upptagna. Skriv minst det talet.",
                f"{used} of the seats are taken already. Write at least that number.",
            )
        )
    if not keep_seats(run_id, seats - used - before):
        raise Refused(
            refusal(
                "seats.too_many",
                "Så mange pladser er ikke ledige. Hold færre, eller giv holdet flere pladser.",
                "Så många platser är inte lediga. Reservera färre, eller ge omgången fler platser.",
                "There are not so many seats free. Keep fewer, or give the run more seats.",
            )
        )
    values = {"seats": seats, "release_at": release_at, "released_at": None}
    if there is None:
        db.session.execute(
            insert(Reservation).values(
                key=new_key(), run_id=run_id, organisation_id=organisation_id, used=0, **values
            )
        )
    else:
        db.session.execute(
            update(Reservation)
            .where(Reservation.id == there.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    record(
        "enrolment.seats_kept",
        "run",
        run_id,
        actor=actor,
        data={"organisation": organisation_id, "seats": seats},
    )
    offer_free_seats(run_id, actor)


def _still_kept(there: ReservationFacts | None) -> int:
    return there.left if there else 0


# --- invitations --------------------------------------------------------------------------------


def invite(
    run_id: int, label: str, actor: Actor, *, days: int = 30, uses: int | None = None
) -> str:
    """A link for many that lets people ask for a seat; its token, which nobody can read again."""
    token = secrets.token_urlsafe(16)
    moment = now()
    db.session.execute(
        insert(Invitation).values(
            key=new_key(),
            run_id=run_id,
            token_hash=digest(token),
            label=clean_text(label),
            created_by_id=actor.person_id,
            created_at=moment,
            expires_at=moment + timedelta(days=days),
            uses_left=uses,
        )
    )
    record("enrolment.invited", "run", run_id, actor=actor, data={"days": days, "uses": uses})
    return token


def revoke_invitation(invitation_id: int, run_id: int, actor: Actor) -> None:
    """The link works no more; who has asked by it keeps what they have."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.run_id == run_id,
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now())
        .execution_options(synchronize_session=False)
    )
    data = {"invitation": invitation_id}
    record("enrolment.invitation_revoked", "run", run_id, actor=actor, data=data)


# --- who answers for whom -----------------------------------------------------------------------


def set_stand_in(
    person_id: int, stand_in_id: int, from_day: date, to_day: date, actor: Actor
) -> None:
    """Somebody answers for a manager from one day to another, one at a time. Raises `Refused` for
    oneself, when the days are the wrong way round, or over, or somebody else has one of them."""
    if person_id == stand_in_id:
        raise Refused(
            refusal(
                "stand_in.self",
                "Vælg en anden end dig selv.",
                "Välj någon annan än dig själv.",
                "Choose somebody other than yourself.",
            )
        )
    if to_day < from_day:
        raise Refused(
            refusal(
                "to_day.before",
                "Den sidste dag ligger før den første. Ret en af dem.",
                "Den sista dagen ligger före den första. Ändra en av dem.",
                "The last day is before the first. Change one of them.",
            )
        )
    if to_day < today():
        raise Refused(
            refusal(
                "to_day.over",
                "De dage er gået. Skriv en sidste dag, der kommer.",
                "De dagarna har gått. Skriv en sista dag som kommer.",
                "Those days are over. Write a last day that is still to come.",
            )
        )
    # Two who name somebody at once do it after each other.
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    taken = db.session.scalar(
        select(StandIn.id)
        .where(
            StandIn.person_id == person_id,
            StandIn.from_day <= to_day,
            StandIn.to_day >= from_day,
        )
        .limit(1)
    )
    if taken is not None:
        raise Refused(
            refusal(
                "from_day.taken",
                "En anden er stedfortræder nogle af de dage. Afslut det først, eller vælg andre.",
                "Någon annan är ersättare då. Avsluta det först, eller välj andra dagar.",
                "Somebody else stands in on some of those days. End that first, or choose others.",
            )
        )
    db.session.execute(
        insert(StandIn).values(
            key=new_key(),
            person_id=person_id,
            stand_in_id=stand_in_id,
            from_day=from_day,
            to_day=to_day,
        )
    )
    record(
        "enrolment.stand_in_named", "person", person_id, actor=actor, data={"stand_in": stand_in_id}
    )


def end_stand_in(key: str, person_id: int, actor: Actor) -> bool:
    """Nobody answers for the manager any more; False when there was none with this key."""
    ended = db.session.execute(
        delete(StandIn).where(StandIn.key == key, StandIn.person_id == person_id)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    record("enrolment.stand_in_ended", "person", person_id, actor=actor)
    return True


def set_cost_centre(
    organisation_id: int, unit_id: int | None, code: str, holder_id: int, actor: Actor
) -> None:
    """Who answers for the money of an organisation, or of one of its units."""
    where = (CostCentre.organisation_id == organisation_id) & (
        CostCentre.unit_id.is_(None) if unit_id is None else CostCentre.unit_id == unit_id
    )
    changed = db.session.execute(
        update(CostCentre)
        .where(where)
        .values(code=clean_text(code), holder_id=holder_id)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            insert(CostCentre).values(
                key=new_key(),
                organisation_id=organisation_id,
                unit_id=unit_id,
                code=clean_text(code),
                holder_id=holder_id,
            )
        )
    record(
        "enrolment.cost_centre_set",
        "organisation",
        organisation_id,
        actor=actor,
        data={"unit": unit_id, "holder": holder_id},
    )


def end_cost_centre(key: str, organisation_id: int, actor: Actor) -> bool:
    """Nobody answers for the money there any more; False when there was none with this key."""
    ended = db.session.execute(
        delete(CostCentre).where(
            CostCentre.key == key, CostCentre.organisation_id == organisation_id
        )
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    record("enrolment.cost_centre_ended", "organisation", organisation_id, actor=actor)
    return True
