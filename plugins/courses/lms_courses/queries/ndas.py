"""Questions about agreements to keep something of a case to oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.api import beside, db, first_hand_ins
from lms_courses.models import CaseResult, CaseUse, Nda

NDAS = "courses_nda"
"""The subject of the document of an agreement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NdaFacts:
    """An agreement; see `lms_courses.models.Nda`. Names beside the ids."""

    id: int
    key: str
    case_id: int
    institution_id: int
    document_key: str
    secret: str
    from_day: date
    to_day: date | None
    state: str
    signed_at: datetime | None
    added_at: datetime
    institution: str | None
    signed_by: str | None

    def holds_since(self, first_work: datetime | None) -> bool:
        """Was it there before the first work was handed in (None: nothing was)?"""
        return first_work is None or self.added_at < first_work


def _ndas(*which: ColumnElement[bool]) -> Sequence[NdaFacts]:
    columns: list[Any] = [
        getattr(Nda, name)
        for name in NdaFacts.__slots__
        if name not in ("institution", "signed_by")
    ]
    rows = db.session.execute(
        select(
            *columns,
            beside(organisation=Nda.institution_id)[0].element.label("institution"),
            beside(person=Nda.signed_by_id)[0].element.label("signed_by"),
        )
        .where(*which)
        .order_by(Nda.id)
    )
    return [NdaFacts(**row._asdict()) for row in rows]


def ndas_of(case_ids: Sequence[int]) -> Mapping[int, Sequence[NdaFacts]]:
    """The agreements of cases by case id, the first first, those that ended as well."""
    found: dict[int, list[NdaFacts]] = {id_: [] for id_ in case_ids}
    for nda in _ndas(Nda.case_id.in_(sorted(set(case_ids)))):
        found[nda.case_id].append(nda)
    return found


def nda_by_key(key: str) -> NdaFacts | None:
    """One agreement, whoever asks."""
    return next(iter(_ndas(Nda.key == key)), None)


def nda_of_run(run_id: int) -> NdaFacts | None:
    """The agreement that holds for a run: the latest of the case it works on that has not ended
    and was there before anybody handed something in. Signed or not: see its state."""
    case = (
        select(CaseUse.case_id)
        .where(CaseUse.run_id == run_id, CaseUse.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    found = _ndas(Nda.case_id == case, Nda.state != "ended")
    if not found:
        return None
    first = first_works([run_id]).get(run_id)
    return next((nda for nda in reversed(found) if nda.holds_since(first)), None)


def first_works(run_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When a student or a group first handed something in, by run id. Two queries."""
    if not run_ids:
        return {}
    found = dict(first_hand_ins(run_ids))
    for run_id, at in db.session.execute(
        select(CaseResult.run_id, func.min(CaseResult.written_at))
        .where(CaseResult.run_id.in_(sorted(set(run_ids))))
        .group_by(CaseResult.run_id)
    ):
        found[run_id] = min(found.get(run_id, at), at)
    return found


def cases_with_signed_nda(case_ids: Sequence[int]) -> frozenset[int]:
    """Those of these cases that have an agreement the institution has signed."""
    if not case_ids:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Nda.case_id).where(Nda.case_id.in_(sorted(set(case_ids))), Nda.state == "signed")
        )
    )
