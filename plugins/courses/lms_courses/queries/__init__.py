"""Questions of the courses plugin."""

from lms_courses.queries.case_uses import case_of_run
from lms_courses.queries.cases import CaseFacts

__all__ = ["CaseFacts", "case_of_run"]
