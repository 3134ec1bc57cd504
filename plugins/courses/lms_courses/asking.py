"""What somebody is asked who asks for a seat, and who may get one in a company track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import EnrolmentRequest, LocalisedText, Question, Refusal, RunFacts
from lms_courses import settings
from lms_courses.queries.calls import confirmed_in
from lms_courses.types import COMPANY, STUDENT

GROUP_WISH = "group_wish"
NO_PLACE = "company.no_place"

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
    """Requests for company tracks of people whose employer has no place there. One query."""
    tracks = {request.run.id for request in requests if request.run.course_type == COMPANY}
    if not tracks:
        return ()
    companies = {
        run_id: {one.organisation_id for one in confirmed}
        for run_id, confirmed in confirmed_in(sorted(tracks)).items()
    }
    return [
        Refusal(code=NO_PLACE, message=WITHOUT_PLACE, index=index)
        for index, request in enumerate(requests)
        if request.run.id in tracks
        and (request.employer_id is None or request.employer_id not in companies[request.run.id])
    ]


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
