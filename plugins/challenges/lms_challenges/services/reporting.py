"""Telling of a problem, saying that it happens elsewhere too, and taking either back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    db,
    new_key,
    now,
    organisations_by_id,
    record,
    refused,
    search_key,
)
from lms_challenges.clock import answer_due
from lms_challenges.models import Problem, Step, Voice
from lms_challenges.queries.problems import ProblemFacts, problem_sent_as, problems_by_id
from lms_challenges.queries.seeing import readable, reader_of
from lms_challenges.services.heat import count_anew
from lms_challenges.services.indexing import index_problem
from lms_challenges.services.merging import let_go
from lms_challenges.states import PROBLEM_MOVES

SUBJECT = "challenges.problem"
LONGEST_TITLE = 160
LONGEST_LOOKED = 4000
"""Letters of a text that are compared and looked at while it is written."""
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅÄÖ»”“\"])")
NO_VOICES = frozenset({"withdrawn", "declined"})
"""States in which nobody can say any more that it happens to them too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceValues:
    """How often a problem happens at a place, and how bad it is. `frequency` is a code of
    `scales.FREQUENCIES`, `severity` 1 to 4, `shown` a code of `scales.SHOWN`."""

    frequency: str
    severity: int
    place_kind: str
    organisation_id: int
    unit_id: int | None = None
    function_id: int | None = None
    shown: str = "visible"
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportValues:
    """What somebody tells. Codes are those of `scales`; `voice` is None where nobody has said how
    often it happens. `once_key` is the sending device's: any short text, the same for each try."""

    what: str
    language: str
    place_kind: str
    organisation_id: int
    title: str = ""
    today: str = ""
    affected: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    apv: bool = False
    channel: str = "form"
    shown: str = "visible"
    unit_id: int | None = None
    function_id: int | None = None
    frequency: str = ""
    severity: int = 0
    once_key: str = ""
    work_key: str = ""
    sender_id: int | None = None
    """Who tells it, where that is not the actor: an assignment is accepted by who teaches."""


def report(values: ReportValues, actor: Actor) -> ProblemFacts:
    """Keep a problem, with its sender's own voice; told twice with the same `once_key` and the same
    words it is one. Journals `challenges.reported`. Raises `Conflict` when two sendings of it come
    at the same moment."""
    sender_id = values.sender_id or actor.person_id
    once_key = _once(values, sender_id)
    if once_key and (known := problem_sent_as(once_key)) is not None:
        return known
    problem = _problem(values, sender_id, once_key)
    db.session.add(problem)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("the same report came twice at once") from error
    problem.root_id = problem.id
    if values.frequency and values.severity:
        db.session.add(_voice(problem.id, _own_voice(values), sender_id, is_report=True))
    _step(problem.id, "state", "", "received", sender_id)
    db.session.flush()
    index_problem(problem.id, problem.title, f"{problem.what} {problem.today}", problem.language)
    count_anew([problem.id])
    record(
        "challenges.reported",
        SUBJECT,
        problem.id,
        actor=actor,
        data={"problem_id": problem.id, "channel": problem.channel},
    )
    return _facts(problem.id)


def _once(values: ReportValues, sender_id: int | None) -> str:
    """What tells one sending: the device's key and the words. A page that was kept on a phone can
    be used for several problems, and each of them must come."""
    if not values.once_key:
        return ""
    parts = (str(sender_id), values.once_key, values.title, values.what)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _problem(values: ReportValues, sender_id: int | None, once_key: str) -> Problem:
    moment = now()
    title = values.title or title_of(values.what)
    country = organisations_by_id([values.organisation_id])[values.organisation_id].country
    return Problem(
        key=new_key(),
        once_key=once_key,
        state="received",
        title=title[:LONGEST_TITLE],
        what=values.what,
        today=values.today,
        language=values.language,
        place_kind=values.place_kind,
        affected=list(values.affected),
        consequences=list(values.consequences),
        apv=values.apv,
        channel=values.channel,
        shown=values.shown,
        sender_id=sender_id,
        function_id=values.function_id,
        organisation_id=values.organisation_id,
        unit_id=values.unit_id,
        work_key=values.work_key,
        search_text=search_key(f"{title} {values.what} {values.today}"),
        created_at=moment,
        answer_due=answer_due(moment, country),
    )


def title_of(text: str, longest: int = 70) -> str:
    """A title out of what somebody wrote: the first sentence, or as many words of it as fit."""
    line = " ".join(text.split("\n", 1)[0].split())
    line = _SENTENCE_ENDS.split(line, maxsplit=1)[0].rstrip(".")
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


# --- voices -------------------------------------------------------------------------------------


def add_voice(problem_id: int, values: VoiceValues, actor: Actor) -> None:
    """Say that a problem happens where the actor is, too; said again, it says what holds now. For
    their own problem it is the report's voice. Journals `challenges.voiced`.

    Raises `Refused` for a problem that is closed to voices, `LookupError` for one that the actor
    may not read, `Conflict` when it is said twice at the same moment.
    """
    problem = _read(problem_id, actor)
    if problem.state in NO_VOICES:
        raise refused(
            "voice.closed",
            da="Problemet er taget ud. Fortæl om dit eget i stedet.",
            sv="Problemet är borttaget. Berätta om ditt eget i stället.",
            en="The problem was taken out. Tell of your own instead.",
        )
    told = select(Voice).where(Voice.problem_id == problem.id, Voice.person_id == actor.person_id)
    voice = db.session.execute(told).scalar_one_or_none()
    if voice is None:
        own = problem.sender_id == actor.person_id
        voice = _voice(problem.id, values, actor.person_id, is_report=own)
        db.session.add(voice)
    else:
        for name, value in _columns(values).items():
            setattr(voice, name, value)
        voice.state = "active"
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("the same voice came twice at once") from error
    count_anew([problem.root_id or problem.id])
    record("challenges.voiced", SUBJECT, problem.id, actor=actor, data={"problem_id": problem.id})


def withdraw_voice(problem_id: int, actor: Actor) -> None:
    """Take one's voice for a problem back. Journals `challenges.voice_withdrawn`. Raises `Refused`
    for the voice of one's own report, `LookupError` when there is none."""
    problem = _held(problem_id)
    voice = db.session.execute(
        select(Voice).where(
            Voice.problem_id == problem_id,
            Voice.person_id == actor.person_id,
            Voice.state == "active",
        )
    ).scalar_one_or_none()
    if problem is None or voice is None or actor.person_id is None:
        raise LookupError("no voice to take back")
    if voice.is_report:
        raise refused(
            "voice.report",
            da="Det er dig, der har fortalt om problemet. Træk problemet tilbage i stedet.",
            sv="Det är du som har berättat om problemet. Återta problemet i stället.",
            en="It was you who told of the problem. Take the problem back instead.",
        )
    voice.state = "withdrawn"
    db.session.flush()
    count_anew([problem.root_id or problem.id])
    record(
        "challenges.voice_withdrawn",
        SUBJECT,
        problem.id,
        actor=actor,
        data={"problem_id": problem.id},
    )


def withdraw(problem: ProblemFacts, actor: Actor) -> None:
    """The sender takes a problem back, before anything came of it. Journals `challenges.moved`.
    Raises `Refused` when it is too late, `Conflict` when the desk changed it meanwhile."""
    if problem.sender_id is None or problem.sender_id != actor.person_id:
        raise LookupError("only who sent it can take it back")
    if "withdrawn" not in PROBLEM_MOVES[problem.state]:
        raise refused(
            "withdraw.late",
            da="Der er taget stilling til problemet, så det kan ikke trækkes tilbage mere.",
            sv="Problemet är avgjort, så det kan inte återtas längre.",
            en="It has been decided on, so it cannot be taken back any more.",
        )
    held = _held(problem.id)
    if held is None or held.state != problem.state:
        raise Conflict("the problem was moved meanwhile")
    held.state, held.revision = "withdrawn", held.revision + 1
    db.session.execute(
        update(Voice)
        .where(Voice.problem_id == problem.id, Voice.is_report)
        .values(state="withdrawn")
        .execution_options(synchronize_session=False)
    )
    _step(problem.id, "state", problem.state, "withdrawn", actor.person_id)
    db.session.flush()
    let_go(held.id, actor)
    count_anew([held.root_id or held.id])
    record(
        "challenges.moved",
        SUBJECT,
        problem.id,
        actor=actor,
        data={"problem_id": problem.id, "from": problem.state, "to": "withdrawn"},
    )


# --- what they share ----------------------------------------------------------------------------


def _read(problem_id: int, actor: Actor) -> Problem:
    held = _held(problem_id)
    may = readable(actor, reader_of(actor))
    if (
        held is None
        or db.session.scalar(select(Problem.id).where(Problem.id == held.id, may)) is None
    ):
        raise LookupError("no such problem, or not theirs to read")
    return held


def _held(problem_id: int) -> Problem | None:
    """The problem, held together with the root that counts for it until the end of the unit of
    work: two voices at once would each be counted without the other. Raises `Conflict` when it
    was gathered otherwise meanwhile."""
    root_id = db.session.scalar(select(Problem.root_id).where(Problem.id == problem_id))
    rows = db.session.scalars(
        select(Problem)
        .where(Problem.id.in_({problem_id, root_id or problem_id}))
        .order_by(Problem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    held = next((row for row in rows if row.id == problem_id), None)
    if held is not None and held.root_id != root_id:
        raise Conflict("the problem was gathered otherwise meanwhile")
    return held


def _facts(problem_id: int) -> ProblemFacts:
    db.session.flush()
    return problems_by_id([problem_id])[problem_id]


def _own_voice(values: ReportValues) -> VoiceValues:
    return VoiceValues(
        frequency=values.frequency,
        severity=values.severity,
        place_kind=values.place_kind,
        organisation_id=values.organisation_id,
        unit_id=values.unit_id,
        function_id=values.function_id,
        shown=values.shown,
    )


def _columns(values: VoiceValues) -> Mapping[str, Any]:
    return {name: getattr(values, name) for name in VoiceValues.__slots__}


def _voice(
    problem_id: int, values: VoiceValues, person_id: int | None, *, is_report: bool
) -> Voice:
    return Voice(
        problem_id=problem_id,
        person_id=person_id,
        is_report=is_report,
        created_at=now(),
        **_columns(values),
    )


def _step(problem_id: int, kind: str, old: str, new: str, by_id: int | None) -> None:
    db.session.add(
        Step(problem_id=problem_id, kind=kind, old=old, new=new, at=now(), by_id=by_id, data={})
    )
