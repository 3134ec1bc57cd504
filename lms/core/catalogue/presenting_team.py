"""A run's team as its page shows it: each task with who has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.contracts import RunFunction
from lms.core.catalogue.needs import functions_of
from lms.core.catalogue.queries import TEAM_RIGHTS, TeamFacts
from lms.core.catalogue.words import BY_WORDS, ROLE_TASKS, ROLE_WORDS
from lms.web.i18n import gettext as _
from lms.web.i18n import local, marked

NAMED_HERE = ("programme_lead", "teacher", "evaluator")
"""Roles that are given on the page; who teaches for a company has a slot to teach."""
UNKNOWN = marked("A task that this kind of course does not have")
ASSESSING = frozenset(role for role, rights in TEAM_RIGHTS.items() if "learning.teach" in rights)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Somebody who has a task. `silent`: they would assess, but work for a company now."""

    person_key: str
    name: str
    place: str
    silent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A role or function: `by` says before what somebody must have it, where somebody must."""

    role: str
    title: str
    text: str
    by: str
    holders: Sequence[Holder]
    offered: bool

    @property
    def missing(self) -> bool:
        """Must somebody have it, and has nobody?"""
        return bool(self.by) and not self.holders


def choices(functions: Iterable[RunFunction]) -> list[tuple[str, str]]:
    """What somebody may be named for: the functions of the type, then the roles."""
    return [
        *((one.key, local(one.title)) for one in functions),
        *((role, _(ROLE_WORDS[role])) for role in NAMED_HERE),
    ]


def in_words(course_type: str, role: str) -> tuple[str, str]:
    """What somebody is named for: its title, and the task in a sentence; the role as it is called
    in the database when nobody here knows it."""
    if role in ROLE_WORDS:
        return _(ROLE_WORDS[role]), _(ROLE_TASKS[role])
    functions = {one.key: one for one in functions_of(course_type)}
    found = functions.get(role)
    return (local(found.title), local(found.task)) if found else (role, "")


def tasks(
    team: Iterable[TeamFacts],
    functions: Sequence[RunFunction],
    offered: Sequence[tuple[str, str]],
) -> list[Task]:
    """All roles and functions, those of the type first; a role that nobody here knows any more
    comes last."""
    holders: dict[str, list[Holder]] = defaultdict(list)
    for member in team:
        place = [local(member.function) if member.function else "", member.organisation or ""]
        holders[member.role].append(
            Holder(
                person_key=member.person_key,
                name=member.name,
                place=", ".join(filter(None, place)),
                silent=member.of_company and member.role in ASSESSING,
            )
        )
    may_name = {role for role, _title in offered}
    found = [
        Task(
            role=one.key,
            title=local(one.title),
            text=local(one.task),
            by=_(BY_WORDS[one.by]) if one.required else "",
            holders=holders.pop(one.key, ()),
            offered=True,
        )
        for one in functions
    ]
    for role, title in ROLE_WORDS.items():
        there = holders.pop(role, ())
        if there or role in may_name:
            found.append(
                Task(
                    role=role,
                    title=_(title),
                    text=_(ROLE_TASKS[role]),
                    by="",
                    holders=there,
                    offered=role in may_name,
                )
            )
    return found + [
        Task(role=role, title=_(UNKNOWN), text=role, by="", holders=there, offered=False)
        for role, there in sorted(holders.items())
    ]
