"""Questions of the courses plugin."""

from lms_courses.queries.cases import CaseFacts, cases_by_course

__all__ = ["CaseFacts", "cases_by_course"]
