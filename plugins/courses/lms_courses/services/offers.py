"""A company offers to teach, and takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from lms.api import (
    Accepted,
    Actor,
    ContactFacts,
    CourseSessionFacts,
    LocalisedText,
    Refusal,
    Refused,
    RunFacts,
    contact_refusals,
    db,
    enqueue,
    keep_upload,
    now,
    people_at,
    record,
    search_key,
    sessions_of,
    withdraw_teaching_slots,
)
from lms_courses.models import SlotOffer
from lms_courses.queries.cases import companies_of
from lms_courses.queries.offers import (
    LIMITS_LEAST,
    LIVE,
    MATERIALS,
    OPEN_RUNS,
    OfferFacts,
    offers_by_id,
    still_to_come,
)
from lms_courses.queries.panels import countries_of
from lms_courses.refusing import refusal
from lms_courses.working_days import after_working_days

SUBJECT = "slot_offer"
"""How the journal and contact lines call an offer."""
REMIND = "courses.remind_offer"
WORKING_DAYS = 10
SOON_DAYS = 3
"""Working days before the answer is due on which those who answer are reminded."""
MORNING = time(8)

RUN_OVER = refusal(
    "run.over",
    "Holdet tager ikke imod tilbud nu. Det er slut, aflyst eller ikke meldt ud endnu.",
    "Omgången tar inte emot erbjudanden nu. Den är slut, inställd eller inte utlyst än.",
    "The run takes no offers now. It is over, called off or not announced yet.",
)
NO_SESSION = refusal(
    "session.gone",
    "Dagen er begyndt, aflyst eller taget af planen. Vælg en anden.",
    "Dagen har börjat, är inställd eller borttagen. Välj en annan.",
    "The day has begun, is cancelled or was taken off the plan. Choose another.",
)
TOO_LONG = refusal(
    "minutes.too_long",
    "Så lang er dagen ikke. Skriv færre minutter.",
    "Så lång är inte dagen. Skriv färre minuter.",
    "The day is not that long. Write fewer minutes.",
)
NO_ROOM_FOR_LIMITS = refusal(
    "minutes.no_limits",
    f"Når I viser et produkt, taler holdets egen underviser bagefter om grænser og alternativer. "
    f"Lad {LIMITS_LEAST} minutter af dagen være til det.",
    f"När ni visar en produkt talar omgångens egen lärare efteråt om gränser och alternativ. "
    f"Lämna {LIMITS_LEAST} minuter av dagen till det.",
    f"When you show a product, the run's own teacher speaks about limits and alternatives after "
    f"you. Leave {LIMITS_LEAST} minutes of the day for that.",
)
NOT_A_COLLEAGUE = refusal(
    "teacher.elsewhere",
    "Den, der skal undervise, arbejder ikke i virksomheden i dag. Vælg en anden.",
    "Den som ska undervisa arbetar inte på företaget i dag. Välj någon annan.",
    "Whoever is to teach does not work for the company today. Choose somebody else.",
)
TWICE = refusal(
    "topic.twice",
    "I har allerede tilbudt det på den dag. Det første tilbud gælder.",
    "Ni har redan erbjudit det den dagen. Det första erbjudandet gäller.",
    "You have offered this for that day already. The first offer counts.",
)
TOO_LATE = refusal(
    "late",
    "Tilbuddet er besvaret eller trukket tilbage imens. Se på siden, hvad der gælder.",
    "Erbjudandet är besvarat eller återtaget under tiden. Se på sidan vad som gäller.",
    "The offer has been answered or taken back meanwhile. See on the page what holds.",
)
TAUGHT = refusal(
    "taught",
    "Det er begyndt eller holdt. Derfor kan det ikke trækkes tilbage.",
    "Det har börjat eller hållits. Därför kan det inte återtas.",
    "It has begun or was held. So it cannot be taken back.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferValues:
    """What a company offers. `product` is "" when none is named, `category` "" for no kind of
    technology; `sees` is what they would like to see of the class."""

    session_id: int
    company_id: int
    teacher_id: int
    topic: str
    text: str
    minutes: int
    product: str
    category: str
    sees: str
    language: str


def teaching(
    run: RunFacts,
    company_id: int,
    category: str,
    at: datetime,
    *,
    offer: OfferFacts | None = None,
    documents: Sequence[str] = (),
) -> ContactFacts:
    """The contact that teaching is, on the day on which it is done."""
    topic = offer.topic if offer is not None else ""
    return ContactFacts(
        kind="teach",
        authority_ids=run.host_ids + run.partner_ids,
        company_id=company_id,
        at=at,
        what=LocalisedText(
            da=f"Underviser på et hold: {topic}",
            sv=f"Undervisar i en omgång: {topic}",
            en=f"Teaches in a run: {topic}",
        ),
        category=category,
        run_id=run.id,
        subject_kind=SUBJECT if offer is not None else "",
        subject_id=offer.id if offer is not None else 0,
        documents=tuple(documents),
        people={"participant": run.taken} if run.taken else {},
    )


def in_the_way(
    run: RunFacts, company_ids: Sequence[int], at: datetime, category: str = ""
) -> list[Refusal]:
    """Why these companies could not teach on that day as things are; for pages that say so before
    anybody types."""
    return contact_refusals([teaching(run, id_, category, at) for id_ in sorted(company_ids)])


def offer_slot(run: RunFacts, values: OfferValues, files: Sequence[Accepted], actor: Actor) -> str:
    """Somebody offers what their company would teach; the key of the offer. Those who answer have
    ten working days. Raises `Refused`."""
    session = next(
        (one for one in sessions_of([run.id])[run.id] if one.id == values.session_id), None
    )
    reasons = _reasons(run, session, values, actor)
    if reasons:
        raise Refused(*reasons)
    countries = countries_of(run)
    moment = now()
    row = SlotOffer(
        run_id=run.id,
        course_session_id=values.session_id,
        company_id=values.company_id,
        teacher_id=values.teacher_id,
        topic=values.topic,
        text=values.text,
        language=values.language,
        minutes=values.minutes,
        product=values.product,
        category=values.category,
        sees=values.sees,
        offered_at=moment,
        answer_by=after_working_days(moment, WORKING_DAYS, countries, run.zone),
    )
    db.session.add(row)
    db.session.flush()
    for file in files:
        keep_upload(file, subject=(MATERIALS, row.id), actor=actor, language=values.language)
    record(
        "courses.slot_offered",
        SUBJECT,
        row.id,
        actor=actor,
        data={"run": run.id, "company": values.company_id, "files": len(files)},
    )
    soon = after_working_days(moment, WORKING_DAYS - SOON_DAYS, countries, run.zone)
    for when, day in (("soon", soon), ("late", row.answer_by + timedelta(days=1))):
        local_day = day.astimezone(ZoneInfo(run.zone)).date()
        enqueue(
            REMIND,
            {"offer": row.id, "when": when},
            due_at=datetime.combine(local_day, MORNING, ZoneInfo(run.zone)),
            unique_key=f"{REMIND}:{row.id}:{when}",
        )
    return row.key


def _reasons(
    run: RunFacts, session: CourseSessionFacts | None, values: OfferValues, actor: Actor
) -> list[Refusal]:
    if values.company_id not in companies_of(actor):
        raise PermissionError("offers are made for one's own company")
    if run.state not in OPEN_RUNS:
        return [RUN_OVER]
    if session is None or not still_to_come([session]):
        return [NO_SESSION]
    found = []
    if values.minutes > session.minutes:
        found.append(TOO_LONG)
    elif values.product and values.minutes > session.minutes - LIMITS_LEAST:
        found.append(NO_ROOM_FOR_LIMITS)
    if values.teacher_id not in people_at([values.company_id]).get(values.company_id, ()):
        found.append(NOT_A_COLLEAGUE)
    if _is_there(values):
        found.append(TWICE)
    return found


def _is_there(values: OfferValues) -> bool:
    topics = db.session.scalars(
        select(SlotOffer.topic).where(
            SlotOffer.company_id == values.company_id,
            SlotOffer.course_session_id == values.session_id,
            SlotOffer.state.in_(LIVE),
        )
    )
    return search_key(values.topic) in {search_key(topic) for topic in topics}


def hold(offer: OfferFacts) -> OfferFacts:
    """The offer as it is now, held until the transaction ends."""
    db.session.execute(select(SlotOffer.id).where(SlotOffer.id == offer.id).with_for_update())
    return offers_by_id([offer.id])[offer.id]


def withdraw_offer(offer: OfferFacts, actor: Actor) -> None:
    """The company takes it back, also after a yes, until the day begins. Then neither it nor what
    was to follow it is taught. Raises `Refused`."""
    held = hold(offer)
    if held.state not in LIVE:
        raise Refused(TOO_LATE)
    slots = [id_ for id_ in (held.slot_id, held.limits_slot_id) if id_ is not None]
    if held.state == "approved":
        sessions = {one.id: one for one in sessions_of([held.run_id])[held.run_id]}
        session = sessions.get(held.course_session_id or 0)
        if session is not None and session.state != "cancelled" and session.starts_at <= now():
            raise Refused(TAUGHT)
        withdraw_teaching_slots(slots, actor)
    db.session.execute(
        update(SlotOffer)
        .where(SlotOffer.id == held.id)
        .values(state="withdrawn", revision=SlotOffer.revision + 1)
        .execution_options(synchronize_session=False)
    )
    record(
        "courses.slot_withdrawn",
        SUBJECT,
        held.id,
        actor=actor,
        data={"run": held.run_id, "was": held.state},
    )
