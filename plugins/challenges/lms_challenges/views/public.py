"""What everybody may read: the list of challenges, one of them, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    access,
    asked_page,
    closed_among,
    current_actor,
    organisations_by_id,
    page,
    pager,
    people_by_id,
    thread_panel,
)
from lms_challenges.queries.challenges import (
    COMPANY,
    OWN,
    READ,
    ChallengeFacts,
    CollaboratorFacts,
    collaborators_of,
    framings_of,
    published,
)
from lms_challenges.queries.notes import library, notes_of
from lms_challenges.services.maturing import ways_on
from lms_challenges.services.notes import KINDS, STATES
from lms_challenges.states import CHALLENGE
from lms_challenges.views.acting import names_of, seen_challenge
from lms_challenges.views.base import blueprint

RECORD = "challenge"


def asked_words() -> str:
    """The words asked for in the address."""
    return request.args.get("q", "").replace("\x00", "")[:200].strip()


@blueprint.get("")
@access(known="public", cache="public", rate="search")
def index() -> Response:
    """Challenges that everybody may read, found by every name they ever had."""
    words = asked_words()
    found = published(words, asked_page())
    return page(
        "challenges/index.html",
        found=found,
        words=words,
        states=CHALLENGE,
        names=names_of([card.organisation_id for card in found.items]),
        pager=pager(found.number, found.pages),
        may_own=current_actor().may_anywhere(OWN),
    )


@blueprint.get("/<key>")
@access(known="public", cache="public")
def challenge(key: str) -> Response:
    """One challenge: its public form, and for those it concerns all of it."""
    actor = current_actor()
    found = seen_challenge(key, actor)
    framings = framings_of(found.id)
    collaborators = collaborators_of(found.id)
    shown = collaborators if found.whole else [c for c in collaborators if c.role != COMPANY]
    ids = [found.organisation_id, *(one.organisation_id for one in shown)]
    values: dict[str, Any] = {
        "found": found,
        "framings": framings,
        "former": framings[1:],
        "states": CHALLENGE,
        "collaborators": shown,
        "organisations": organisations_by_id(ids),
        "thread": thread_panel(RECORD, found.key, actor),
    }
    if not found.whole:
        return page("challenges/public.html", **values)
    notes = notes_of(found.id)
    owners = [found.owner_id] if found.owner_id else []
    owner_closed = bool(closed_among([found.organisation_id]))
    return page(
        "challenges/challenge.html",
        **values,
        notes={kind: [note for note in notes if note.kind == kind] for kind in KINDS},
        kinds=KINDS,
        note_states=STATES,
        owner=people_by_id(owners, only_active=True).get(found.owner_id or 0),
        owner_closed=owner_closed,
        may_take_over=may_take_over(found, collaborators, actor, closed=owner_closed),
        ways=[state for state in CHALLENGE if state in ways_on(found)],
    )


def may_take_over(
    found: ChallengeFacts,
    collaborators: Sequence[CollaboratorFacts],
    actor: Actor,
    *,
    closed: bool,
) -> bool:
    """May the actor hand the challenge to a partner: who owns it, and once the owner organisation
    is closed who owns challenges in one of the partners?"""
    if found.may_own:
        return True
    return closed and bool(partners_for(collaborators, actor))


def partners_for(collaborators: Sequence[CollaboratorFacts], actor: Actor) -> list[int]:
    """Partners in which the actor may own challenges."""
    return [
        one.organisation_id
        for one in collaborators
        if one.role != COMPANY and actor.may(OWN, one.organisation_id)
    ]


@blueprint.get("/learned")
@access(READ, rate="search")
def learned() -> Response:
    """Challenges that were stopped, with what was learned from them."""
    words = asked_words()
    rows, total, number, pages = library(current_actor(), words, asked_page())
    return page(
        "challenges/learned.html",
        rows=rows,
        total=total,
        words=words,
        pager=pager(number, pages),
    )
