"""What stands between a wish for a seat and the request: the way in, plugins' questions and
refusals, and the colleague one goes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.contracts import Actor, EnrolmentFacts, EnrolmentRequest, Refusal, RunFacts
from lms.core.enrolment.forms import (
    Asked,
    OwnWordForm,
    TogetherForm,
    answers_in,
    questions_form,
    together_form,
)
from lms.core.enrolment.queries import (
    Colleague,
    Employment,
    Own,
    TermsFacts,
    colleague_by_email,
    employment_of,
    fits_entry_rules,
    join_link,
    own_in,
)
from lms.core.enrolment.services import (
    NO_WAY_IN,
    NOT_TOGETHER,
    Entry,
    Wish,
    ask_for,
    ask_together,
    ranks_of,
    refusal,
    refusals,
    run_refusals,
    same_key,
    way_in,
)
from lms.core.refused import Refused
from lms.core.users.addresses import email_key
from lms.host import current_host
from lms.web.limits import count_and_check, give_back
from lms.work import unit_of_work

RUN = "run"
"""Under which name the answers to the run's own questions are kept."""

GUESSES = "entry_key:person"
KEY_CODE = "entry_key."
PAIR_CODE = "pair_with."
"""Codes of refusals that belong to a field begin with its name."""

TOO_MANY_GUESSES = refusal(
    "entry_key.too_often",
    "Det var mange forsøg på kort tid. Vent et kvarter, og prøv så igen.",
    "Det var många försök på kort tid. Vänta en kvart och försök sedan igen.",
    "That was many tries in a short time. Wait a quarter of an hour, then try again.",
)
NO_SUCH_COLLEAGUE = refusal(
    "pair_with.unknown",
    "Vi kender ingen kollega på din arbejdsplads med den mail. Ret den, eller kom alene.",
    "Vi känner ingen kollega på din arbetsplats med den mejlen. Ändra den, eller kom ensam.",
    "We know no colleague at your workplace with that mail. Correct it, or come alone.",
)
YOURSELF = refusal(
    "pair_with.self",
    "Det er din egen mail. Skriv din kollegas.",
    "Det är din egen mejl. Skriv din kollegas.",
    "That is your own mail. Write your colleague's.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What somebody typed who wants a seat in a run. `pair_with` is a colleague's mail."""

    goal: str = ""
    answers: Mapping[str, str] | None = None
    token: str = ""
    entry_key: str = ""
    pair_with: str = ""


def manager_decides(terms: TermsFacts) -> bool:
    """Does a seat under these terms want a manager's yes?"""
    return "line_manager" in terms.approvers


def entry_page(run: RunFacts, terms: TermsFacts) -> str | None:
    """The endpoint of the page by which one gets into this run in place of asking for a seat;
    None where its type has none, or its terms let people ask all the same."""
    owned = current_host().course_types().get(run.course_type)
    if owned is None or set(terms.ways) - {"nomination"}:
        return None
    return owned.item.entry_page or None


def questions(run: RunFacts, terms: TermsFacts) -> list[Asked]:
    """What the run itself and all active plugins ask of somebody who wants a seat in it."""
    return [Asked(plugin=RUN, question=question) for question in terms.questions] + [
        Asked(plugin=answer.plugin, question=question)
        for answer in current_host().gather("lms_enrolment_questions", runs=(run,))
        for question in answer.value.get(run.id, ())
    ]


def wants_key(terms: TermsFacts, job: Employment, person_id: int, *, by_link: bool) -> bool:
    """Must this person write the run's key to ask for a seat?"""
    if by_link or "open" in terms.ways or "key" not in terms.ways or not terms.entry_key:
        return False
    return not ("rule" in terms.ways and _fits(terms, job, person_id))


def closed_ways(
    terms: TermsFacts, job: Employment, person_id: int, *, by_link: bool
) -> Sequence[Refusal]:
    """Why this person has no way in, before they type anything."""
    if wants_key(terms, job, person_id, by_link=by_link):
        return ()
    try:
        way_in(terms, person_id, job, by_link=by_link)
    except Refused as refused:
        return refused.refusals
    return ()


def _fits(terms: TermsFacts, job: Employment, person_id: int) -> bool:
    return fits_entry_rules(
        terms.run_id,
        person_id,
        organisation_id=job.organisation_id,
        unit_id=job.unit_id,
        function_id=job.function_id,
    )


def ask(
    actor: Actor, run: RunFacts, terms: TermsFacts, job: Employment, wanted: Wanted
) -> tuple[Own | None, Sequence[Refusal]]:
    """Ask for the actor's own seat, and perhaps a colleague's: checks first, then one unit of
    work, which reads run and terms again; what came of it, or the reasons against it."""
    if actor.person_id is None:
        raise ValueError("a guest cannot ask for a seat")
    try:
        source = _way_in(terms, actor.person_id, job, wanted)
        request = EnrolmentRequest(
            person_id=actor.person_id,
            run=run,
            employer_id=job.organisation_id,
            goal=wanted.goal,
            answers=wanted.answers or {},
            source=source,
        )
        requests = [request]
        if wanted.pair_with:
            requests.append(_partner(terms, request, job, wanted))
        reasons = refusals(requests)
        if reasons:
            return None, _told_to_the_first(reasons)
        entry = Entry(
            token=wanted.token, entry_key=wanted.entry_key, rank=max(ranks_of(terms, requests))
        )
        return _do(requests, actor, entry), ()
    except Refused as refused:
        return None, refused.refusals


def _do(requests: Sequence[EnrolmentRequest], actor: Actor, entry: Entry) -> Own | None:
    wishes = [
        Wish(person_id=request.person_id, goal=request.goal, answers=request.answers)
        for request in requests
    ]
    run_id, first = requests[0].run.id, wishes[0]
    with unit_of_work():
        if len(wishes) == 1:
            return ask_for(first, run_id, actor, entry)
        ask_together(wishes, run_id, actor, entry=entry)
        return own_in(run_id, first.person_id)


def _way_in(terms: TermsFacts, person_id: int, job: Employment, wanted: Wanted) -> str:
    """The way in; a key that is tried counts as a guess until it turns out to be the right one."""
    link = join_link(wanted.token) if wanted.token else None
    by_link = link is not None and link.good and link.run_id == terms.run_id
    if wanted.entry_key and wants_key(terms, job, person_id, by_link=by_link):
        whose = str(person_id), str(terms.run_id)
        if not count_and_check(GUESSES, *whose):
            raise Refused(TOO_MANY_GUESSES)
        if not same_key(wanted.entry_key, terms.entry_key or ""):
            raise Refused(NO_WAY_IN["key"])
        give_back(GUESSES, *whose)
    return way_in(terms, person_id, job, entry_key=wanted.entry_key, by_link=by_link)


def _partner(
    terms: TermsFacts, first: EnrolmentRequest, job: Employment, wanted: Wanted
) -> EnrolmentRequest:
    """The request for the colleague. Raises `Refused`: who works elsewhere and who does not exist
    are the same."""
    colleague = _colleague(wanted.pair_with, job)
    if not terms.in_pairs:
        raise Refused(NOT_TOGETHER)
    if colleague is None:
        raise Refused(NO_SUCH_COLLEAGUE)
    if colleague.id == first.person_id:
        raise Refused(YOURSELF)
    theirs = employment_of(colleague.id)
    try:
        source = way_in(
            terms,
            colleague.id,
            theirs,
            entry_key=wanted.entry_key,
            by_link=first.source == "link",
        )
    except Refused as refused:
        raise Refused(NOT_TOGETHER) from refused
    return replace(
        first,
        person_id=colleague.id,
        employer_id=theirs.organisation_id,
        goal="",
        answers={},
        source=source,
    )


def _colleague(email: str, job: Employment) -> Colleague | None:
    return colleague_by_email(email_key(email), job.organisation_id)


def _told_to_the_first(reasons: Sequence[Refusal]) -> Sequence[Refusal]:
    """What stands against the colleague is the colleague's: the first hears that it cannot be."""
    own = [reason for reason in reasons if reason.index == 0]
    return own if len(own) == len(reasons) else [*own, NOT_TOGETHER]


# --- saying yes to what somebody else asked for --------------------------------------------------


def own_word_form(
    enrolment: EnrolmentFacts, run: RunFacts, terms: TermsFacts, *, formdata: Any = None
) -> tuple[OwnWordForm, Sequence[Asked]]:
    """The form for one's own yes, with the questions that everybody is asked who wants a seat in
    the run. Whoever nominates has written the goal, and signs it."""
    asked = questions(run, terms)
    if enrolment.source == "nomination":
        return questions_form(asked, formdata=formdata)
    return together_form(asked, manager_decides=manager_decides(terms), formdata=formdata)


def own_words(
    enrolment: EnrolmentFacts, form: OwnWordForm, asked: Sequence[Asked]
) -> tuple[str, Mapping[str, str]]:
    """The goal and the answers that somebody says yes with."""
    goal = enrolment.goal
    if isinstance(form, TogetherForm):
        goal = form.goal.data or ""
    return goal, answers_in(form, asked)


def confirming_refusals(
    enrolment: EnrolmentFacts, run: RunFacts, goal: str, answers: Mapping[str, str]
) -> Sequence[Refusal]:
    """What stands against a request that somebody else began and its own person now fills in: the
    run, if it takes nobody any more, else what plugins say. Ask before any lock."""
    if reasons := run_refusals(run):
        return reasons
    request = EnrolmentRequest(
        person_id=enrolment.person_id,
        run=run,
        employer_id=enrolment.employer_id,
        goal=goal,
        answers=answers,
        source=enrolment.source,
    )
    return current_host().check("lms_check_enrolments", requests=(request,))
