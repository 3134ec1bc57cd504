"""Two versions of a course beside each other."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from lms.core.catalogue.queries import history_of
from lms.core.learning import presenting_building as words
from lms.core.learning.comparing import compare
from lms.core.learning.queries.lineage import first_of_each
from lms.core.learning.queries.outline import activities_in_version
from lms.core.learning.views.base import blueprint
from lms.core.learning.views.building import card_of
from lms.web import access, current_actor, not_found, page


@blueprint.get("/build/version/<key>/compare")
@access()
def version_compare(key: str) -> Response:
    """What differs from another version of the course: the one before, if none is asked for."""
    actor = current_actor()
    card = card_of(key, actor)
    others = [other for other in history_of(card.course_id) if other.key != key]
    earlier = [other for other in others if other.number < card.number]
    chosen = request.args.get("with", "")
    wanted = chosen or next((other.key for other in earlier or others), "")
    if chosen and chosen not in {other.key for other in others}:
        not_found()
    other_card = card_of(wanted, actor) if wanted else None
    comparison = None
    if other_card is not None:
        old, new = activities_in_version(other_card.id), activities_in_version(card.id)
        first = first_of_each([activity.id for activity in (*old, *new)])
        comparison = compare(other_card, card, old, new, first)
    return page(
        "learning/build_compare.html",
        card=card,
        other=other_card,
        others=others,
        found=comparison,
        states=words.STATE_WORDS,
    )
