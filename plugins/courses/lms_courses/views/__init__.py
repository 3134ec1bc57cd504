"""Pages of the courses plugin, one module for each side of the work."""

from lms_courses.views import (
    applying,
    calls,
    case_negotiating,
    case_uses,
    cases,
    deciding,
    decisions,
    giving,
    journeys,
    ndas,
    offers,
    panels,
    plans,
    reading_feedback,
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
    "giving",
    "journeys",
    "ndas",
    "offers",
    "panels",
    "plans",
    "reading_feedback",
    "sharing",
    "tryouts",
]
