"""Keeping the words of problems, so that similar ones are found while somebody writes."""

from __future__ import annotations

from sqlalchemy import delete, insert

from lms.api import db
from lms_challenges.models import Word
from lms_challenges.similar import weighed


def index_problem(problem_id: int, title: str, text: str, language: str) -> None:
    """Keep the word stems of a problem in place of those it had.

    `language` is what its writer's page was in (`da`, `sv` or `en`); a text that plainly is in
    another one is read in that.
    """
    db.session.flush()
    db.session.execute(delete(Word).where(Word.problem_id == problem_id))
    rows = [
        {"stem": stem, "problem_id": problem_id, "weight": weight}
        for stem, weight in sorted(weighed(title, text, language).items())
    ]
    if rows:
        db.session.execute(insert(Word), rows)
