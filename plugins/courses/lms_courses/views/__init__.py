"""Pages of the courses plugin, one module for each side of the work."""

from lms_courses.views import case_negotiating, case_uses, cases, ndas
from lms_courses.views.base import blueprint

__all__ = ["blueprint", "case_negotiating", "case_uses", "cases", "ndas"]
