"""Sockets that the catalogue fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import (
    Actor,
    Badge,
    DataPolicy,
    LocalisedText,
    MenuLink,
    RecordType,
    RunFacts,
)
from lms.core.catalogue.records import COURSE_RECORD
from lms.core.catalogue.words import seat_badge
from lms.hookspecs import hookimpl


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The catalogue, for everybody."""
    return (
        MenuLink(
            endpoint="catalogue.index",
            label=LocalisedText(da="Forløb", sv="Kurser", en="Courses"),
            icon="book-open",
            order=20,
        ),
    )


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """A run stands in the thread as the course it is."""
    return (COURSE_RECORD,)


@hookimpl
def lms_run_badges(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Badge]]:
    """How it stands with seats."""
    return {run.id: (seat_badge(run),) for run in runs}


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Courses stay; people on teams leave them, and what they taught keeps its minutes."""
    return (
        DataPolicy(table="catalogue_course", purpose="which courses there are, and whose"),
        DataPolicy(
            table="catalogue_course_version",
            purpose="what a course is, who wrote it and who approved it",
            person_columns=("created_by_id", "approved_by_id"),
            copy="with_course",
            erase="blank",
        ),
        DataPolicy(
            table="catalogue_version_note",
            purpose="what was said when a course version was sent back, approved or retired",
            person_columns=("by_id",),
            erase="blank",
        ),
        DataPolicy(table="catalogue_run", purpose="when and where a course runs, with its seats"),
        DataPolicy(
            table="catalogue_run_host",
            purpose="which organisations host a run or take part in it",
            copy="with_run",
        ),
        DataPolicy(
            table="catalogue_course_session",
            purpose="the sessions of a run",
            copy="with_run",
        ),
        DataPolicy(
            table="catalogue_teaching_slot",
            purpose="who teaches what, for how long and with which product",
            person_columns=("person_id",),
            erase="blank",
        ),
        DataPolicy(
            table="catalogue_team_member",
            purpose="who has rights in a run",
            person_columns=("person_id",),
            erase="delete",
        ),
    )
