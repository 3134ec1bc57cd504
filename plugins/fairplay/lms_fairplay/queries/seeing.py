"""Whose contacts somebody reads: an authority's own, or those of the company they work for.

Whoever works for a company today reads that company's side and nothing of any authority's, whatever
role they still hold (I-23): people change employers in the middle of a run.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import literal, select, union_all

from lms.api import Actor, db, works_for_kind
from lms_fairplay.permissions import AID, OWN, PROCURE

SITE = "site.admin"
COMPANY = "company"


def companies_of(actor: Actor) -> frozenset[int]:
    """The companies the actor works for today."""
    held = actor.permissions.get(OWN, frozenset())
    return frozenset(id_ for id_ in actor.organisation_ids if id_ in held)


def authorities_of(actor: Actor, *permissions: str) -> frozenset[int] | None:
    """The authorities whose contacts the actor looks after by one of these permissions (procurement
    or aid unless told); None for all of them, nothing for who looks after none."""
    if companies_of(actor) and not actor.may(SITE):
        return frozenset()
    held = [actor.organisations_with(one) for one in permissions or (PROCURE, AID)]
    if any(where is None for where in held):
        return None
    return frozenset(id_ for where in held for id_ in where or ())


def looks_after(actor: Actor, authority_id: int | None, *permissions: str) -> bool:
    """Is this one of the authorities whose contacts the actor looks after?"""
    where = authorities_of(actor, *permissions)
    return where is None or authority_id in where


def may_end_declarations(actor: Actor, company_id: int) -> bool:
    """May the actor end what the company declared: for the company they work for, or because they
    look after an authority's procurement?"""
    if company_id in companies_of(actor):
        return True
    where = authorities_of(actor, PROCURE)
    return where is None or bool(where)


def gone_to_companies(person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who work for a company today, and are told nothing of an authority's.
    One query."""
    asked = [
        select(literal(id_)).where(works_for_kind(id_, {COMPANY}))
        for id_ in sorted(set(person_ids))
    ]
    return frozenset(db.session.scalars(union_all(*asked))) if asked else frozenset()
