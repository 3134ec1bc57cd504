"""Verbs of the home room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from lms.contracts import Actor, LocalisedText
from lms.core.home.models import Programme, Target
from lms.db import db
from lms.journal import record

FACTS = ("target_groups", "actors", "strategies", "focus_areas", "work_packages", "predecessor")


def write_programme(given: Mapping[str, Any], actor: Actor) -> int:
    """Write a programme and its targets from data, in place of what stood there; its id.

    `given` has the shape of `demo/programme.json`. Raises `KeyError` for what is missing.
    """
    programme = db.session.scalar(select(Programme).where(Programme.slug == given["slug"]))
    if programme is None:
        programme = Programme(slug=given["slug"])
        db.session.add(programme)
    programme.name = given["name"]
    programme.summary = LocalisedText.from_dict(given["summary"])
    programme.both_ways = LocalisedText.from_dict(given["both_ways"])
    programme.duration = LocalisedText.from_dict(given["duration"]["text"])
    programme.facts = {name: given[name] for name in FACTS}
    db.session.flush()
    db.session.execute(delete(Target).where(Target.programme_id == programme.id))
    db.session.add_all(
        Target(
            programme_id=programme.id,
            position=position,
            code=target["code"],
            kind=target["kind"],
            minimum=target["min"],
            maximum=target["max"],
            unit=LocalisedText.from_dict(target["unit"]),
            text=LocalisedText.from_dict(target["text"]),
            counting=LocalisedText.from_dict(target["counting"]),
            course_types=target["course_types"],
        )
        for position, target in enumerate(given["targets"], start=1)
    )
    db.session.flush()
    record("home.programme_written", "programme", programme.id, actor=actor)
    return programme.id
