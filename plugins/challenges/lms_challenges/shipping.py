"""Version 1 of the method and of the model, taken in by the worker where there is none."""

from __future__ import annotations

from datetime import timedelta

from lms.api import Finish, JobContext, JobType
from lms_challenges.documents import KINDS
from lms_challenges.services.methods import ensure


def take_in(_context: JobContext) -> Finish:
    """What the plugin brings, for a site that has no version yet."""

    def write() -> None:
        for kind in KINDS:
            ensure(kind)

    return write


SHIPPING = JobType(name="challenges.first_versions", run=take_in, every=timedelta(days=1))
