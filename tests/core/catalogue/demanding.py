"""A stranger's course type that asks for people, records, time and evaluation of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lms.contracts import (
    ActivityType,
    CourseType,
    EvaluationMoment,
    LocalisedText,
    RecordType,
    RunFunction,
    RunNeed,
    TechnologyCategory,
    TimeAsked,
)
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN_TYPE, Specimen


def words(english: str) -> LocalisedText:
    """The same in all languages, told apart."""
    return LocalisedText(da=f"{english} (da)", sv=f"{english} (sv)", en=english)


_START, _PRACTICE = SPECIMEN_TYPE.modules

DEMANDING_TYPE = replace(
    SPECIMEN_TYPE,
    key="demanding",
    modules=(_START, replace(_PRACTICE, ends_in="finding")),
    functions=(
        RunFunction(
            key="listener",
            title=words("Listener"),
            task=words("Listens to everybody."),
            required=True,
        ),
        RunFunction(
            key="judge",
            title=words("Judge"),
            task=words("Comes on the last day."),
            required=True,
            by="running",
            permissions=("learning.teach",),
        ),
        RunFunction(key="friend", title=words("Friend of the house")),
    ),
    moments=(
        EvaluationMoment(
            key="E0", title=words("First hopes"), anchor="begins", days=-7, asked=("participant",)
        ),
        EvaluationMoment(
            key="E1", title=words("After a session"), anchor="session", days=1, asked=("host",)
        ),
        EvaluationMoment(
            key="E3", title=words("What stayed"), anchor="ends", days=84, asked=("manager",)
        ),
    ),
    asks=(
        TimeAsked(role="participant", stretch="before", minutes=30),
        TimeAsked(role="manager", stretch="after", minutes=45),
    ),
    shares={"before": 30, "during": 30, "after": 40},
)


class Demanding(Specimen):
    """The plugin; `broken` makes its needs fail, `met` says that they are there."""

    __slots__ = ("broken", "met")

    def __init__(self) -> None:
        self.broken = False
        self.met = False

    @hookimpl
    def lms_course_types(self) -> Sequence[CourseType]:
        return (SPECIMEN_TYPE, DEMANDING_TYPE)

    @hookimpl
    def lms_activity_types(self) -> Sequence[ActivityType]:
        return (ActivityType(key="walk", title=words("Walk"), icon="users"),)

    @hookimpl
    def lms_record_types(self) -> Sequence[RecordType]:
        return (RecordType(key="finding", title=words("Something found"), icon="search"),)

    @hookimpl
    def lms_technology_categories(self) -> Sequence[TechnologyCategory]:
        return (TechnologyCategory(key="walking_aid", title=words("Walking aid")),)

    @hookimpl
    def lms_run_time(self, runs):
        asked = TimeAsked(role="host", stretch="during", minutes=90)
        return {run.id: [asked] for run in runs if run.course_type == "demanding"}

    @hookimpl
    def lms_run_needs(self, runs):
        if self.broken:
            raise RuntimeError("out of order")
        return {
            run.id: [
                RunNeed(
                    key="demanding.paper",
                    state="announced",
                    title=words("A paper"),
                    met=self.met,
                    who=words("The printer has it."),
                    url="/printer",
                )
            ]
            for run in runs
            if run.course_type == "demanding"
        }
