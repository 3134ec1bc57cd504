"""Rows that tests of learning begin with."""

from __future__ import annotations

import itertools
from typing import Any

from lms.contracts import LocalisedText
from lms.core.learning.models import Activity
from lms.db import now

_places = itertools.count(1)


def make_activity(maker: Any, run: Any, *, title: str = "Plan", **columns: Any) -> Activity:
    """A required activity of a run, in its first module unless told otherwise."""
    values: dict[str, Any] = {
        "module": "start",
        "activity_type": "specimen.task",
        "minutes": 30,
        "position": next(_places),
        "others_minutes": {},
        "outcomes": [],
        "content": {},
        "changed_at": now(),
    }
    row = Activity(
        run_id=run.id, title=LocalisedText(da=title, sv=title, en=title), **(values | columns)
    )
    maker.write(row)
    return row
