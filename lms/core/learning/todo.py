"""What of learning waits on somebody's own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for

from lms.contracts import Actor, LocalisedText, TodoItem
from lms.core.catalogue.queries import waiting_for_review
from lms.core.enrolment.presenting import worded
from lms.core.learning.outlines import next_step
from lms.core.learning.presenting_outline import page_url
from lms.core.learning.queries.agreeing import WaitingAgreement, agreements_waiting
from lms.core.learning.queries.steps import OwnCourse, handed_in, own_courses
from lms.core.learning.queries.teaching import Teaching, taught_by
from lms.db import now
from lms.host import current_host
from lms.web.i18n import core_domain
from lms.web.i18n import marked as _

BACK, AGREEMENT, NEXT, LOOK = 10, 12, 35, 18
"""Order among the things that wait: what came back, an agreement, the next step, what is to be
looked at."""
MINUTES_EACH = 5
LOOK_BACK = timedelta(days=120)
LOOK_AHEAD = timedelta(days=14)
MOST_TO_WRITE = 5


def items(actor: Actor) -> list[TodoItem]:
    """For teachers: registers to write or to look at, the next session, hand-ins, runs to decide.
    For participants: their next step and the next session. For them and their managers: agreements
    to sign, and what came of them. For who approves courses: those that wait. Three queries, one
    more where something was handed in, and one for who approves."""
    if actor.person_id is None:
        return []
    moment = now()
    since, until = moment - LOOK_BACK, moment + LOOK_AHEAD
    found: list[TodoItem] = []
    taught, waits = taught_by(actor, since, until)
    begun = [s for s in taught if since <= s.starts_at <= moment and s.state != "held"]
    coming = [s for s in taught if moment < s.starts_at < until]
    found += [_register_item(session) for session in begun[:MOST_TO_WRITE]]
    asked = {session.session_key for session in begun[:MOST_TO_WRITE]}
    unsure = [s for s in taught if s.unsure and s.session_key not in asked]
    found += [_look_item(session) for session in unsure[:MOST_TO_WRITE]]
    found += [_next_item(session) for session in coming[:1]]
    found += to_look_at(actor) if waits else []
    open_runs = {s.run_id for s in begun} | {s.run_id for s in coming}
    over = {
        s.run_id: s
        for s in taught
        if s.to_decide
        and s.run_id not in open_runs
        and s.run_ends_at is not None
        and s.run_ends_at < moment
    }
    found += [_decide_item(session) for session in over.values()]
    courses = own_courses(actor, moment, until)
    found += own_steps(courses, moment)
    found += _next_of_own(courses)
    found += [_agreement_item(waiting) for waiting in agreements_waiting(actor, moment)]
    found += [_review_item(key, title) for key, title in waiting_for_review(actor, limit=5)]
    return found


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


def _next_of_own(courses: Sequence[OwnCourse]) -> list[TodoItem]:
    """The next course session of all the courses somebody is in."""
    coming = [(c.next_at, c) for c in courses if c.next_at is not None]
    return [
        TodoItem(
            key=f"learning.next:{course.enrolment_key}",
            title=worded(_("Come to the next day of %(course)s"), course=course.run_title),
            body=course.next_title or course.run_title,
            url=url_for("enrolment.show", key=course.enrolment_key),
            label=core_domain.localised(_("See your seat")),
            due=at,
            order=40,
        )
        for at, course in sorted(coming, key=lambda pair: pair[0])[:1]
    ]


def _agreement_item(waiting: WaitingAgreement) -> TodoItem:
    """An agreement to sign, or the question of what came of it, for either of the two."""
    if waiting.part == "employee":
        sign, came = _("Read and sign your learning agreement"), _("Say what came into use at work")
        title = core_domain.localised(came if waiting.mirror else sign)
    else:
        sign = _("Read and sign the learning agreement with %(who)s")
        came = _("Say what came into use at work for %(who)s")
        title = worded(came if waiting.mirror else sign, who=waiting.person_name)
    return TodoItem(
        key=f"learning.agreement:{waiting.enrolment_key}",
        title=title,
        body=waiting.run_title,
        url=url_for("learning.agreement", key=waiting.enrolment_key),
        label=core_domain.localised(_("Answer") if waiting.mirror else _("See the agreement")),
        minutes=2,
        order=AGREEMENT,
    )


def _review_item(key: str, title: LocalisedText) -> TodoItem:
    return TodoItem(
        key=f"learning.review:{key}",
        title=worded(_("Say yes to a course, or send it back: %(course)s"), course=title),
        url=url_for("learning.version", key=key),
        label=core_domain.localised(_("Look through it")),
        minutes=15,
        order=25,
    )


def _register_item(session: Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.register:{session.session_key}",
        title=worded(_("Write who was there: %(session)s"), session=session.title),
        body=session.run_title,
        url=url_for("learning.register", key=session.run_key, session=session.session_key),
        label=core_domain.localised(_("Write the register")),
        minutes=3,
        order=15,
    )


def _look_item(session: Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.look:{session.session_key}",
        title=worded(_("Look at what came late: %(session)s"), session=session.title),
        url=url_for("learning.register", key=session.run_key, session=session.session_key),
        label=core_domain.localised(_("Look at the register")),
        minutes=2,
        order=16,
    )


def _next_item(session: Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.teach:{session.session_key}",
        title=worded(_("Teach the next day: %(session)s"), session=session.title),
        body=session.run_title,
        url=url_for("learning.register", key=session.run_key, session=session.session_key),
        label=core_domain.localised(_("See the run")),
        due=session.starts_at,
        order=30,
    )


def _decide_item(session: Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.decide:{session.run_key}",
        title=worded(_("Decide who completes %(course)s"), course=session.run_title),
        url=url_for("learning.complete", key=session.run_key),
        label=core_domain.localised(_("See how each one stands")),
        minutes=10,
        order=20,
    )
