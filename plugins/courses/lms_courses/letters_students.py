"""Letters of student modules: to the company when a group asks, to the group when it is answered,
to practice and the sender of the need when a result comes, to the group when practice has said
what became of it.

A letter says what happened and where it stands; what was asked, answered and written is on the
page alone, for some of it is secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lms.api import (
    JournalEntryFacts,
    RunFacts,
    active_among,
    enrolments_by_id,
    groups_in_run,
    marked,
    people_at,
    people_who_may,
    queue_note,
    runs_by_id,
    site_address,
)
from lms_courses.letter_words import filled
from lms_courses.permissions import PRACTICE
from lms_courses.queries.case_uses import case_of_run
from lms_courses.queries.cases import CaseFacts
from lms_courses.queries.questions import QuestionFacts, questions_by_id
from lms_courses.queries.results import ResultFacts, hearers, results_by_id
from lms_courses.queries.students import AT_WORK
from lms_courses.words import domain

Words = tuple[str, str]
"""Subject and text; `%(run)s` is the run's title."""

ASKED: Words = (
    marked("Students ask about your case"),
    marked("A question from “%(run)s” waits for you. You answer once, for all who may read it."),
)
ANSWERED: Words = (
    marked("Your question is answered"),
    marked("The company has answered a question of yours in “%(run)s”."),
)
CAME: Words = (
    marked("A result from students"),
    marked("“%(run)s” has worked on what you told of. Read it, and tell the group what now."),
)
SENT: Words = (
    marked("The result of your group was sent to practice"),
    marked("“%(run)s” has sent it on. You hear what becomes of it."),
)
RESPONDED: Words = (
    marked("Practice has answered your group"),
    marked("In “%(run)s” you can read what becomes of your result, and why."),
)
SEE = marked("See it")
WHY_COMPANY = marked("You get this because you speak for the company of the case.")
WHY_PRACTICE = marked("You get this because you speak for practice, or told of the need.")
WHY_RUN = marked("You get this because you take part in the run.")
QUESTIONS = ("courses.question_asked", "courses.question_answered")
RESULTS = ("courses.result_sent", "courses.result_answered")


def tell_students(entries: Sequence[JournalEntryFacts]) -> None:
    """What was asked, answered and handed over becomes letters, once each; who did it gets none.
    No questions when nothing happened."""
    told = [one for one in entries if one.verb in (*QUESTIONS, *RESULTS)]
    if not told:
        return
    questions = questions_by_id([one.subject_id for one in told if one.verb in QUESTIONS])
    results = results_by_id([one.subject_id for one in told if one.verb in RESULTS])
    run_ids = sorted(
        {one.run_id for one in questions.values()} | {one.run_id for one in results.values()}
    )
    runs, cases = runs_by_id(run_ids), case_of_run(run_ids)
    groups = {id_: members for run_id in run_ids for id_, members in _members(run_id).items()}
    for entry in told:
        if entry.verb in QUESTIONS and entry.subject_id in questions:
            question = questions[entry.subject_id]
            _of_question(entry, question, runs[question.run_id], cases, groups)
        elif entry.verb in RESULTS and entry.subject_id in results:
            result = results[entry.subject_id]
            _of_result(entry, result, runs[result.run_id], cases, groups)


def _members(run_id: int) -> Mapping[int, Sequence[int]]:
    """Ids of the people at work in each group of a run."""
    groups = groups_in_run(run_id)
    seats = enrolments_by_id(sorted({id_ for _k, _n, ids in groups.values() for id_ in ids}))
    return {
        group_id: [seats[id_].person_id for id_ in ids if seats[id_].state in AT_WORK]
        for group_id, (_key, _name, ids) in groups.items()
    }


def _of_question(
    entry: JournalEntryFacts,
    question: QuestionFacts,
    run: RunFacts,
    cases: Mapping[int, CaseFacts],
    groups: Mapping[int, Sequence[int]],
) -> None:
    url = site_address("courses.case_question", key=question.key)
    if entry.verb == "courses.question_asked":
        _send(entry, _company(cases.get(run.id)), ASKED, run, url, WHY_COMPANY)
    elif not entry.data.get("again"):
        asker = [question.asked_by_id] if question.asked_by_id is not None else []
        hear = asker if question.personal else groups.get(question.group_id or 0, asker)
        _send(entry, hear, ANSWERED, run, url, WHY_RUN)


def _of_result(
    entry: JournalEntryFacts,
    result: ResultFacts,
    run: RunFacts,
    cases: Mapping[int, CaseFacts],
    groups: Mapping[int, Sequence[int]],
) -> None:
    url = site_address("courses.result", key=result.key)
    group = groups.get(result.group_id or 0, ())
    if entry.verb == "courses.result_answered":
        sent_by = [result.sent_by_id] if result.sent_by_id is not None else []
        _send(entry, [*group, *sent_by], RESPONDED, run, url, WHY_RUN)
        return
    case = cases.get(run.id)
    if case is not None:
        practice = people_who_may(PRACTICE).get(case.practice_host_id, ())
        _send(entry, [*practice, *hearers(case)], CAME, run, url, WHY_PRACTICE)
    _send(entry, group, SENT, run, url, WHY_RUN)


def _company(case: CaseFacts | None) -> Sequence[int]:
    """The contact while they work for the company; else everybody who does."""
    if case is None or case.company_id is None:
        return ()
    people = people_at([case.company_id]).get(case.company_id, ())
    return [case.contact_id] if case.contact_id in people and case.contact_id else people


def _send(
    entry: JournalEntryFacts,
    people: Iterable[int],
    words: Words,
    run: RunFacts,
    url: str,
    why: str,
) -> None:
    wanted = [person for person in dict.fromkeys(people) if person != entry.actor_id]
    here = active_among(wanted)
    for person in wanted:
        if person in here:
            queue_note(
                f"courses:students:{entry.id}:{person}",
                person,
                subject=domain.localised(words[0]),
                text=filled(words[1], {"run": run.title}),
                label=domain.localised(SEE),
                url=url,
                why=domain.localised(why),
            )
