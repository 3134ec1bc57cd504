"""Tables of plugins: a registry of its own for each, checked prefixes, keys into the core."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ForeignKey, MetaData, Table
from sqlalchemy.orm import DeclarativeBase

from lms.core.catalogue.models import Course, CourseSession, CourseVersion, Run, TeachingSlot
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Group, Work
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Person
from lms.db import NAMING_CONVENTION, Base
from lms.files.models import Document

TARGETS: dict[str, type[Base]] = {
    "organisation": Organisation,
    "unit": Unit,
    "function": Function,
    "person": Person,
    "course": Course,
    "course_version": CourseVersion,
    "run": Run,
    "course_session": CourseSession,
    "teaching_slot": TeachingSlot,
    "enrolment": Enrolment,
    "group": Group,
    "activity": Activity,
    "work": Work,
    "document": Document,
}


def plugin_base(plugin: str) -> type[DeclarativeBase]:
    """A declarative base for one plugin's tables, with its own registry and metadata.

    A table whose name does not begin with `<plugin>_` raises `TypeError` when its class is made;
    every table is stamped `info["owner"]`.
    """

    class PluginBase(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING_CONVENTION)

        def __init_subclass__(cls, **kwargs: Any) -> None:
            name = cls.__dict__.get("__tablename__", "")
            if name and not name.startswith(f"{plugin}_"):
                raise TypeError(f"the table {name} of plugin {plugin} must begin with {plugin}_")
            super().__init_subclass__(**kwargs)
            if name:
                cast(Table, cls.__table__).info["owner"] = plugin

    return PluginBase


def fk(target: str, *, ondelete: str = "CASCADE") -> ForeignKey:
    """A key into a table of the core (`TARGETS`), `CASCADE` or `SET NULL` only: the core never
    deletes what people refer to, it closes and anonymises."""
    if ondelete not in ("CASCADE", "SET NULL"):
        raise ValueError(f"a plugin's key may CASCADE or SET NULL, not {ondelete}")
    return ForeignKey(TARGETS[target].__table__.c.id, ondelete=ondelete)
