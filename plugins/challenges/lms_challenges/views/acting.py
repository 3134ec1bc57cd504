"""What the pages of challenges, gates and methods share: finding things, acting, forms to fill."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from werkzeug.wrappers import Response
from wtforms import Field

from lms.api import (
    Actor,
    Confirm,
    Form,
    Refused,
    local,
    not_found,
    organisations_by_id,
    page,
    tell,
    unit_of_work,
)
from lms_challenges.queries.challenges import (
    ChallengeFacts,
    challenge_by_key,
    challenges_by_id,
)
from lms_challenges.queries.gates import GateFacts, gate_by_key

_KEY = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Fields that belong together under a legend; without one they stand by themselves."""

    fields: Sequence[Field]
    legend: str = ""
    hint: str = ""


def is_key(text: str) -> bool:
    """Does it look like a key?"""
    return _KEY.fullmatch(text) is not None


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


def done(form: Form, act: Callable[[], object]) -> bool:
    """Act in a unit of work; False when it was refused, with each reason at its field or, when it
    has none, on top of the form."""
    try:
        with unit_of_work():
            act()
    except Refused as error:
        for refusal in error.refusals:
            name, sentence = refusal.code, local(refusal.message)
            if name in form:
                form[name].errors = [*form[name].errors, sentence]
            else:
                form.form_errors.append(sentence)
        return False
    return True


def pressed(act: Callable[[], object]) -> bool:
    """A button was pressed: act; False when it was refused or the page too old, which is told on
    top of the next page."""
    form = Confirm()
    if form.validate_on_submit() and done(form, act):
        return True
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return False


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
