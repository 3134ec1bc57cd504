"""What the panel said, for those of whom it was said, and for nobody else."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import access, current_actor, not_found, page, pressed, runs_by_id, tell
from lms_courses.panel_kinds import KINDS
from lms_courses.queries.panels import (
    PanelFacts,
    SubjectFacts,
    forms_on,
    is_about,
    panels_by_id,
    subject_by_key,
)
from lms_courses.services.panels import note_read
from lms_courses.views.base import blueprint
from lms_courses.views.panels import answers_of
from lms_courses.words import _


@blueprint.get("/feedback/<key>")
@access()
def feedback(key: str) -> Response:
    """The summary, and what each on the panel wrote, by role and without a name."""
    subject, panel = _own(key)
    return page(
        "courses/feedback.html",
        run=runs_by_id([panel.run_id])[panel.run_id],
        panel=panel,
        kind=KINDS[panel.kind],
        subject=subject,
        **answers_of(forms_on([subject.id])[subject.id]),
    )


@blueprint.post("/feedback/<key>/read")
@access(rate="write")
def read_feedback(key: str) -> Response:
    """Say that it has been read."""
    subject, panel = _own(key)
    if pressed(lambda: note_read(subject, panel, current_actor())):
        tell(_("Thank you. Whoever leads the run can see it."))
    return redirect(url_for("courses.feedback", key=key), 303)


def _own(key: str) -> tuple[SubjectFacts, PanelFacts]:
    """Released feedback on the reader's own company or group; else 404."""
    subject = subject_by_key(key)
    panel = panels_by_id([subject.panel_id])[subject.panel_id] if subject is not None else None
    if (
        subject is None
        or panel is None
        or panel.released_at is None
        or not is_about(current_actor(), subject, panel.run_id)
    ):
        not_found()
    return subject, panel
