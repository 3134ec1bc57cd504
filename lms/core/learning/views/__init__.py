"""Pages of learning: what one teaches, the register, completion, sums without names."""

from lms.core.learning.views import (
    checking_in,
    completing,
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
    "blueprint",
    "blueprints",
    "checking_in",
    "completing",
    "meeting_lists",
    "outline",
    "register",
    "sums",
    "talk",
    "teaching",
]
