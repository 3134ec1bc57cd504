"""Questions about gates: the sheet, who decides, what was weighed, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Row, Select, and_, exists, func, literal, or_, select, type_coerce

from lms.api import LANGUAGES, Actor, db
from lms_challenges.days import noon
from lms_challenges.documents import Document, Level
from lms_challenges.models import (
    Challenge,
    Collaborator,
    Decider,
    Framing,
    Gate,
    GateOption,
    Method,
)
from lms_challenges.states import CHALLENGE_ACTIVE


@dataclass(frozen=True, kw_only=True, slots=True)
class GateFacts:
    """A gate from one level to another, with what its version of the method says of the level.

    `sheet` maps keys of criteria to {"score": 0..3 or None, "comment": ..., "evidence": ...};
    `decision` is one of states.DECISIONS, empty while the gate is open.
    """

    id: int
    key: str
    challenge_id: int
    method_id: int
    method_number: int
    from_level: int
    to_level: int
    level: Level
    skip_reason: str
    meets_at: datetime | None
    sheet: Mapping[str, Any]
    decision: str
    reason: str
    conditions: str
    next_on: date | None
    opened_at: datetime
    decided_at: datetime | None
    revision: int

    @property
    def open(self) -> bool:
        """May it still be scored and decided?"""
        return self.decided_at is None

    @property
    def next_at(self) -> datetime | None:
        """The day it is looked at again, as a moment."""
        return noon(self.next_on)

    @property
    def skips(self) -> bool:
        """Does it leave out levels?"""
        return self.to_level > self.from_level + 1

    def score(self, criterion: str) -> int | None:
        """What was said of a criterion, 0 to 3; None when nothing was."""
        score: int | None = self.sheet.get(criterion, {}).get("score")
        return score

    @property
    def scored(self) -> int:
        """How many criteria have a score."""
        return sum(self.score(one.key) is not None for one in self.level.criteria)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeciderFacts:
    """Somebody who decides, for an organisation; `opinion` is empty until they gave one."""

    id: int
    person_id: int | None
    organisation_id: int
    opinion: str
    remark: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionFacts:
    """A way to meet a challenge: `kind` is existing, nothing or new."""

    id: int
    key: str
    kind: str
    title: str
    gains: str
    drawbacks: str
    chosen: bool


def _gates() -> Select[*tuple[Any, ...]]:
    return select(
        Gate.id,
        Gate.key,
        Gate.challenge_id,
        Gate.method_id,
        Method.number.label("method_number"),
        Gate.from_level,
        Gate.to_level,
        Method.document,
        Gate.skip_reason,
        Gate.meets_at,
        Gate.sheet,
        Gate.decision,
        Gate.reason,
        Gate.conditions,
        Gate.next_on,
        Gate.opened_at,
        Gate.decided_at,
        Gate.revision,
    ).join(Method, Method.id == Gate.method_id)


def _facts(row: Row[*tuple[Any, ...]]) -> GateFacts:
    values = row._asdict()
    values["level"] = Document.of(values.pop("document")).level(row.to_level)
    return GateFacts(**values)


def gate_by_key(key: str) -> GateFacts | None:
    """A gate; the caller asks whether the actor may see its challenge."""
    row = db.session.execute(_gates().where(Gate.key == key)).one_or_none()
    return _facts(row) if row is not None else None


def gates_by_id(ids: Collection[int]) -> Mapping[int, GateFacts]:
    """Gates by id; none asked, no question."""
    if not ids:
        return {}
    rows = db.session.execute(_gates().where(Gate.id.in_(sorted(set(ids)))))
    return {row.id: _facts(row) for row in rows}


def gates_of(challenge_id: int) -> Sequence[GateFacts]:
    """The gates of a challenge, the latest first."""
    rows = db.session.execute(
        _gates().where(Gate.challenge_id == challenge_id).order_by(Gate.id.desc())
    )
    return [_facts(row) for row in rows]


def deciders_of(gate_id: int) -> Sequence[DeciderFacts]:
    """Who decides at a gate, in the order they were named."""
    rows = db.session.execute(
        select(*(getattr(Decider, name) for name in DeciderFacts.__slots__))
        .where(Decider.gate_id == gate_id)
        .order_by(Decider.id)
    )
    return [DeciderFacts(**row._asdict()) for row in rows]


def options_of(challenge_id: int) -> Sequence[OptionFacts]:
    """What was weighed, in the order it was written."""
    rows = db.session.execute(
        select(*(getattr(GateOption, name) for name in OptionFacts.__slots__))
        .where(GateOption.challenge_id == challenge_id)
        .order_by(GateOption.id)
    )
    return [OptionFacts(**row._asdict()) for row in rows]


def enough_options(options: Sequence[OptionFacts]) -> bool:
    """Three ways at least, with what exists already and with doing nothing among them?"""
    return len(options) >= 3 and {"existing", "nothing"} <= {option.kind for option in options}


def gates_without(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Open gates of challenges under way at which the actor decides, for an organisation that still
    does, and has not said anything yet, as columns what, key, title, n (the level) and due (the
    meeting): a part of the one question what waits for them."""
    words = type_coerce(Framing.title, JSON)
    title: Any = func.coalesce(
        *(func.nullif(words[code].as_string(), "") for code in (actor.language, *LANGUAGES)), ""
    )
    return (
        select(
            literal("gate").label("what"),
            Gate.key.label("key"),
            title.label("title"),
            Gate.to_level.label("n"),
            Gate.meets_at.label("due"),
        )
        .join(Decider, Decider.gate_id == Gate.id)
        .join(
            Challenge,
            and_(
                Challenge.id == Gate.challenge_id,
                Challenge.state.in_(sorted(CHALLENGE_ACTIVE)),
                or_(
                    Challenge.organisation_id == Decider.organisation_id,
                    exists().where(
                        Collaborator.challenge_id == Challenge.id,
                        Collaborator.organisation_id == Decider.organisation_id,
                    ),
                ),
            ),
        )
        .join(
            Framing,
            and_(Framing.challenge_id == Gate.challenge_id, Framing.until_at.is_(None)),
        )
        .where(
            Decider.person_id == actor.person_id,
            Decider.opinion == "",
            Gate.decided_at.is_(None),
        )
    )
