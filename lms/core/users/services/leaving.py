"""People who leave: their places, roles and ways in end; what they did stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, select, update

from lms.contracts import Actor
from lms.core.refused import refused
from lms.core.users.models import AccessRole, ApiToken, Assignment, Person, SignIn, SingleUseLink
from lms.core.users.queries import MANAGE
from lms.core.users.queries.employment import not_over, pieces
from lms.core.users.services.roles import refuse_self, refuse_stronger
from lms.db import db, now
from lms.journal import record

MOST_AT_ONCE = 500
_AS_IT_IS = {"synchronize_session": False}
_SEEN = {"synchronize_session": "fetch"}  # the session may hold the people


def suspend(person_id: int, *, actor: Actor) -> None:
    """Shut somebody out, at once and everywhere. `Refused` for oneself, for whoever holds more
    than the actor, and for whoever also works where the actor does not manage people."""
    refuse_self(person_id, actor)
    refuse_stronger(person_id, actor)
    if _works_beyond(person_id, actor):
        raise refused(
            "person.elsewhere",
            da="Personen arbejder også et andet sted. Sæt den sidste dag her, eller spørg "
            "administratoren.",
            sv="Personen arbetar också någon annanstans. Sätt den sista dagen här, eller fråga "
            "administratören.",
            en="This person also works elsewhere. Set the last day here, or ask the administrator.",
        )
    db.session.get_one(Person, person_id).state = "suspended"
    db.session.flush()
    end_ways_in([person_id], actor=actor)
    record("users.suspended", "person", person_id, actor=actor)


def leave(person_id: int, *, actor: Actor) -> bool:
    """Somebody has left: places end today, access roles and ways in are gone; history stays.

    Only what the actor manages ends: whoever also works for others keeps the account and that
    place, and the answer is False. `Refused` for oneself and for whoever holds more.
    """
    refuse_self(person_id, actor)
    refuse_stronger(person_id, actor)
    beyond = _works_beyond(person_id, actor)
    managed = actor.organisations_with(MANAGE)
    mine = Assignment.person_id == person_id
    roles = AccessRole.person_id == person_id
    if managed is not None:
        mine &= Assignment.organisation_id.in_(sorted(managed))
        roles &= AccessRole.organisation_id.in_(sorted(managed))
    today = now().date()
    ended = db.session.scalars(
        update(Assignment)
        .where(mine, not_over())
        .values(to_day=today)
        .returning(Assignment.id)
        .execution_options(**_AS_IT_IS)
    ).all()
    db.session.execute(delete(AccessRole).where(roles).execution_options(**_AS_IT_IS))
    if beyond:
        _tell_of_ended(person_id, ended, today, actor)
        return False
    close_accounts([person_id], actor=actor)
    return True


def _tell_of_ended(person_id: int, ended: Sequence[int], last_day: date, actor: Actor) -> None:
    for assignment_id in ended:
        record(
            "users.assignment_ended",
            "person",
            person_id,
            actor=actor,
            data={"assignment": assignment_id, "last_day": last_day.isoformat()},
        )


def sign_out_person(person_id: int, *, actor: Actor) -> None:
    """Sign somebody out everywhere. `Refused` for whoever holds more than the actor."""
    refuse_stronger(person_id, actor)
    _end_sign_ins([person_id], actor)


def _works_beyond(person_id: int, actor: Actor) -> bool:
    managed = actor.organisations_with(MANAGE)
    if managed is None:
        return False
    found = db.session.scalars(
        select(Assignment.organisation_id).where(Assignment.person_id == person_id, not_over())
    )
    return any(where not in managed for where in found)


# --- the end of accounts ------------------------------------------------------------------------


def close_accounts(person_ids: Collection[int], *, actor: Actor) -> None:
    """These people have left for good: no way in is left to them, and the journal tells it."""
    for ids in pieces(sorted(set(person_ids))):
        db.session.execute(
            update(Person).where(Person.id.in_(ids)).values(state="left").execution_options(**_SEEN)
        )
        db.session.execute(
            delete(AccessRole).where(AccessRole.person_id.in_(ids)).execution_options(**_AS_IT_IS)
        )
        end_ways_in(ids, actor=actor)
        for person_id in ids:
            record("users.left", "person", person_id, actor=actor)


def end_ways_in(person_ids: Sequence[int], *, actor: Actor) -> None:
    """Sign-ins, links that wait and API tokens of these people end at once."""
    _end_sign_ins(person_ids, actor)
    moment = now()
    db.session.execute(
        update(SingleUseLink)
        .where(SingleUseLink.person_id.in_(person_ids), SingleUseLink.used_at.is_(None))
        .values(used_at=moment)
        .execution_options(**_AS_IT_IS)
    )
    db.session.execute(
        update(ApiToken)
        .where(ApiToken.person_id.in_(person_ids), ApiToken.revoked_at.is_(None))
        .values(revoked_at=moment)
        .execution_options(**_AS_IT_IS)
    )


def _end_sign_ins(person_ids: Sequence[int], actor: Actor) -> None:
    ended = db.session.scalars(
        update(SignIn)
        .where(SignIn.person_id.in_(person_ids), SignIn.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignIn.person_id)
        .execution_options(**_AS_IT_IS)
    ).all()
    for person_id in sorted(set(ended)):
        record(
            "users.signed_out_everywhere",
            "person",
            person_id,
            actor=actor,
            data={"ended": ended.count(person_id)},
        )


def give_up_roles(person_ids: Collection[int], organisation_id: int, *, actor: Actor) -> None:
    """Whoever does not work here any more holds no access role here."""
    for ids in pieces(person_ids):
        for person_id, role in db.session.execute(
            delete(AccessRole)
            .where(AccessRole.person_id.in_(ids), AccessRole.organisation_id == organisation_id)
            .returning(AccessRole.person_id, AccessRole.role)
            .execution_options(**_AS_IT_IS)
        ).all():
            data = {"role": role, "organisation": organisation_id}
            record("users.role_withdrawn", "person", person_id, actor=actor, data=data)


def close_when_over(*, actor: Actor) -> int:
    """Whose last day an employer's list has told, and it is over: they leave now; how many.

    Roles where they worked go with the place. Whoever has another place, a role elsewhere or on
    the site, or people to lead elsewhere, keeps the account.
    """
    today = now().date()
    over = (
        select(Assignment.person_id, Assignment.organisation_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Person.state.in_(("active", "invited")),
            Assignment.employee_number.is_not(None),
            Assignment.to_day < today,
        )
        .distinct()
        .order_by(Assignment.person_id)
    )
    left: dict[int, set[int]] = {}
    for person_id, where in db.session.execute(over):
        left.setdefault(person_id, set()).add(where)
    gone = []
    for ids in pieces(left):
        held = _held_by(ids)
        for person_id in ids:
            places, roles = held.get(person_id, (set(), set()))
            for where in left[person_id] - places:
                if where in roles:
                    give_up_roles([person_id], where, actor=actor)
            if not places and not roles - left[person_id]:
                gone.append(person_id)
    close_accounts(gone[:MOST_AT_ONCE], actor=actor)
    return len(gone[:MOST_AT_ONCE])


def _held_by(ids: Sequence[int]) -> dict[int, tuple[set[int], set[int | None]]]:
    """By person: where they work still or soon; where they hold a role or lead people."""
    held: dict[int, tuple[set[int], set[int | None]]] = {one: (set(), set()) for one in ids}
    for person_id, where in db.session.execute(
        select(Assignment.person_id, Assignment.organisation_id).where(
            Assignment.person_id.in_(ids), not_over()
        )
    ):
        held[person_id][0].add(where)
    for person_id, role_at in db.session.execute(
        select(AccessRole.person_id, AccessRole.organisation_id).where(
            AccessRole.person_id.in_(ids)
        )
    ):
        held[person_id][1].add(role_at)
    for boss_id, leads_at in db.session.execute(
        select(Assignment.manager_id, Assignment.organisation_id).where(
            Assignment.manager_id.in_(ids), not_over()
        )
    ):
        if boss_id is not None:
            held[boss_id][1].add(leads_at)
    return held
