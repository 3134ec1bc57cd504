"""Answering applications after the call is over: a place, the waiting list, or no.

A place makes the company known here, invites its people and gives them seats through the same
engine as everybody. Whoever keeps contacts fair may refuse it (`make_contacts`); then nothing is
done but that the company is known, so that what is missing can be written down about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from lms.api import (
    GUEST,
    SYSTEM,
    Actor,
    ContactFacts,
    EnrolmentRequest,
    Entry,
    LocalisedText,
    OrganisationValues,
    PersonValues,
    Place,
    Refusal,
    Refused,
    RunFacts,
    ask_for_seat,
    assign,
    contact_refusals,
    create_organisation,
    db,
    email_key,
    enrolments_by_id,
    enrolments_in_run,
    ensure_function,
    invite_person,
    make_contacts,
    now,
    person_id_by_email,
    record,
    runs_by_id,
    say_yes,
    seat_refusals,
    workplaces_of,
)
from lms_courses.models import Application
from lms_courses.queries.calls import ApplicationFacts, call_of
from lms_courses.queries.known import COMPANY, company_behind
from lms_courses.queries.sharing import shared_in
from lms_courses.refusing import refusal
from lms_courses.services.applications import LIVE_SEATS, held, taken_places
from lms_courses.services.sharing import share_contacts

MOST_IN_RUN = 1000
ANSWERS = ("confirmed", "waiting", "refused")
TO_ANSWER = ("sent", "waiting", "offered")
WORKS_THERE = LocalisedText(
    da="Deltager fra en virksomhed",
    sv="Deltagare från ett företag",
    en="Participant from a company",
)
WHAT = LocalisedText(
    da="Virksomheden fik plads på holdet efter en åben indkaldelse.",
    sv="Företaget fick plats i omgången efter en öppen utlysning.",
    en="The company got a place in the run after an open call.",
)

NOT_OVER = refusal(
    "not_over",
    "Fristen er ikke gået endnu. Ingen læser ansøgninger før.",
    "Sista dagen har inte varit än. Ingen läser ansökningar före.",
    "The last day is not over yet. Nobody reads applications before.",
)
ANSWERED = refusal(
    "answered",
    "Ansøgningen er besvaret eller trukket tilbage imens. Se på siden, hvad der gælder.",
    "Ansökan är besvarad eller återtagen under tiden. Se på sidan vad som gäller.",
    "The application has been answered or taken back meanwhile. See on the page what holds.",
)
WITHOUT_REASON = refusal(
    "reason.missing",
    "Skriv begrundelsen. Virksomheden læser den i sit svar.",
    "Skriv motiveringen. Företaget läser den i sitt svar.",
    "Write the reason. The company reads it in its answer.",
)
FULL = refusal(
    "full",
    "Alle pladser til virksomheder er givet. Sæt den på venteliste, eller sig nej.",
    "Alla platser för företag är fördelade. Sätt den på väntelista, eller säg nej.",
    "All places for companies are given. Put it on the waiting list, or say no.",
)
NO_SEATS = refusal(
    "no_seats",
    "Holdet har ikke deltagerpladser nok til virksomheden. Giv holdet flere pladser først.",
    "Omgången har inte platser nog för företagets deltagare. Ge omgången fler platser först.",
    "The run has not enough seats for the people of the company. Give the run more seats first.",
)
NO_COMPANY = refusal(
    "no_company",
    "Nummeret hører til en organisation, der ikke er en virksomhed. Spørg dem, der har søgt.",
    "Numret hör till en organisation som inte är ett företag. Fråga dem som har sökt.",
    "The number belongs to an organisation that is no company. Ask those who applied.",
)
UNCHECKED = refusal(
    "checked.missing",
    "Virksomheden er her i forvejen. Spørg den selv, om ansøgningen er dens, og sæt så hakket.",
    "Företaget finns här redan. Fråga det själv om ansökan är dess, och kryssa sedan i rutan.",
    "The company is here already. Ask it yourself whether it has applied, then tick the box.",
)
NOBODY_LEFT = refusal(
    "nobody",
    "De, virksomheden har skrevet, arbejder et andet sted hos os. Bed den om andre navne.",
    "De som företaget har skrivit arbetar på ett annat ställe hos oss. Be det om andra namn.",
    "Those whom the company has named work elsewhere here. Ask it for other names.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an answer came to: done, or the reasons against it. `left_out` are those of the
    company's people who work elsewhere, or elsewhere as well, and so did not get a seat."""

    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[str, ...] = ()


def answer(key: str, to: str, reason: str, actor: Actor, *, checked: bool = False) -> Outcome:
    """Answer one application: confirmed, waiting or refused, with the reason. What keeps a company
    from its place is told in the outcome, and it is known here from then on; everything else that
    is wrong raises `Refused`.

    Anybody may write the number of a company. Whoever lets the application of one that is here
    already go on says that they have asked it (`checked`): those who are named in it will read
    what the company reads.
    """
    if to not in ANSWERS:
        raise ValueError(to)
    if not reason.strip():
        raise Refused(WITHOUT_REASON)
    found = held(key)
    if found is None or found.state not in TO_ANSWER or found.state == to:
        raise Refused(ANSWERED)
    call = call_of(found.run_id)
    if call is None or call.phase != "over":
        raise Refused(NOT_OVER)
    run = runs_by_id([found.run_id])[found.run_id]
    if to == "refused":
        _decide(found, to, reason, actor)
        return Outcome()
    known = _known(found, checked=checked)
    if to == "waiting":
        if known is not None:
            _belongs(found.id, known)  # who accepts the place later is not asked again
        _decide(found, to, reason, actor)
        return Outcome()
    if found.state != "offered" and taken_places(run.id) >= call.places:
        raise Refused(FULL)
    organisation_id = known or _enter(found, actor)
    _belongs(found.id, organisation_id)
    contacts = [_contact(found, run, call.category, organisation_id)]
    # What the others got before, this one gets with its place.
    contacts += share_contacts(run, organisation_id, shared_in(run.id), call.category)
    if missing := contact_refusals(contacts):
        return Outcome(refusals=tuple(missing))
    make_contacts(contacts, actor)
    _decide(found, to, reason, actor)
    left_out = _seat(found, run, organisation_id, actor)
    _name_contact(found, organisation_id)
    return Outcome(left_out=left_out)


def accept_place(key: str) -> Outcome:
    """A company takes the place that it was offered. It is the company that does it: who put it on
    the list decided then, and is named beside it."""
    found = held(key)
    if found is None or found.state != "offered":
        raise Refused(ANSWERED)
    known = company_behind(found)
    if known is not None and not known.checked:
        return Outcome(refusals=(UNCHECKED,))
    return answer(key, "confirmed", found.reason, SYSTEM)


def hold_up(key: str) -> None:
    """A company has said yes to its place, and something of ours is missing: who leads the run is
    told, once for each offer."""
    found = held(key)
    if found is not None and found.state == "offered":
        data = {"run": found.run_id}
        record("courses.place_held_up", "application", found.id, actor=GUEST, data=data)


def _decide(found: ApplicationFacts, to: str, reason: str, actor: Actor) -> None:
    by, data = actor.person_id, {"run": found.run_id, "to": to}
    if found.state == "offered" and actor.is_system:  # the company said yes to what was decided
        by, data["on_behalf_of"] = found.decided_by_id, found.decided_by_id
    db.session.execute(
        update(Application)
        .where(Application.id == found.id)
        .values(state=to, reason=reason, decided_at=now(), decided_by_id=by)
        .execution_options(synchronize_session=False)
    )
    record(
        "courses.application_decided",
        "application",
        found.id,
        actor=GUEST if "on_behalf_of" in data else actor,
        data=data,
    )


def _known(found: ApplicationFacts, *, checked: bool) -> int | None:
    """The organisation behind an application, when somebody has seen that it has applied."""
    known = company_behind(found)
    if known is None:
        return None
    if known.organisation.kind != COMPANY:
        raise Refused(NO_COMPANY)
    if not known.checked and not checked:
        raise Refused(UNCHECKED)
    return known.organisation.id


def _enter(found: ApplicationFacts, actor: Actor) -> int:
    return create_organisation(
        OrganisationValues(
            name=found.name,
            kind=COMPANY,
            country=found.country,
            registration_number=found.registration_number or "",
        ),
        actor=actor,
    )


def _belongs(application_id: int, organisation_id: int) -> None:
    db.session.execute(
        update(Application)
        .where(Application.id == application_id)
        .values(organisation_id=organisation_id)
        .execution_options(synchronize_session=False)
    )


def _contact(
    found: ApplicationFacts, run: RunFacts, category: str, organisation_id: int
) -> ContactFacts:
    return ContactFacts(
        kind="place",
        authority_ids=run.host_ids + run.partner_ids,
        company_id=organisation_id,
        at=now(),
        what=WHAT,
        category=category,
        run_id=run.id,
        subject_kind="application",
        subject_id=found.id,
        people={"participant": len(found.people)},
    )


# --- people and seats ---------------------------------------------------------------------------


def _seat(
    found: ApplicationFacts, run: RunFacts, organisation_id: int, actor: Actor
) -> tuple[str, ...]:
    """Seats for the company's people; the names of those who work elsewhere."""
    there = {
        row.enrolment.person_id for row in enrolments_in_run(run.id, LIVE_SEATS, limit=MOST_IN_RUN)
    }
    people: list[int] = []
    left_out: list[str] = []
    for name, mail in found.people:
        person_id = _person(name, mail, found, organisation_id, actor)
        if person_id is None:
            left_out.append(name)
        elif person_id not in there:
            people.append(person_id)
    if len(left_out) == len(found.people):
        raise Refused(NOBODY_LEFT)
    requests = [
        EnrolmentRequest(
            person_id=person_id,
            run=run,
            employer_id=organisation_id,
            goal=found.why,
            source="nomination",
            nominated_by_id=actor.person_id,
        )
        for person_id in people
    ]
    reasons = [reason for reason in seat_refusals(requests) if reason.code != "not_open"]
    if reasons:
        raise Refused(*reasons)
    entry = Entry(source="nomination", after_day=True)
    ids = [ask_for_seat(p, run.id, actor, goal=found.why, entry=entry) for p in people]
    for id_, facts in enrolments_by_id(ids).items():
        state = facts.state
        if state == "awaiting_approval":
            state = say_yes(id_, actor)
        if state not in ("seated", "active"):
            raise Refused(NO_SEATS)
    return tuple(left_out)


def _name_contact(found: ApplicationFacts, organisation_id: int) -> None:
    """Who wrote for the company is known from now on, when they are one of its people here."""
    contact_id = person_id_by_email(SYSTEM, email_key(found.contact_email))
    places = workplaces_of([contact_id]).get(contact_id, ()) if contact_id is not None else ()
    if any(one.organisation_id == organisation_id for one in places):
        db.session.execute(
            update(Application)
            .where(Application.id == found.id)
            .values(contact_id=contact_id)
            .execution_options(synchronize_session=False)
        )


def _person(
    name: str, mail: str, found: ApplicationFacts, organisation_id: int, actor: Actor
) -> int | None:
    """Somebody whom the company sends: known by the mail, or invited. None for one who works
    elsewhere: nobody is put into a company because somebody else wrote their address. Nor does
    anybody come for it whose seat would be another employer's, the one they began at last."""
    function_id = ensure_function(WORKS_THERE, actor=SYSTEM, key="company-participant")
    place = Place(organisation_id=organisation_id, function_id=function_id)
    person_id = person_id_by_email(SYSTEM, email_key(mail))
    if person_id is None:
        values = PersonValues(name=name, email=mail, language=found.language)
        return invite_person(values, place, actor=actor)
    places = workplaces_of([person_id]).get(person_id, ())
    if places:
        return person_id if places[0].organisation_id == organisation_id else None
    assign(person_id, place, actor=actor)
    return person_id
