"""What weighs most: the heat list."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from lms.api import UNIT_KINDS, access, asked_page, current_actor, language, page, pager
from lms_challenges import presenting_heat as presenting
from lms_challenges import presenting_problems as problems
from lms_challenges.queries.heat import HeatFilter, heat_list
from lms_challenges.queries.seeing import READ, reader_of
from lms_challenges.scales import FREQUENCIES, FREQUENCY_WEIGHTS, SEVERITIES
from lms_challenges.views.base import blueprint
from lms_challenges.views.tabs import problem_tabs


@blueprint.get("/heat")
@access(READ, rate="search")
def heat() -> Response:
    """Problems by what they weigh, with their spread, for those who may read them."""
    actor = current_actor()
    reader = reader_of(actor)
    asked = _asked()
    found = heat_list(actor, asked, language=language(), page=asked_page(), reader=reader)
    return page(
        "challenges/heat.html",
        found=found,
        asked=asked,
        elsewhere=reader.reads_own_only,
        pager=pager(found.number, found.number + found.has_more),
        tabs=problem_tabs(actor, "heat"),
        words=problems,
        countries=presenting.countries(found.countries),
        place_kinds=presenting.place_kinds(),
        frequencies=[(text, FREQUENCY_WEIGHTS[code]) for code, text in FREQUENCIES.items()],
        severities=SEVERITIES,
    )


def _asked() -> HeatFilter:
    """What the address asks for; what cannot be meant is left out."""
    place_kind, country = request.args.get("place", ""), request.args.get("country", "")
    return HeatFilter(
        place_kind=place_kind if place_kind in UNIT_KINDS else "",
        country=country if len(country) == 2 and country.isascii() and country.isupper() else "",
        theme=request.args.get("q", "")[:100],
    )
