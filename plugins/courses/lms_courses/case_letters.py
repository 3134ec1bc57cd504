"""Letters about cases: between its sides, to the groups of a run, to who sent the need.

Each letter has one effect and goes once. It says what happened; the words stand on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lms.api import (
    SYSTEM,
    JournalEntryFacts,
    RunFacts,
    active_among,
    enrolments_in_run,
    marked,
    people_at,
    people_who_may,
    queue_note,
    record_as_seen,
    runs_by_id,
    site_address,
)
from lms_courses.case_states import STATES
from lms_courses.letter_words import Told, filled
from lms_courses.permissions import CASE, PRACTICE
from lms_courses.queries.case_uses import UseFacts, uses_by_id
from lms_courses.queries.cases import CaseFacts, cases_by_id, people_in_talk
from lms_courses.words import domain

Words = tuple[str, str]
"""Subject and text; `%(title)s` is the case's, `%(run)s` the run's, `%(state)s` a state."""

PROPOSED: Words = (
    marked("A new case: “%(title)s”"),
    marked("A company has proposed a case for students. Read it, and write what you think of it."),
)
COMMENTED: Words = (
    marked("New words about “%(title)s”"),
    marked("Somebody has written about the case. Read it and answer."),
)
EDITED: Words = (
    marked("A new version of “%(title)s”"),
    marked("The case was written anew. See what changed, and whether it still holds for you."),
)
MOVED: Words = (
    marked("“%(title)s” is now: %(state)s"),
    marked("The case has come further on its way. Its page says why and what comes next."),
)
TAKEN: Words = (
    marked("Students work on your case “%(title)s”"),
    marked("It is used in “%(run)s”. See what they learn with it, and when they need you."),
)
NEED_TAKEN: Words = (
    marked("Students work on a need that you told of"),
    marked("“%(run)s” works on it with the case “%(title)s”. You hear what comes back."),
)
WITHDRAWN: Words = (
    marked("The case “%(title)s” was withdrawn"),
    marked("It is not there any more for “%(run)s”. What you have made stays yours. See what now."),
)
MOVED_IN: Words = (
    marked("A new case for your run: “%(title)s”"),
    marked("It steps in for the one that was withdrawn. Read it before you meet again."),
)
SIDES_HEAR = ("courses.proposed", "courses.commented", "courses.case_edited", "courses.case_moved")
USES_HEAR = ("courses.case_taken", "courses.case_withdrawn")
SEE = marked("See the case")
WHY = marked("You get this because you speak for one of its sides.")
WHY_NEED = marked("You get this because you told of the need or look after it.")
WHY_RUN = marked("You get this because you take part in the run.")
SEATED = ("seated", "active")
MOST_PEOPLE = 500


def tell_cases(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to cases becomes letters. A number of questions for each kind of entry."""
    _tell_sides([entry for entry in entries if entry.verb in SIDES_HEAR])
    _tell_of_uses([entry for entry in entries if entry.verb in USES_HEAR])


def _tell_sides(entries: Sequence[JournalEntryFacts]) -> None:
    if not entries:
        return
    cases = cases_by_id([entry.subject_id for entry in entries], SYSTEM)
    talking = people_in_talk(list(cases))
    writing, checking = people_who_may(CASE), people_who_may(PRACTICE)
    companies = people_at([c.company_id for c in cases.values() if c.company_id is not None])
    for entry in entries:
        case = cases.get(entry.subject_id)
        if case is None or case.state == "draft":
            continue
        said = talking.get(case.id, {})
        own = [one for one in (case.contact_id, case.proposed_by_id) if one is not None]
        hear = {
            "teacher": said.get("teacher") or writing.get(case.institution_id, ()),
            "practice": said.get("practice") or checking.get(case.practice_host_id, ()),
            "company": [
                *(one for one in own if one in companies.get(case.company_id or 0, ())),
                *said.get("company", ()),
            ],
        }
        words = {
            "courses.proposed": PROPOSED,
            "courses.commented": COMMENTED,
            "courses.case_edited": EDITED,
        }.get(entry.verb, MOVED)
        told = {"title": case.title, "state": STATES[entry.data.get("new", case.state)]}
        url = site_address("courses.case", key=case.key)
        everybody = [person for people in hear.values() for person in people]
        _send(entry, everybody, words, told, url, WHY)


def _tell_of_uses(entries: Sequence[JournalEntryFacts]) -> None:
    if not entries:
        return
    uses = uses_by_id([entry.subject_id for entry in entries])
    runs = runs_by_id(sorted({use.run_id for use in uses.values()}))
    for entry in entries:
        use = uses.get(entry.subject_id)
        if use is None:
            continue
        run = runs[use.run_id]
        if entry.verb == "courses.case_withdrawn":
            _tell_groups(entry, use, run)
        else:
            _tell_of_taking(entry, use, run)


def _tell_of_taking(entry: JournalEntryFacts, use: UseFacts, run: RunFacts) -> None:
    told = {"title": use.case.title, "run": run.title}
    url = site_address("courses.case_in_run", key=use.key)
    contact = [use.case.contact_id] if use.case.contact_id is not None else []
    _send(entry, contact, TAKEN, told, url, WHY)
    if use.fallback:
        _send(entry, _participants(run), MOVED_IN, told, url, WHY_RUN)
    for person in _hearing(use.case):
        if person not in contact:
            url = site_address("records.thread", kind=use.case.need_kind, key=use.case.need_key)
            _send(entry, [person], NEED_TAKEN, told, url, WHY_NEED)


def _hearing(case: CaseFacts) -> Sequence[int]:
    if not case.need_key:
        return ()
    seen = record_as_seen(case.need_kind, case.need_key, SYSTEM)
    return seen[1].hear if seen is not None else ()


def _tell_groups(entry: JournalEntryFacts, use: UseFacts, run: RunFacts) -> None:
    told = {"title": use.case.title, "run": run.title}
    url = site_address("courses.case_in_run", key=use.key)
    _send(entry, _participants(run), WITHDRAWN, told, url, WHY_RUN)
    others = [one for one in (use.begun_by_id, use.case.contact_id) if one is not None]
    _send(entry, others, WITHDRAWN, told, url, WHY)


def _participants(run: RunFacts) -> Sequence[int]:
    rows = enrolments_in_run(run.id, SEATED, limit=MOST_PEOPLE)
    return [row.enrolment.person_id for row in rows]


def _send(
    entry: JournalEntryFacts,
    people: Iterable[int],
    words: Words,
    told: Told,
    url: str,
    why: str,
) -> None:
    """One letter each to those who are here, but to who did it."""
    wanted = [person for person in dict.fromkeys(people) if person != entry.actor_id]
    here = active_among(wanted)
    for person in wanted:
        if person in here:
            queue_note(
                f"courses:{entry.id}:{person}",
                person,
                subject=filled(words[0], told),
                text=filled(words[1], told),
                label=domain.localised(SEE),
                url=url,
                why=domain.localised(why),
            )
