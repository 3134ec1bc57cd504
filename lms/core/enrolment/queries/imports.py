"""Lists of people to enrol: what they said, what trying them came to, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.contracts import LocalisedText
from lms.core.enrolment.models import Enrolment, Import, ImportRow
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.core.listing import Listing, listed
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportFacts:
    """A list that was sent for a run. `state` is trying, tried, working or done."""

    id: int
    key: str
    run_id: int
    created_by_id: int | None
    created_at: datetime
    state: str
    file_name: str
    total: int
    done: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRowFacts:
    """One row: the number it has in the file, what it said, and how it stands."""

    id: int
    number: int
    values: Mapping[str, str]
    state: str
    outcome: str
    message: LocalisedText | None


_IMPORT = [getattr(Import, name) for name in ImportFacts.__dataclass_fields__]
_ROW = [getattr(ImportRow, name) for name in ImportRowFacts.__dataclass_fields__]


def import_by_key(key: str, run_id: int) -> ImportFacts | None:
    """One list of a run; who may ask is decided before."""
    row = db.session.execute(
        select(*_IMPORT).where(Import.key == key, Import.run_id == run_id)
    ).first()
    return ImportFacts(**row._asdict()) if row else None


def import_by_id(import_id: int) -> ImportFacts | None:
    """One list, for the job that works on it."""
    row = db.session.execute(select(*_IMPORT).where(Import.id == import_id)).first()
    return ImportFacts(**row._asdict()) if row else None


def imports_of(run_id: int, *, limit: int = 10) -> Sequence[ImportFacts]:
    """The newest lists of a run."""
    rows = db.session.execute(
        select(*_IMPORT).where(Import.run_id == run_id).order_by(Import.id.desc()).limit(limit)
    )
    return [ImportFacts(**row._asdict()) for row in rows]


def import_counts(import_id: int) -> Mapping[tuple[str, str], int]:
    """Number of rows by (state, outcome)."""
    rows = db.session.execute(
        select(ImportRow.state, ImportRow.outcome, func.count().label("number"))
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.state, ImportRow.outcome)
    )
    return {(row.state, row.outcome): row.number for row in rows}


def import_rows(import_id: int, number: int) -> Listing[ImportRowFacts]:
    """One page of a list's rows: what is wrong first, then in the order of the file."""
    statement = (
        select(*_ROW)
        .where(ImportRow.import_id == import_id)
        .order_by(ImportRow.outcome != "error", ImportRow.state != "left_out", ImportRow.number)
    )
    rows, total, number, pages = listed(statement, number, size=100)
    return Listing(
        items=tuple(ImportRowFacts(**row._asdict()) for row in rows),
        total=total,
        number=number,
        pages=pages,
    )


def rows_to_try(import_id: int, *, limit: int) -> Sequence[ImportRowFacts]:
    """The next rows nobody has tried."""
    return _next_rows(import_id, "read", limit)


def rows_to_do(import_id: int, *, limit: int) -> Sequence[ImportRowFacts]:
    """The next rows that were tried with success and are not done yet."""
    return _next_rows(import_id, "tried", limit)


def rows_with_errors(import_id: int) -> Sequence[ImportRowFacts]:
    """Rows of which nothing comes, in the order of the file."""
    rows = db.session.execute(
        select(*_ROW)
        .where(
            ImportRow.import_id == import_id,
            (ImportRow.outcome == "error") | (ImportRow.state == "left_out"),
        )
        .order_by(ImportRow.number)
    )
    return [ImportRowFacts(**row._asdict()) for row in rows]


def _next_rows(import_id: int, state: str, limit: int) -> Sequence[ImportRowFacts]:
    statement = select(*_ROW).where(ImportRow.import_id == import_id, ImportRow.state == state)
    if state == "tried":
        statement = statement.where(ImportRow.outcome != "error")
    rows = db.session.execute(statement.order_by(ImportRow.number).limit(limit))
    return [ImportRowFacts(**row._asdict()) for row in rows]


# --- what trying needs, for many at once ----------------------------------------------------------


def active_by_email(email_keys: Iterable[str]) -> Mapping[str, int]:
    """Ids of people who can sign in, or are invited to, by the key of their address."""
    rows = db.session.execute(
        select(Person.email_key, Person.id).where(
            Person.email_key.in_(sorted(set(email_keys))), Person.state.in_(("active", "invited"))
        )
    )
    return {row.email_key: row.id for row in rows if row.email_key is not None}


def employers_of(person_ids: Iterable[int]) -> Mapping[int, int]:
    """Where these people work today, the newest place of each."""
    rows = db.session.execute(
        select(Assignment.person_id, Assignment.organisation_id)
        .where(Assignment.person_id.in_(sorted(set(person_ids))), current_assignment())
        .order_by(Assignment.from_day, Assignment.id)
    )
    return {row.person_id: row.organisation_id for row in rows}


def with_live_in(run_id: int, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who have a live enrolment in the run."""
    return frozenset(
        db.session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.run_id == run_id,
                Enrolment.person_id.in_(sorted(set(person_ids))),
                Enrolment.state.in_(sorted(LIVE)),
            )
        )
    )


def waiting_by_employer(run_id: int) -> Mapping[int | None, int]:
    """How many wait for the run, by employer."""
    return _by_employer(run_id, frozenset({"waitlisted"}))


def seats_by_employer(run_id: int) -> Mapping[int | None, int]:
    """How many seats of the run each employer's people have."""
    return _by_employer(run_id, WITH_SEAT)


def _by_employer(run_id: int, states: frozenset[str]) -> Mapping[int | None, int]:
    rows = db.session.execute(
        select(Enrolment.employer_id, func.count().label("number"))
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(sorted(states)))
        .group_by(Enrolment.employer_id)
    )
    return {row.employer_id: row.number for row in rows}
