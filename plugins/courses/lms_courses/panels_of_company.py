"""What panels told a company, on its own page with those who keep contacts fair."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import LocalisedText, Panel, runs_by_id
from lms_courses.panel_kinds import KINDS
from lms_courses.queries.panels import panels_by_id, told_to

TITLE = LocalisedText(
    da="Feedback fra paneler", sv="Återkoppling från paneler", en="Feedback from panels"
)


def told_panels(company_id: int) -> Sequence[Panel]:
    """Its feedback in all its runs, the newest first; nothing while there is none. Three
    queries."""
    subjects = told_to(company_id)
    if not subjects:
        return ()
    panels = panels_by_id([one.panel_id for one in subjects])
    runs = runs_by_id(sorted({one.run_id for one in panels.values()}))
    rows = [
        (
            runs[panels[one.panel_id].run_id],
            KINDS[panels[one.panel_id].kind],
            panels[one.panel_id].released_at,
            url_for("courses.feedback", key=one.key),
        )
        for one in subjects
    ]
    rows.sort(key=lambda row: str(row[2]), reverse=True)
    return (
        Panel(template="courses/feedback_panel.html", title=TITLE, order=20, values={"rows": rows}),
    )
