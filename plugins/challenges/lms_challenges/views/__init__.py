"""Pages of the challenges plugin, one module for each side of the work."""

from lms_challenges.views import (
    challenges,
    concerning,
    desk,
    funnel,
    gates,
    heat,
    ideas,
    maturing,
    merging,
    methods,
    problems,
    public,
    scores,
    workroom,
)
from lms_challenges.views.base import blueprint

__all__ = [
    "blueprint",
    "challenges",
    "concerning",
    "desk",
    "funnel",
    "gates",
    "heat",
    "ideas",
    "maturing",
    "merging",
    "methods",
    "problems",
    "public",
    "scores",
    "workroom",
]
