"""Letters about tenders: who leads something that stops is told, with the officer's reason."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    JournalEntryFacts,
    LocalisedText,
    active_among,
    marked,
    queue_note,
    runs_by_id,
    site_address,
    team_of,
)
from lms_fairplay.kinds import KINDS
from lms_fairplay.queries.seeing import gone_to_companies
from lms_fairplay.queries.tenders import RunningFacts, running_by_id
from lms_fairplay.words import domain, filled

DECIDED = "fairplay.running_decided"
LEADS = ("programme_lead", "teacher")
SUBJECT = marked("%(company)s waits: a tender is coming")
TEXT = marked(
    "“%(what)s” (%(kind)s) stops until the information pack is public. The procurement officer "
    "says why: %(reason)s"
)
WHY = marked("You get this because you lead what stops.")


def tell_leads(entries: Sequence[JournalEntryFacts]) -> None:
    """Whoever leads something that was stopped hears of it: the leads of its run, else who wrote it
    down, but for who has gone to a company. What was decided anew since is not told as it was."""
    told = [e for e in entries if e.verb == DECIDED and e.data["decision"] == "stops"]
    if not told:
        return
    found = running_by_id([int(entry.data["running_id"]) for entry in told])
    for entry in told:
        running = found.get(int(entry.data["running_id"]))
        if running is not None and running.decision == "stops":
            leads = active_among(_leads(running))
            for person_id in sorted(leads - gone_to_companies(leads)):
                _write(f"fairplay:{entry.id}:{person_id}", person_id, running)


def _leads(running: RunningFacts) -> Sequence[int]:
    team = team_of(running.run_id) if running.run_id else []
    for role in LEADS:
        if found := [one.person_id for one in team if one.role == role]:
            return found
    return [running.written_by_id] if running.written_by_id else []


def _write(effect: str, person_id: int, running: RunningFacts) -> None:
    kind = KINDS[running.kind].as_dict() if running.kind in KINDS else {}
    what = running.what
    texts = domain.localised(TEXT).as_dict()
    text = LocalisedText(
        **{
            code: words
            % {
                "what": what.in_language(code),
                "kind": kind.get(code, running.kind),
                "reason": running.reason,
            }
            for code, words in texts.items()
        }
    )
    runs = runs_by_id([running.run_id], hosts=False) if running.run_id else {}
    run = runs.get(running.run_id) if running.run_id else None
    queue_note(
        effect,
        person_id,
        subject=filled(SUBJECT, company=running.company),
        text=text,
        label=domain.localised(marked("See the run") if run else marked("To my page")),
        url=site_address("catalogue.run", key=run.key) if run else site_address("home.mine"),
        why=domain.localised(WHY),
    )
