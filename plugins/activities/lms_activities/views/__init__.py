"""Pages of the activity types, one module for each side of a type."""

from lms_activities.views.base import blueprint

__all__ = ["blueprint"]
