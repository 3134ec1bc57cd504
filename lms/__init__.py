"""Samspil: a small core for users and enrolment, and plugins for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lms.app import create_app as create_app

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`lms.create_app` for `flask --app lms`, loaded only when somebody asks for it."""
    if name == "create_app":
        from lms.app import create_app

        return create_app
    raise AttributeError(name)
