"""Verbs on the simple types: seen, read and understood, ticked; files put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.api import (
    SYSTEM,
    Accepted,
    ActivityFacts,
    ActivityPlace,
    Actor,
    DocumentFacts,
    JobContext,
    LocalisedText,
    Refusal,
    Refused,
    WorkFacts,
    activities_by_id,
    enqueue,
    keep_upload,
    save_content,
    settle_work,
    start_work,
    unit_of_work,
    works_on,
)
from lms_activities.material import MATERIAL, Reading, is_complete, points_of

ASK_AGAIN = "activities.ask_again"


def closed() -> Refused:
    """Nothing can be done here now."""
    return Refused(
        Refusal(
            code="closed",
            message=LocalisedText(
                da="Der kan ikke gøres noget her lige nu. Se siden igen.",
                sv="Det går inte att göra något här just nu. Läs om sidan.",
                en="Nothing can be done here just now. Look at the page again.",
            ),
        )
    )


def mark_done(place: ActivityPlace, actor: Actor) -> None:
    """The participant has read it. Doing it again changes nothing."""
    work = _begun(place, actor, {})
    if work.state != "accepted":
        settle_work(work, actor)


def confirm_reading(place: ActivityPlace, version: int, actor: Actor) -> None:
    """The participant has read and understood this version of the text. Raises `Refused` when
    there is a newer one."""
    if Reading.of(place.activity.content).version != version:
        raise Refused(
            Refusal(
                code="newer",
                message=LocalisedText(
                    da="Teksten er ændret, mens du læste. Læs den nye, og bekræft den.",
                    sv="Texten har ändrats medan du läste. Läs den nya och bekräfta den.",
                    en="The text changed while you read. Read the new one, and confirm that.",
                ),
            )
        )
    work = _begun(place, actor, {"version": version})
    if work.state == "accepted":
        if work.content.get("version") == version:
            return
        work = settle_work(work, actor, done=False)
    if work.content.get("version") != version:
        work = save_content(work, {"version": version}, actor, revision=work.revision)
    settle_work(work, actor)


def keep_ticks(
    place: ActivityPlace, ticks: Sequence[str], actor: Actor, *, revision: int
) -> WorkFacts:
    """Keep what is ticked; with all required points it is done. Raises `EditedMeanwhile`."""
    points = points_of(place.activity.content)
    known = [point.key for point in points if point.key in ticks]
    work = _begun(place, actor, {"ticks": []})
    if work.state == "accepted":
        return work
    work = save_content(work, {"ticks": known}, actor, revision=revision or 1)
    return settle_work(work, actor) if is_complete(points, known) else work


def put_in(
    activity: ActivityFacts, accepted: Accepted, actor: Actor, *, language: str, alt_text: str = ""
) -> DocumentFacts:
    """A file of an activity, or a picture in its text."""
    return keep_upload(
        accepted,
        subject=(MATERIAL, activity.id),
        actor=actor,
        language=language,
        alt_text=alt_text,
    )


def ask_again(activity_id: int, version: int) -> None:
    """The text of a reading was changed to this version: who has confirmed an older one is asked
    anew, by a job. In the open unit of work."""
    enqueue(ASK_AGAIN, {"activity": activity_id}, unique_key=f"{ASK_AGAIN}:{activity_id}:{version}")


def asking_again(context: JobContext) -> None:
    """The job: works that were accepted for an older version go back, one at a time."""
    activity = activities_by_id([int(context.args["activity"])]).get(int(context.args["activity"]))
    if activity is None:
        return
    version = Reading.of(activity.content).version
    old = [
        work
        for work in works_on(activity.id, ("accepted",))
        if work.content.get("version") != version
    ]
    for number, work in enumerate(old, start=1):
        try:
            with unit_of_work():
                settle_work(work, SYSTEM, done=False)
        except Refused:
            context.log(f"the work {work.key} has moved on by itself")
        context.progress(number, len(old))


def _begun(place: ActivityPlace, actor: Actor, content: Mapping[str, Any]) -> WorkFacts:
    if place.enrolment is None or place.closed:
        raise closed()
    return start_work(place.activity.id, place.enrolment.id, actor, content)
