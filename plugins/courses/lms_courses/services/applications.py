"""What companies do about a call: apply, take back, answer an offered place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.api import (
    GUEST,
    SYSTEM,
    Refused,
    RunFacts,
    clean_text,
    db,
    email_key,
    enrolments_in_run,
    new_key,
    now,
    problem_with_number,
    record,
    registration_number,
    runs_by_id,
    search_key,
    withdraw,
)
from lms_courses.models import Application, Call
from lms_courses.queries.calls import ApplicationFacts, CallFacts, own_application
from lms_courses.refusing import refusal

NUMBER_NEEDED = ("DK", "SE")
"""Countries whose companies all have a registration number that can be checked."""
WITH_PLACE = ("confirmed", "offered")
MAY_LEAVE = ("sent", "waiting", *WITH_PLACE)
RUN_IS_OVER = ("completed", "evaluated", "archived", "cancelled")
TAKES_SEATS = ("open", "closed")
"""States of a run in which somebody may get a seat in it."""
LIVE_SEATS = ("requested", "awaiting_approval", "waitlisted", "offered", "seated", "active")
MOST_PEOPLE = 50

NOT_OPEN = refusal(
    "call.not_open",
    "Der kan ikke søges lige nu. Se fristen på siden om forløbet.",
    "Det går inte att ansöka just nu. Se sista dagen på kursens sida.",
    "Nobody can apply just now. See the last day on the page of the call.",
)
MISSING = refusal(
    "registration_number.missing",
    "Skriv virksomhedens nummer. Kun virksomheder fra andre lande kan lade det stå tomt.",
    "Skriv företagets nummer. Bara företag från andra länder kan lämna det tomt.",
    "Write the number of the company. Only companies from other countries may leave it empty.",
)
ALREADY = refusal(
    "name.already",
    "Jeres ansøgning er her allerede, så I behøver ikke gøre mere. Den første gælder, og svaret "
    "kommer til den mail, der står i den.",
    "Er ansökan finns redan här, så ni behöver inte göra mer. Den första gäller, och svaret kommer "
    "till mejlen som står i den.",
    "Your application is here already, so you need do nothing more. The first one counts, and the "
    "answer goes to the mail that stands in it.",
)
NOBODY = refusal(
    "person_1_name.nobody",
    "Skriv mindst én, der skal med, med navn og mail.",
    "Skriv minst en som ska vara med, med namn och mejl.",
    "Write at least one who takes part, with name and mail.",
)
TWICE = refusal(
    "person_2_email.twice",
    "Hver deltager skal have sin egen mail.",
    "Varje deltagare ska ha en egen mejl.",
    "Each participant needs a mail address of their own.",
)
TOO_LATE = refusal(
    "late",
    "Ansøgningen er besvaret eller trukket tilbage. Se på siden, hvad der gælder.",
    "Ansökan är besvarad eller återtagen. Se på sidan vad som gäller.",
    "The application has been answered or taken back. See on the page what holds.",
)
RUN_OVER = refusal(
    "over",
    "Holdet er slut, så der er ikke noget at give op mere.",
    "Omgången är slut, så det finns inget att lämna längre.",
    "The run is over, so there is nothing to give up any more.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationValues:
    """What a company writes. `people` are (name, mail); `language` is that of its letters."""

    name: str
    country: str
    registration_number: str
    size: str
    contact_name: str
    contact_email: str
    people: Sequence[tuple[str, str]]
    why: str
    language: str


def name_key(name: str) -> str:
    """What two spellings of a company's name have in common."""
    return "".join(sign for sign in search_key(clean_text(name)) if sign.isalnum())[:200]


def apply(run: RunFacts, call: CallFacts, values: ApplicationValues) -> str:
    """A company applies and says yes to the equal terms; the key of its receipt. Raises `Refused`.

    Who was signed in is not noted: before the call is over nobody can see who applied.
    """
    if call.phase != "open" or run.state not in ("announced", "open"):
        raise Refused(NOT_OPEN)
    number = _number(values)
    people = _people(values, call)
    key_of_name = name_key(values.name)
    if _is_there(run.id, values.country, number, key_of_name):
        raise Refused(ALREADY)
    key, moment = new_key(), now()
    row: dict[str, Any] = {
        "key": key,
        "run_id": run.id,
        "name": clean_text(values.name),
        "name_key": key_of_name,
        "country": values.country,
        "registration_number": number,
        "size": values.size,
        "contact_name": clean_text(values.contact_name),
        "contact_email": clean_text(values.contact_email),
        "people": people,
        "why": values.why,
        "language": values.language,
        "declared_at": moment,
        "created_at": moment,
        "state": "sent",
        "reason": "",
    }
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    application_id = db.session.scalar(
        dialect.insert(Application).values(**row).on_conflict_do_nothing().returning(Application.id)
    )
    if application_id is None:
        raise Refused(ALREADY)
    record(
        "courses.application_sent",
        "application",
        int(application_id),
        actor=GUEST,
        data={"run": run.id},
    )
    return key


def take_back(key: str, reason: str = "") -> None:
    """A company takes its application back, or gives up its place: its people leave the run, and
    who waits longest is offered the place. Raises `Refused` when it is over already, or the run
    is: nobody rubs out that they were there."""
    found = held(key)
    if found is None or found.state not in MAY_LEAVE:
        raise Refused(TOO_LATE)
    if not may_leave(found, runs_by_id([found.run_id])[found.run_id]):
        raise Refused(RUN_OVER)
    _set(found.id, "withdrawn", left_because=reason)
    record(
        "courses.application_withdrawn",
        "application",
        found.id,
        actor=GUEST,
        data={"run": found.run_id, "from": found.state},
    )
    if found.state == "confirmed" and found.organisation_id is not None:
        _leave(found, reason)
    if found.state in WITH_PLACE:
        offer_next(found.run_id)


def may_leave(application: ApplicationFacts, run: RunFacts) -> bool:
    """Can the company still take it back, or give up its place?"""
    over = run.state in RUN_IS_OVER or (run.ends_at is not None and run.ends_at <= now())
    return application.state in MAY_LEAVE and not over


def offer_next(run_id: int) -> int | None:
    """Offer a place that is free to the company that waits first, while the run takes seats; its
    application's id. Those who wait are asked in the order in which they were told so, then in
    which they applied."""
    call = db.session.execute(
        select(Call.places).where(Call.run_id == run_id).with_for_update()
    ).one()
    takes_seats = runs_by_id([run_id])[run_id].state in TAKES_SEATS
    if not takes_seats or taken_places(run_id) >= call.places:
        return None
    first = db.session.scalar(
        select(Application.id)
        .where(Application.run_id == run_id, Application.state == "waiting")
        .order_by(Application.decided_at, Application.id)
        .limit(1)
    )
    if first is None:
        return None
    _set(first, "offered")
    record("courses.place_offered", "application", first, actor=SYSTEM, data={"run": run_id})
    return first


def taken_places(run_id: int) -> int:
    """Places of a run that companies have, or that they were offered."""
    return len(
        db.session.scalars(
            select(Application.id).where(
                Application.run_id == run_id, Application.state.in_(WITH_PLACE)
            )
        ).all()
    )


def held(key: str) -> ApplicationFacts | None:
    """The application behind a key, read after the call is locked: nobody else decides on one of
    the run until this transaction is over."""
    run_id = db.session.scalar(select(Application.run_id).where(Application.key == key))
    if run_id is None:
        return None
    db.session.execute(select(Call.id).where(Call.run_id == run_id).with_for_update())
    return own_application(key)


def _leave(application: ApplicationFacts, reason: str) -> None:
    rows = enrolments_in_run(
        application.run_id, LIVE_SEATS, employers=[application.organisation_id], limit=MOST_PEOPLE
    )
    for row in rows:
        withdraw(row.enrolment.id, SYSTEM, reason)


def _set(application_id: int, state: str, **values: Any) -> None:
    db.session.execute(
        update(Application)
        .where(Application.id == application_id)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )


def _number(values: ApplicationValues) -> str | None:
    try:
        number = registration_number(values.country, values.registration_number)
    except ValueError as error:
        raise Refused(problem_with_number(values.country)) from error
    if number is None and values.country in NUMBER_NEEDED:
        raise Refused(MISSING)
    return number


def _people(values: ApplicationValues, call: CallFacts) -> list[dict[str, str]]:
    people = [
        {"name": clean_text(name), "email": clean_text(mail)}
        for name, mail in values.people
        if name or mail
    ][: call.people]
    if not people or not all(one["name"] and email_key(one["email"]) for one in people):
        raise Refused(NOBODY)
    if len({email_key(one["email"]) for one in people}) < len(people):
        raise Refused(TWICE)
    return people


def _is_there(run_id: int, country: str, number: str | None, key_of_name: str) -> bool:
    """Has this company a live application: by its number, or by its name where one of the two
    came without a number?"""
    by_name = and_(
        Application.name_key == key_of_name,
        Application.registration_number.is_(None) if number is not None else true(),
    )
    same = or_(by_name, Application.registration_number == number) if number else by_name
    found = db.session.scalar(
        select(Application.id)
        .where(
            Application.run_id == run_id,
            Application.country == country,
            Application.state != "withdrawn",
            same,
        )
        .limit(1)
    )
    return found is not None
