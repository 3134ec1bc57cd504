"""Pages of the courses plugin, one module for each side of the work."""

from lms_courses.views.base import blueprint

__all__ = ["blueprint"]
