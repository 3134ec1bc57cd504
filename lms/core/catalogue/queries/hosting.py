"""Who hosts a run, as part of another question."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, false

from lms.core.catalogue.models import RunHost


def hosted_by(organisation_ids: Collection[int], run: Any) -> ColumnElement[bool]:
    """Does one of these organisations host the run? `run` is a column of run ids: an expression, so
    that a question may ask it along with its own."""
    if not organisation_ids:
        return false()
    return exists().where(
        RunHost.run_id == run,
        RunHost.role == "host",
        RunHost.organisation_id.in_(sorted(organisation_ids)),
    )


def party_to(organisation: Any, run: Any) -> ColumnElement[bool]:
    """Does the organisation host the run, or take part in it as a partner? Both are ids or
    columns of ids, so that a question may ask it along with its own."""
    return exists().where(RunHost.run_id == run, RunHost.organisation_id == organisation)
