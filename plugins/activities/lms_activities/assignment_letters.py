"""Mails about assignments: short, in the reader's language, one link each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    ActivityFacts,
    JournalEntryFacts,
    LocalisedText,
    activities_by_id,
    enrolments_by_id,
    marked,
    queue_note,
    site_address,
)
from lms_activities.assignment import MARKED
from lms_activities.queries.assignment import markings_of, try_with_id
from lms_activities.words import domain

PARTICIPANTS: Mapping[str, tuple[str, str, str]] = {
    "learning.work_returned": (
        marked("Look at “%(title)s” again"),
        marked("Somebody has looked at what you handed in and written what to do next."),
        marked("Read what they write"),
    ),
    "activities.pair_asked": (
        marked("Is “%(title)s” done?"),
        marked(
            "Your colleague has handed it in for both of you. It counts once you have said yes."
        ),
        marked("Say yes or not yet"),
    ),
    "activities.pair_not_yet": (
        marked("Not yet: “%(title)s”"),
        marked("Your colleague wants to go on with it. It is open to both of you again."),
        marked("Go on with it"),
    ),
    "activities.seen": (
        marked("Somebody has seen “%(title)s”"),
        marked("A colleague or manager has looked at what you did at work."),
        marked("See what they say"),
    ),
}
"""Mails to participants by verb of the journal: subject, text, button."""

WHY = marked("You get this because you take part in the course.")


def tell_participants(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to somebody's work becomes a mail to them. A fixed number of questions."""
    told = [e for e in entries if e.verb in PARTICIPANTS and "enrolment" in e.data]
    if not told:
        return
    activities = activities_by_id([int(e.data["activity"]) for e in told])
    enrolments = enrolments_by_id([int(e.data["enrolment"]) for e in told])
    for entry in told:
        activity = activities.get(int(entry.data["activity"]))
        enrolment = enrolments.get(int(entry.data["enrolment"]))
        if activity is None or enrolment is None or activity.activity_type not in MARKED:
            continue
        subject, text, label = PARTICIPANTS[entry.verb]
        queue_note(
            f"activities:{entry.id}",
            enrolment.person_id,
            subject=about(subject, activity),
            text=domain.localised(text),
            label=domain.localised(label),
            url=site_address(f"activities.{activity.activity_type}", key=activity.key),
            why=domain.localised(WHY),
        )


def tell_markers(entries: Sequence[JournalEntryFacts]) -> None:
    """Teachers who say different things of one try hear of it, both of them."""
    told = [e for e in entries if e.verb == "activities.markers_differ"]
    if not told:
        return
    activities = activities_by_id([e.subject_id for e in told])
    said = markings_of([int(e.data["hand_in"]) for e in told])
    for entry in told:
        activity, one = activities.get(entry.subject_id), try_with_id(int(entry.data["hand_in"]))
        if activity is None or one is None or one.decided_at is not None:
            continue
        for marking in said.get(one.id, ()):
            if marking.marker_id is None:
                continue
            queue_note(
                f"activities:{entry.id}:{marking.marker_id}",
                marking.marker_id,
                subject=about(marked("You two do not agree: “%(title)s”"), activity),
                text=domain.localised(
                    marked(
                        "Two teachers have looked at the same work and say different things. Read "
                        "what the other says, and talk together."
                    )
                ),
                label=domain.localised(marked("See both answers")),
                url=site_address("activities.mark_hand_in", key=one.key),
                why=domain.localised(marked("You get this because you have marked it.")),
            )


def ask_manager(
    link_key: str, manager_id: int, activity: ActivityFacts, who: str, url: str
) -> None:
    """Ask a participant's manager to look at what was done at work."""
    text = marked(
        "%(who)s has done something at work between two days of a course, “%(title)s”, and asks "
        "you to look at it. It takes a few minutes, and you need not sign in."
    )
    queue_note(
        f"activities.seen:{link_key}",
        manager_id,
        subject=domain.localised(marked("Will you look at something from work?")),
        text=about(text, activity, who=who),
        label=domain.localised(marked("Look at it")),
        url=url,
        why=domain.localised(
            marked("You get this because a participant chose you. The link ends by itself.")
        ),
    )


def about(message: str, activity: ActivityFacts, **values: str) -> LocalisedText:
    """A message that names an activity, in all languages."""
    words = domain.localised(message).as_dict()
    return LocalisedText(
        **{
            code: text % {"title": activity.title.in_language(code), **values}
            for code, text in words.items()
        }
    )
