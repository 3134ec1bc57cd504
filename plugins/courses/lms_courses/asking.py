"""What somebody is asked who asks for a seat, and what must be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import EnrolmentRequest, LocalisedText, Question, Refusal, RunFacts
from lms_courses import settings
from lms_courses.types import COMPANY, STUDENT

DECLARATION = "declaration"
HOPE = "hope"
GROUP_WISH = "group_wish"
ANSWERED = "courses."
"""How the core begins the names of our answers, so that no plugin reads another's."""

NOT_DECLARED = LocalisedText(
    da="Sig ja til de lige vilkår. Uden dem kan vi ikke tage virksomheder med.",
    sv="Säg ja till de lika villkoren. Utan dem kan vi inte ta med företag.",
    en="Say yes to the equal terms. Without them we cannot take companies along.",
)


def questions(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
    """Extra questions by run id, for the types that have some."""
    asked = [run for run in runs if run.course_type in (COMPANY, STUDENT)]
    if not asked:
        return {}
    chosen = settings.current()
    return {
        run.id: _company(chosen) if run.course_type == COMPANY else _student(chosen)
        for run in asked
    }


def refusals(requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
    """Requests of companies that have not said yes to the equal terms."""
    missing = [
        index
        for index, request in enumerate(requests)
        if request.run.course_type == COMPANY
        and request.answers.get(ANSWERED + DECLARATION) != "yes"
    ]
    if not missing or not settings.current().declaration_required:
        return ()
    return [Refusal(code=DECLARATION, message=NOT_DECLARED, index=index) for index in missing]


def _company(chosen: settings.Settings) -> Sequence[Question]:
    return (
        Question(
            key=DECLARATION,
            kind="yesno",
            label=LocalisedText(
                da="Vi deltager på lige vilkår",
                sv="Vi deltar på lika villkor",
                en="We take part on equal terms",
            ),
            hint=LocalisedText(
                da="Vi ved, at forløbet ikke godkender os eller vores produkter, at det ikke "
                "tæller i et udbud, og at det, værterne viser os, må vises til alle.",
                sv="Vi vet att kursen inte godkänner oss eller våra produkter, att den inte "
                "räknas i en upphandling och att det som värdarna visar oss får visas för alla.",
                en="We know that the course approves neither us nor our products, that it counts "
                "for nothing in a tender, and that what hosts show us may be shown to all.",
            ),
            required=chosen.declaration_required,
        ),
        Question(
            key=HOPE,
            kind="text",
            label=LocalisedText(
                da="Hvad håber I at lære?",
                sv="Vad hoppas ni lära er?",
                en="What do you hope to learn?",
            ),
            hint=LocalisedText(
                da="Én sætning er nok. Værterne bruger den, når de forbereder sig.",
                sv="En mening räcker. Värdarna använder den när de förbereder sig.",
                en="One sentence is enough. The hosts use it when they prepare.",
            ),
        ),
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
