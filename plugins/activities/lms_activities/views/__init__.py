"""Pages of the activity types, one module for each side of a type."""

from lms_activities.views import (
    assignment,
    in_between,
    marking,
    quiz,
    quiz_editing,
    quiz_results,
    records,
    seen,
)
from lms_activities.views.base import blueprint

__all__ = [
    "assignment",
    "blueprint",
    "in_between",
    "marking",
    "quiz",
    "quiz_editing",
    "quiz_results",
    "records",
    "seen",
]
