"""The roof of the challenges plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from lms.api import (
    Actor,
    DataPolicy,
    DocumentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Permission,
    RecordType,
    RoleBundle,
    TodoItem,
    hookimpl,
)
from lms_challenges import desk_todo
from lms_challenges.jobs import JOBS
from lms_challenges.letters import tell_senders
from lms_challenges.permissions import PERMISSIONS, ROLES
from lms_challenges.policies import POLICIES
from lms_challenges.reading import readable_pictures
from lms_challenges.records import PROBLEM_TYPE
from lms_challenges.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Telling of problems, answering them, owning challenges."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """Two access roles of its own, and what the core's may do here."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Problems, the desk, challenges, gates and ideas."""
    return (blueprint,)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """One way to all about problems."""
    return (
        MenuLink(
            endpoint="challenges.mine",
            label=LocalisedText(da="Problemer", sv="Problem", en="Problems"),
            icon="hand",
            order=45,
            permission="challenges.report",
            audience="signed_in",
        ),
    )


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """What an assignment may end in, and what stands on the thread."""
    return (PROBLEM_TYPE, IDEA_TYPE)


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """The pictures of problems."""
    return readable_pictures(documents, actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """The desk is reminded, and what was put off wakes up."""
    return JOBS


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Senders hear of each step of their problems."""
    tell_senders(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What waits at the desk, and questions about one's own problems."""
    return desk_todo.todo_items(actor)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What people wrote stays, without their name."""
    return POLICIES
