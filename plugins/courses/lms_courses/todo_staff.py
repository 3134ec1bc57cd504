"""What waits in staff tracks: for managers an answer, a signature, a decision; for the other of a
pair a yes; for both the day on which a "later" is looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, literal, or_, select

from lms.api import Actor, LocalisedText, TodoItem, now, seats_of
from lms_courses.models import Decision, Tryout

ORDER = 14
"""Among the things that wait."""
LONGEST = 60
WHAT = ("staff.answer", "staff.confirm", "staff.sign", "staff.decide", "staff.wake")


def waiting(actor: Actor) -> Sequence[Select[str, str, str]]:
    """What waits for somebody signed in, as selects of what, key and title, to be asked along with
    others'."""
    mine = seats_of(actor.person_id)
    manages = Tryout.manager_id == actor.person_id
    other = Tryout.partner_id.in_(mine)
    part = or_(Tryout.enrolment_id.in_(mine), other)
    today = now().date()
    return (
        _tryouts("staff.answer", Tryout.state == "asked", manages),
        _tryouts("staff.confirm", Tryout.state == "tried", other),
        _tryouts(
            "staff.decide",
            Tryout.state == "confirmed",
            manages,
            ~select(Decision.id).where(Decision.tryout_id == Tryout.id).exists(),
        ),
        _decisions("staff.sign", Decision.signed_at.is_(None), manages),
        _decisions(
            "staff.wake",
            Decision.signed_at.is_not(None),
            Decision.outcome == "later",
            Decision.wake_on <= today,
            or_(manages, part),
        ),
    )


def _tryouts(what: str, *which: ColumnElement[bool]) -> Select[str, str, str]:
    columns = (literal(what).label("what"), Tryout.key.label("key"), Tryout.what.label("title"))
    return select(*columns).where(*which)


def _decisions(what: str, *which: ColumnElement[bool]) -> Select[str, str, str]:
    columns = (literal(what).label("what"), Decision.key.label("key"), Tryout.what.label("title"))
    return select(*columns).join(Tryout, Tryout.id == Decision.tryout_id).where(*which)


def items(rows: Sequence[Any]) -> Sequence[TodoItem]:
    """One for each row of `waiting`; others' rows are left out."""
    return [_item(row.what, row.key, _short(row.title)) for row in rows if row.what in WHAT]


def _item(what: str, key: str, title: str) -> TodoItem:
    words, label, endpoint, minutes = _SAID[what]
    return TodoItem(
        key=f"courses.{what}:{key}",
        title=words,
        url=url_for(endpoint, key=key),
        label=label,
        body=LocalisedText(da=f"»{title}«", sv=f"”{title}”", en=f"“{title}”"),
        minutes=minutes,
        order=ORDER,
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


_SAID: dict[str, tuple[LocalisedText, LocalisedText, str, int]] = {
    "staff.answer": (
        LocalisedText(
            da="Svar på, om en lille ting må prøves",
            sv="Svara på om en liten sak får prövas",
            en="Answer whether one small thing may be tried",
        ),
        LocalisedText(da="Svar", sv="Svara", en="Answer"),
        "courses.answer_tryout",
        2,
    ),
    "staff.confirm": (
        LocalisedText(
            da="Læs, hvad din makker har skrevet, og sig ja",
            sv="Läs vad din parkamrat har skrivit och säg ja",
            en="Read what your colleague wrote, and say yes",
        ),
        LocalisedText(da="Læs", sv="Läs", en="Read it"),
        "courses.tryout",
        2,
    ),
    "staff.decide": (
        LocalisedText(
            da="Beslut, om I går videre med det, der blev prøvet",
            sv="Besluta om ni går vidare med det som prövades",
            en="Decide whether you go on with what was tried",
        ),
        LocalisedText(da="Beslut", sv="Besluta", en="Decide"),
        "courses.decide_tryout",
        5,
    ),
    "staff.sign": (
        LocalisedText(
            da="Skriv under på en beslutning",
            sv="Skriv under ett beslut",
            en="Sign a decision",
        ),
        LocalisedText(da="Læs og skriv under", sv="Läs och skriv under", en="Read and sign"),
        "courses.decision",
        2,
    ),
    "staff.wake": (
        LocalisedText(
            da="Se igen på det, I udsatte",
            sv="Titta igen på det ni sköt upp",
            en="Look again at what you put off",
        ),
        LocalisedText(da="Se på det", sv="Titta", en="Look at it"),
        "courses.decision",
        5,
    ),
}
