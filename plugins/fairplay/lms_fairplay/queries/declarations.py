"""Questions about what companies declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.api import beside, db
from lms_fairplay.models import Declaration


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """The days of a declaration: it holds from `from_day` to `to_day`, both counted, unless it
    ended earlier; on `ended_on` it does not hold any more."""

    from_day: date
    to_day: date
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        ended = self.ended_on is not None and self.ended_on <= day
        return self.from_day <= day <= self.to_day and not ended


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationFacts(Word):
    """A company's word to stay neutral. `signed_by` is empty once the name was erased."""

    id: int
    key: str
    company_id: int
    text_version: str
    signed_by: str
    signed_at: datetime
    ended_reason: str


def declarations_of(company_ids: Iterable[int]) -> Mapping[int, Sequence[DeclarationFacts]]:
    """All that these companies declared, the latest first, by company id. One query."""
    wanted = sorted(set(company_ids))
    if not wanted:
        return {}
    found: dict[int, list[DeclarationFacts]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Declaration.id,
            Declaration.key,
            Declaration.company_id,
            Declaration.text_version,
            beside(person=Declaration.signed_by_id)[0].label("signed_by"),
            Declaration.signed_at,
            Declaration.from_day,
            Declaration.to_day,
            Declaration.ended_on,
            Declaration.ended_reason,
        )
        .where(Declaration.company_id.in_(wanted))
        .order_by(Declaration.to_day.desc(), Declaration.id.desc())
    ):
        values = {**row._mapping, "signed_by": row.signed_by or ""}
        found[row.company_id].append(DeclarationFacts(**values))
    return found


def all_declared(company_ids: Iterable[int]) -> Sequence[DeclarationFacts]:
    """All that these companies declared, the last to end first. One query."""
    found = [one for those in declarations_of(company_ids).values() for one in those]
    return sorted(found, key=lambda one: (one.to_day, one.id), reverse=True)
