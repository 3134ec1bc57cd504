"""What a company track needs before companies can get into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import LocalisedText, RunFacts, RunNeed, site_address
from lms_courses.queries.calls import calls_of
from lms_courses.types import COMPANY

CALL_TITLE = LocalisedText(
    da="En indkaldelse med kriterier og frist",
    sv="En utlysning med kriterier och sista dag",
    en="A call with criteria and a last day",
)
CALL_WHO = LocalisedText(
    da="Den forløbsansvarlige skriver den.",
    sv="Den programansvariga skriver den.",
    en="The programme lead writes it.",
)


def call_needs(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """A call before a company track opens. One query, none without company tracks."""
    tracks = [run for run in runs if run.course_type == COMPANY]
    calls = calls_of([run.id for run in tracks])
    return {
        run.id: (
            RunNeed(
                key="courses.call",
                state="open",
                title=CALL_TITLE,
                met=run.id in calls,
                who=CALL_WHO,
                url=site_address("courses.write_call", key=run.key),
            ),
        )
        for run in tracks
    }
