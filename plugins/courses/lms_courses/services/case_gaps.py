"""What is missing before a case is published, each with who can supply it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.api import LocalisedText, Refusal, Refused
from lms_courses.queries.cases import CaseFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """One missing thing: what it is, and who can supply it."""

    key: str
    what: LocalisedText
    who: LocalisedText


def gaps_of(case: CaseFacts) -> Sequence[Gap]:
    """All that is missing, in the order in which it is best supplied."""
    found = []
    school = case.institution or ""
    if case.institution_id is None:
        found.append(
            Gap(
                key="institution",
                what=LocalisedText(
                    da="En skole, der tager den", sv="En skola som tar det", en="An institution"
                ),
                who=LocalisedText(
                    da="Den, der foreslog casen, vælger den.",
                    sv="Den som föreslog caset väljer den.",
                    en="Whoever proposed the case chooses it.",
                ),
            )
        )
    if case.practice_host_id is None:
        found.append(
            Gap(
                key="practice_host",
                what=LocalisedText(
                    da="Et sted i praksis", sv="En plats i praktiken", en="A place in practice"
                ),
                who=LocalisedText(
                    da="Underviseren eller virksomheden vælger det i casen.",
                    sv="Läraren eller företaget väljer det i caset.",
                    en="The teacher or the company chooses it in the case.",
                ),
            )
        )
    if case.rights_settled_at is None:
        found.append(
            Gap(
                key="rights",
                what=LocalisedText(
                    da="Hvem der ejer det, der kommer ud af det",
                    sv="Vem som äger det som kommer ut av det",
                    en="Who owns what comes of it",
                ),
                who=LocalisedText(
                    da=f"En underviser skriver det. {school}".strip(),
                    sv=f"En lärare skriver det. {school}".strip(),
                    en=f"A teacher writes it. {school}".strip(),
                ),
            )
        )
    if case.practice_checked_at is None:
        host = case.practice_host or ""
        found.append(
            Gap(
                key="practice",
                what=LocalisedText(
                    da="At praksis har set på den",
                    sv="Att praktiken har granskat det",
                    en="That practice has checked it",
                ),
                who=LocalisedText(
                    da=f"En leder i praksis gør det. {host}".strip(),
                    sv=f"En chef i praktiken gör det. {host}".strip(),
                    en=f"A manager in practice does it. {host}".strip(),
                ),
            )
        )
    return found


def said(gaps: Sequence[Gap]) -> Refused:
    """A reason for each."""
    return Refused(
        *(
            Refusal(
                code=f"missing.{gap.key}",
                message=LocalisedText(
                    da=f"Mangler: {gap.what.da}. {gap.who.da}",
                    sv=f"Saknas: {gap.what.sv}. {gap.who.sv}",
                    en=f"Missing: {gap.what.en}. {gap.who.en}",
                ),
            )
            for gap in gaps
        )
    )
