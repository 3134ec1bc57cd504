"""Pages of learning: what one teaches, the register, completion, sums without names."""

from lms.core.learning.views import (
    agreeing,
    assessing,
    building,
    building_compare,
    building_runs,
    building_writing,
    checking_in,
    company,
    completing,
    desk,
    groups,
    meeting_lists,
    outline,
    register,
    sums,
    talk,
    teaching,
)
from lms.core.learning.views.base import blueprint

blueprints = (blueprint,)

__all__ = [
    "agreeing",
    "assessing",
    "blueprint",
    "blueprints",
    "building",
    "building_compare",
    "building_runs",
    "building_writing",
    "checking_in",
    "company",
    "completing",
    "desk",
    "groups",
    "meeting_lists",
    "outline",
    "register",
    "sums",
    "talk",
    "teaching",
]
