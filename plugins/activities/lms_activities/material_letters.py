"""What follows when the text of a reading is changed: who has confirmed it is asked, and told."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    JournalEntryFacts,
    LocalisedText,
    activities_by_id,
    enrolments_by_id,
    marked,
    queue_note,
    site_address,
)
from lms_activities.material import READING, Reading
from lms_activities.services.material import ask_again
from lms_activities.words import domain

SUBJECT = marked("“%(title)s” has changed")
TEXT = marked("You have confirmed that you read it. It says something else now: read it once more.")
LABEL = marked("Read it")
WHY = marked("You get this because you take part in the course.")


def after_changes(entries: Sequence[JournalEntryFacts]) -> None:
    """A reading that was changed in a run is asked about anew, by a job; whose confirmation went
    back gets a mail. A fixed number of questions."""
    changed = {e.subject_id for e in entries if e.verb == "learning.activity_changed"}
    returned = [e for e in entries if e.verb == "learning.work_returned" and "enrolment" in e.data]
    activities = activities_by_id([*changed, *(int(e.data["activity"]) for e in returned)])
    readings = {id_: one for id_, one in activities.items() if one.activity_type == READING}
    for id_ in sorted(changed & set(readings)):
        if readings[id_].run_id is not None:
            ask_again(id_, Reading.of(readings[id_].content).version)
    told = [entry for entry in returned if int(entry.data["activity"]) in readings]
    enrolments = enrolments_by_id([int(entry.data["enrolment"]) for entry in told])
    for entry in told:
        activity = readings[int(entry.data["activity"])]
        enrolment = enrolments.get(int(entry.data["enrolment"]))
        if enrolment is None:
            continue
        subject = {
            code: words % {"title": activity.title.in_language(code)}
            for code, words in domain.localised(SUBJECT).as_dict().items()
        }
        queue_note(
            f"activities:{entry.id}",
            enrolment.person_id,
            subject=LocalisedText(**subject),
            text=domain.localised(TEXT),
            label=domain.localised(LABEL),
            url=site_address("activities.reading", key=activity.key),
            why=domain.localised(WHY),
        )
