"""What a student module needs of its case before it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import LocalisedText, RunFacts, RunNeed, site_address
from lms_courses.queries.case_uses import uses_in_runs
from lms_courses.queries.ndas import ndas_in_runs
from lms_courses.types import STUDENT

CASE_TITLE = LocalisedText(
    da="En case fra en virksomhed", sv="Ett case från ett företag", en="A case from a company"
)
CASE_WHO = LocalisedText(
    da="Underviseren vælger den i samlingen.",
    sv="Läraren väljer det i samlingen.",
    en="The teacher chooses it in the library.",
)
NDA_TITLE = LocalisedText(
    da="En underskrevet aftale om det, der er hemmeligt i casen",
    sv="Ett undertecknat avtal om det som är hemligt i caset",
    en="A signed agreement on what is secret in the case",
)
NDA_WHO = LocalisedText(
    da="Skolen og virksomheden skriver under.",
    sv="Skolan och företaget skriver under.",
    en="The institution and the company sign it.",
)


def case_needs(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """A case before a student module opens, and what it promises in writing before it runs. None
    but the first query without cases that keep something secret, none at all without student
    modules."""
    modules = [run for run in runs if run.course_type == STUDENT]
    if not modules:
        return {}
    uses = uses_in_runs([run.id for run in modules])
    ndas = ndas_in_runs([run_id for run_id, use in uses.items() if use.case.with_nda])
    found: dict[int, Sequence[RunNeed]] = {}
    for run in modules:
        use = uses.get(run.id)
        needs = [
            RunNeed(
                key="courses.case",
                state="open",
                title=CASE_TITLE,
                met=use is not None,
                who=CASE_WHO,
                url=site_address("courses.run_cases", key=run.key),
            )
        ]
        if use is not None and use.case.with_nda:
            nda = ndas.get(run.id)
            needs.append(
                RunNeed(
                    key="courses.nda",
                    state="running",
                    title=NDA_TITLE,
                    met=nda is not None and nda.state == "signed",
                    who=NDA_WHO,
                    url=site_address("courses.case", key=use.case.key),
                )
            )
        found[run.id] = needs
    return found
