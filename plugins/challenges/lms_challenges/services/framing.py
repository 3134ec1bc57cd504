"""Verbs on challenges: write one, frame it anew, say who it concerns, tell everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    LocalisedText,
    active_among,
    closed_among,
    db,
    new_key,
    now,
    organisations_by_id,
    record,
    refused,
    search_key,
)
from lms_challenges.models import Challenge, Collaborator, Framing
from lms_challenges.queries.challenges import COMPANY, OWN
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.states import CHALLENGE_ACTIVE

MOST_COLLABORATORS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class FramingValues:
    """What a challenge is called, the question it asks, and what we think it is about."""

    title: LocalisedText
    question: LocalisedText = field(default_factory=LocalisedText)
    understood: LocalisedText = field(default_factory=LocalisedText)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextValues:
    """What everybody may read of a challenge, and what is part of it and what is not."""

    public_text: LocalisedText = field(default_factory=LocalisedText)
    scope_in: str = ""
    scope_out: str = ""


def frame(
    values: FramingValues,
    organisation_id: int,
    actor: Actor,
    texts: TextValues | None = None,
) -> str:
    """Write down a challenge that an organisation owns; returns its key. Whoever writes it looks
    after it. Raises `Refused` for a company or a closed organisation, and without a title."""
    _check_title(values)
    _check_owner(organisation_id)
    texts = texts or TextValues()
    moment = now()
    key = new_key()
    challenge_id = db.session.execute(
        insert(Challenge)
        .values(
            key=key,
            organisation_id=organisation_id,
            owner_id=actor.person_id,
            public_text=texts.public_text,
            scope_in=texts.scope_in,
            scope_out=texts.scope_out,
            search_text=search_key(values.title.everything()),
            created_at=moment,
            created_by_id=actor.person_id,
        )
        .returning(Challenge.id)
    ).scalar_one()
    _write_framing(challenge_id, values, actor)
    data = {"organisation_id": organisation_id}
    record("challenges.framed", "challenge", challenge_id, actor=actor, data=data)
    return key


def reframe(
    challenge_id: int, values: FramingValues, because: LocalisedText, actor: Actor, *, revision: int
) -> None:
    """Another name or another understanding of the same challenge; the former one stays, with why
    it was left. Raises `Refused` without a reason, for what is over, and when nothing changes."""
    _check_title(values)
    if not because.everything().strip():
        raise refused(
            "because",
            da="Skriv, hvorfor I ser anderledes på det nu.",
            sv="Skriv varför ni ser annorlunda på det nu.",
            en="Write why you see it otherwise now.",
        )
    now_called = _current(challenge_id)
    same = (now_called.title, now_called.question, now_called.understood)
    if same == (values.title, values.question, values.understood):
        raise refused(
            "unchanged",
            da="Navn og forståelse er de samme som før. Ret mindst ét af dem.",
            sv="Namn och förståelse är desamma som förut. Ändra minst ett av dem.",
            en="Name and understanding are as before. Change at least one of them.",
        )
    state, search_text = _state_and_names(challenge_id)
    if state not in CHALLENGE_ACTIVE:
        raise refused(
            "state",
            da="Udfordringen er ikke i gang. Den beholder sit navn.",
            sv="Utmaningen pågår inte. Den behåller sitt namn.",
            en="The challenge is not under way. It keeps its name.",
        )
    _change(
        challenge_id,
        revision,
        search_text=search_key(f"{values.title.everything()} {search_text}"),
    )
    now_called.until_at = now()
    now_called.left_because = because
    db.session.flush()
    _write_framing(challenge_id, values, actor)
    record(
        "challenges.reframed",
        "challenge",
        challenge_id,
        actor=actor,
        data={"former": now_called.id, "renamed": now_called.title != values.title},
    )


def save_texts(challenge_id: int, texts: TextValues, actor: Actor, *, revision: int) -> None:
    """What everybody may read, and the scope. Raises `Refused` when others saved meanwhile."""
    if not texts.public_text.everything().strip() and _is_published(challenge_id):
        raise refused(
            "public_text_da",
            da="Alle kan læse udfordringen nu. Skriv en tekst, eller tag den først ned.",
            sv="Alla kan läsa utmaningen nu. Skriv en text, eller ta ner den först.",
            en="Everybody can read the challenge now. Write a text, or take it down first.",
        )
    _change(
        challenge_id,
        revision,
        public_text=texts.public_text,
        scope_in=texts.scope_in,
        scope_out=texts.scope_out,
    )
    record("challenges.text_written", "challenge", challenge_id, actor=actor)


def publish(challenge_id: int, actor: Actor) -> None:
    """From now on everybody may read the public form. Raises `Refused` without a text for it."""
    text = db.session.scalar(select(Challenge.public_text).where(Challenge.id == challenge_id))
    if text is None or not text.everything().strip():
        raise refused(
            "public_text_da",
            da="Skriv først, hvad alle må læse.",
            sv="Skriv först vad alla får läsa.",
            en="First write what everybody may read.",
        )
    _set(challenge_id, published_at=now())
    record("challenges.published", "challenge", challenge_id, actor=actor)


def take_down(challenge_id: int, actor: Actor) -> None:
    """Only those it concerns may read it from now on; what points to it stays."""
    _set(challenge_id, published_at=None)
    record("challenges.taken_down", "challenge", challenge_id, actor=actor)


# --- whom it concerns ---------------------------------------------------------------------------


def add_collaborator(
    challenge_id: int, organisation_id: int, actor: Actor, product: str = ""
) -> None:
    """An organisation that the challenge concerns. One that sells takes part as a company, with
    what it brings; it never decides. Raises `Refused` for the owner's and for one named twice."""
    organisation = organisations_by_id([organisation_id]).get(organisation_id)
    owner = db.session.scalar(select(Challenge.organisation_id).where(Challenge.id == challenge_id))
    there = db.session.scalars(
        select(Collaborator.organisation_id).where(Collaborator.challenge_id == challenge_id)
    ).all()
    if organisation is None or closed_among([organisation_id]):
        raise refused(
            "organisation",
            da="Vælg en organisation fra listen.",
            sv="Välj en organisation i listan.",
            en="Choose an organisation from the list.",
        )
    if organisation_id == owner or organisation_id in there:
        raise refused(
            "organisation",
            da="Organisationen er allerede med.",
            sv="Organisationen är redan med.",
            en="That organisation takes part already.",
        )
    if len(there) >= MOST_COLLABORATORS:
        raise refused(
            "organisation",
            da="Der kan ikke være flere organisationer med. Tag en af listen først.",
            sv="Fler organisationer kan inte vara med. Ta bort en från listan först.",
            en="No more organisations can take part. Take one off the list first.",
        )
    sells = organisation.kind in COMPANIES
    try:
        db.session.execute(
            insert(Collaborator).values(
                challenge_id=challenge_id,
                organisation_id=organisation_id,
                role=COMPANY if sells else "partner",
                product=product if sells else "",
            )
        )
    except IntegrityError as error:
        raise Conflict("the same organisation was named twice at once") from error
    data = {"organisation_id": organisation_id, "company": sells}
    record("challenges.collaborator_added", "challenge", challenge_id, actor=actor, data=data)


def drop_collaborator(challenge_id: int, organisation_id: int, actor: Actor) -> None:
    """The challenge does not concern that organisation any more."""
    db.session.execute(
        delete(Collaborator).where(
            Collaborator.challenge_id == challenge_id,
            Collaborator.organisation_id == organisation_id,
        )
    )
    data = {"organisation_id": organisation_id}
    record("challenges.collaborator_dropped", "challenge", challenge_id, actor=actor, data=data)


def hand_over(challenge_id: int, organisation_id: int, actor: Actor, reason: str) -> None:
    """Another organisation owns the challenge from now on, such as when the owner's closes; the
    former owner stays as a partner while it is there. Whoever hands it over looks after it only if
    they own challenges there, too; else nobody does yet. Raises `Refused` without a reason and for
    an organisation that is no partner or is closed."""
    if not reason.strip():
        raise refused(
            "reason",
            da="Skriv, hvorfor en anden overtager.",
            sv="Skriv varför någon annan tar över.",
            en="Write why another one takes over.",
        )
    partner = db.session.scalar(
        select(Collaborator.id).where(
            Collaborator.challenge_id == challenge_id,
            Collaborator.organisation_id == organisation_id,
            Collaborator.role != COMPANY,
        )
    )
    if partner is None:
        raise refused(
            "organisation",
            da="Kun en medejer kan overtage.",
            sv="Bara en medägare kan ta över.",
            en="Only a co-owner can take over.",
        )
    _check_owner(organisation_id)
    former = db.session.scalar(
        select(Challenge.organisation_id).where(Challenge.id == challenge_id)
    )
    db.session.execute(delete(Collaborator).where(Collaborator.id == partner))
    if former is not None and not closed_among([former]):
        db.session.execute(
            insert(Collaborator).values(
                challenge_id=challenge_id, organisation_id=former, role="partner", product=""
            )
        )
    owner_id = actor.person_id if actor.may(OWN, organisation_id) else None
    _set(challenge_id, organisation_id=organisation_id, owner_id=owner_id)
    data = {"from": former, "to": organisation_id, "reason": reason.strip()[:500]}
    record("challenges.handed_over", "challenge", challenge_id, actor=actor, data=data)


def look_after(challenge_id: int, actor: Actor) -> None:
    """The actor looks after a challenge that nobody does any more. Raises `Refused` when somebody
    is there who does."""
    owner_id = db.session.scalar(
        select(Challenge.owner_id).where(Challenge.id == challenge_id).with_for_update()
    )
    if owner_id is not None and active_among([owner_id]):
        raise refused(
            "owner",
            da="En anden tager sig af udfordringen allerede.",
            sv="Någon annan tar redan hand om utmaningen.",
            en="Somebody else looks after the challenge already.",
        )
    _set(challenge_id, owner_id=actor.person_id)
    data = {"from": owner_id}
    record("challenges.looked_after", "challenge", challenge_id, actor=actor, data=data)


def set_profile(
    challenge_id: int, profile: Mapping[str, int], actor: Actor, *, revision: int
) -> None:
    """How ready each side is, 0 to 9; a side that is left out is unknown."""
    _change(challenge_id, revision, profile=dict(profile))
    data = {"profile": dict(profile)}
    record("challenges.profile_set", "challenge", challenge_id, actor=actor, data=data)


# --- inside -------------------------------------------------------------------------------------


def _check_title(values: FramingValues) -> None:
    if not values.title.everything().strip():
        raise refused(
            "title_da",
            da="Giv udfordringen et navn på mindst ét sprog.",
            sv="Ge utmaningen ett namn på minst ett språk.",
            en="Give the challenge a name in at least one language.",
        )


def _check_owner(organisation_id: int) -> None:
    organisation = organisations_by_id([organisation_id]).get(organisation_id)
    if organisation is None or closed_among([organisation_id]):
        raise refused(
            "organisation",
            da="Organisationen er lukket. Vælg en anden som ejer.",
            sv="Organisationen är stängd. Välj en annan som ägare.",
            en="That organisation is closed. Choose another owner.",
        )
    if organisation.kind in COMPANIES:
        raise refused(
            "organisation",
            da="En virksomhed kan være med, men ikke eje en udfordring.",
            sv="Ett företag kan vara med, men inte äga en utmaning.",
            en="A company may take part, but not own a challenge.",
        )


def _current(challenge_id: int) -> Framing:
    return db.session.scalars(
        select(Framing).where(Framing.challenge_id == challenge_id, Framing.until_at.is_(None))
    ).one()


def _state_and_names(challenge_id: int) -> tuple[str, str]:
    row = db.session.execute(
        select(Challenge.state, Challenge.search_text).where(Challenge.id == challenge_id)
    ).one()
    return row.state, row.search_text


def _is_published(challenge_id: int) -> bool:
    return (
        db.session.scalar(select(Challenge.published_at).where(Challenge.id == challenge_id))
        is not None
    )


def _write_framing(challenge_id: int, values: FramingValues, actor: Actor) -> None:
    db.session.execute(
        insert(Framing).values(
            challenge_id=challenge_id,
            title=values.title,
            question=values.question,
            understood=values.understood,
            from_at=now(),
            left_because=LocalisedText(),
            by_id=actor.person_id,
        )
    )


def _set(challenge_id: int, **values: Any) -> None:
    db.session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id)
        .values(revision=Challenge.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )


def _change(challenge_id: int, revision: int, **values: Any) -> None:
    """Write unless somebody else has written since `revision`. Raises `Refused`."""
    found = db.session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.revision == revision)
        .values(revision=Challenge.revision + 1, **values)
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
