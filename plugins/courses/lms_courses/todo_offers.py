"""What waits with companies that teach along: offers to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, literal, select

from lms.api import Actor, LocalisedText, TodoItem
from lms_courses.models import SlotOffer
from lms_courses.queries.offers import answers

WHAT = "offer.answer"
ORDER = 16
MINUTES = 5
TITLE = LocalisedText(
    da="Svar på en virksomheds tilbud om at undervise",
    sv="Svara på ett företags erbjudande att undervisa",
    en="Answer a company's offer to teach",
)
LABEL = LocalisedText(da="Svar", sv="Svara", en="Answer")


def waiting(actor: Actor) -> Sequence[Select[str, str, str]]:
    """Offers that the actor is meant to answer; see `lms_courses.todo`."""
    return (
        select(
            literal(WHAT).label("what"),
            SlotOffer.key.label("key"),
            SlotOffer.topic.label("title"),
        ).where(SlotOffer.state == "offered", answers(actor, SlotOffer.run_id, by_role=False)),
    )


def items(rows: Sequence[Any]) -> Sequence[TodoItem]:
    """One for each row of `waiting`; others' rows are left out."""
    return [
        TodoItem(
            key=f"courses.{WHAT}:{row.key}",
            title=TITLE,
            url=url_for("courses.offer", key=row.key),
            label=LABEL,
            body=LocalisedText(da=f"»{row.title}«", sv=f"”{row.title}”", en=f"“{row.title}”"),
            minutes=MINUTES,
            order=ORDER,
        )
        for row in rows
        if row.what == WHAT
    ]
