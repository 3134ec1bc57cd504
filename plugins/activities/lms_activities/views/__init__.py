"""Pages of the activity types, one module for each side of a type."""

from lms_activities.views import (
    assignment,
    check_list,
    file,
    in_between,
    link,
    marking,
    observation,
    page,
    practice_log,
    quiz,
    quiz_editing,
    quiz_results,
    reading,
    records,
    seen,
)
from lms_activities.views.base import blueprint

__all__ = [
    "assignment",
    "blueprint",
    "check_list",
    "file",
    "in_between",
    "link",
    "marking",
    "observation",
    "page",
    "practice_log",
    "quiz",
    "quiz_editing",
    "quiz_results",
    "reading",
    "records",
    "seen",
]
