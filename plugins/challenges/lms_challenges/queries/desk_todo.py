"""What waits for one person, in one query: it is asked on everybody's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, literal, not_, null, select, union_all

from lms.api import Actor, UTCDateTime, db, works_for_kind
from lms_challenges.models import Problem
from lms_challenges.queries.desk import WAITS
from lms_challenges.queries.gates import gates_without
from lms_challenges.queries.seeing import COMPANIES, TRIAGE

AT_THE_DESK = ("unanswered", "decide", "woken")


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingGate:
    """An open gate to `to_level` at which this person decides and has said nothing yet."""

    key: str
    title: str
    to_level: int
    meets_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingHere:
    """How many problems wait for a first answer (the first due at `first_due`), for a decision and
    after their rest; (key, title) of those about which this person was asked something; and the
    gates that wait for their opinion."""

    unanswered: int = 0
    to_decide: int = 0
    woken: int = 0
    first_due: datetime | None = None
    questions: tuple[tuple[str, str], ...] = ()
    gates: tuple[WaitingGate, ...] = ()


def waiting_here(actor: Actor) -> WaitingHere:
    """What waits for somebody signed in. One query."""
    due = func.min(Problem.answer_due, type_=UTCDateTime)
    parts = [
        select(
            literal("question").label("what"),
            Problem.key.label("key"),
            Problem.title.label("title"),
            literal(1).label("n"),
            null().cast(UTCDateTime).label("due"),
        ).where(Problem.sender_id == actor.person_id, Problem.state == "clarifying"),
        gates_without(actor),
    ]
    if actor.may_anywhere(TRIAGE):
        where = actor.organisations_with(TRIAGE)
        theirs = [not_(works_for_kind(actor.person_id, COMPANIES))]
        if where is not None:
            theirs.append(Problem.organisation_id.in_(sorted(where)))
        empty = literal("", String)
        parts += [
            select(literal(what), empty, empty, func.count(), due).where(WAITS[what], *theirs)
            for what in AT_THE_DESK
        ]
    rows = db.session.execute(union_all(*parts)).all()
    counts = {row.what: row.n for row in rows}
    return WaitingHere(
        unanswered=counts.get("unanswered", 0),
        to_decide=counts.get("decide", 0),
        woken=counts.get("woken", 0),
        first_due=next((row.due for row in rows if row.what == "unanswered"), None),
        questions=tuple((row.key, row.title) for row in rows if row.what == "question"),
        gates=tuple(
            WaitingGate(key=row.key, title=row.title, to_level=row.n, meets_at=row.due)
            for row in rows
            if row.what == "gate"
        ),
    )
