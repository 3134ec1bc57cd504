"""Questions about tries and what was said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from lms.api import db
from lms_activities.models import HandIn, Marking, Share


@dataclass(frozen=True, kw_only=True, slots=True)
class TryFacts:
    """One try at an assignment; see `HandIn`."""

    id: int
    key: str
    activity_id: int
    work_id: int
    number: int
    text: str
    group_name: str
    at: datetime
    by_id: int | None
    agreed_by_id: int | None
    agreed_at: datetime | None
    outcome: str
    decided_at: datetime | None

    @property
    def waits(self) -> bool:
        """Does it wait to be marked?"""
        return self.agreed_at is not None and self.decided_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkingFacts:
    """What one marker said of one try; `levels` by the key of the criterion, 0 the lowest."""

    hand_in_id: int
    marker_id: int | None
    text: str
    levels: Mapping[str, int]
    outcome: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareFacts:
    """One of those a try counts for."""

    hand_in_id: int
    work_id: int
    person_id: int | None


def tries_of(work_id: int) -> Sequence[TryFacts]:
    """The tries that count for a work, whoever sent them, oldest first."""
    mine = select(Share.hand_in_id).where(Share.work_id == work_id)
    return _tries(HandIn.id.in_(mine), HandIn.agreed_at.is_not(None))


def asked_to_agree(work_ids: Sequence[int]) -> TryFacts | None:
    """The try of one of these works that waits for the other's yes."""
    found = _tries(HandIn.work_id.in_(work_ids), HandIn.agreed_at.is_(None))
    return found[0] if found else None


def tries_up_to(key: str) -> Sequence[TryFacts]:
    """The try with this key last, and before it the earlier ones that count for the work of who
    sent it, oldest first; empty where there is none, whoever asks."""
    it, mine = aliased(HandIn), aliased(Share)
    of_work = select(mine.hand_in_id).join(it, it.work_id == mine.work_id).where(it.key == key)
    found = _tries(
        or_(
            HandIn.key == key,
            and_(HandIn.id.in_(of_work), HandIn.agreed_at.is_not(None)),
        )
    )
    one = next((each for each in found if each.key == key), None)
    if one is None:
        return ()
    return [*(each for each in found if each.key != key and each.number < one.number), one]


def try_with_id(hand_in_id: int) -> TryFacts | None:
    """One try by id, whoever asks."""
    found = _tries(HandIn.id == hand_in_id)
    return found[0] if found else None


def sharing(hand_in_ids: Sequence[int]) -> Mapping[int, Sequence[ShareFacts]]:
    """For whom tries count, by id of the try; the sender is among them."""
    found: dict[int, list[ShareFacts]] = defaultdict(list)
    rows = db.session.execute(
        select(Share.hand_in_id, Share.work_id, Share.person_id)
        .where(Share.hand_in_id.in_(hand_in_ids))
        .order_by(Share.work_id)
    )
    for row in rows:
        found[row.hand_in_id].append(ShareFacts(**row._mapping))
    return found


def markings_of(hand_in_ids: Sequence[int]) -> Mapping[int, Sequence[MarkingFacts]]:
    """What was said of tries, by id of the try, first said first."""
    found: dict[int, list[MarkingFacts]] = defaultdict(list)
    columns = [getattr(Marking, name) for name in MarkingFacts.__slots__]
    rows = db.session.execute(
        select(*columns).where(Marking.hand_in_id.in_(hand_in_ids)).order_by(Marking.id)
    )
    for row in rows:
        found[row.hand_in_id].append(MarkingFacts(**row._mapping))
    return found


def _tries(*conditions: ColumnElement[bool]) -> list[TryFacts]:
    columns = [getattr(HandIn, name) for name in TryFacts.__slots__]
    rows = db.session.execute(select(*columns).where(*conditions).order_by(HandIn.at, HandIn.id))
    return [TryFacts(**row._mapping) for row in rows]
