"""Letters about problems: to who told of them at each step, and to the desk before it is late.

Every letter has one effect and goes once. It says what happened and what comes next; the words of
the problem are left to its page, but for its title and what the desk wrote to its sender.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.api import (
    LANGUAGES,
    JournalEntryFacts,
    LocalisedText,
    active_among,
    marked,
    queue_note,
    site_address,
)
from lms_challenges.queries.desk import DeskFacts, DeskStep, gathered_with, steps_by_id
from lms_challenges.queries.problems import ProblemFacts, problems_by_id
from lms_challenges.words import domain

Words = tuple[str, str]
"""The subject and the text of a letter; `%(title)s` is the problem's, `%(said)s` the desk's."""

MOVED: Mapping[str, Words] = {
    "received": (
        marked("We look at it again: “%(title)s”"),
        marked("Your problem lies on the desk again. You hear what comes of it."),
    ),
    "accepted": (
        marked("“%(title)s” is part of a challenge now"),
        marked("What you told is worked on together with others. %(said)s"),
    ),
    "answered_locally": (
        marked("An answer to “%(title)s”"),
        marked("This can be solved where you are: %(said)s"),
    ),
    "known_solution": (
        marked("There is a solution to “%(title)s”"),
        marked("Others have solved it: %(said)s"),
    ),
    "parked": (
        marked("“%(title)s” waits until later"),
        marked("We take it up again by ourselves. Why it waits: %(said)s"),
    ),
    "declined": (
        marked("“%(title)s” goes no further"),
        marked("Thank you for telling us. Why it goes no further: %(said)s"),
    ),
}
"""Letters to the sender by the state that the problem comes into."""
TOLD: Mapping[str, Words] = {
    "challenges.reported": (
        marked("Thank you: “%(title)s” has come"),
        marked("Somebody reads it and answers within ten working days."),
    ),
    "challenges.asked": (
        marked("Can you tell more about “%(title)s”?"),
        marked("We ask: %(said)s"),
    ),
    "challenges.taken_out": (
        marked("We took something out of “%(title)s”"),
        marked("It might have told who somebody is. The rest stands as you wrote it."),
    ),
    "challenges.merged": (
        marked("Others tell the same as “%(title)s”"),
        marked("We have gathered them. Your voice counts, and you hear what comes of it. %(said)s"),
    ),
    "challenges.unmerged": (
        marked("“%(title)s” stands by itself again"),
        marked("It was not the same as the others after all. %(said)s"),
    ),
}
"""Letters to the sender by the journal's verb."""
GATHERED: Words = (
    marked("News of what “%(title)s” is part of"),
    marked("The problem that yours was gathered with has got an answer. %(said)s"),
)
ANSWERED: Words = (
    marked("An answer about “%(title)s”"),
    marked("The sender has answered what you asked. Now it can be decided on."),
)
MOVE = "challenges.moved"
SEE = marked("See your problem")
WHY = marked("You get this because you told of a problem.")
WHY_ASKED = marked("You get this because you asked.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What was asked of the database for a batch of entries."""

    problems: Mapping[int, ProblemFacts]
    steps: Mapping[int, DeskStep]
    gathered: Mapping[int, Sequence[ProblemFacts]]
    here: frozenset[int]


def tell_senders(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to problems becomes letters to their senders, and to who asked them. A fixed
    number of questions."""
    told = [entry for entry in entries if entry.verb in (*TOLD, MOVE, "challenges.answered")]
    if not told:
        return
    known = _known(told)
    for entry in told:
        if entry.verb in ("challenges.merged", "challenges.unmerged"):
            for problem_id in entry.data["problem_ids"]:
                _to_sender(entry, known, problem_id, TOLD[entry.verb])
        elif entry.verb == "challenges.answered":
            _to_who_asked(entry, known)
        elif entry.verb in TOLD:
            _to_sender(entry, known, entry.subject_id, TOLD[entry.verb])
        elif entry.data["to"] in MOVED:
            _to_sender(entry, known, entry.subject_id, MOVED[entry.data["to"]])
            if entry.data["to"] != "received":
                for other in known.gathered.get(entry.subject_id, ()):
                    _to_sender(entry, known, other.id, GATHERED)


def _known(entries: Sequence[JournalEntryFacts]) -> _Known:
    ids = {entry.subject_id for entry in entries}
    gathered = gathered_with(sorted({e.subject_id for e in entries if e.verb == MOVE}))
    for entry in entries:
        ids.update(entry.data.get("problem_ids", ()))
    problems = dict(problems_by_id(sorted(ids)))
    problems |= {one.id: one for of_root in gathered.values() for one in of_root}
    steps = steps_by_id([int(e.data["step_id"]) for e in entries if "step_id" in e.data])
    people = {one.sender_id for one in problems.values()} | {one.by_id for one in steps.values()}
    people |= {e.data.get("asked_by_id") for e in entries}
    here = active_among(person for person in people if person is not None)
    return _Known(problems=problems, steps=steps, gathered=gathered, here=here)


def _to_sender(entry: JournalEntryFacts, known: _Known, problem_id: int, words: Words) -> None:
    problem = known.problems.get(problem_id)
    if problem is None or problem.sender_id is None or problem.sender_id not in known.here:
        return
    answers = entry.verb == "challenges.asked"
    step = known.steps.get(int(entry.data.get("step_id", 0)))
    said = step.text if step else problem.reason if "merged" in entry.verb else ""
    endpoint = "challenges.answer_question" if answers else "challenges.problem"
    queue_note(
        f"challenges:{entry.id}:{problem.id}",
        problem.sender_id,
        subject=_filled(words[0], problem, ""),
        text=_filled(words[1], problem, said),
        label=domain.localised(marked("Answer") if answers else SEE),
        url=site_address(endpoint, key=problem.key),
        why=domain.localised(WHY),
    )


def _to_who_asked(entry: JournalEntryFacts, known: _Known) -> None:
    problem = known.problems.get(entry.subject_id)
    asked_by = entry.data.get("asked_by_id")
    if problem is None or asked_by not in known.here:
        return
    queue_note(
        f"challenges:{entry.id}:{asked_by}",
        asked_by,
        subject=_filled(ANSWERED[0], problem, ""),
        text=_filled(ANSWERED[1], problem, ""),
        label=domain.localised(marked("Read it and decide")),
        url=site_address("challenges.desk_show", key=problem.key),
        why=domain.localised(WHY_ASKED),
    )


def _filled(message: str, problem: ProblemFacts, said: str) -> LocalisedText:
    words = domain.localised(message).as_dict()
    values = {"title": problem.title, "said": said}
    return LocalisedText(**{code: (text % values).strip() for code, text in words.items()})


# --- to the desk --------------------------------------------------------------------------------

SOON: Words = (
    marked("Problems that wait for your answer soon"),
    marked("To be answered within two working days: %(n)d. The first is “%(title)s”."),
)
LATE: Words = (
    marked("Problems that have waited too long"),
    marked("Past their day: %(n)d. Begin with “%(title)s”."),
)


def remind(person_id: int, problems: Sequence[DeskFacts], *, late: bool, effect: str) -> bool:
    """One letter to somebody at the desk about all that is due soon, or late."""
    words = LATE if late else SOON
    values = {"n": len(problems), "title": problems[0].problem.title}
    texts = [domain.localised(message).as_dict() for message in words]
    subject, text = (
        LocalisedText(**{code: one[code] % values for code in LANGUAGES}) for one in texts
    )
    return queue_note(
        effect,
        person_id,
        subject=subject,
        text=text,
        label=domain.localised(marked("To the desk")),
        url=site_address("challenges.desk_list"),
        why=domain.localised(marked("You get this because you answer problems.")),
    )
