"""Verbs that move a challenge along its way, and what is weighed before a partner is chosen."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update

from lms.api import SYSTEM, Actor, Refused, db, new_key, now, organisations_by_id, record, refused
from lms_challenges.clock import day_in
from lms_challenges.models import Challenge, GateOption
from lms_challenges.queries.challenges import ChallengeFacts
from lms_challenges.queries.gates import enough_options, options_of
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.services.gate_answers import answer_waiting
from lms_challenges.services.notes import LearningValues, has_learned, learn
from lms_challenges.states import CHALLENGE_ACTIVE, CHALLENGE_MOVES, LEVEL_OF_STATE

MOST_OPTIONS = 12
MOST_AT_ONCE = 500
PARTNERED = 4
"""The level at which partners are chosen."""


def ways_on(challenge: ChallengeFacts) -> frozenset[str]:
    """The states a challenge may go to from where it is, whatever is still lacking."""
    if challenge.state == "paused":
        return frozenset({challenge.state_before, "stopped"} - {""})
    return CHALLENGE_MOVES.get(challenge.state, frozenset())


def lacking(challenge: ChallengeFacts, to: str) -> Refused | None:
    """What stands in the way of a state that may follow; None when nothing does."""
    if challenge.state == "paused":
        return None
    level = LEVEL_OF_STATE.get(to, 0)
    if challenge.level < level:
        return refused(
            "state",
            da=f"Først skal en port have sagt ja til M{level}. Udfordringen er på "
            f"M{challenge.level}.",
            sv=f"Först måste en grind ha sagt ja till M{level}. Utmaningen är på "
            f"M{challenge.level}.",
            en=f"A gate must have said yes to M{level} first. The challenge is at "
            f"M{challenge.level}.",
        )
    if to == "partnering" and not enough_options(options_of(challenge.id)):
        return options_lacking()
    return None


def options_lacking() -> Refused:
    """Nobody chooses a partner before three ways were weighed."""
    return refused(
        "options",
        da="Skriv mindst tre muligheder, før I vælger partner. Det, der findes, og at lade være, "
        "skal være to af dem.",
        sv="Skriv minst tre möjligheter innan ni väljer partner. Det som finns och att låta bli "
        "ska vara två av dem.",
        en="Write at least three options before you choose a partner. What exists, and doing "
        "nothing, are two of them.",
    )


def move(
    challenge: ChallengeFacts,
    to: str,
    actor: Actor,
    *,
    reason: str = "",
    wake_on: date | None = None,
    note: LearningValues | None = None,
) -> None:
    """Take a challenge to another state. A pause needs a reason and a day to look again, a stop a
    reason and something learned, and keeps ideas that wait for a gate for later; back from a pause
    it goes to where it was. Raises `Refused`."""
    if to not in ways_on(challenge):
        raise refused(
            "state",
            da="Den vej findes ikke herfra. Vælg en af dem, der står på siden.",
            sv="Den vägen finns inte härifrån. Välj en av dem som står på sidan.",
            en="There is no such way from here. Choose one of those on the page.",
        )
    if (missing := lacking(challenge, to)) is not None:
        raise missing
    reason = reason.strip()
    if to in ("paused", "stopped") and not reason:
        raise refused(
            "reason",
            da="Skriv hvorfor, så andre kan lære af det.",
            sv="Skriv varför, så att andra kan lära av det.",
            en="Write why, so that others can learn from it.",
        )
    if to == "paused" and (wake_on is None or wake_on <= now().date()):
        raise refused(
            "wake_on",
            da="Vælg en dag, der kommer, hvor I ser på den igen.",
            sv="Välj en kommande dag då ni tittar på den igen.",
            en="Choose a day to come when you look at it again.",
        )
    if to == "stopped":
        learn_from(challenge, actor, note)
    found = db.session.execute(
        update(Challenge)
        .where(Challenge.id == challenge.id, Challenge.state == challenge.state)
        .values(
            state=to,
            state_before=challenge.state if to == "paused" else "",
            reason=reason if to in ("paused", "stopped") else "",
            wake_on=wake_on if to == "paused" else None,
            revision=Challenge.revision + 1,
        )
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    if to == "stopped":
        answer_waiting(challenge.id, "stop", actor, reason=reason)
    data = {"old": challenge.state, "new": to}
    record("challenges.challenge_moved", "challenge", challenge.id, actor=actor, data=data)


def wake_challenges() -> int:
    """Challenges whose pause ends today or has ended go back to where they were; how many."""
    rows = db.session.execute(
        select(Challenge.id, Challenge.state_before, Challenge.wake_on, Challenge.organisation_id)
        .where(
            Challenge.state == "paused",
            Challenge.wake_on <= day_in(now(), "DK") + timedelta(days=1),
            Challenge.state_before.in_(sorted(CHALLENGE_ACTIVE)),
        )
        .order_by(Challenge.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    places = organisations_by_id(row.organisation_id for row in rows)
    woken = 0
    for row in rows:
        if row.wake_on > day_in(now(), places[row.organisation_id].country):
            continue
        db.session.execute(
            update(Challenge)
            .where(Challenge.id == row.id)
            .values(
                state=row.state_before,
                state_before="",
                reason="",
                wake_on=None,
                revision=Challenge.revision + 1,
            )
            .execution_options(synchronize_session=False)
        )
        data = {"old": "paused", "new": row.state_before}
        record("challenges.challenge_woken", "challenge", row.id, actor=SYSTEM, data=data)
        woken += 1
    return woken


def learn_from(challenge: ChallengeFacts, actor: Actor, note: LearningValues | None) -> None:
    """A challenge stops: keep what was learned. Raises `Refused` when nothing was ever written."""
    if note is not None and note.title.strip() and note.text.strip():
        learn(note, actor, of="challenge", id_=challenge.id)
    elif not has_learned(challenge.id):
        raise refused(
            "note_text",
            da="Skriv, hvad I har lært. Det er det, andre får ud af, at I stopper.",
            sv="Skriv vad ni har lärt er. Det är det andra får ut av att ni slutar.",
            en="Write what you have learned. That is what others gain from your stopping.",
        )


# --- what is weighed ----------------------------------------------------------------------------


def add_option(
    challenge_id: int, kind: str, title: str, gains: str, drawbacks: str, actor: Actor
) -> str:
    """A way to meet the challenge: existing, nothing or new; returns its key. Raises `Refused` for
    "do nothing" written twice."""
    there = options_of(challenge_id)
    if kind == "nothing" and any(option.kind == kind for option in there):
        raise refused(
            "kind",
            da="At lade være står der allerede.",
            sv="Att låta bli står redan där.",
            en="Doing nothing is there already.",
        )
    if len(there) >= MOST_OPTIONS:
        raise refused(
            "title",
            da="Der er muligheder nok til at vælge. Tag en væk først.",
            sv="Det finns möjligheter nog att välja på. Ta bort en först.",
            en="There are options enough to choose from. Take one away first.",
        )
    key = new_key()
    option_id = db.session.execute(
        insert(GateOption)
        .values(
            key=key,
            challenge_id=challenge_id,
            kind=kind,
            title=title,
            gains=gains,
            drawbacks=drawbacks,
        )
        .returning(GateOption.id)
    ).scalar_one()
    data = {"kind": kind, "option_id": option_id}
    record("challenges.option_added", "challenge", challenge_id, actor=actor, data=data)
    return key


def choose_option(challenge_id: int, key: str, actor: Actor) -> None:
    """The way that was taken; another one chosen before is not any more."""
    db.session.execute(
        update(GateOption)
        .where(GateOption.challenge_id == challenge_id)
        .values(chosen=GateOption.key == key)
        .execution_options(synchronize_session=False)
    )
    data = {"option": key}
    record("challenges.option_chosen", "challenge", challenge_id, actor=actor, data=data)


def drop_option(challenge: ChallengeFacts, key: str, actor: Actor) -> None:
    """Take an option away. Raises `Refused` once a partner is chosen: what was weighed stays."""
    if challenge.level >= PARTNERED or challenge.state not in (
        "framed",
        "prioritised",
        "in_idea_development",
        "concept",
    ):
        raise refused(
            "options",
            da="Valget er truffet. Det, I vejede, bliver stående.",
            sv="Valet är gjort. Det ni vägde står kvar.",
            en="The choice is made. What you weighed stays.",
        )
    db.session.execute(
        delete(GateOption).where(GateOption.challenge_id == challenge.id, GateOption.key == key)
    )
    data = {"option": key}
    record("challenges.option_dropped", "challenge", challenge.id, actor=actor, data=data)
