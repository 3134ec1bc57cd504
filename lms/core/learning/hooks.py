"""Sockets that the learning room fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import url_for

from lms.contracts import (
    SYSTEM,
    Actor,
    DataPolicy,
    DocumentFacts,
    EnrolmentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    TodoItem,
)
from lms.core.catalogue.queries import waiting_for_review
from lms.core.enrolment.presenting import worded
from lms.core.learning import following, queries, reading, standing_panels, todo
from lms.core.learning.queries.checking_in import Waiting, waiting_for_a_look
from lms.core.learning.queries.steps import own_courses
from lms.core.learning.services.fitting import fit_to_moved
from lms.db import now
from lms.hookspecs import hookimpl
from lms.web.i18n import core_domain
from lms.web.i18n import marked as _

LOOK_BACK = timedelta(days=120)
LOOK_AHEAD = timedelta(days=14)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The runs one teaches."""
    return (
        MenuLink(
            endpoint="learning.index",
            label=LocalisedText(da="Undervisning", sv="Undervisning", en="Teaching"),
            icon="list-checks",
            order=35,
            permission="learning.teach",
        ),
        MenuLink(
            endpoint="learning.build",
            label=LocalisedText(da="Byg forløb", sv="Bygg kurser", en="Build courses"),
            icon="replace",
            order=37,
            permission="catalogue.build",
        ),
    )


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """Course material, to whoever may open the activity it stands in."""
    return reading.readable(documents, place, actor)


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """How somebody stands, what was assessed, and the way to their learning agreement."""
    return standing_panels.panels(enrolments, actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Judging whole runs anew, and asking what came of agreements."""
    return following.job_types()


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """What changes a whole run has it judged anew; attendance follows a session that is moved."""
    moved = [entry.subject_id for entry in entries if entry.verb == "catalogue.session_moved"]
    fit_to_moved(sorted(set(moved)), SYSTEM)
    following.recompute_what_changed(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """For teachers: registers to write or to look at, the next session, runs to decide. For
    participants: the next session. For who approves courses: those that wait. Four queries."""
    if actor.person_id is None:
        return ()
    moment = now()
    items: list[TodoItem] = []
    taught, waits = queries.taught_by(actor, moment - LOOK_BACK, moment + LOOK_AHEAD)
    begun = [s for s in taught if s.starts_at <= moment and s.state != "held"]
    coming = [s for s in taught if s.starts_at > moment]
    items += [_register_item(session) for session in begun[:5]]
    asked = {session.session_key for session in begun[:5]}
    items += [_look_item(w) for w in waiting_for_a_look(actor) if w.session_key not in asked]
    items += [_next_item(session) for session in coming[:1]]
    items += todo.to_look_at(actor) if waits else []
    open_runs = {s.run_id for s in begun} | {s.run_id for s in coming}
    over = {
        s.run_id: s
        for s in taught
        if s.to_decide
        and s.run_id not in open_runs
        and s.run_ends_at is not None
        and s.run_ends_at < moment
    }
    items += [_decide_item(session) for session in over.values()]
    courses = own_courses(actor)
    items += todo.own_steps(courses, moment)
    own = queries.next_session_of(actor, moment, moment + LOOK_AHEAD) if courses else None
    if own is not None:
        items.append(
            TodoItem(
                key=f"learning.next:{own.enrolment_key}",
                title=worded(_("Come to the next day of %(course)s"), course=own.run_title),
                body=own.title,
                url=url_for("enrolment.show", key=own.enrolment_key),
                label=core_domain.localised(_("See your seat")),
                due=own.starts_at,
                order=40,
            )
        )
    items += [_review_item(key, title) for key, title in waiting_for_review(actor, limit=5)]
    return items


def _review_item(key: str, title: LocalisedText) -> TodoItem:
    return TodoItem(
        key=f"learning.review:{key}",
        title=worded(_("Say yes to a course, or send it back: %(course)s"), course=title),
        url=url_for("learning.version", key=key),
        label=core_domain.localised(_("Look through it")),
        minutes=15,
        order=25,
    )


def _register_item(session: queries.Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.register:{session.session_key}",
        title=worded(_("Write who was there: %(session)s"), session=session.title),
        body=session.run_title,
        url=url_for("learning.register", key=session.run_key, session=session.session_key),
        label=core_domain.localised(_("Write the register")),
        minutes=3,
        order=15,
    )


def _look_item(waiting: Waiting) -> TodoItem:
    return TodoItem(
        key=f"learning.look:{waiting.session_key}",
        title=worded(_("Look at what came late: %(session)s"), session=waiting.title),
        url=url_for("learning.register", key=waiting.run_key, session=waiting.session_key),
        label=core_domain.localised(_("Look at the register")),
        minutes=2,
        order=16,
    )


def _next_item(session: queries.Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.teach:{session.session_key}",
        title=worded(_("Teach the next day: %(session)s"), session=session.title),
        body=session.run_title,
        url=url_for("learning.register", key=session.run_key, session=session.session_key),
        label=core_domain.localised(_("See the run")),
        due=session.starts_at,
        order=30,
    )


def _decide_item(session: queries.Teaching) -> TodoItem:
    return TodoItem(
        key=f"learning.decide:{session.run_key}",
        title=worded(_("Decide who completes %(course)s"), course=session.run_title),
        url=url_for("learning.complete", key=session.run_key),
        label=core_domain.localised(_("See how each one stands")),
        minutes=10,
        order=20,
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Minutes and outcomes stay without a name; notes go."""
    return (
        DataPolicy(
            table="learning_attendance",
            purpose="minutes attended, for completion and certificates",
            person_columns=("set_by_id",),
            erase="anonymise",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_declaration",
            purpose="the teacher's word on the work",
            person_columns=("by_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_completion",
            purpose="the outcome and its reasons, for certificates",
            person_columns=("decided_by_id",),
            erase="keep",
        ),
        DataPolicy(
            table="learning_activity",
            purpose="what participants do, and who changed it last",
            person_columns=("changed_by_id",),
            copy="with_run",
            erase="blank",
        ),
        DataPolicy(table="learning_group", purpose="groups of a run"),
        DataPolicy(
            table="learning_group_member",
            purpose="who works in which group",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_work",
            purpose="what a participant has done, for feedback and completion",
            person_columns=("decided_by_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_comment",
            purpose="what was said beside an activity",
            person_columns=("author_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_assessment",
            purpose="what an assessor found, for certificates",
            person_columns=("assessor_id",),
            erase="blank",
        ),
        DataPolicy(
            table="learning_standing",
            purpose="how somebody stands just now, so that nobody slips unseen",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_waiver",
            purpose="who let somebody off a condition, and why",
            person_columns=("by_id",),
            erase="blank",
        ),
        DataPolicy(
            table="learning_agreement",
            purpose="what a participant and their manager agreed, and what came of it",
            person_columns=("manager_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_check_in",
            purpose="the code on the screen of a session",
            person_columns=("opened_by_id",),
            erase="blank",
            retention_months=12,
        ),
        DataPolicy(
            table="learning_snippet",
            purpose="pieces of feedback that somebody writes often",
            person_columns=("person_id",),
            erase="delete",
        ),
    )
