"""What the pages of the catalogue share."""

from __future__ import annotations

from flask import Blueprint

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import may_in_run, run_by_key
from lms.web import not_found

MANAGE = "catalogue.manage"

blueprint = Blueprint("catalogue", __name__)


def managed(key: str, actor: Actor) -> RunFacts:
    """The run, if the actor manages it; else 404."""
    found = run_by_key(key, actor)
    if found is None or not may_in_run(actor, found, MANAGE):
        not_found()
    return found
