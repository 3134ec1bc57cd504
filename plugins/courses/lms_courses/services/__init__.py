"""Verbs of the courses plugin."""

from lms_courses.services.cases import copy_cases, write_case

__all__ = ["copy_cases", "write_case"]
