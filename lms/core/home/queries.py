"""Questions about what a programme has promised; public."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.contracts import LocalisedText
from lms.core.home.models import Programme, Target
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetFacts:
    """One promise: a number or a range of `unit`, or words alone when both numbers are None."""

    code: str
    minimum: int | None
    maximum: int | None
    unit: LocalisedText
    text: LocalisedText
    counting: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeFacts:
    """A programme with its promises in the order of its papers."""

    name: str
    summary: LocalisedText
    duration: LocalisedText
    targets: tuple[TargetFacts, ...]


def programme() -> ProgrammeFacts | None:
    """The programme of this site, the newest if there are several; None before any is loaded."""
    newest = select(Programme.id).order_by(Programme.id.desc()).limit(1).scalar_subquery()
    rows = db.session.execute(
        select(
            Programme.name,
            Programme.summary,
            Programme.duration,
            Target.code,
            Target.minimum,
            Target.maximum,
            Target.unit,
            Target.text,
            Target.counting,
        )
        .join(Target, Target.programme_id == Programme.id)
        .where(Programme.id == newest)
        .order_by(Target.position)
    ).all()
    if not rows:
        return None
    return ProgrammeFacts(
        name=rows[0].name,
        summary=rows[0].summary,
        duration=rows[0].duration,
        targets=tuple(
            TargetFacts(
                code=row.code,
                minimum=row.minimum,
                maximum=row.maximum,
                unit=row.unit,
                text=row.text,
                counting=row.counting,
            )
            for row in rows
        ),
    )
