"""What the pages of challenges, gates and methods share: finding things, forms to fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from werkzeug.wrappers import Response
from wtforms import Field

from lms.api import Actor, Form, is_key, not_found, organisations_by_id, page
from lms_challenges.queries.challenges import (
    ChallengeFacts,
    challenge_by_key,
    challenges_by_id,
)
from lms_challenges.queries.gates import GateFacts, gate_by_key


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Fields that belong together under a legend; without one they stand by themselves."""

    fields: Sequence[Field]
    legend: str = ""
    hint: str = ""


def seen_challenge(key: str, actor: Actor) -> ChallengeFacts:
    """A challenge of which the actor may see something; else 404."""
    found = challenge_by_key(key, actor) if is_key(key) else None
    if found is None:
        not_found()
    return found


def whole_challenge(key: str, actor: Actor) -> ChallengeFacts:
    """A challenge of which the actor may see everything; else 404."""
    found = seen_challenge(key, actor)
    if not found.whole:
        not_found()
    return found


def owned_challenge(key: str, actor: Actor) -> ChallengeFacts:
    """A challenge that the actor may change; else 404."""
    found = seen_challenge(key, actor)
    if not found.may_own:
        not_found()
    return found


def seen_gate(key: str, actor: Actor) -> tuple[GateFacts, ChallengeFacts]:
    """A gate of a challenge of which the actor may see everything; else 404."""
    gate = gate_by_key(key) if is_key(key) else None
    challenge = (
        challenges_by_id([gate.challenge_id], actor).get(gate.challenge_id) if gate else None
    )
    if gate is None or challenge is None or not challenge.whole:
        not_found()
    return gate, challenge


def held_gate(key: str, actor: Actor) -> tuple[GateFacts, ChallengeFacts]:
    """A gate that the actor holds for the owner organisation; else 404."""
    gate, challenge = seen_gate(key, actor)
    if not challenge.may_own:
        not_found()
    return gate, challenge


def write_page(
    form: Form, heading: str, groups: Sequence[Group], button: str, **more: Any
) -> Response:
    """A page with one form to fill in: `action`, `back` (text, address), and perhaps `lead`,
    `kind` of the button, and `others`, what somebody else saved meanwhile, as (label, text)."""
    return page(
        "challenges/write.html",
        422 if form.submitted else 200,
        form=form,
        heading=heading,
        groups=groups,
        button=button,
        **more,
    )


def zone() -> str:
    """The zone of the site."""
    return str(current_app.config["ZONE"])


def names_of(ids: Sequence[int]) -> dict[int, str]:
    """Names of organisations by id."""
    return {id_: facts.name for id_, facts in organisations_by_id(ids).items()}
