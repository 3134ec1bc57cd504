"""Verbs on try-outs: planned, asked about, allowed or not, noted, handed in, confirmed.

A try-out is one for a pair. Whoever hands it in is its `enrolment_id` from then on, and the other
(`partner_id`) confirms it. Every verb takes it as it was read and changes it only when nobody else
has meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    SYSTEM,
    Actor,
    Conflict,
    EnrolmentFacts,
    Refused,
    db,
    link_records,
    new_key,
    now,
    reassess,
    record,
    refused,
)
from lms_courses.models import Tryout
from lms_courses.queries.staff import Seat
from lms_courses.queries.tryouts import TryoutFacts, TryoutPlace, tryout_of, tryouts_left_by
from lms_courses.refusing import changed_meanwhile
from lms_courses.staff_states import PLANNING

LEFT = frozenset({"withdrawn", "cancelled", "no_show", "declined", "lapsed"})
A_WEEK = timedelta(days=6)
"""From the first day to the last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is tried: one small thing, what is counted or asked before and after, in which week.
    `idea` is the kind and key of the record that is tried, if it is one."""

    what: str
    measure: str
    begins_on: date | None
    ends_on: date | None = None
    idea: tuple[str, str] | None = None

    @property
    def last_day(self) -> date | None:
        """The last day, a week long when nothing else is said."""
        if self.ends_on is not None or self.begins_on is None:
            return self.ends_on
        return self.begins_on + A_WEEK


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """How it was before, how it was after, and what was learnt."""

    before: str
    after: str
    learned: str


def plan_tryout(seat: Seat, plan: Plan, actor: Actor) -> str:
    """Plan one small thing for a participant and the colleague they work with; returns its key.
    Raises `Refused` when they have one already, `Conflict` when both begin at once."""
    if tryout_of(seat) is not None:
        raise refused(
            "tryout",
            da="I har allerede en afprøvning sammen. Åbn den, og skriv videre der.",
            sv="Ni har redan ett prov ihop. Öppna det och skriv vidare där.",
            en="You have a try-out together already. Open it and write on there.",
        )
    key = new_key()
    # Of a pair who plan at the same moment, one row stands: both would write the lower id.
    pair = sorted(id_ for id_ in (seat.enrolment.id, _free_colleague(seat)) if id_ is not None)
    try:
        tryout_id = db.session.execute(
            insert(Tryout)
            .values(
                key=key,
                run_id=seat.enrolment.run_id,
                enrolment_id=pair[0],
                partner_id=pair[1] if len(pair) > 1 else None,
                what=plan.what,
                measure=plan.measure,
                begins_on=plan.begins_on,
                ends_on=plan.last_day,
                idea_kind=plan.idea[0] if plan.idea else "",
                idea_key=plan.idea[1] if plan.idea else "",
                before="",
                after="",
                learned="",
                reason="",
                state="planned",
                changed_at=now(),
                revision=1,
            )
            .returning(Tryout.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("two planned the same try-out at once") from error
    data = {"run": seat.enrolment.run_id, "enrolment": seat.enrolment.id}
    record("courses.tryout_planned", "tryout", tryout_id, actor=actor, data=data)
    link_records(("course", seat.enrolment.run_key), ("tryout", key), actor)
    if plan.idea is not None:
        link_records(plan.idea, ("tryout", key), actor)
        reassess(seat.ids, actor)
    return key


def change_plan(tryout: TryoutFacts, plan: Plan, actor: Actor, *, revision: int) -> None:
    """Plan it differently: the manager is asked anew. An idea that is named stays; another link
    belongs on its thread. Raises `Refused` when it is tried already, or changed meanwhile."""
    if tryout.state not in PLANNING:
        raise changed_meanwhile()
    values: dict[str, Any] = {
        "what": plan.what,
        "measure": plan.measure,
        "begins_on": plan.begins_on,
        "ends_on": plan.last_day,
        "state": "planned",
        "allowed_at": None,
    }
    named = plan.idea is not None and not tryout.idea_key
    if plan.idea is not None and named:
        values |= {"idea_kind": plan.idea[0], "idea_key": plan.idea[1]}
    _change(tryout, revision, **values)
    record("courses.tryout_changed", "tryout", tryout.id, actor=actor)
    if plan.idea is not None and named:
        link_records(plan.idea, ("tryout", tryout.key), actor)
        reassess(tryout.enrolment_ids, actor)


def ask_manager(tryout: TryoutFacts, seat: Seat, actor: Actor) -> None:
    """Ask the manager for a yes. Raises `Refused` without a day to begin on, where no manager is
    named, and when it was asked meanwhile."""
    if tryout.state not in ("planned", "refused"):
        raise changed_meanwhile()
    if tryout.begins_on is None:
        raise refused(
            "week",
            da="Skriv først, hvilken uge I prøver det. Så ved din leder, hvad der siges ja til.",
            sv="Skriv först vilken vecka ni prövar det. Då vet din chef vad svaret gäller.",
            en="Write first in which week you try it. Then your manager knows what it is about.",
        )
    if seat.manager_id is None:
        raise refused(
            "manager",
            da="Der står ingen leder ved din plads. Bed den, der har ansvaret for forløbet, om at "
            "skrive en på.",
            sv="Det står ingen chef vid din plats. Be den som leder kursen att skriva in en.",
            en="No manager stands at your seat. Ask whoever leads the course to name one.",
        )
    _change(
        tryout,
        tryout.revision,
        state="asked",
        manager_id=seat.manager_id,
        partner_id=tryout.partner_id or _free_colleague(seat),
        reason="",
    )
    record("courses.tryout_asked", "tryout", tryout.id, actor=actor, data={"run": tryout.run_id})


def answer(tryout: TryoutFacts, yes: bool, reason: str, actor: Actor) -> None:
    """The manager says yes, or no with a reason. Raises `Refused` for a no without one, and when
    it was answered or changed meanwhile."""
    reason = reason.strip()
    if not yes and not reason:
        raise refused(
            "reason",
            da="Skriv kort hvorfor. De, der har spurgt, læser det.",
            sv="Skriv kort varför. De som har frågat läser det.",
            en="Write in short why. Those who asked read it.",
        )
    if tryout.state != "asked":
        raise changed_meanwhile()
    _change(
        tryout,
        tryout.revision,
        state="allowed" if yes else "refused",
        manager_id=actor.person_id,
        allowed_at=now() if yes else None,
        reason=reason,
    )
    data = {"run": tryout.run_id, "yes": yes}
    record("courses.tryout_answered", "tryout", tryout.id, actor=actor, data=data)


def save_note(tryout: TryoutFacts, note: Note, actor: Actor, *, revision: int) -> None:
    """Keep what is written so far. Raises `Refused` when it is handed in already, or when the other
    saved meanwhile."""
    if tryout.state not in PLANNING:
        raise changed_meanwhile()
    _change(tryout, revision, before=note.before, after=note.after, learned=note.learned)
    record("courses.tryout_noted", "tryout", tryout.id, actor=actor)


def hand_in(tryout: TryoutFacts, seat: Seat, note: Note, actor: Actor, *, revision: int) -> str:
    """Hand the note in; returns the new state. Of a pair the other confirms it; for who is alone it
    counts now. Raises `Refused` before the manager has said yes, and when the other saved
    meanwhile."""
    if tryout.state != "allowed":
        raise _not_allowed(tryout)
    other = _other(tryout, seat)
    state = "tried" if other is not None else "confirmed"
    _change(
        tryout,
        revision,
        before=note.before,
        after=note.after,
        learned=note.learned,
        enrolment_id=seat.enrolment.id,
        partner_id=other,
        state=state,
        confirmed_at=now() if state == "confirmed" else None,
    )
    data = {"run": tryout.run_id, "enrolment": seat.enrolment.id, "state": state}
    record("courses.tryout_handed_in", "tryout", tryout.id, actor=actor, data=data)
    if state == "confirmed":
        reassess([seat.enrolment.id], actor)
    return state


def confirm(place: TryoutPlace, actor: Actor) -> None:
    """The other of a pair says that it was so: now it counts for both. Raises `Refused` for who
    handed it in, and when it was taken back meanwhile."""
    tryout = place.tryout
    if place.first:
        raise refused(
            "own",
            da="Det er den anden, der siger ja.",
            sv="Det är den andra som säger ja.",
            en="It is the other who says yes.",
        )
    if tryout.state != "tried":
        raise changed_meanwhile()
    _change(tryout, tryout.revision, state="confirmed", confirmed_at=now())
    record(
        "courses.tryout_confirmed", "tryout", tryout.id, actor=actor, data={"run": tryout.run_id}
    )
    reassess(tryout.enrolment_ids, actor)


def take_back(tryout: TryoutFacts, actor: Actor) -> None:
    """One of a pair says not yet: the note is open to both again. Raises `Refused` when it counts
    already."""
    if tryout.state != "tried":
        raise changed_meanwhile()
    _change(tryout, tryout.revision, state="allowed")
    record("courses.tryout_not_yet", "tryout", tryout.id, actor=actor, data={"run": tryout.run_id})


def after_leaving(enrolments: Sequence[EnrolmentFacts]) -> None:
    """Who stays keeps what a pair had begun (CT2-2). What the other was to confirm counts when
    nobody is left to; what the one who left handed in is open again."""
    gone = {one.id for one in enrolments if one.state in LEFT}
    if not gone:
        return
    for tryout in tryouts_left_by([one for one in enrolments if one.id in gone]):
        if tryout.partner_id in gone and tryout.enrolment_id not in gone:
            counts = tryout.state == "tried"
            values = {"state": "confirmed", "confirmed_at": now()} if counts else {}
            _change(tryout, tryout.revision, partner_id=None, **values)
            if counts:
                reassess([tryout.enrolment_id], SYSTEM)
        elif tryout.enrolment_id in gone and tryout.partner_id not in (None, *gone):
            state = "allowed" if tryout.state == "tried" else tryout.state
            _change(
                tryout,
                tryout.revision,
                enrolment_id=tryout.partner_id,
                partner_id=None,
                state=state,
            )
        else:
            continue
        data = {"run": tryout.run_id}
        record("courses.tryout_kept", "tryout", tryout.id, actor=SYSTEM, data=data)


def _other(tryout: TryoutFacts, seat: Seat) -> int | None:
    """Who confirms what this participant hands in: the other it has, or the colleague they work
    with by now."""
    others = [id_ for id_ in tryout.enrolment_ids if id_ != seat.enrolment.id]
    if others:
        return others[0]
    return _free_colleague(seat)


def _free_colleague(seat: Seat) -> int | None:
    """The colleague, unless they have a try-out of their own."""
    if seat.colleague is None:
        return None
    taken = db.session.scalar(
        select(Tryout.id).where(
            (Tryout.enrolment_id == seat.colleague.id) | (Tryout.partner_id == seat.colleague.id)
        )
    )
    return None if taken is not None else seat.colleague.id


def _change(tryout: TryoutFacts, revision: int, **values: Any) -> None:
    found = db.session.execute(
        update(Tryout)
        .where(Tryout.id == tryout.id, Tryout.revision == revision, Tryout.state == tryout.state)
        .values(revision=Tryout.revision + 1, changed_at=now(), **values)
        .returning(Tryout.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()


def _not_allowed(tryout: TryoutFacts) -> Refused:
    if tryout.state not in PLANNING:
        return changed_meanwhile()
    return refused(
        "not_allowed",
        da="Din leder har ikke sagt ja endnu. Det, du har skrevet, kan du gemme så længe.",
        sv="Din chef har inte sagt ja än. Det du har skrivit kan du spara så länge.",
        en="Your manager has not said yes yet. Until then you can save what you wrote.",
    )
