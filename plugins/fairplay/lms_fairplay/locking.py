"""Contacts and tenders of one authority wait for each other.

Whoever writes a contact holds the authority's row together with others; who registers a tender,
makes a pack or publishes one holds it alone. So no contact is on its way while a tender freezes, a
pack is read, or a pack becomes public, and each contact sees the tenders as they are. SQLite has
one writer at a time anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.api import db
from lms_fairplay.models import Authority


def hold(authority_ids: Iterable[int], *, alone: bool = False) -> None:
    """Hold these authorities until the unit of work ends, together with others or alone. Rows are
    made where they are missing and always held in the same order."""
    wanted = sorted(set(authority_ids))
    if missing := [id_ for id_ in wanted if id_ not in _held(wanted, alone)]:
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        db.session.execute(
            insert(Authority).on_conflict_do_nothing(index_elements=[Authority.organisation_id]),
            [{"organisation_id": id_, "changes": 0} for id_ in missing],
        )
        _held(missing, alone)


def _held(authority_ids: list[int], alone: bool) -> frozenset[int]:
    statement = (
        select(Authority.organisation_id)
        .where(Authority.organisation_id.in_(authority_ids))
        .order_by(Authority.organisation_id)
        .with_for_update(read=not alone)
    )
    return frozenset(db.session.scalars(statement))


def hold_to_change(authority_id: int) -> None:
    """Hold an authority alone, for its tenders are about to change."""
    hold([authority_id], alone=True)
    db.session.execute(
        update(Authority)
        .where(Authority.organisation_id == authority_id)
        .values(changes=Authority.changes + 1)
        .execution_options(synchronize_session=False)
    )
