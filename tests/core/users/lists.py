"""Lists of people for tests: rows, plans, and carrying them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from lms.contracts import SYSTEM, Actor
from lms.core.users import services
from lms.core.users.carrying import carry_out_in_pieces
from lms.core.users.models import Assignment, Person
from lms.core.users.outcomes import Item, Plan
from lms.core.users.people_lists import from_json
from lms.db import db

WHERE = "proevelev.example"


def row(number: str, name: str = "", **cells: str) -> dict[str, str]:
    """A whole row, unless cells say otherwise."""
    return {
        "employee_number": number,
        "name": name or f"Person {number}",
        "email": f"p{number}@{WHERE}",
        "function": "carer",
        **cells,
    }


def plan(
    rows: Iterable[Mapping[str, str]], where: int, mode: str = "changes", actor: Actor = SYSTEM
) -> Plan:
    read = from_json(list(rows))
    assert read is not None
    db.session.rollback()  # what others wrote meanwhile is to be seen
    return services.plan(read.rows, where, mode, actor=actor)  # type: ignore[arg-type]


def do(
    rows: Iterable[Mapping[str, str]], where: int, mode: str = "changes", actor: Actor = SYSTEM
) -> list[Item]:
    """Carry a list out; what became of each row that was to be done."""
    planned = plan(rows, where, mode, actor)
    db.session.rollback()
    return carry_out_in_pieces(planned, actor=actor)


def outcomes(planned: Plan) -> dict[int, str]:
    return {item.row: item.outcome for item in planned.items}


def reasons(planned: Plan) -> dict[int, str]:
    return {item.row: item.reason for item in planned.items}


def people_at(where: int) -> list[dict[str, Any]]:
    """Everybody's places at one employer, as plain values."""
    rows = db.session.execute(
        select(
            Assignment.employee_number,
            Person.id,
            Person.name,
            Person.email,
            Person.state,
            Assignment.function_id,
            Assignment.unit_id,
            Assignment.manager_id,
            Assignment.from_day,
            Assignment.to_day,
        )
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.organisation_id == where)
        .order_by(Assignment.id)
    )
    return [dict(one._mapping) for one in rows]
