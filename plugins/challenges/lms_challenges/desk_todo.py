"""What of problems waits for somebody: at the desk, and for who was asked something."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import LANGUAGES, Actor, LocalisedText, TodoItem
from lms_challenges.gate_todo import gates_to_answer
from lms_challenges.queries.desk_todo import WaitingHere, waiting_here

FIRST, DECIDE, ASKED = 11, 16, 10
"""Order among the things that wait."""
SEE = LocalisedText(da="Se, hvad der venter", sv="Se vad som väntar", en="See what waits")


def todo_items(actor: Actor) -> Sequence[TodoItem]:
    """Problems to answer and to decide on, questions about one's own, gates to help decide at. One
    query."""
    if not actor.signed_in:
        return ()
    waiting = waiting_here(actor)
    return [
        *_at_the_desk(waiting),
        *_questions(waiting),
        *gates_to_answer(waiting.gates),
    ]


def _at_the_desk(waiting: WaitingHere) -> Sequence[TodoItem]:
    items = []
    if waiting.unanswered:
        items.append(
            TodoItem(
                key="challenges.desk",
                title=_counted(
                    waiting.unanswered,
                    da=("Svar på et problem", "Svar på {n} problemer"),
                    sv=("Svara på ett problem", "Svara på {n} problem"),
                    en=("Answer one problem", "Answer {n} problems"),
                ),
                url=url_for("challenges.desk_list"),
                label=SEE,
                due=waiting.first_due,
                minutes=5 * min(waiting.unanswered, 6),
                order=FIRST,
            )
        )
    if waiting.to_decide:
        items.append(
            TodoItem(
                key="challenges.decide",
                title=_counted(
                    waiting.to_decide,
                    da=("Tag stilling til et problem", "Tag stilling til {n} problemer"),
                    sv=("Ta ställning till ett problem", "Ta ställning till {n} problem"),
                    en=("Decide on one problem", "Decide on {n} problems"),
                ),
                url=url_for("challenges.desk_list", waits="decide"),
                label=SEE,
                minutes=5 * min(waiting.to_decide, 6),
                order=DECIDE,
            )
        )
    if waiting.woken:
        items.append(
            TodoItem(
                key="challenges.woken",
                title=_counted(
                    waiting.woken,
                    da=("Se på et problem, der ventede", "Se på {n} problemer, der ventede"),
                    sv=("Se på ett problem som väntade", "Se på {n} problem som väntade"),
                    en=("Look at one problem that waited", "Look at {n} problems that waited"),
                ),
                url=url_for("challenges.desk_list", waits="woken"),
                label=SEE,
                minutes=5 * min(waiting.woken, 6),
                order=DECIDE,
            )
        )
    return items


def _questions(waiting: WaitingHere) -> Sequence[TodoItem]:
    return [
        TodoItem(
            key=f"challenges.answer:{key}",
            title=LocalisedText(
                da=f"Svar på et spørgsmål om »{title}«",
                sv=f"Svara på en fråga om ”{title}”",
                en=f"Answer a question about “{title}”",
            ),
            url=url_for("challenges.answer_question", key=key),
            label=LocalisedText(da="Svar", sv="Svara", en="Answer"),
            minutes=2,
            order=ASKED,
        )
        for key, title in waiting.questions
    ]


def _counted(
    n: int, *, da: tuple[str, str], sv: tuple[str, str], en: tuple[str, str]
) -> LocalisedText:
    words = dict(zip(LANGUAGES, (da, sv, en), strict=True))
    return LocalisedText(**{code: pair[n != 1].format(n=n) for code, pair in words.items()})
