"""Signing in and out, and passwords. Hashes are made by the caller, before the unit of work."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, update

from lms.contracts import Actor
from lms.core.refused import refused
from lms.core.users.models import ApiToken, Person, SignIn, SingleUseLink
from lms.core.users.queries import digest
from lms.core.users.services.links import end_links, spend
from lms.db import db, new_key, now
from lms.journal import record

SIGN_IN_LIFETIME = timedelta(hours=12)
KEPT_FOR = timedelta(days=90)


def begin_sign_in(
    person_id: int, device: str, *, seen_hash: str | None, new_hash: str = "", old_token: str = ""
) -> str | None:
    """A new sign-in; returns its secret. None when the person may no longer sign in, or the
    password was changed while it was being checked (`seen_hash` is the hash that was checked).

    `new_hash` replaces the hash (made with today's parameters). `old_token` is the browser's
    sign-in so far, which ends.
    """
    person = db.session.get(Person, person_id)
    if person is None or person.state != "active" or person.password_hash != seen_hash:
        return None
    if new_hash:
        person.password_hash = new_hash
    if old_token:
        _end(SignIn.token_hash == digest(old_token))
    token = _new_sign_in(person_id, device)
    record("users.signed_in", "person", person_id, actor=_as(person))
    return token


def _new_sign_in(person_id: int, device: str) -> str:
    token = secrets.token_urlsafe(32)
    moment = now()
    db.session.add(
        SignIn(
            person_id=person_id,
            token_hash=digest(token),
            created_at=moment,
            expires_at=moment + SIGN_IN_LIFETIME,
            device=device[:200],
        )
    )
    db.session.flush()
    return token


def end_sign_in(token: str, *, actor: Actor) -> None:
    """Sign one browser out."""
    if _end(SignIn.token_hash == digest(token)) and actor.person_id is not None:
        record("users.signed_out", "person", actor.person_id, actor=actor)


def end_one_sign_in(person_id: int, key: str, *, actor: Actor) -> bool:
    """Sign one of a person's browsers out, by the key in the list; False when there is none."""
    ended = _end((SignIn.person_id == person_id) & (SignIn.key == key))
    if ended:
        record("users.signed_out", "person", person_id, actor=actor)
    return bool(ended)


def end_sign_ins(person_id: int, *, actor: Actor, but: str = "") -> int:
    """Sign a person out everywhere, perhaps but for one secret; returns how many."""
    ended = _end((SignIn.person_id == person_id) & (SignIn.token_hash != digest(but)))
    if ended:
        record(
            "users.signed_out_everywhere", "person", person_id, actor=actor, data={"ended": ended}
        )
    return ended


def _end(which: ColumnElement[bool]) -> int:
    statement = (
        update(SignIn)
        .where(which, SignIn.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignIn.id)
        .execution_options(synchronize_session=False)
    )
    return len(db.session.execute(statement).all())


def change_choices(person_id: int, language: str, theme: str, *, actor: Actor) -> None:
    """The person's own language and colours."""
    person = db.session.get_one(Person, person_id)
    person.language, person.theme = language, theme
    db.session.flush()
    record(
        "users.choices_changed",
        "person",
        person_id,
        actor=actor,
        data={"language": language, "theme": theme},
    )


def forget_what_is_over() -> None:
    """Remove sign-ins and links that ended three months ago; nothing points to them."""
    long_ago = now() - KEPT_FOR
    for model in (SignIn, SingleUseLink):
        db.session.execute(
            delete(model)
            .where(model.expires_at < long_ago)
            .execution_options(synchronize_session=False)
        )


# --- passwords ----------------------------------------------------------------------------------


def change_password(
    person_id: int, new_hash: str, device: str, *, seen_hash: str | None, actor: Actor
) -> str:
    """A new password: every sign-in and every waiting link of the person ends, and the asking
    browser gets a new secret. `Refused` when the password was changed meanwhile."""
    person = db.session.get_one(Person, person_id)
    if person.password_hash != seen_hash or person.state != "active":
        raise refused(
            "password.changed",
            da="Adgangskoden er lige blevet ændret et andet sted. Log ind igen.",
            sv="Lösenordet har just ändrats på ett annat ställe. Logga in igen.",
            en="The password has just been changed somewhere else. Sign in again.",
        )
    _put_password(person, new_hash)
    end_links(person_id)
    record("users.password_changed", "person", person_id, actor=actor, data={"by": "self"})
    return _new_sign_in(person_id, device)


def ask_for_reset(person_id: int | None, *, actor: Actor) -> None:
    """Somebody asked for a link to choose a new password; the mail is written from the journal.

    Asking for an unknown address (None) leaves an entry as well: it costs the same time, and the
    administrator can see that somebody tries.
    """
    if person_id is None:
        record("users.reset_asked_in_vain", "person", 0, actor=actor)
    else:
        record("users.reset_asked", "person", person_id, actor=actor)


def set_password_by_link(token: str, purpose: str, new_hash: str, device: str) -> str | None:
    """Use up a "reset" or "invitation" link and sign in; None when the link is no good any more.

    Whoever was invited becomes active. Every other sign-in and link of the person ends.
    """
    link = spend(token, purpose)
    if link is None:
        return None
    person = db.session.get_one(Person, link.person_id)
    allowed = {"reset": ("active",), "invitation": ("invited",)}[purpose]
    if person.state not in allowed:
        return None
    person.state = "active"
    _put_password(person, new_hash)
    if purpose == "reset":
        end_links(person.id)
    verb = "users.invitation_accepted" if purpose == "invitation" else "users.password_changed"
    record(verb, "person", person.id, actor=_as(person), data={"by": purpose})
    return _new_sign_in(person.id, device)


def _put_password(person: Person, new_hash: str) -> None:
    person.password_hash = new_hash
    db.session.flush()
    _end(SignIn.person_id == person.id)
    end_links(person.id, "reset", "invitation")


def _as(person: Person) -> Actor:
    return Actor(person_id=person.id, person_key=person.key, name=person.name)


# --- the API ------------------------------------------------------------------------------------


def mint_api_token(person_id: int, name: str, lifetime: timedelta, *, actor: Actor) -> str:
    """A bearer token that acts as the person; shown once, kept as a hash."""
    token = "samspil_" + secrets.token_urlsafe(32)
    moment = now()
    row = ApiToken(
        key=new_key(),
        person_id=person_id,
        token_hash=digest(token),
        name=name[:100],
        created_at=moment,
        expires_at=moment + lifetime,
    )
    db.session.add(row)
    db.session.flush()
    record("users.api_token_made", "person", person_id, actor=actor, data={"token": row.id})
    return token


def revoke_api_token(person_id: int, key: str, *, actor: Actor) -> bool:
    """Make a token worthless; False when the person has none with this key."""
    revoked = db.session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.key == key, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(ApiToken.id)
        .execution_options(synchronize_session=False)
    ).all()
    if revoked:
        record("users.api_token_revoked", "person", person_id, actor=actor)
    return bool(revoked)
