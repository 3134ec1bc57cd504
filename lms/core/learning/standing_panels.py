"""The panel on the page of an enrolment: how somebody stands, in words they can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.contracts import Actor, EnrolmentFacts, Panel
from lms.core.learning import presenting, presenting_standing
from lms.core.learning.presenting_standing import how_they_stand
from lms.core.learning.queries import progress_of
from lms.core.learning.queries.assessing import results_of, waivers_of
from lms.web.i18n import core_domain
from lms.web.i18n import marked as _

SHOWN = frozenset({"seated", "active", "completed", "not_completed"})


def panels(enrolments: Sequence[EnrolmentFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """How each one stands, by id. At most three queries where everybody has a standing."""
    taking_part = [e for e in enrolments if e.state in SHOWN]
    if not taking_part:
        return {}
    ids = [enrolment.id for enrolment in taking_part]
    works = progress_of(ids)
    stands = how_they_stand(taking_part, works=works)
    waivers = waivers_of(ids) if any(_let_off(one) for one in stands.values()) else {}
    results = results_of(ids)
    found = {}
    for enrolment in taking_part:
        if (one := stands.get(enrolment.id)) is None:
            continue
        agreement = works[enrolment.id].agreement
        asked = any(reason.name == "agreement" for reason in one.facts.reasons)
        has_one = bool(agreement) or asked or enrolment.manager_id is not None
        values = {
            "stands": one,
            "standing_badge": presenting.standing_badge(one.facts),
            "reason_icons": presenting.REASON_ICONS,
            "waived": [
                (waived, presenting_standing.condition_title(waived.condition))
                for waived in waivers.get(enrolment.id, ())
            ],
            "outcomes": presenting_standing.outcomes_in_words(results.get(enrolment.id, ())),
            "agreement_url": url_for("learning.agreement", key=enrolment.key) if has_one else None,
            "agreement_badge": presenting_standing.agreement_badge(agreement)
            if agreement
            else None,
            "own": enrolment.person_id == actor.person_id,
            "outline_url": url_for("learning.outline", key=enrolment.key)
            if enrolment.person_id == actor.person_id
            else None,
            "zone": None,
        }
        found[enrolment.id] = (
            Panel(
                template="learning/standing_panel.html",
                values=values,
                title=core_domain.localised(_("Taking part and completing")),
                order=10,
            ),
        )
    return found


def _let_off(stands: presenting_standing.Stands) -> bool:
    return any(reason.waived for reason in stands.facts.reasons)
