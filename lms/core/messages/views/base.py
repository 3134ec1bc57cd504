"""What the pages of the room share."""

from __future__ import annotations

from flask import Blueprint

from lms.contracts import Actor
from lms.web import not_found

blueprint = Blueprint("messages", __name__)


def person_of(actor: Actor) -> int:
    """The signed-in person's id."""
    if actor.person_id is None:
        not_found()
    return actor.person_id
