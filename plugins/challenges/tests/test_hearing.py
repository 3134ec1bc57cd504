"""Who hears of what came of a challenge (CT4-1): asked for by whoever makes something of it."""

from __future__ import annotations

from typing import Any

from lms.api import SYSTEM, record_as_seen
from lms_challenges.services.desk import accept_into_new
from lms_challenges.services.merging import merge


def test_who_sent_the_problems_and_who_looks_after_the_challenge_hear(care: Any) -> None:
    lead = care.worker("Lise Leder", care.north)
    care.maker.access_role(person=lead, role="programme_lead", organisation=care.north)
    anna, bo, gone = care.worker("Anna"), care.worker("Bo"), care.worker("Gerd")
    first, second = care.problem(anna, checked=True), care.problem(bo, checked=True)
    care.problem(gone)
    key = care.do(accept_into_new, first, "Et hjem er også en arbejdsplads", care.actor(lead))
    care.do(merge, second.id, first.id, care.actor(lead), reason="Det samme")
    with care.app.app_context():
        found = record_as_seen("challenge", key, SYSTEM)
        seen = record_as_seen("challenge", key, care.actor(lead))
    assert found is not None
    assert seen is not None
    assert set(found[1].hear) == {lead.id, anna.id, bo.id}
    assert found[1].hear[0] == lead.id
    assert seen[1].hear == ()  # only who writes the letters needs to know them
