"""Answers to a try at a quiz, right but for so many."""

from __future__ import annotations

from collections.abc import Sequence

from lms_activities.quiz import MULTIPLE, NUMBER, ORDER, SINGLE, Question, number_from


def answers_with(questions: Sequence[Question], wrong: int) -> dict[str, list[str]]:
    """Answers by question key; the last `wrong` of the questions, by key, are answered wrongly."""
    missed = {one.key for one in sorted(questions, key=lambda one: one.key)[-wrong:] if wrong}
    return {one.key: _wrong(one) if one.key in missed else _right(one) for one in questions}


def _right(question: Question) -> list[str]:
    if question.kind in (SINGLE, MULTIPLE):
        return [option.key for option in question.options if option.right]
    if question.kind == ORDER:
        return list(question.order)
    return [question.accepted[0]]


def _wrong(question: Question) -> list[str]:
    if question.kind in (SINGLE, MULTIPLE):
        return [next(option.key for option in question.options if not option.right)]
    if question.kind == ORDER:
        return list(reversed(question.order))
    if question.kind == NUMBER:
        return [str((number_from(question.accepted[0]) or 0) * 10 + 7)]
    return ["?"]
