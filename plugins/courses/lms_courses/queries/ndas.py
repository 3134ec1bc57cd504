"""Questions about agreements to keep something of a case to oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from lms.api import beside, db, first_hand_ins, party_to, today
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


def _selected() -> Select[*tuple[Any, ...]]:
    columns: list[Any] = [
        getattr(Nda, name)
        for name in NdaFacts.__slots__
        if name not in ("institution", "signed_by")
    ]
    return select(
        *columns,
        beside(organisation=Nda.institution_id)[0].element.label("institution"),
        beside(person=Nda.signed_by_id)[0].element.label("signed_by"),
    ).order_by(Nda.id)


def _ndas(*which: ColumnElement[bool]) -> Sequence[NdaFacts]:
    rows = db.session.execute(_selected().where(*which))
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
    """The agreement that holds for a run; see `ndas_in_runs`."""
    return ndas_in_runs([run_id]).get(run_id)


def ndas_in_runs(run_ids: Sequence[int]) -> Mapping[int, NdaFacts]:
    """The agreement that holds for each of these runs, by run id; none where none does.

    It is one of the case that the run works on, has not ended, holds today by its days, was there
    before anybody handed something in, and has an institution as party that hosts the run or is
    its partner: those of another could not see the work (I-33). The latest that is signed, or else
    the latest: see its state. One query, three where there is one.
    """
    if not run_ids:
        return {}
    day = today()
    rows = db.session.execute(
        _selected()
        .add_columns(CaseUse.run_id)
        .join(CaseUse, CaseUse.case_id == Nda.case_id)
        .where(
            CaseUse.run_id.in_(sorted(set(run_ids))),
            CaseUse.withdrawn_at.is_(None),
            Nda.state != "ended",
            Nda.from_day <= day,
            or_(Nda.to_day.is_(None), Nda.to_day >= day),
            party_to(Nda.institution_id, CaseUse.run_id),
        )
    )
    here: dict[int, list[NdaFacts]] = {}
    for row in rows:
        values = row._asdict()
        here.setdefault(values.pop("run_id"), []).append(NdaFacts(**values))
    first = first_works(sorted(here))
    found = {}
    for run_id, ndas in here.items():
        holding = [nda for nda in ndas if nda.holds_since(first.get(run_id))]
        if holding:
            found[run_id] = max(holding, key=lambda nda: (nda.state == "signed", nda.id))
    return found


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
