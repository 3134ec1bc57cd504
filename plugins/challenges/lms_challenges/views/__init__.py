"""Pages of the challenges plugin, one module for each side of the work."""

from lms_challenges.views import desk, funnel, heat, merging, problems
from lms_challenges.views.base import blueprint

__all__ = ["blueprint", "desk", "funnel", "heat", "merging", "problems"]
