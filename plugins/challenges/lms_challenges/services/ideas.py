"""Verbs on ideas: written, chosen, described on a sheet, sent to a gate, put away, taken up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from lms.api import (
    Actor,
    LocalisedText,
    RecordDraft,
    db,
    link_records,
    new_key,
    now,
    reassess,
    refused,
)
from lms.api import record as write_down
from lms_challenges.models import Challenge, Idea, Workroom
from lms_challenges.queries.ideas import IdeaFacts, ideas_of_challenge
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.services.workroom import hold_room
from lms_challenges.stages import STAKEHOLDERS, WRITING
from lms_challenges.states import IDEA_MOVES, IDEA_REASONED

SHEET = ("problem", "users", "disadvantages", "next_test")
NEEDED = ("problem", "users", "next_test")
AFTER_POINTS = frozenset({"shortlisted", "sheet", "at_gate"})
LONGEST_TITLE = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class IdeaValues:
    """What somebody writes; `voiced_for` says that a citizens' representative had it, who is no
    user here."""

    title: str
    text: str
    language: str
    challenge_id: int | None
    voiced_for: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """Who writes: their enrolment in the run, if any, and for which organisation."""

    enrolment_id: int | None = None
    organisation_id: int | None = None
    with_company: bool = False


def write_idea(run_id: int, values: IdeaValues, actor: Actor, writer: Writer) -> str:
    """Keep an idea in the workroom of a run; returns its key. Raises `Refused` once the group has
    begun to give points."""
    _check_writing(hold_room(run_id))
    key = new_key()
    idea_id = db.session.execute(
        insert(Idea)
        .values(
            key=key,
            run_id=run_id,
            challenge_id=values.challenge_id,
            organisation_id=writer.organisation_id,
            state="raw",
            title=values.title[:LONGEST_TITLE],
            text=values.text,
            language=values.language,
            voiced_for=values.voiced_for,
            with_company=writer.with_company,
            sheet={},
            reason="",
            work_key="",
            by_id=actor.person_id,
            created_at=now(),
            revision=1,
        )
        .returning(Idea.id)
    ).scalar_one()
    data = {"run": run_id, "voiced_for": values.voiced_for}
    write_down("challenges.idea_written", "idea", idea_id, actor=actor, data=data)
    if writer.enrolment_id is not None:
        reassess([writer.enrolment_id], actor)
    return key


def make_idea(draft: RecordDraft, actor: Actor) -> str:
    """What an assignment ended in, as an idea of its run; returns its key. One that comes when the
    group gives points already is kept, and not scored."""
    key = new_key()
    idea_id = db.session.execute(
        insert(Idea)
        .values(
            key=key,
            run_id=draft.run_id,
            organisation_id=draft.organisation_id,
            state="raw",
            title=draft.title[:LONGEST_TITLE],
            text=draft.text,
            language=draft.language,
            voiced_for=False,
            with_company=False,
            sheet={},
            reason="",
            work_key=draft.work_key,
            by_id=draft.person_id,
            created_at=now(),
            revision=1,
        )
        .returning(Idea.id)
    ).scalar_one()
    data = {"run": draft.run_id, "work": draft.work_key}
    write_down("challenges.idea_written", "idea", idea_id, actor=actor, data=data)
    return key


def change_idea(idea: IdeaFacts, values: IdeaValues, actor: Actor, *, revision: int) -> None:
    """Say it better. Raises `Refused` once points are given, and when others saved meanwhile."""
    if idea.run_id is not None and _has_room(idea.run_id):
        _check_writing(hold_room(idea.run_id))
    _change(
        idea,
        revision,
        title=values.title[:LONGEST_TITLE],
        text=values.text,
        challenge_id=values.challenge_id,
        voiced_for=values.voiced_for,
    )
    write_down("challenges.idea_changed", "idea", idea.id, actor=actor)


def _has_room(run_id: int) -> bool:
    return db.session.scalar(select(Workroom.id).where(Workroom.run_id == run_id)) is not None


def _check_writing(room: Workroom) -> None:
    if room.stage in WRITING:
        return
    raise refused(
        "stage",
        da="Gruppen er i gang med at vælge, så ingen kan skrive flere idéer eller rette i dem.",
        sv="Gruppen håller på att välja, så det går inte att skriva fler idéer eller ändra i dem.",
        en="The group has begun to choose, so ideas can no longer be written or changed.",
    )


def _change(idea: IdeaFacts, revision: int, **values: Any) -> None:
    found = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.revision == revision, Idea.state == idea.state)
        .values(revision=Idea.revision + 1, **values)
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()


# --- choosing -------------------------------------------------------------------------------------


def move_idea(idea: IdeaFacts, to: str, actor: Actor, *, reason: str = "") -> None:
    """Choose an idea, put it away or not choose it, send it to a gate, take it up again.

    A reason once written stays when a stored idea is taken up. Raises `Refused` for a move that
    `IDEA_MOVES` does not know, without a reason where one is needed, before the points are shown,
    and for a sheet that does not say enough for a gate.
    """
    if to not in IDEA_MOVES[idea.state]:
        raise changed_meanwhile()
    reason = reason.strip()
    if to in IDEA_REASONED and not reason:
        raise refused(
            "reason",
            da="Skriv kort hvorfor. Den, der fik idéen, læser det.",
            sv="Skriv kort varför. Den som fick idén läser det.",
            en="Write in short why. Whoever had the idea reads it.",
        )
    if to in AFTER_POINTS and idea.run_id is not None and _has_room(idea.run_id):
        _check_shown(hold_room(idea.run_id))
    if to == "at_gate":
        _check_sheet(idea)
    values = {"reason": reason} if reason else {}
    _change(idea, idea.revision, state=to, **values)
    data = {"old": idea.state, "new": to}
    write_down("challenges.idea_moved", "idea", idea.id, actor=actor, data=data)
    if to == "at_gate":
        _into_thread(idea, actor)


def take_up(idea: IdeaFacts, actor: Actor) -> None:
    """Take a stored idea up again: among the chosen ones, or (while its group still collects)
    among the others. Its reason stays to be read. Raises `Refused` for one that is not stored."""
    open_room = idea.run_id is not None and _has_room(idea.run_id)
    room = hold_room(idea.run_id) if open_room and idea.run_id is not None else None
    move_idea(idea, "raw" if room is not None and room.shown_at is None else "shortlisted", actor)


def _check_shown(room: Workroom) -> None:
    if room.shown_at is not None:
        return
    raise refused(
        "stage",
        da="Vælg først, når pointene er vist for alle.",
        sv="Välj först när poängen har visats för alla.",
        en="Choose when the points were shown to everybody, not before.",
    )


# --- idea sheets ----------------------------------------------------------------------------------


def write_sheet(idea: IdeaFacts, sheet: Mapping[str, Any], actor: Actor, *, revision: int) -> None:
    """Fill in the sheet of a chosen idea, as far as one has come. Raises `Refused` for an idea
    that nobody has chosen or that has gone on, and when others saved meanwhile."""
    if idea.state not in ("shortlisted", "sheet"):
        raise refused(
            "stage",
            da="Kun de idéer, I har valgt, får et idéark, og kun til de er sendt til beslutning.",
            sv="Bara de idéer ni har valt får ett idéblad, och bara tills de skickas till beslut.",
            en="Only ideas that were chosen get a sheet, and only until they are sent to a gate.",
        )
    kept = {name: str(sheet.get(name, "")) for name in SHEET}
    worth = {key: str(sheet.get("value", {}).get(key, "")) for key in STAKEHOLDERS}
    full: dict[str, Any] = {**kept, "value": {k: v for k, v in worth.items() if v}}
    _change(idea, revision, sheet=full, state="sheet")
    data = {"old": idea.state, "new": "sheet"}
    write_down("challenges.sheet_written", "idea", idea.id, actor=actor, data=data)


def is_full(sheet: Mapping[str, Any]) -> bool:
    """Does a sheet say enough to be decided on: problem, users, a value, and what to test?"""
    return all(sheet.get(name) for name in NEEDED) and any(sheet.get("value", {}).values())


def _check_sheet(idea: IdeaFacts) -> None:
    if not is_full(idea.sheet):
        raise refused(
            "sheet",
            da="Idéarket mangler noget: problem, for hvem, værdi for mindst én, og næste prøve.",
            sv="Idébladet saknar något: problem, för vem, värde för minst en, och nästa prov.",
            en="The sheet lacks something: problem, for whom, a value for at least one, and what "
            "to test next.",
        )
    if idea.challenge_id is None:
        raise refused(
            "challenge",
            da="Sig, hvilken udfordring idéen hører til. Ellers kan ingen beslutte om den.",
            sv="Säg vilken utmaning idén hör till. Annars kan ingen besluta om den.",
            en="Say which challenge the idea belongs to, or nobody can decide on it.",
        )


def name_challenge(idea: IdeaFacts, challenge_id: int, actor: Actor) -> None:
    """Say which challenge an idea is for. Raises `Refused` when others saved meanwhile."""
    _change(idea, idea.revision, challenge_id=challenge_id)
    write_down("challenges.idea_changed", "idea", idea.id, actor=actor)


def _into_thread(idea: IdeaFacts, actor: Actor) -> None:
    """From here on the idea stands in the thread of its challenge."""
    key = db.session.scalar(select(Challenge.key).where(Challenge.id == idea.challenge_id))
    if key is not None:
        link_records(("challenge", key), ("idea", idea.key), actor)


# --- what a gate says -----------------------------------------------------------------------------


ANSWERED: Mapping[str, LocalisedText] = {
    "stop": LocalisedText(
        da="Udfordringen blev stoppet.", sv="Utmaningen stoppades.", en="The challenge was stopped."
    ),
    "go": LocalisedText(
        da="Porten valgte en anden vej.",
        sv="Grinden valde en annan väg.",
        en="The gate chose another way.",
    ),
}


def answer_ideas(
    challenge_id: int,
    decision: str,
    actor: Actor,
    *,
    reason: str,
    chosen: Collection[int] = (),
) -> int:
    """What a decision means for the ideas that wait for one now; returns how many were answered.

    "go" lets the `chosen` ones (ids; without any: all) continue and keeps the others for later;
    "stop" keeps all for later; "recycle" and "hold" leave them waiting. Twice is as good as once.
    """
    if decision not in ("go", "stop"):
        return 0
    waiting = ideas_of_challenge(challenge_id, ("at_gate",))
    theirs = {idea.id for idea in waiting} & set(chosen)
    for idea in waiting:
        goes_on = decision == "go" and (not theirs or idea.id in theirs)
        why = "" if goes_on else reason.strip() or ANSWERED[decision].in_language(idea.language)
        move_idea(idea, "continued" if goes_on else "stored", actor, reason=why)
    return len(waiting)
