"""Answering what a company offers to teach: yes on terms, or no with a reason.

A yes makes the teaching slot, what follows it on limits and alternatives when a product is shown,
the teacher's place on the team and the contact line, all in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from lms.api import (
    Actor,
    CourseSessionFacts,
    LocalisedText,
    Refusal,
    Refused,
    RunFacts,
    add_teaching_slot,
    add_to_team,
    db,
    make_contacts,
    move_documents,
    now,
    people_at,
    record,
    sessions_of,
    slots_of,
    team_of,
)
from lms_courses.models import SlotOffer
from lms_courses.queries.offers import (
    LEVELS,
    LIMITS_LEAST,
    MATERIALS,
    OPEN_RUNS,
    SLOT,
    TEAM,
    OfferFacts,
    free_minutes,
    materials_of,
    offers_on,
    still_to_come,
)
from lms_courses.refusing import changed_meanwhile, refusal
from lms_courses.services.offers import RUN_OVER, SUBJECT, TOO_LATE, hold, teaching

TEACHES_HERE = "company_teacher"
LIMITS_TOPIC = LocalisedText(
    da="Grænser og alternativer", sv="Gränser och alternativ", en="Limits and alternatives"
)

GONE = refusal(
    "session_gone",
    "Dagen er begyndt, aflyst eller taget af planen. Sig nej med den grund, så kan virksomheden "
    "tilbyde en anden dag.",
    "Dagen har börjat, är inställd eller borttagen. Säg nej med det skälet, så kan företaget "
    "erbjuda en annan dag.",
    "The day has begun, is cancelled or was taken off the plan. Say no with that reason, and the "
    "company can offer another.",
)
TEACHER_LEFT = refusal(
    "teacher_left",
    "Den, der skulle undervise, arbejder ikke længere i virksomheden. Sig nej med den grund, så "
    "kan virksomheden tilbyde med en anden.",
    "Den som skulle undervisa arbetar inte längre på företaget. Säg nej med det skälet, så kan "
    "företaget erbjuda med någon annan.",
    "Whoever was to teach does not work for the company any more. Say no with that reason, and the "
    "company can offer with somebody else.",
)
NOT_LOOKED = refusal(
    "checked.missing",
    "Se materialet og teksten igennem for sammenligninger, og sæt så hakket.",
    "Gå igenom materialet och texten efter jämförelser, och kryssa sedan i.",
    "Look through the materials and the text for comparisons, then tick this.",
)
MORE_THAN_ASKED = refusal(
    "sees.more",
    "Virksomheden skal ikke se mere, end den har bedt om.",
    "Företaget ska inte se mer än det har bett om.",
    "The company shall not see more than it asked for.",
)
NO_LIMITS = refusal(
    "limits_minutes.missing",
    f"Sæt mindst {LIMITS_LEAST} minutter af til grænser og alternativer efter produktet.",
    f"Avsätt minst {LIMITS_LEAST} minuter till gränser och alternativ efter produkten.",
    f"Keep at least {LIMITS_LEAST} minutes for limits and alternatives after the product.",
)
WHO_TELLS = refusal(
    "limits_teacher.missing",
    "Vælg en underviser fra holdet, som ikke arbejder for en virksomhed.",
    "Välj en lärare i omgången som inte arbetar för ett företag.",
    "Choose a teacher of the run who does not work for a company.",
)
WITHOUT_REASON = refusal(
    "reason.missing",
    "Skriv begrundelsen. Virksomheden læser den.",
    "Skriv motiveringen. Företaget läser den.",
    "Write the reason. The company reads it.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerValues:
    """The answer: `to` is approved or refused. `sees` is what was agreed, `checked` that materials
    were looked through; the last two are needed where a product is named."""

    to: str
    reason: str
    sees: str = "nothing"
    checked: bool = False
    limits_minutes: int = 0
    limits_teacher_id: int | None = None


def answer_offer(offer: OfferFacts, run: RunFacts, values: AnswerValues, actor: Actor) -> None:
    """Approve or refuse what the page showed as `offer`. Raises `Refused`, also where whoever keeps
    contacts fair says that the company may not teach; then nothing is done."""
    held = hold(offer)
    if held.state != "offered":
        raise Refused(TOO_LATE)
    if held.revision != offer.revision:
        raise changed_meanwhile()
    if not values.reason.strip():
        raise Refused(WITHOUT_REASON)
    made: dict[str, object] = {"sees": held.sees}
    if values.to == "approved":
        made = _approve(held, run, values, actor)
    elif values.to != "refused":
        raise ValueError(values.to)
    db.session.execute(
        update(SlotOffer)
        .where(SlotOffer.id == held.id)
        .values(
            state=values.to,
            reason=values.reason,
            answered_at=now(),
            answered_by_id=actor.person_id,
            materials_checked_at=now() if values.checked else None,
            revision=SlotOffer.revision + 1,
            **made,
        )
        .execution_options(synchronize_session=False)
    )
    record(
        "courses.slot_answered",
        SUBJECT,
        held.id,
        actor=actor,
        data={"run": run.id, "company": held.company_id, "to": values.to},
    )


def _approve(
    offer: OfferFacts, run: RunFacts, values: AnswerValues, actor: Actor
) -> dict[str, object]:
    sessions = sessions_of([run.id])[run.id]
    session = next((one for one in sessions if one.id == offer.course_session_id), None)
    if session is None or not still_to_come([session]):
        raise Refused(GONE)
    reasons = _reasons(offer, run, session, values)
    if reasons:
        raise Refused(*reasons)
    slot_id = add_teaching_slot(
        session.id,
        actor,
        topic=LocalisedText(**{offer.language: offer.topic}),
        minutes=offer.minutes,
        state="approved",
        person_id=offer.teacher_id,
        organisation_id=offer.company_id,
        product=offer.product,
        sees=values.sees,
    )
    limits_id = None
    if offer.product:
        limits_id = add_teaching_slot(
            session.id,
            actor,
            topic=LIMITS_TOPIC,
            minutes=values.limits_minutes,
            state="approved",
            person_id=values.limits_teacher_id,
            organisation_id=run.host_ids[0] if run.host_ids else None,
        )
    documents = [one.key for one in materials_of(offer)]
    move_documents(MATERIALS, [offer.id], (SLOT, slot_id))
    if offer.teacher_id is not None and not _on_team(run, offer.teacher_id):
        add_to_team(run.id, offer.teacher_id, TEACHES_HERE, actor)
    contact = teaching(
        run,
        offer.company_id,
        offer.category,
        session.starts_at,
        offer=offer,
        documents=documents,
    )
    make_contacts([contact], actor)
    return {"slot_id": slot_id, "limits_slot_id": limits_id, "sees": values.sees}


def _reasons(
    offer: OfferFacts, run: RunFacts, session: CourseSessionFacts, values: AnswerValues
) -> list[Refusal]:
    found = []
    if run.state not in OPEN_RUNS:
        found.append(RUN_OVER)
    if offer.teacher_id not in people_at([offer.company_id]).get(offer.company_id, ()):
        found.append(TEACHER_LEFT)
    if not values.checked:
        found.append(NOT_LOOKED)
    if values.sees not in LEVELS or LEVELS.index(values.sees) > LEVELS.index(offer.sees):
        found.append(MORE_THAN_ASKED)
    limits = 0
    if offer.product:
        limits = values.limits_minutes
        if limits < LIMITS_LEAST:
            found.append(NO_LIMITS)
        if values.limits_teacher_id not in own_teachers(run):
            found.append(WHO_TELLS)
    offers_on(session.id)  # held, so that of two answered at once the second sees the first's slot
    free = free_minutes(session, slots_of(run.id))
    if offer.minutes + limits > free:
        found.append(_no_room(offer.minutes + limits, free))
    return found


def own_teachers(run: RunFacts) -> dict[int, str]:
    """Names of those on the run's team who can tell of limits, by person id: they teach or lead,
    and work for no company."""
    return {
        one.person_id: one.name
        for one in team_of(run.id)
        if one.role in TEAM and not one.of_company
    }


def _on_team(run: RunFacts, person_id: int) -> bool:
    return any(one.person_id == person_id and one.role == TEACHES_HERE for one in team_of(run.id))


def _no_room(wanted: int, free: int) -> Refusal:
    return refusal(
        "no_room",
        f"Dagen har {free} minutter tilbage, og det her tager {wanted}. Giv færre minutter til "
        "grænser og alternativer, eller sig nej med den grund.",
        f"Dagen har {free} minuter kvar, och det här tar {wanted}. Ge färre minuter till gränser "
        "och alternativ, eller säg nej med det skälet.",
        f"The day has {free} minutes left, and this takes {wanted}. Give fewer minutes to limits "
        "and alternatives, or say no with that reason.",
    )
