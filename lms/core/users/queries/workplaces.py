"""Where people work today, with what is asked about a place of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lms.contracts import LocalisedText
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Assignment
from lms.core.users.queries.actors import current_assignment
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkplaceFacts:
    """Somebody works as a function in an organisation and, when it is known, in a unit of it.

    `organisation_kind` and `unit_kind` are codes of the organisations room ("" without a unit),
    `country` is an ISO 3166 code.
    """

    organisation_id: int
    organisation: str
    organisation_kind: str
    country: str
    function_id: int
    function_key: str
    function: LocalisedText
    unit_id: int | None
    unit: str
    unit_kind: str


def workplaces_of(person_ids: Iterable[int]) -> Mapping[int, tuple[WorkplaceFacts, ...]]:
    """The places where people work today, the one begun last first, by person id; people without
    one are left out. One query."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    found: dict[int, list[WorkplaceFacts]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Assignment.person_id,
            Assignment.organisation_id,
            Organisation.name.label("organisation"),
            Organisation.kind.label("organisation_kind"),
            Organisation.country,
            Assignment.function_id,
            Function.key.label("function_key"),
            Function.title.label("function"),
            Assignment.unit_id,
            Unit.name.label("unit"),
            Unit.kind.label("unit_kind"),
        )
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .join(Function, Function.id == Assignment.function_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.person_id.in_(wanted), current_assignment())
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
    ):
        values = row._asdict()
        person_id = values.pop("person_id")
        values |= {"unit": row.unit or "", "unit_kind": row.unit_kind or ""}
        found[person_id].append(WorkplaceFacts(**values))
    return {person_id: tuple(places) for person_id, places in found.items()}
