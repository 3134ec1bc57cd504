"""Questions about challenges: who may see how much of them, and what they were called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, not_, or_, select, true

from lms.api import Actor, Listing, LocalisedText, all_words_in, db, listed, works_for_kind
from lms_challenges.days import noon
from lms_challenges.models import Challenge, Collaborator, Framing
from lms_challenges.queries.seeing import COMPANIES

READ = "challenges.read"
OWN = "challenges.own"
MOST_FOUND = 20
COMPANY = "company"
"""The role in a challenge of those who sell; the others are partners."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeFacts:
    """A challenge as one reader meets it, under the name it has today.

    `whole` says whether the reader may see more than the public text, `may_own` whether they may
    change it. `state` is one of states.CHALLENGE, `level` a maturation level, 0 to 9; `profile`
    maps sides of scales.READINESS to 0 to 9, a missing one is unknown.
    """

    id: int
    key: str
    title: LocalisedText
    question: LocalisedText
    understood: LocalisedText
    state: str
    state_before: str
    level: int
    organisation_id: int
    owner_id: int | None
    public_text: LocalisedText
    published_at: datetime | None
    scope_in: str
    scope_out: str
    profile: Mapping[str, int]
    reason: str
    wake_on: date | None
    created_at: datetime
    revision: int
    whole: bool
    may_own: bool

    @property
    def wakes_at(self) -> datetime | None:
        """The day a pause ends, as a moment."""
        return noon(self.wake_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeCard:
    """A challenge in a list. `former` are names it had before, the latest first."""

    id: int
    key: str
    title: LocalisedText
    question: LocalisedText
    state: str
    level: int
    organisation_id: int
    published_at: datetime | None
    created_at: datetime
    former: tuple[LocalisedText, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FramingFacts:
    """What a challenge was called and how it was understood, until `until_at` (None: still)."""

    id: int
    title: LocalisedText
    question: LocalisedText
    understood: LocalisedText
    from_at: datetime
    until_at: datetime | None
    left_because: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaboratorFacts:
    """An organisation that a challenge concerns: `role` is partner or company."""

    id: int
    organisation_id: int
    role: str
    product: str


def whole(actor: Actor) -> ColumnElement[bool]:
    """Challenges of which this actor may see everything: those of the organisations they work in
    or own challenges for. Whoever works for a company sees the public text only."""
    if actor.is_system:
        return true()
    if not actor.signed_in:
        return false()
    where = actor.organisations_with(OWN)
    if where is None:
        seen: ColumnElement[bool] = true()
    else:
        read = actor.organisation_ids if actor.may_anywhere(READ) else frozenset[int]()
        ids = sorted(where | read)
        seen = or_(
            Challenge.organisation_id.in_(ids),
            exists().where(
                Collaborator.challenge_id == Challenge.id,
                Collaborator.organisation_id.in_(ids),
                Collaborator.role != COMPANY,
            ),
        )
    return and_(seen, not_(works_for_kind(actor.person_id, COMPANIES)))


def readable(actor: Actor) -> ColumnElement[bool]:
    """Challenges of which this actor may see something."""
    return or_(Challenge.published_at.is_not(None), whole(actor))


_COLUMNS = (
    Challenge.id,
    Challenge.key,
    Framing.title,
    Framing.question,
    Challenge.state,
    Challenge.level,
    Challenge.organisation_id,
    Challenge.published_at,
    Challenge.created_at,
)
_REST = (
    Framing.understood,
    Challenge.state_before,
    Challenge.owner_id,
    Challenge.public_text,
    Challenge.scope_in,
    Challenge.scope_out,
    Challenge.profile,
    Challenge.reason,
    Challenge.wake_on,
    Challenge.revision,
)


def _challenges(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).join(
        Framing, and_(Framing.challenge_id == Challenge.id, Framing.until_at.is_(None))
    )


def _facts(row: Row[*tuple[Any, ...]], actor: Actor) -> ChallengeFacts:
    values = row._asdict()
    values["may_own"] = values["whole"] and actor.may(OWN, values["organisation_id"])
    return ChallengeFacts(**values)


def challenge_by_key(key: str, actor: Actor) -> ChallengeFacts | None:
    """A challenge of which the actor may see something; else None."""
    return next(iter(challenges_by_key([key], actor).values()), None)


def challenges_by_key(keys: Collection[str], actor: Actor) -> Mapping[str, ChallengeFacts]:
    """Those of these challenges that the actor may see something of, in one query."""
    rows = db.session.execute(
        _challenges(*_COLUMNS, *_REST, whole(actor).label("whole")).where(
            Challenge.key.in_(sorted(set(keys))), readable(actor)
        )
    )
    return {row.key: _facts(row, actor) for row in rows}


def challenges_by_id(ids: Collection[int], actor: Actor) -> Mapping[int, ChallengeFacts]:
    """The same by id; none asked, no question."""
    if not ids:
        return {}
    rows = db.session.execute(
        _challenges(*_COLUMNS, *_REST, whole(actor).label("whole")).where(
            Challenge.id.in_(sorted(set(ids))), readable(actor)
        )
    )
    return {row.id: _facts(row, actor) for row in rows}


def challenges_found(words: str, actor: Actor, limit: int = MOST_FOUND) -> Sequence[ChallengeFacts]:
    """Challenges the actor may see something of by words of any name they ever had, the newest
    first; without words the newest."""
    rows = db.session.execute(
        _challenges(*_COLUMNS, *_REST, whole(actor).label("whole"))
        .where(readable(actor), all_words_in(Challenge.search_text, words))
        .order_by(Challenge.created_at.desc(), Challenge.id.desc())
        .limit(limit)
    )
    return [_facts(row, actor) for row in rows]


def published(words: str, page: int) -> Listing[ChallengeCard]:
    """What everybody may read, searched by every name it ever had."""
    return _cards(Challenge.published_at.is_not(None), words, "", page)


def ours(actor: Actor, words: str, state: str, page: int) -> Listing[ChallengeCard]:
    """The challenges of which the actor may see everything."""
    return _cards(whole(actor), words, state, page)


def _cards(which: ColumnElement[bool], words: str, state: str, page: int) -> Listing[ChallengeCard]:
    statement = (
        _challenges(*_COLUMNS)
        .where(which, all_words_in(Challenge.search_text, words))
        .order_by(Challenge.created_at.desc(), Challenge.id.desc())
    )
    if state:
        statement = statement.where(Challenge.state == state)
    rows, total, number, pages = listed(statement, page)
    former = former_titles([row.id for row in rows])
    items = tuple(
        ChallengeCard(**row._asdict(), former=tuple(former.get(row.id, ()))) for row in rows
    )
    return Listing(items=items, total=total, number=number, pages=pages)


def former_titles(ids: Collection[int]) -> Mapping[int, Sequence[LocalisedText]]:
    """Names these challenges had before, the latest first."""
    found: dict[int, list[LocalisedText]] = defaultdict(list)
    rows = db.session.execute(
        select(Framing.challenge_id, Framing.title)
        .where(Framing.challenge_id.in_(sorted(set(ids))), Framing.until_at.is_not(None))
        .order_by(Framing.from_at.desc(), Framing.id.desc())
    )
    for challenge_id, title in rows:
        found[challenge_id].append(title)
    return found


def framings_of(challenge_id: int) -> Sequence[FramingFacts]:
    """Every name and understanding a challenge had, the present one first."""
    rows = db.session.execute(
        select(*(getattr(Framing, name) for name in FramingFacts.__slots__))
        .where(Framing.challenge_id == challenge_id)
        .order_by(Framing.from_at.desc(), Framing.id.desc())
    )
    return [FramingFacts(**row._asdict()) for row in rows]


def collaborators_of(challenge_id: int) -> Sequence[CollaboratorFacts]:
    """The organisations a challenge concerns besides its owner's, in the order they came."""
    rows = db.session.execute(
        select(*(getattr(Collaborator, name) for name in CollaboratorFacts.__slots__))
        .where(Collaborator.challenge_id == challenge_id)
        .order_by(Collaborator.id)
    )
    return [CollaboratorFacts(**row._asdict()) for row in rows]


def deciding_organisations(challenge_id: int, owner_id: int) -> frozenset[int]:
    """Those who may send deciders: the owner organisation and its partners, no company."""
    partners = db.session.scalars(
        select(Collaborator.organisation_id).where(
            Collaborator.challenge_id == challenge_id, Collaborator.role != COMPANY
        )
    )
    return frozenset({owner_id, *partners})
