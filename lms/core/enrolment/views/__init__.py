"""Pages about seats: asking, one enrolment, the manager's page, answers by mail, participants."""

from lms.core.enrolment import api
from lms.core.enrolment.views import answers, asking, own, people
from lms.core.enrolment.views.base import blueprint

blueprints = (blueprint, api.blueprint)

__all__ = ["answers", "asking", "blueprint", "blueprints", "own", "people"]
