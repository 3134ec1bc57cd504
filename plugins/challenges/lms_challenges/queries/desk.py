"""What lies on the desk: problems by what they wait for, with the clock that runs for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from lms.api import Actor, LocalisedText, all_words_in, beside, db, listed
from lms_challenges.clock import day_in, working_days_left, zone_of
from lms_challenges.models import Problem, Step, Voice
from lms_challenges.queries.problems import COLUMNS, ProblemFacts, problem_facts
from lms_challenges.queries.seeing import Reader, reader_of, triaged

PAGE_SIZE = 30

WAITS: Mapping[str, ColumnElement[bool]] = {
    "unanswered": and_(Problem.state == "received", Problem.answered_at.is_(None)),
    "decide": and_(
        Problem.state == "received", Problem.answered_at.is_not(None), Problem.wake_on.is_(None)
    ),
    "woken": and_(
        Problem.state == "received", Problem.answered_at.is_not(None), Problem.wake_on.is_not(None)
    ),
    "check": and_(Problem.checked_at.is_(None), Problem.state.not_in(("withdrawn", "declined"))),
    "asked": Problem.state == "clarifying",
    "parked": Problem.state == "parked",
    "over": Problem.state.not_in(("received", "clarifying", "parked")),
}
"""What a problem may wait for; one can wait for several things. Nobody waits at the last."""

_ORDERS: Mapping[str, Sequence[ColumnElement[Any] | Any]] = {
    "unanswered": (Problem.answer_due, Problem.id),
    "parked": (Problem.wake_on, Problem.id),
    "over": (Problem.answered_at.desc(), Problem.id.desc()),
}
_OLDEST_FIRST = (Problem.created_at, Problem.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskFacts:
    """A problem as the desk sees it: with its sender, whatever others may know of them.

    `sender_active` tells whether anybody is there to be asked, `organisation_closed` whether the
    problem's organisation is no more. Names are empty where there is nothing to name.
    """

    problem: ProblemFacts
    sender: str
    sender_active: bool
    organisation: str
    country: str
    organisation_closed: bool
    unit: str
    function: LocalisedText | None

    def days_left(self, moment: datetime) -> int:
        """Working days until the first answer is due; below 0 when it is late."""
        return working_days_left(moment, self.problem.answer_due, self.country)

    def is_late(self, moment: datetime) -> bool:
        """Was the first answer not given in time, and is still missing?"""
        return self.problem.answered_at is None and moment > self.problem.answer_due

    @property
    def wakes_at(self) -> datetime | None:
        """The day it is taken up again as a moment, for the page's words: noon there."""
        day = self.problem.wake_on
        noon = time(12, tzinfo=ZoneInfo(zone_of(self.country)))
        return None if day is None else datetime.combine(day, noon)

    def answered_in_time(self) -> bool:
        """Did somebody answer by the day it was due?"""
        first = self.problem.answered_at
        due = day_in(self.problem.answer_due, self.country)
        return first is not None and day_in(first, self.country) <= due


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskFilter:
    """What of the desk is asked for; empty means all. `organisation` is an organisation's id."""

    waits: str = "unanswered"
    organisation: int | None = None
    channel: str = ""
    apv: bool = False
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One page of the desk. `counts` are by what problems wait for, for the organisation asked
    for; `places` are the names of the organisations that have problems here, by id."""

    rows: Sequence[DeskFacts]
    total: int
    number: int
    pages: int
    counts: Mapping[str, int]
    places: Mapping[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskStep:
    """One step of a problem's way with who did it; `by` is empty for what happened by itself."""

    kind: str
    old: str
    new: str
    text: str
    data: Mapping[str, Any]
    at: datetime
    by_id: int | None
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskVoice:
    """A voice with who gave it, as the desk sees it."""

    person: str
    function: LocalisedText | None
    organisation: str
    unit: str
    place_kind: str
    frequency: str
    severity: int
    text: str
    is_report: bool
    at: datetime


_BESIDE = beside(
    person=Problem.sender_id,
    organisation=Problem.organisation_id,
    unit=Problem.unit_id,
    function=Problem.function_id,
)


def desk(actor: Actor, asked: DeskFilter, number: int = 1) -> Desk | None:
    """A page of the desk in four queries, however much lies there; None for who has none."""
    reader = reader_of(actor)
    if reader.reads_own_only:
        return None
    counts, places = _counts(actor, reader, asked.organisation)
    which = (triaged(actor, reader), WAITS[asked.waits], *_filters(asked))
    statement = (
        select(*COLUMNS, *_BESIDE).where(*which).order_by(*_ORDERS.get(asked.waits, _OLDEST_FIRST))
    )
    rows, total, number, pages = listed(statement, number, size=PAGE_SIZE)
    return Desk(
        rows=[_facts(row) for row in rows],
        total=total,
        number=number,
        pages=pages,
        counts=counts,
        places=places,
    )


def _filters(asked: DeskFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.organisation is not None:
        found.append(Problem.organisation_id == asked.organisation)
    if asked.channel:
        found.append(Problem.channel == asked.channel)
    if asked.apv:
        found.append(Problem.apv.is_(True))
    return [*found, all_words_in(Problem.search_text, asked.words)]


def _counts(
    actor: Actor, reader: Reader, organisation: int | None
) -> tuple[Mapping[str, int], Mapping[int, str]]:
    by_place = (
        select(
            Problem.organisation_id,
            *(func.sum(case((which, 1), else_=0)).label(key) for key, which in WAITS.items()),
        )
        .where(triaged(actor, reader))
        .group_by(Problem.organisation_id)
        .subquery()
    )
    # Names are looked up for the few organisations, not for every problem of theirs.
    name = beside(organisation=by_place.c.organisation_id)[0]
    rows = db.session.execute(select(by_place, name.label("name")))
    counts: Counter[str] = Counter()
    places = {}
    for row in rows:
        places[row.organisation_id] = row.name
        if organisation in (None, row.organisation_id):
            counts.update({key: int(getattr(row, key)) for key in WAITS})
    named = sorted(places.items(), key=lambda pair: pair[1].casefold())
    return counts, dict(named)


def desk_problem(key: str, actor: Actor) -> DeskFacts | None:
    """A problem that the actor may answer; None for all others. Two queries."""
    row = db.session.execute(
        select(*COLUMNS, *_BESIDE).where(Problem.key == key, triaged(actor))
    ).first()
    return None if row is None else _facts(row)


def _facts(row: Row[*tuple[Any, ...]]) -> DeskFacts:
    names = ("person", "person_active", "organisation", "country", "organisation_closed", "unit")
    values = {name: getattr(row, name) for name in (*names, "function")}
    problem = {name: getattr(row, name) for name in ProblemFacts.__slots__}
    return DeskFacts(
        problem=problem_facts(_Columns(problem)),
        sender=values["person"] or "",
        sender_active=bool(values["person_active"]),
        organisation=values["organisation"] or "",
        country=values["country"] or "",
        organisation_closed=bool(values["organisation_closed"]),
        unit=values["unit"] or "",
        function=values["function"],
    )


class _Columns:
    """The columns of a problem alone, out of a wider row."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._mapping = values


def steps_at_desk(problem_id: int) -> Sequence[DeskStep]:
    """The way of a problem with who did what, the first step first."""
    rows = db.session.execute(
        select(
            Step.kind,
            Step.old,
            Step.new,
            Step.text,
            Step.data,
            Step.at,
            Step.by_id,
            beside(person=Step.by_id)[0].label("by"),
        )
        .where(Step.problem_id == problem_id)
        .order_by(Step.at, Step.id)
    )
    return [DeskStep(**{**row._mapping, "by": row.by or ""}) for row in rows]


def voices_at_desk(problem: ProblemFacts, limit: int = 200) -> Sequence[DeskVoice]:
    """The active voices of a problem and of those gathered with it, the latest first."""
    root = problem.root_id or problem.id
    wanted = ("person", "organisation", "unit", "function")
    columns = beside(**{name: getattr(Voice, f"{name}_id") for name in wanted})
    rows = db.session.execute(
        select(
            Voice.place_kind,
            Voice.frequency,
            Voice.severity,
            Voice.text,
            Voice.is_report,
            Voice.created_at.label("at"),
            *(column for column in columns if column.key in wanted),
        )
        .join(Problem, Problem.id == Voice.problem_id)
        .where(or_(Problem.root_id == root, Problem.id == root), Voice.state == "active")
        .order_by(Voice.created_at.desc(), Voice.id.desc())
        .limit(limit)
    )
    return [
        DeskVoice(**{**row._mapping, "person": row.person or "", "unit": row.unit or ""})
        for row in rows
    ]


def waiting_for_a_first_answer(before: datetime) -> Sequence[DeskFacts]:
    """Problems that nobody has answered and whose answer is due before a moment, the first due
    first; for jobs."""
    rows = db.session.execute(
        select(*COLUMNS, *_BESIDE)
        .where(WAITS["unanswered"], Problem.answer_due < before)
        .order_by(Problem.answer_due, Problem.id)
    )
    return [_facts(row) for row in rows]


def gathered_with(root_ids: Sequence[int]) -> Mapping[int, Sequence[ProblemFacts]]:
    """Problems that are gathered under others, by the one at the top; for letters."""
    found: dict[int, list[ProblemFacts]] = {}
    rows = db.session.execute(
        select(*COLUMNS)
        .where(Problem.root_id.in_(sorted(set(root_ids))), Problem.merged_into_id.is_not(None))
        .order_by(Problem.id)
    )
    for row in rows:
        found.setdefault(row.root_id, []).append(problem_facts(row))
    return found


def steps_by_id(step_ids: Sequence[int]) -> Mapping[int, DeskStep]:
    """Steps by id, without names; for letters."""
    rows = db.session.execute(select(Step).where(Step.id.in_(sorted(set(step_ids))))).scalars()
    return {
        step.id: DeskStep(
            kind=step.kind,
            old=step.old,
            new=step.new,
            text=step.text,
            data=step.data,
            at=step.at,
            by_id=step.by_id,
            by="",
        )
        for step in rows
    }
