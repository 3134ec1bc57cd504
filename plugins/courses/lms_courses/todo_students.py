"""What waits in student modules: questions for the company, results for practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, and_, literal, select

from lms.api import Actor, LocalisedText, TodoItem
from lms_courses.models import CaseQuestion, CaseResult, CaseUse, CompanyCase
from lms_courses.permissions import PRACTICE
from lms_courses.queries.cases import companies_of

ORDER = 14
"""Among the things that wait."""
LONGEST = 60
ASKED, CAME = "students.asked", "students.came"


def waiting(actor: Actor) -> Sequence[Select[str, str, str]]:
    """Questions that nobody has answered, for people of the company; results that nobody has said
    anything to, for who checks cases at their place in practice; as selects of what, key and
    title, to be asked along with others'."""
    companies = companies_of(actor)
    if companies:
        return (
            select(
                literal(ASKED).label("what"),
                CaseQuestion.key.label("key"),
                CaseQuestion.text.label("title"),
            )
            .join(CaseUse, _live(CaseQuestion.run_id))
            .join(CompanyCase, CompanyCase.id == CaseUse.case_id)
            .where(
                CaseQuestion.answered_at.is_(None),
                CaseQuestion.asked_at >= CaseUse.begun_at,
                CompanyCase.company_id.in_(sorted(companies)),
            ),
        )
    checks = actor.organisations_with(PRACTICE)
    if not checks:
        return ()  # nobody, or who looks after the whole site: it is not theirs to answer
    return (
        select(
            literal(CAME).label("what"),
            CaseResult.key.label("key"),
            CaseResult.title.label("title"),
        )
        .join(CaseUse, _live(CaseResult.run_id))
        .join(CompanyCase, CompanyCase.id == CaseUse.case_id)
        .where(
            CaseResult.sent_at >= CaseUse.begun_at,
            CaseResult.response == "",
            CompanyCase.practice_host_id.in_(sorted(checks)),
        ),
    )


def _live(run_id: Any) -> Any:
    return and_(CaseUse.run_id == run_id, CaseUse.withdrawn_at.is_(None))


def items(rows: Sequence[Any]) -> Sequence[TodoItem]:
    """One for each row of `waiting`; others' rows are left out."""
    return [_item(row.what, row.key, _short(row.title)) for row in rows if row.what in _SAID]


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
    ASKED: (
        LocalisedText(
            da="Svar på et spørgsmål fra studerende",
            sv="Svara på en fråga från studenter",
            en="Answer a question from students",
        ),
        LocalisedText(da="Svar", sv="Svara", en="Answer"),
        "courses.case_question",
        5,
    ),
    CAME: (
        LocalisedText(
            da="Fortæl studerende, hvad deres resultat kan bruges til",
            sv="Berätta för studenter vad deras resultat kan användas till",
            en="Tell students what their result can be used for",
        ),
        LocalisedText(da="Læs resultatet", sv="Läs resultatet", en="Read the result"),
        "courses.result",
        10,
    ),
}
