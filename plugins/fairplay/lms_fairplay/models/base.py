"""The plugin's declarative base, and keys between its own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey

from lms.api import plugin_base

if TYPE_CHECKING:  # a base made by a function is nothing that a type checker can read
    from sqlalchemy.orm import DeclarativeBase as Base
else:
    Base = plugin_base("fairplay")

__all__ = ["Base", "own"]


def own(table: str, *, nullable: bool = False) -> ForeignKey:
    """A key into another table of this plugin."""
    return ForeignKey(f"fairplay_{table}.id", ondelete="SET NULL" if nullable else "CASCADE")
