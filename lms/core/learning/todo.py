"""What of learning waits on somebody's own page: their next step, and what others handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from lms.contracts import Actor, TodoItem
from lms.core.enrolment.presenting import worded
from lms.core.learning.outlines import next_step
from lms.core.learning.presenting_outline import page_url
from lms.core.learning.queries.steps import OwnCourse, handed_in
from lms.host import current_host
from lms.web.i18n import core_domain
from lms.web.i18n import marked as _

BACK, NEXT, LOOK = 10, 35, 18
"""Order among the things that wait: what came back, the next step, what is to be looked at."""
MINUTES_EACH = 5


def own_steps(courses: Sequence[OwnCourse], moment: datetime) -> list[TodoItem]:
    """The next step in each of these courses."""
    items = []
    for course in courses:
        step = next_step(course.activities, course.works, course.state, moment)
        url = page_url(step) if step else ""
        if step is None or not url:
            continue
        work = course.works.get(step.id)
        back = work is not None and work.state == "returned"
        words = _("Look again at “%(activity)s”") if back else _("Do “%(activity)s”")
        items.append(
            TodoItem(
                key=f"learning.step:{step.key}",
                title=worded(words, activity=step.title),
                body=course.run_title,
                url=url,
                label=core_domain.localised(_("See what is missing") if back else _("Open it")),
                due=step.due_at,
                minutes=step.minutes or None,
                order=BACK if back else NEXT,
            )
        )
    return items


def to_look_at(actor: Actor) -> list[TodoItem]:
    """Activities of runs the actor teaches where hand-ins wait. One query."""
    types = current_host().activity_types()
    items = []
    for waiting in handed_in(actor):
        owned = types.get(waiting.activity_type)
        if owned is None or not owned.item.marking:
            continue
        items.append(
            TodoItem(
                key=f"learning.look:{waiting.activity_key}",
                title=worded(_("Look at what was handed in: %(activity)s"), activity=waiting.title),
                body=waiting.run_title,
                url=url_for(owned.item.marking, key=waiting.activity_key),
                label=core_domain.localised(_("Look at it")),
                minutes=MINUTES_EACH * waiting.number,
                order=LOOK,
            )
        )
    return items
