"""Problems as their readers may see them: one, a list of them, their voices, their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from lms.api import (
    Actor,
    Listing,
    LocalisedText,
    all_words_in,
    db,
    functions_by_id,
    is_key,
    listed,
    organisations_by_id,
    people_by_id,
)
from lms_challenges.models import Problem, Step, Voice
from lms_challenges.queries.seeing import Reader, may_triage, readable, reader_of

PICTURES = "challenges.problem"
"""The subject of pictures of problems, with the id of the problem."""
PAGE_SIZE = 30
MOST_VOICES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemFacts:
    """A problem; see `models.Problem`. Where a reader may not know the sender, `sender_id` is None,
    and `function_id` and `unit_id` as well when the sender wants to be hidden."""

    id: int
    key: str
    state: str
    title: str
    what: str
    today: str
    language: str
    place_kind: str
    affected: tuple[str, ...]
    consequences: tuple[str, ...]
    apv: bool
    channel: str
    shown: str
    sender_id: int | None
    function_id: int | None
    organisation_id: int
    unit_id: int | None
    work_key: str
    created_at: datetime
    answer_due: datetime
    answered_at: datetime | None
    reminded_at: datetime | None
    checked_at: datetime | None
    checked_by_id: int | None
    reason: str
    known_url: str
    wake_on: date | None
    challenge_id: int | None
    merged_into_id: int | None
    root_id: int | None
    state_before: str
    heat: int
    voices: int
    units: int
    organisations: int
    countries: int
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TellerFacts:
    """Who told of a problem: `person` and `function` are empty where the reader may not know."""

    person: str
    function: LocalisedText | None
    organisation: str
    country: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceFacts:
    """A voice in its context. `person` and `function` are empty where the reader may not know
    them; `text` as well for all but the desk and who wrote it, for nobody has looked through it."""

    id: int
    key: str
    problem_id: int
    person: str
    function: LocalisedText | None
    organisation_id: int
    organisation: str
    country: str
    place_kind: str
    frequency: str
    severity: int
    text: str
    is_report: bool
    mine: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StepFacts:
    """One step of a problem's way; see `models.Step`."""

    id: int
    problem_id: int
    kind: str
    old: str
    new: str
    text: str
    data: Mapping[str, Any]
    at: datetime


COLUMNS = [getattr(Problem, name) for name in ProblemFacts.__slots__]


def problem_facts(row: Any) -> ProblemFacts:
    """A row of `COLUMNS` as facts, with nothing hidden: for the desk and for services."""
    values = dict(row._mapping)
    values["affected"] = tuple(values["affected"])
    values["consequences"] = tuple(values["consequences"])
    return ProblemFacts(**values)


def as_seen(problem: ProblemFacts, actor: Actor, reader: Reader) -> ProblemFacts:
    """The problem with its sender hidden from those who may not know them."""
    if problem.shown == "visible" or problem.sender_id == actor.person_id is not None:
        return problem
    if may_triage(actor, problem.organisation_id, reader):
        return problem
    if problem.shown == "function":
        return replace(problem, sender_id=None)
    return replace(problem, sender_id=None, function_id=None, unit_id=None)


# --- one problem --------------------------------------------------------------------------------


def problem_by_key(key: str, actor: Actor, reader: Reader | None = None) -> ProblemFacts | None:
    """A problem that the actor may read, as they may see it; None for all others."""
    if not is_key(key):
        return None
    reader = reader or reader_of(actor)
    row = db.session.execute(
        select(*COLUMNS).where(Problem.key == key, readable(actor, reader))
    ).first()
    return as_seen(problem_facts(row), actor, reader) if row else None


def problem_with_root(
    key: str, actor: Actor, reader: Reader
) -> tuple[ProblemFacts | None, ProblemFacts | None]:
    """A problem that the actor may read, and the one it was gathered with in the end, when it was
    and they may read that too. One query."""
    if not is_key(key):
        return None, None
    own = aliased(Problem)
    root = select(own.root_id).where(own.key == key).scalar_subquery()
    rows = db.session.execute(
        select(*COLUMNS).where(or_(Problem.key == key, Problem.id == root), readable(actor, reader))
    )
    found = {row.key: as_seen(problem_facts(row), actor, reader) for row in rows}
    problem = found.pop(key, None)
    return problem, next(iter(found.values()), None) if problem is not None else None


def problems_by_id(problem_ids: Sequence[int]) -> Mapping[int, ProblemFacts]:
    """Problems by id with nothing hidden, whoever asks: for services and letters."""
    if not problem_ids:
        return {}
    rows = db.session.execute(select(*COLUMNS).where(Problem.id.in_(sorted(set(problem_ids)))))
    return {row.id: problem_facts(row) for row in rows}


def problem_sent_as(once_key: str) -> ProblemFacts | None:
    """The problem that was made of one sending of one report; None when there is none yet."""
    row = db.session.execute(select(*COLUMNS).where(Problem.once_key == once_key)).first()
    return problem_facts(row) if row else None


# --- lists --------------------------------------------------------------------------------------


def own_problems(actor: Actor, number: int = 1) -> Listing[ProblemFacts]:
    """What the actor told of, and what they gave a voice to and may read, the latest first. Three
    queries."""
    reader = reader_of(actor)
    voiced = select(Voice.problem_id).where(
        Voice.person_id == actor.person_id, Voice.state == "active"
    )
    rows, total, number, pages = listed(
        select(*COLUMNS)
        .where(
            or_(Problem.sender_id == actor.person_id, Problem.id.in_(voiced)),
            readable(actor, reader),
        )
        .order_by(Problem.created_at.desc(), Problem.id.desc()),
        number,
        size=PAGE_SIZE,
    )
    items = tuple(as_seen(problem_facts(row), actor, reader) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def found_problems(text: str, actor: Actor, *, limit: int = 20) -> Sequence[ProblemFacts]:
    """Problems the actor may read whose words hold every word of `text`, the latest first."""
    reader = reader_of(actor)
    rows = db.session.execute(
        select(*COLUMNS)
        .where(readable(actor, reader), all_words_in(Problem.search_text, text))
        .order_by(Problem.created_at.desc(), Problem.id.desc())
        .limit(limit)
    )
    return [as_seen(problem_facts(row), actor, reader) for row in rows]


def readable_by_key(keys: Sequence[str], actor: Actor) -> Mapping[str, ProblemFacts]:
    """Those of these problems that the actor may read, by key. Two queries."""
    wanted = [key for key in keys if is_key(key)]
    if not wanted:
        return {}
    reader = reader_of(actor)
    rows = db.session.execute(
        select(*COLUMNS).where(Problem.key.in_(wanted), readable(actor, reader))
    )
    return {row.key: as_seen(problem_facts(row), actor, reader) for row in rows}


def readable_ids(problem_ids: Sequence[int], actor: Actor) -> frozenset[int]:
    """Those of these problems that the actor may read. Two queries."""
    if not problem_ids:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Problem.id).where(Problem.id.in_(sorted(set(problem_ids))), readable(actor))
        )
    )


# --- voices and the way -------------------------------------------------------------------------


def voices_of(
    problem: ProblemFacts, actor: Actor, reader: Reader | None = None, *, limit: int = MOST_VOICES
) -> Sequence[VoiceFacts]:
    """The active voices of a problem and of all that were merged into it, the latest first: in
    what context, and who only where they want it known. None for whoever reads their own alone.
    Four queries whatever their number."""
    return told_of(problem, actor, reader, limit=limit)[1]


def told_of(
    problem: ProblemFacts, actor: Actor, reader: Reader | None = None, *, limit: int = MOST_VOICES
) -> tuple[TellerFacts, Sequence[VoiceFacts]]:
    """Who told of a problem, as this reader may know them, and `voices_of` it; four queries for
    both. `problem` is as `problem_by_key` gives it."""
    reader = reader or reader_of(actor)
    root = problem.root_id or problem.id
    found = db.session.scalars(
        select(Voice)
        .join(Problem, Problem.id == Voice.problem_id)
        .where(or_(Problem.root_id == root, Problem.id == root), Voice.state == "active")
        .order_by(Voice.created_at.desc(), Voice.id.desc())
        .limit(limit)
    ).all()
    if reader.reads_own_only:
        found = [voice for voice in found if voice.person_id == actor.person_id]
    said: Sequence[Voice | ProblemFacts] = [*found, problem]
    people = people_by_id(
        [
            person_id
            for one in said
            if (person_id := one.person_id if isinstance(one, Voice) else one.sender_id) is not None
        ]
    )
    functions = functions_by_id([one.function_id for one in said if one.function_id is not None])
    organisations = organisations_by_id([one.organisation_id for one in said])
    desk = may_triage(actor, problem.organisation_id, reader)
    voices = []
    for voice in found:
        mine = voice.person_id is not None and voice.person_id == actor.person_id
        person = people.get(voice.person_id or 0)
        function = functions.get(voice.function_id or 0)
        knows, host = desk or mine, organisations[voice.organisation_id]
        voices.append(
            VoiceFacts(
                person=person.name if person and (knows or voice.shown == "visible") else "",
                function=function.title
                if function and (knows or voice.shown != "hidden")
                else None,
                organisation=host.name,
                country=host.country,
                text=voice.text if knows else "",
                mine=mine,
                **_context(voice),
            )
        )
    sender = people.get(problem.sender_id or 0)
    function = functions.get(problem.function_id or 0)
    host = organisations[problem.organisation_id]
    teller = TellerFacts(
        person=sender.name if sender else "",
        function=function.title if function else None,
        organisation=host.name,
        country=host.country,
    )
    return teller, voices


def own_voice(problem_id: int, person_id: int | None) -> VoiceFacts | None:
    """The active voice that this person gave for this problem itself; None when there is none."""
    voice = db.session.scalar(
        select(Voice).where(
            Voice.problem_id == problem_id, Voice.person_id == person_id, Voice.state == "active"
        )
    )
    if voice is None:
        return None
    return VoiceFacts(
        person="",
        function=None,
        organisation="",
        country="",
        text=voice.text,
        mine=True,
        **_context(voice),
    )


def _context(voice: Voice) -> dict[str, Any]:
    return {
        "id": voice.id,
        "key": voice.key,
        "problem_id": voice.problem_id,
        "organisation_id": voice.organisation_id,
        "place_kind": voice.place_kind,
        "frequency": voice.frequency,
        "severity": voice.severity,
        "is_report": voice.is_report,
        "at": voice.created_at,
    }


def steps_of(problem_id: int) -> Sequence[StepFacts]:
    """The way of a problem, the first step first, as its sender may read it."""
    columns = [getattr(Step, name) for name in StepFacts.__slots__]
    rows = db.session.execute(
        select(*columns).where(Step.problem_id == problem_id).order_by(Step.at, Step.id)
    )
    return [StepFacts(**row._mapping) for row in rows]
