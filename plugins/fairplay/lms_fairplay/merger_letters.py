"""Letters about mergers: what was written of one company is read by another from then on, so both
hear of it, and everybody who looks after an authority that has to do with one of them."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    JournalEntryFacts,
    marked,
    organisations_by_id,
    people_at,
    queue_note,
    site_address,
)
from lms_fairplay.letters import WHY_AUTHORITY, WHY_COMPANY, who_looks_after
from lms_fairplay.queries.families import MergerFacts, authorities_with, mergers_by_id
from lms_fairplay.words import domain, filled

TOLD = {
    "fairplay.merged": (
        marked("%(company)s is now part of %(into)s"),
        marked(
            "What was written of both is read together from now on. Write to whoever looks after "
            "this site when that is not right."
        ),
    ),
    "fairplay.parted": (
        marked("%(company)s is not part of %(into)s any more"),
        marked("What was written of each is read by itself from now on."),
    ),
}


def tell_of_mergers(entries: Sequence[JournalEntryFacts]) -> None:
    """Letters to the people of both companies and to who looks after their authorities. A fixed
    number of queries for each merger."""
    told = [entry for entry in entries if entry.verb in TOLD]
    if not told:
        return
    mergers = mergers_by_id(int(entry.data["merger_id"]) for entry in told)
    for entry in told:
        merger = mergers.get(int(entry.data["merger_id"]))
        if merger is not None:
            _tell(entry, merger)


def _tell(entry: JournalEntryFacts, merger: MergerFacts) -> None:
    both = (merger.company_id, merger.into_id)
    companies = organisations_by_id(both)
    readers = {
        person_id: (site_address("fairplay.mine"), WHY_COMPANY)
        for those in people_at(both).values()
        for person_id in those
    }
    about = site_address("fairplay.company", key=companies[merger.into_id].key)
    for person_id in who_looks_after(sorted(authorities_with(both))):
        readers.setdefault(person_id, (about, WHY_AUTHORITY))
    subject, text = TOLD[entry.verb]
    for person_id, (url, why) in sorted(readers.items()):
        queue_note(
            f"fairplay:{entry.id}:{person_id}",
            person_id,
            subject=filled(subject, company=merger.company, into=merger.into),
            text=domain.localised(text),
            label=domain.localised(marked("See the contacts")),
            url=url,
            why=domain.localised(why),
        )
