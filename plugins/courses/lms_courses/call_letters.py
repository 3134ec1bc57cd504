"""Letters about applications: to the address that stands in them, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    JournalEntryFacts,
    LocalisedText,
    Recipient,
    RunFacts,
    active_among,
    marked,
    people_who_may,
    queue_letter,
    queue_note,
    runs_by_id,
    site_address,
    team_of,
)
from lms_courses.letter_words import filled
from lms_courses.permissions import DECIDE
from lms_courses.queries.calls import ApplicationFacts, CallFacts, calls_of, own_applications
from lms_courses.queries.tracks import LEADING
from lms_courses.words import domain

Words = tuple[str, str]
"""Subject and text; `%(title)s` is the run's, `%(reason)s` and `%(criteria)s` what was written."""

DECIDED = "courses.application_decided"
TOLD: Mapping[str, Words] = {
    "courses.application_sent": (
        marked("We have your application: %(title)s"),
        marked("Nobody reads it before the last day is over. Then you get an answer."),
    ),
    "courses.application_withdrawn": (
        marked("Taken back: %(title)s"),
        marked("You have taken your application back. You need do nothing more."),
    ),
    "courses.place_offered": (
        marked("A place is free for you: %(title)s"),
        marked("Another company has given up its place. Say yes, and it is yours."),
    ),
}
"""Letters by the journal's verb."""
ANSWERED: Mapping[str, Words] = {
    "confirmed": (
        marked("You have a place: %(title)s"),
        marked("Welcome. Those you named get a mail each. The reason: %(reason)s"),
    ),
    "waiting": (
        marked("You are on the waiting list: %(title)s"),
        marked("When a place is free, it is offered to you. The reason: %(reason)s"),
    ),
    "refused": (
        marked("Not this time: %(title)s"),
        marked("The reason: %(reason)s It was decided by this: %(criteria)s"),
    ),
}
HELD_UP = "courses.place_held_up"
TO_THE_LEAD: Words = (
    marked("A company cannot take its place: %(title)s"),
    marked("%(company)s has said yes. Something is missing: confirm the place and see what."),
)
SEE_IT = marked("See the application")
WHY_LEAD = marked("You get this because you lead the run.")
SEE = marked("See your application")
WHY = marked("You get this because your company has applied.")


def tell_companies(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to applications becomes letters to those who sent them. Three queries."""
    told = [entry for entry in entries if entry.verb in TOLD or entry.verb in (DECIDED, HELD_UP)]
    if not told:
        return
    applications = own_applications([entry.subject_id for entry in told])
    run_ids = sorted({one.run_id for one in applications.values()})
    runs, calls = runs_by_id(run_ids), calls_of(run_ids)
    for entry in told:
        found = applications.get(entry.subject_id)
        if found is None or found.run_id not in calls:
            continue
        if entry.verb == HELD_UP:
            _tell_lead(found, runs[found.run_id])
            continue
        words = ANSWERED[entry.data["to"]] if entry.verb == DECIDED else TOLD[entry.verb]
        _write(entry, found, runs[found.run_id], calls[found.run_id], words)


def _tell_lead(found: ApplicationFacts, run: RunFacts) -> None:
    """Once for each time the company was offered a place, however often it says yes."""
    named = active_among(one.person_id for one in team_of(run.id) if one.role in LEADING)
    may = {} if named else people_who_may(DECIDE)
    there = {person_id for host in run.host_ids for person_id in may.get(host, ())}
    values: dict[str, LocalisedText | str] = {"title": run.title, "company": found.name}
    subject, text = (filled(words, values) for words in TO_THE_LEAD)
    for person_id in sorted(named or there or may.get(None, ())):
        queue_note(
            f"{HELD_UP}:{found.id}:{person_id}",
            person_id,
            subject=subject,
            text=text,
            label=domain.localised(SEE_IT),
            url=site_address("courses.decide_one", key=run.key, application=found.desk_key),
            why=domain.localised(WHY_LEAD),
        )


def _write(
    entry: JournalEntryFacts,
    found: ApplicationFacts,
    run: RunFacts,
    call: CallFacts,
    words: Words,
) -> None:
    values: dict[str, LocalisedText | str] = {
        "title": run.title,
        "reason": found.reason,
        "criteria": call.criteria,
    }
    queue_letter(
        f"courses:{entry.id}:{found.id}",
        Recipient(name=found.contact_name, email=found.contact_email, language=found.language),
        subject=filled(words[0], values),
        text=filled(words[1], values),
        label=domain.localised(SEE),
        url=site_address("courses.application", key=found.key),
        why=domain.localised(WHY),
    )
