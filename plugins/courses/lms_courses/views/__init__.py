"""Pages of the courses plugin, one module for each side of the work."""

from lms_courses.views import (
    applying,
    calls,
    case_negotiating,
    case_uses,
    cases,
    deciding,
    decisions,
    journeys,
    ndas,
    plans,
    sharing,
    tryouts,
)
from lms_courses.views.base import blueprint

__all__ = [
    "applying",
    "blueprint",
    "calls",
    "case_negotiating",
    "case_uses",
    "cases",
    "deciding",
    "decisions",
    "journeys",
    "ndas",
    "plans",
    "sharing",
    "tryouts",
]
