"""What somebody is asked who asks for a seat, and who may get one in a company track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lms.api import (
    EnrolmentRequest,
    LocalisedText,
    Question,
    Refusal,
    RunFacts,
    enrolments_in_run,
)
from lms_courses import settings
from lms_courses.queries.calls import calls_of, confirmed_in
from lms_courses.services.applications import LIVE_SEATS
from lms_courses.types import COMPANY, STUDENT

GROUP_WISH = "group_wish"
NO_PLACE = "company.no_place"
TOO_MANY = "company.too_many"
MOST_IN_RUN = 1000

WITHOUT_PLACE = LocalisedText(
    da="Forløbet er for virksomheder, der har fået plads. Se indkaldelsen på holdets side: dér "
    "søger virksomheden.",
    sv="Kursen är för företag som har fått plats. Se utlysningen på omgångens sida: där ansöker "
    "företaget.",
    en="The track is for companies that have a place. See the call on the page of the run: there "
    "the company applies.",
)


def questions(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
    """Extra questions by run id, for the types that have some. What companies are asked stands in
    their application."""
    asked = [run for run in runs if run.course_type == STUDENT]
    if not asked:
        return {}
    chosen = settings.current()
    return {run.id: _student(chosen) for run in asked}


def refusals(requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
    """Requests for company tracks of people whose employer has no place there, and of more people
    than its call lets each company send. Two queries, and one for each track."""
    tracks = {request.run.id for request in requests if request.run.course_type == COMPANY}
    if not tracks:
        return ()
    companies = {
        run_id: {one.organisation_id for one in confirmed}
        for run_id, confirmed in confirmed_in(sorted(tracks)).items()
    }
    most = {run_id: call.people for run_id, call in calls_of(sorted(tracks)).items()}
    there = _there(requests, companies)
    found = []
    for index, request in enumerate(requests):
        run_id, company = request.run.id, request.employer_id
        if run_id not in tracks:
            continue
        if company is None or company not in companies[run_id]:
            found.append(Refusal(code=NO_PLACE, message=WITHOUT_PLACE, index=index))
            continue
        there[run_id, company] += 1
        if there[run_id, company] > most[run_id]:
            found.append(Refusal(code=TOO_MANY, message=_most(most[run_id]), index=index))
    return found


def _there(
    requests: Sequence[EnrolmentRequest], companies: Mapping[int, set[int | None]]
) -> Counter[tuple[int, int]]:
    """How many each company has in each track, without those who are asked for now."""
    there: Counter[tuple[int, int]] = Counter()
    for run_id, known in companies.items():
        asked = {request.person_id for request in requests if request.run.id == run_id}
        wanted = {r.employer_id for r in requests if r.run.id == run_id and r.employer_id in known}
        employers = sorted(id_ for id_ in wanted if id_ is not None)
        if not employers:
            continue
        for row in enrolments_in_run(run_id, LIVE_SEATS, employers=employers, limit=MOST_IN_RUN):
            if row.enrolment.person_id not in asked and row.enrolment.employer_id is not None:
                there[run_id, row.enrolment.employer_id] += 1
    return there


def _most(people: int) -> LocalisedText:
    return LocalisedText(
        da=f"Virksomheden kan sende {people} i alt. Så mange har den med eller på vej.",
        sv=f"Företaget kan skicka {people} totalt. Så många har det med eller på väg.",
        en=f"The company can send {people} in all. It has as many here or on their way.",
    )


def _student(chosen: settings.Settings) -> Sequence[Question]:
    size = chosen.group_size
    return (
        Question(
            key=GROUP_WISH,
            kind="text",
            label=LocalisedText(
                da="Hvem vil du gerne arbejde sammen med?",
                sv="Vem vill du arbeta tillsammans med?",
                en="Whom would you like to work with?",
            ),
            hint=LocalisedText(
                da=f"Der er {size} i hver gruppe. Skriv et fag eller en interesse; det er et "
                "ønske, og underviseren laver grupperne.",
                sv=f"Det är {size} i varje grupp. Skriv ett ämne eller ett intresse; det är ett "
                "önskemål, och läraren gör grupperna.",
                en=f"There are {size} in each group. Write a field or an interest; it is a "
                "wish, and the teacher makes the groups.",
            ),
        ),
    )
