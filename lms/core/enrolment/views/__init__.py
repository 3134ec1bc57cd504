"""Pages about seats: asking, one enrolment, the manager's page, answers by mail, participants."""

from lms.core.enrolment import api
from lms.core.enrolment.views import (
    answers,
    asking,
    importing,
    kept,
    lead,
    lots,
    nominating,
    own,
    people,
    standing_in,
    terms,
)
from lms.core.enrolment.views.base import blueprint

blueprints = (blueprint, api.blueprint)

__all__ = [
    "answers",
    "asking",
    "blueprint",
    "blueprints",
    "importing",
    "kept",
    "lead",
    "lots",
    "nominating",
    "own",
    "people",
    "standing_in",
    "terms",
]
