"""People and their places: invite, change, let in again, assign, end a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from lms.contracts import LANGUAGES, Actor
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.refused import Refused, refused
from lms.core.users.addresses import clean_email
from lms.core.users.models import Assignment, Person
from lms.core.users.services.links import end_links
from lms.core.users.services.roles import refuse_stronger
from lms.core.users.services.sign_ins import end_sign_ins
from lms.db import clean_text, db, now, search_key
from lms.journal import record


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonValues:
    """What is written about a person. `email` may be empty: then they cannot sign in."""

    name: str
    email: str
    language: str = "da"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a person works, as what, under whom, from when (None: today, in UTC)."""

    organisation_id: int
    function_id: int
    unit_id: int | None = None
    manager_id: int | None = None
    from_day: date | None = None


def create_person(
    values: PersonValues,
    *,
    actor: Actor,
    state: str = "active",
    password_hash: str | None = None,
) -> int:
    """A new person; returns the id. `Refused` when the address is wrong or somebody else's."""
    email = _email(values.email)
    person = Person(
        name=clean_text(values.name),
        email=email,
        email_key=email.casefold() if email else None,
        language=values.language if values.language in LANGUAGES else "da",
        state=state,
        password_hash=password_hash,
        created_at=now(),
        search_text="",
    )
    person.search_text = search_text(person)
    db.session.add(person)
    flush()
    record("users.created", "person", person.id, actor=actor, data={"state": state})
    return person.id


def invite(values: PersonValues, place: Place | None, *, actor: Actor) -> int:
    """A new person with a place, who gets a mail with a link to choose a password."""
    person_id = create_person(values, actor=actor, state="invited")
    if place is not None:
        assign(person_id, place, actor=actor)
    record("users.invited", "person", person_id, actor=actor)
    return person_id


def invite_again(person_id: int, *, actor: Actor) -> None:
    """Another mail with a fresh link: an invitation, or for somebody active a new password."""
    person = db.session.get_one(Person, person_id)
    if person.state == "invited":
        end_links(person_id, "invitation")
        record("users.invited", "person", person_id, actor=actor)
    elif person.state == "active":
        record("users.reset_asked", "person", person_id, actor=actor)
    else:
        raise refused(
            "state.no_mail",
            da="Personen er lukket ude. Luk op igen, før du sender et link.",
            sv="Personen är utestängd. Öppna igen innan du skickar en länk.",
            en="This person is shut out. Let them in again before you send a link.",
        )


def change_person(person_id: int, values: PersonValues, *, actor: Actor) -> None:
    """Name, mail and language. A new mail ends sign-ins and links, for it is a new way in."""
    person = db.session.get_one(Person, person_id)
    before = {"name": person.name, "email": person.email, "language": person.language}
    email = _email(values.email)
    key = email.casefold() if email else None
    if key != person.email_key:
        refuse_stronger(person_id, actor)
        end_links(person_id)
        end_sign_ins(person_id, actor=actor)
    person.name = clean_text(values.name)
    person.email, person.email_key = email, key
    person.language = values.language
    person.search_text = search_text(person)
    flush()
    after = {"name": person.name, "email": email, "language": person.language}
    record(
        "users.changed",
        "person",
        person_id,
        actor=actor,
        payload={"before": before, "after": after},
    )


def reopen(person_id: int, *, actor: Actor) -> None:
    """Let somebody in again who was suspended or had left."""
    refuse_stronger(person_id, actor)
    person = db.session.get_one(Person, person_id)
    person.state = "active" if person.password_hash else "invited"
    db.session.flush()
    record("users.reopened", "person", person_id, actor=actor)


# --- places -------------------------------------------------------------------------------------


def assign(person_id: int, place: Place, *, actor: Actor) -> int:
    """A person begins to work somewhere; returns the assignment's id. `Refused` when the
    organisation is closed, the unit is another's, or the person would lead themselves."""
    organisation = db.session.get_one(Organisation, place.organisation_id)
    if organisation.state != "active":
        raise refused(
            "organisation.closed",
            da="Organisationen er lukket. Vælg en anden.",
            sv="Organisationen är stängd. Välj en annan.",
            en="The organisation is closed. Choose another.",
        )
    if db.session.get(Function, place.function_id) is None:
        raise refused(
            "function.unknown",
            da="Vælg en funktion på listen.",
            sv="Välj en funktion i listan.",
            en="Choose a function from the list.",
        )
    if place.unit_id is not None:
        unit = db.session.get(Unit, place.unit_id)
        if unit is None or unit.organisation_id != organisation.id:
            raise refused(
                "unit.elsewhere",
                da="Vælg en enhed i organisationen.",
                sv="Välj en enhet i organisationen.",
                en="Choose a unit of the organisation.",
            )
    if place.manager_id == person_id:
        raise refused(
            "manager.self",
            da="Skriv en andens mail. Ingen er sin egen leder.",
            sv="Skriv någon annans mejl. Ingen är sin egen chef.",
            en="Write somebody else's mail. Nobody is their own manager.",
        )
    row = Assignment(
        person_id=person_id,
        function_id=place.function_id,
        organisation_id=place.organisation_id,
        unit_id=place.unit_id,
        manager_id=place.manager_id,
        from_day=place.from_day or now().date(),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "users.assigned",
        "person",
        person_id,
        actor=actor,
        data={"assignment": row.id, "organisation": place.organisation_id},
    )
    return row.id


def end_assignment(assignment_id: int, last_day: date, *, actor: Actor) -> None:
    """The last day at a place. `Refused` when it lies before the first."""
    row = db.session.get_one(Assignment, assignment_id)
    if last_day < row.from_day:
        raise refused(
            "last_day.early",
            da="Den sidste dag kan ikke ligge før den første.",
            sv="Den sista dagen kan inte ligga före den första.",
            en="The last day cannot lie before the first.",
        )
    row.to_day = last_day
    db.session.flush()
    record(
        "users.assignment_ended",
        "person",
        row.person_id,
        actor=actor,
        data={"assignment": row.id, "last_day": last_day.isoformat()},
    )


# --- inside -------------------------------------------------------------------------------------


def _email(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return clean_email(text)
    except ValueError as error:
        raise refused(
            "email.wrong",
            da="Skriv en mail som navn@arbejdsplads.dk.",
            sv="Skriv en mejladress som namn@arbetsplats.se.",
            en="Write a mail address such as name@workplace.org.",
        ) from error


def search_text(person: Person) -> str:
    """What a search for the person finds: name and mail."""
    return search_key(f"{person.name} {person.email or ''}")[:500]


def flush() -> None:
    """Write what is pending. `Refused` when a mail has been taken meanwhile."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if "email_key" in str(error.orig):
            raise email_taken() from error
        raise


def email_taken() -> Refused:
    """Somebody has this address already."""
    return refused(
        "email.taken",
        da="Der er allerede en person med den mail. Søg efter den, eller spørg administratoren.",
        sv="Det finns redan en person med den mejladressen. Sök efter den, eller fråga "
        "administratören.",
        en="There is already a person with that mail. Search for it, or ask the administrator.",
    )
