"""Verbs of this plugin. They flush; the caller's unit of work commits."""

from lms_technology_trials.services.practice import (
    copy_technology,
    set_safe_use,
    write_log,
    write_technology,
)
from lms_technology_trials.services.publishing import publish

__all__ = ["copy_technology", "publish", "set_safe_use", "write_log", "write_technology"]
