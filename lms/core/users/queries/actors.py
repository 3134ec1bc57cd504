"""Who acts: a sign-in, an API token or an id becomes an `Actor`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)

from lms.contracts import Actor, Grant
from lms.core.organisations.kinds import COMPANY
from lms.core.organisations.models import Organisation
from lms.core.users.models import AccessRole, ApiToken, Assignment, Person, SignIn
from lms.db import UTCDateTime, execute, now
from lms.host import current_host

EVERYBODY = "learner"  # the access role of whoever is signed in
WITH_REPORTS = "manager"  # the access role of whoever is somebody's line manager
OF_A_COMPANY = "company_user"  # the access role, in the company, of whoever works for one
HELD_BY_ITSELF = frozenset({EVERYBODY, OF_A_COMPANY})
"""Access roles that nobody is given: they follow from what somebody is."""
SITE_ADMIN = "site_admin"


def digest(token: str) -> str:
    """How tokens of sign-ins, links and the API are stored: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- who acts -----------------------------------------------------------------------------------


def load_actor(token: str) -> Actor | None:
    """The person signed in by this token, in two queries.

    None when the sign-in is unknown, ended or over its 12 hours, or the person is not active:
    whoever is suspended is out at the next request.
    """
    return _actor(_by_sign_in(), token=digest(token), moment=now())


def actor_for_api_token(token: str) -> Actor | None:
    """The person an API token acts as; None when it is unknown, expired or revoked."""
    return _actor(_by_api_token(), token=digest(token), moment=now())


def actor_for_person(person_id: int) -> Actor:
    """An active person as an actor, for jobs and tests; `LookupError` when there is none."""
    actor = _actor(_person_columns().where(Person.id == person_id))
    if actor is None:
        raise LookupError(f"no active person has the id {person_id}")
    return actor


# Who acts is asked for every request: these statements are built once for a process.


@cache
def _by_sign_in() -> Select[int, str, str, str, str]:
    return (
        _person_columns()
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == bindparam("token"),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > bindparam("moment", type_=UTCDateTime),
        )
    )


@cache
def _by_api_token() -> Select[int, str, str, str, str]:
    return (
        _person_columns()
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(
            ApiToken.token_hash == bindparam("token"),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > bindparam("moment", type_=UTCDateTime),
        )
    )


@cache
def _what_they_hold() -> CompoundSelect[str, str, int | None]:
    person, today = bindparam("person", type_=Integer), bindparam("today", type_=Date)
    current = (Assignment.from_day <= today) & or_(
        Assignment.to_day.is_(None), Assignment.to_day >= today
    )
    return union_all(
        select(literal("role"), AccessRole.role, AccessRole.organisation_id).where(
            AccessRole.person_id == person
        ),
        select(literal("works"), Organisation.kind, Assignment.organisation_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Assignment.person_id == person, current),
        select(literal("leads"), literal(""), Assignment.organisation_id).where(
            Assignment.manager_id == person, current
        ),
    )


def _person_columns() -> Select[int, str, str, str, str]:
    return select(Person.id, Person.key, Person.name, Person.language, Person.theme).where(
        Person.state == "active"
    )


def current_assignment() -> ColumnElement[bool]:
    """The assignment has begun and not ended, today in UTC."""
    today = now().date()
    return (Assignment.from_day <= today) & or_(
        Assignment.to_day.is_(None), Assignment.to_day >= today
    )


def _actor(statement: Select[int, str, str, str, str], **asked: object) -> Actor | None:
    person: Row[int, str, str, str, str] | None = execute(statement, asked).first()
    if person is None:
        return None
    person_id, key, name, language, theme = person
    holds = {"person": person_id, "today": now().date()}
    rows: Sequence[Row[str, str, int | None]] = execute(_what_they_hold(), holds).all()
    grants = tuple(
        Grant(role=role, organisation_id=where)
        for role, where in sorted(
            ((role, where) for kind, role, where in rows if kind == "role"),
            key=lambda pair: (pair[0], pair[1] or 0),
        )
    )
    works = [(what, where) for kind, what, where in rows if kind == "works" and where]
    led = frozenset(where for kind, _role, where in rows if kind == "leads" and where)
    held = [*grants, Grant(role=EVERYBODY)]
    held.extend(Grant(role=WITH_REPORTS, organisation_id=id_) for id_ in led)
    held.extend(
        Grant(role=OF_A_COMPANY, organisation_id=where) for what, where in works if what == COMPANY
    )
    return Actor(
        person_id=person_id,
        person_key=key,
        name=name,
        language=language,
        theme=theme,
        grants=grants,
        permissions=permissions_of(held),
        organisation_ids=frozenset(where for _what, where in works),
        has_reports=bool(led),
    )


def permissions_of(grants: Iterable[Grant]) -> Mapping[str, frozenset[int | None]]:
    """What these grants allow together: permission -> organisations, None for everywhere.

    A site administrator has every permission that anybody has declared.
    """
    host = current_host()
    by_role: dict[str, set[str]] = defaultdict(set)
    for bundle in host.role_bundles():
        by_role[bundle.item.role].update(bundle.item.permissions)
    held: dict[str, set[int | None]] = defaultdict(set)
    for grant in grants:
        allowed = by_role[grant.role]
        if grant.role == SITE_ADMIN and grant.organisation_id is None:
            allowed = allowed.union(host.permissions())
        for permission in allowed:
            held[permission].add(grant.organisation_id)
    return {permission: frozenset(where) for permission, where in held.items()}
