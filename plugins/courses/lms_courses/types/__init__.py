"""The course types this plugin brings, as data: one JSON file each, texts in three languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lms.api import (
    ActivityPlan,
    CompletionRule,
    CourseType,
    EvaluationMoment,
    LocalisedText,
    ModulePlan,
    Phase,
    RunFunction,
    TimeAsked,
)

COMPANY = "company_competence_track"
STAFF = "staff_innovation_track"
STUDENT = "student_module"
KEYS = (COMPANY, STAFF, STUDENT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Something asked of a participant outside the sessions, and the minutes it takes."""

    text: LocalisedText
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeData:
    """A course type: what the core knows of it (`plan`), and what only this plugin says.

    `declared` says what the teacher has seen when the work is vouched for.
    """

    plan: CourseType
    before: Asked
    after: Asked
    declared: LocalisedText


@cache
def type_data(key: str) -> TypeData:
    """One of `KEYS`. Raises `KeyError` for any other."""
    if key not in KEYS:
        raise KeyError(key)
    data = json.loads((Path(__file__).parent / f"{key}.json").read_text(encoding="utf-8"))
    before, after = _asked(data["before"]), _asked(data["after"])
    plan = CourseType(
        key=data["key"],
        title=text_of(data["title"]),
        summary=text_of(data["summary"]),
        icon=data["icon"],
        phases=tuple(
            Phase(key=p["key"], title=text_of(p["title"]), purpose=text_of(p["purpose"]))
            for p in data["phases"]
        ),
        modules=tuple(_module(module) for module in data["modules"]),
        rule=CompletionRule(**data["rule"]),
        certificate_kind=data["certificate_kind"],
        manager_decides=data["manager_decides"],
        collects_requests=data["collects_requests"],
        minimum=data["minimum"],
        capacity=data["capacity"],
        ways=tuple(data.get("ways", ())),
        entry_page=data.get("entry_page", ""),
        days_between=data.get("days_between", 7),
        weekdays=tuple(data.get("weekdays", ())),
        functions=tuple(_function(function) for function in data["functions"]),
        moments=tuple(_moment(moment) for moment in data["moments"]),
        asks=(
            TimeAsked(role="participant", stretch="before", minutes=before.minutes),
            TimeAsked(role="participant", stretch="after", minutes=after.minutes),
            *(TimeAsked(**asked) for asked in data["asks"]),
        ),
        shares=data["shares"],
    )
    return TypeData(
        plan=plan,
        before=before,
        after=after,
        declared=text_of(data["declared"]),
    )


def course_types() -> tuple[CourseType, ...]:
    """All course types of this plugin."""
    return tuple(type_data(key).plan for key in KEYS)


def text_of(value: Mapping[str, str]) -> LocalisedText:
    """A text in the three languages from {"da": ..., "sv": ..., "en": ...}."""
    return LocalisedText.from_dict(value)


def _module(data: Mapping[str, Any]) -> ModulePlan:
    return ModulePlan(
        key=data["key"],
        phase=data["phase"],
        title=text_of(data["title"]),
        content=text_of(data["content"]),
        minutes=data["minutes"],
        activity_type=data.get("activity_type", "session"),
        between=text_of(data["between"]) if data["between"] else None,
        between_minutes=data["between_minutes"],
        ends_in=data.get("ends_in", ""),
        activities=tuple(_activity(activity) for activity in data.get("activities", ())),
    )


def _activity(data: Mapping[str, Any]) -> ActivityPlan:
    return ActivityPlan(**{**data, "title": text_of(data["title"])})


def _function(data: Mapping[str, Any]) -> RunFunction:
    return RunFunction(
        key=data["key"],
        title=text_of(data["title"]),
        task=text_of(data["task"]),
        required=data["required"],
        by=data.get("by", "open"),
        permissions=tuple(data.get("permissions", ())),
    )


def _moment(data: Mapping[str, Any]) -> EvaluationMoment:
    return EvaluationMoment(
        **{**data, "title": text_of(data["title"]), "asked": tuple(data["asked"])}
    )


def _asked(data: Mapping[str, Any]) -> Asked:
    return Asked(text=text_of(data["text"]), minutes=data["minutes"])
