"""Pages of learning: what one teaches, the register, completion, sums without names."""

from lms.core.learning.views import completing, outline, register, sums, teaching
from lms.core.learning.views.base import blueprint

blueprints = (blueprint,)

__all__ = ["blueprint", "blueprints", "completing", "outline", "register", "sums", "teaching"]
