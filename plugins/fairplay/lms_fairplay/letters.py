"""Letters about corrections, and about declarations that end.

Each has one effect and goes once. Nobody's words travel in them: they are read on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lms.api import (
    JournalEntryFacts,
    active_among,
    marked,
    organisations_by_id,
    people_at,
    people_who_may,
    queue_note,
    site_address,
)
from lms_fairplay.days import said_day
from lms_fairplay.permissions import AID, PROCURE
from lms_fairplay.queries.lapsing import Lapsing
from lms_fairplay.queries.lines import corrections_by_id, lines_by_id
from lms_fairplay.queries.seeing import gone_to_companies
from lms_fairplay.words import domain, filled

CORRECTED, ANSWERED = "fairplay.corrected", "fairplay.correction_answered"
WHY_AUTHORITY = marked("You get this because you follow contacts with companies.")
WHY_COMPANY = marked("You get this because you work for the company.")
WHY_ASKED = marked("You get this because you asked for a correction.")


def tell_about_corrections(entries: Sequence[JournalEntryFacts]) -> None:
    """Who looks after the authority's contacts hears of a correction, who asked of the answer. A
    fixed number of queries."""
    told = [entry for entry in entries if entry.verb in (CORRECTED, ANSWERED)]
    if not told:
        return
    lines = lines_by_id(entry.subject_id for entry in told)
    corrections = corrections_by_id(int(entry.data["correction_id"]) for entry in told)
    companies = organisations_by_id(line.company_id for line in lines.values())
    asked = active_among(one.by_id for one in corrections.values() if one.by_id is not None)
    for entry in told:
        line = lines.get(entry.subject_id)
        correction = corrections.get(int(entry.data["correction_id"]))
        if line is None or correction is None:
            continue
        if entry.verb == ANSWERED:
            if correction.by_id in asked and correction.by_id is not None:
                queue_note(
                    f"fairplay:{entry.id}:{correction.by_id}",
                    correction.by_id,
                    subject=filled(
                        marked("%(authority)s has answered your correction"),
                        authority=line.authority,
                    ),
                    text=domain.localised(marked("Both stand beside the line now.")),
                    label=domain.localised(marked("Read the answer")),
                    url=site_address("fairplay.mine", company=companies[line.company_id].key),
                    why=domain.localised(WHY_ASKED),
                )
            continue
        for person_id in who_looks_after([line.authority_id]):
            queue_note(
                f"fairplay:{entry.id}:{person_id}",
                person_id,
                subject=filled(marked("%(company)s asks for a correction"), company=line.company),
                text=domain.localised(
                    marked(
                        "They say that something in your contact log is not right. The line stays "
                        "as it is, their words and your answer stand beside it."
                    )
                ),
                label=domain.localised(marked("Read it and answer")),
                url=site_address("fairplay.company", key=companies[line.company_id].key),
                why=domain.localised(WHY_AUTHORITY),
            )


def who_looks_after(authority_ids: Iterable[int]) -> Sequence[int]:
    """Who follows the contacts of these authorities: their procurement officers, else who writes
    down aid there, else whoever looks after the site; without who has gone to a company. Four
    queries."""
    wanted = list(authority_ids)
    procure = _staying(people_who_may(PROCURE), wanted)
    aid = _staying(people_who_may(AID), wanted)
    found: dict[int, None] = {}
    for authority_id in wanted:
        those = procure[authority_id] or aid[authority_id] or procure[None]
        found |= dict.fromkeys(those)
    return list(found)


def _staying(
    held: Mapping[int | None, Sequence[int]], authority_ids: Iterable[int]
) -> Mapping[int | None, Sequence[int]]:
    """Of who holds something at these authorities, and everywhere (None), those who work for no
    company."""
    asked = {where: held.get(where, ()) for where in (*authority_ids, None)}
    gone = gone_to_companies(one for those in asked.values() for one in those)
    return {where: [one for one in those if one not in gone] for where, those in asked.items()}


# --- declarations that end ----------------------------------------------------------------------

SOON: tuple[str, str] = (
    marked("The declaration of neutrality of %(company)s ends soon"),
    marked(
        "It holds to %(day)s. After that the company can neither teach nor test nor get feedback, "
        "until somebody from the company signs anew."
    ),
)
OVER: tuple[str, str] = (
    marked("The declaration of neutrality of %(company)s has ended"),
    marked(
        "It held to %(day)s. The company can neither teach nor test nor get feedback until "
        "somebody from the company signs anew."
    ),
)


def tell_of_lapsing(found: Sequence[Lapsing], *, over: bool) -> int:
    """Letters to everybody of these companies, and to those who lead aid and procurement where
    the company is in a run. How many letters."""
    words = OVER if over else SOON
    letters = 0
    people = people_at([one.company_id for one in found])
    companies = organisations_by_id(one.company_id for one in found)
    for one in found:
        values = {"company": one.company, "day": said_day(one.last_day)}
        subject, text = (filled(message, **values) for message in words)
        effect = f"fairplay:declaration:{one.declaration_id}:{one.company_id}:{over}"
        key = companies[one.company_id].key
        for person_id in people.get(one.company_id, ()):
            letters += queue_note(
                f"{effect}:{person_id}",
                person_id,
                subject=subject,
                text=text,
                label=domain.localised(marked("Read it and sign")),
                url=site_address("fairplay.declare", key=key),
                why=domain.localised(WHY_COMPANY),
            )
        for person_id in _leads({id_ for those in one.authorities.values() for id_ in those}):
            letters += queue_note(
                f"{effect}:{person_id}",
                person_id,
                subject=subject,
                text=text,
                label=domain.localised(marked("See the company")),
                url=site_address("fairplay.company", key=key),
                why=domain.localised(WHY_AUTHORITY),
            )
    return letters


def _leads(authority_ids: set[int]) -> Sequence[int]:
    """Who writes down aid for these authorities, which their programme leads do."""
    may = _staying(people_who_may(AID), authority_ids)
    found: dict[int, None] = {}
    for authority_id in sorted(authority_ids):
        found |= dict.fromkeys(may[authority_id])
    return list(found)
