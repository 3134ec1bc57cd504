"""Letters in a staff track: the manager is asked, the pair hears, the other confirms.

What somebody wrote about work with citizens stays on its page and is in no letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    JournalEntryFacts,
    active_among,
    enrolments_by_id,
    marked,
    queue_note,
    site_address,
)
from lms_courses.queries.tryouts import (
    DecisionFacts,
    TryoutFacts,
    decisions_by_id,
    tryouts_by_id,
)
from lms_courses.words import domain

Words = tuple[str, str, str]
"""The subject, the text and the word on the link."""

ASKED: Words = (
    marked("A small try-out waits for your yes"),
    marked("Somebody you lead wants to try one small thing at work for a week."),
    marked("Read it and answer"),
)
ALLOWED: Words = (
    marked("Yes to your try-out"),
    marked("Your manager said yes. Write down how it is before you begin."),
    marked("Open the try-out"),
)
REFUSED: Words = (
    marked("No to your try-out"),
    marked("Your manager said no. The page says why. You can change the plan and ask again."),
    marked("Open the try-out"),
)
TO_CONFIRM: Words = (
    marked("Your colleague has written about the try-out"),
    marked("Read the note. When you say yes, it counts for both of you."),
    marked("Read it and say yes"),
)
TO_SIGN: Words = (
    marked("A decision waits for your signature"),
    marked("Somebody you lead wrote down what you decided about their try-out."),
    marked("Read it and sign"),
)
DECIDED: Words = (
    marked("Your manager has decided"),
    marked("It is about what you tried in the course."),
    marked("See the decision"),
)
WHY_MANAGER = marked("You get this because you lead somebody in a course.")
WHY_PAIR = marked("You get this because you take part in a course.")
TRYOUTS = ("courses.tryout_asked", "courses.tryout_answered", "courses.tryout_handed_in")
DECISIONS = (
    "courses.decision_recorded",
    "courses.decision_made",
    "courses.decision_signed",
)


def tell_staff(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to try-outs and decisions becomes letters to who waits for it, once each; who
    did it themselves gets none. Four questions, none when nothing happened."""
    told = [entry for entry in entries if entry.verb in (*TRYOUTS, *DECISIONS)]
    if not told:
        return
    tryouts = tryouts_by_id([one.subject_id for one in told if one.verb in TRYOUTS])
    decisions = decisions_by_id([one.subject_id for one in told if one.verb in DECISIONS])
    all_ = [*tryouts.values(), *(tryout for tryout, _decision in decisions.values())]
    whose = enrolments_by_id(sorted({id_ for one in all_ for id_ in one.enrolment_ids}))
    people = {id_: enrolment.person_id for id_, enrolment in whose.items()}
    managers = {one.manager_id for one in all_ if one.manager_id is not None}
    here = set(active_among([*people.values(), *managers]))
    for entry in told:
        if entry.verb in TRYOUTS and entry.subject_id in tryouts:
            _of_tryout(entry, tryouts[entry.subject_id], people, here)
        elif entry.subject_id in decisions:
            _of_decision(entry, *decisions[entry.subject_id], people, here)


def _of_tryout(
    entry: JournalEntryFacts,
    tryout: TryoutFacts,
    people: Mapping[int, int],
    here: set[int],
) -> None:
    url = site_address("courses.tryout", key=tryout.key)
    pair = [people[id_] for id_ in tryout.enrolment_ids if id_ in people]
    if entry.verb == "courses.tryout_asked":
        answer = site_address("courses.answer_tryout", key=tryout.key)
        _send(entry, [tryout.manager_id], ASKED, answer, WHY_MANAGER, here)
    elif entry.verb == "courses.tryout_answered":
        words = ALLOWED if entry.data.get("yes") else REFUSED
        _send(entry, pair, words, url, WHY_PAIR, here)
    elif entry.data.get("state") == "tried":
        _send(entry, pair, TO_CONFIRM, url, WHY_PAIR, here)


def _of_decision(
    entry: JournalEntryFacts,
    tryout: TryoutFacts,
    decision: DecisionFacts,
    people: Mapping[int, int],
    here: set[int],
) -> None:
    url = site_address("courses.decision", key=decision.key)
    if entry.verb == "courses.decision_recorded":
        _send(entry, [tryout.manager_id], TO_SIGN, url, WHY_MANAGER, here)
    else:
        pair = [people[id_] for id_ in tryout.enrolment_ids if id_ in people]
        _send(entry, pair, DECIDED, url, WHY_PAIR, here)


def _send(
    entry: JournalEntryFacts,
    to: Sequence[int | None],
    words: Words,
    url: str,
    why: str,
    here: set[int],
) -> None:
    subject, text, label = words
    for person_id in to:
        if person_id is None or person_id == entry.actor_id or person_id not in here:
            continue
        queue_note(
            f"courses:staff:{entry.id}:{person_id}",
            person_id,
            subject=domain.localised(subject),
            text=domain.localised(text),
            label=domain.localised(label),
            url=url,
            why=domain.localised(why),
        )
