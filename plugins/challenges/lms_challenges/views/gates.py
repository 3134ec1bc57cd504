"""Gates: open one, say who decides, fill the sheet, meet, give an opinion, decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import jsonify, redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    access,
    colleague_at,
    current_actor,
    done,
    email_key,
    language,
    local,
    not_found,
    page,
    people_by_id,
    pressed,
    tell,
)
from lms_challenges.documents import LEVELS, MATURATION, SCORES, shipped
from lms_challenges.forms.gate import (
    DecideForm,
    DeciderForm,
    OpenForm,
    OpinionForm,
    SheetForm,
    sheet_form,
)
from lms_challenges.queries.challenges import OWN, ChallengeFacts, deciding_organisations
from lms_challenges.queries.gates import DeciderFacts, GateFacts, deciders_of
from lms_challenges.queries.methods import method_in_use
from lms_challenges.services import deciding, gates
from lms_challenges.states import DECISIONS
from lms_challenges.views.acting import (
    Group,
    held_gate,
    names_of,
    owned_challenge,
    seen_gate,
    write_page,
    zone,
)
from lms_challenges.views.base import blueprint
from lms_challenges.words import _


def _to(endpoint: str, key: str) -> Response:
    return redirect(url_for(f"challenges.{endpoint}", key=key), 303)


@blueprint.route("/<key>/gate", methods=["GET", "POST"])
@access(OWN, rate="write")
def open_gate(key: str) -> Response:
    """Open a gate to the next level, or with a written reason to a later one."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    method = method_in_use(MATURATION, found.organisation_id)
    levels = (method.document if method else shipped(MATURATION)).levels
    form = OpenForm()
    form.to_level.choices = [
        (str(level.number), f"{level.name} {local(level.title)}")
        for level in levels[found.level + 1 : LEVELS]
    ]
    made: list[str] = []

    def act() -> None:
        made.append(
            gates.open_gate(
                owned_challenge(key, actor),
                int(str(form.to_level.data)),
                actor,
                skip_reason=form.skip_reason.data or "",
                meets_at=form.meets_at(zone()),
            )
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("The gate is open. Say who decides."))
        return _to("gate_deciders", made[0])
    return write_page(
        form,
        _("Open a gate"),
        [Group(fields=[form.to_level, form.skip_reason, form.meets_on, form.meets_clock])],
        _("Open the gate"),
        action=url_for("challenges.open_gate", key=key),
        back=(local(found.title), url_for("challenges.maturity", key=key)),
        lead=_("A gate is a meeting where people from two organisations decide together."),
    )


# --- the sheet ----------------------------------------------------------------------------------


@blueprint.get("/gates/<key>")
@access()
def gate(key: str) -> Response:
    """The sheet of a gate: each criterion with a score, a comment and what shows it."""
    actor = current_actor()
    found, challenge = seen_gate(key, actor)
    form = None
    if challenge.may_own and found.open:
        form = sheet_form(found, zone())
        form.revision.data = str(found.revision)
    return _sheet_page(found, challenge, actor, form)


@blueprint.post("/gates/<key>/sheet")
@access(OWN, rate="write")
def score_gate(key: str) -> Response:
    """Write the sheet of an open gate."""
    actor = current_actor()
    found, challenge = held_gate(key, actor)
    form = sheet_form(found, zone())

    def act() -> None:
        current, _challenge = held_gate(key, actor)
        gates.save_sheet(
            current,
            form.sheet(),
            actor,
            revision=form.seen_revision,
            meets_at=form.meets_at(zone()),
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return _to("gate", key)
    return _sheet_page(found, challenge, actor, form)


def _sheet_page(
    found: GateFacts, challenge: ChallengeFacts, actor: Actor, form: SheetForm | None
) -> Response:
    others: list[tuple[str, str]] = []
    if form is not None and form.submitted and form.seen_revision != found.revision:
        form.revision.data = str(found.revision)
        others = [
            (local(one.text), _said_of(found, one.key))
            for one in found.level.criteria
            if one.key in found.sheet
        ]
    return page(
        "challenges/gate.html",
        422 if form is not None and form.submitted else 200,
        found=found,
        challenge=challenge,
        form=form,
        others=others if found.open else [],
        scores=SCORES,
        decisions=DECISIONS,
        **_deciding(found, challenge, actor),
    )


def _said_of(found: GateFacts, criterion: str) -> str:
    said = found.sheet[criterion]
    score = said.get("score")
    words = [local(SCORES[score]) if score is not None else _("Not looked at")]
    words += [text for text in (said.get("comment"), said.get("evidence")) if text]
    return ". ".join(words)


def _deciding(found: GateFacts, challenge: ChallengeFacts, actor: Actor) -> dict[str, Any]:
    """Who decides, for the pages of a gate; names are for those whom the challenge concerns."""
    named = deciders_of(found.id)
    deciders = deciding.who_count(named, challenge) if found.open else named
    people = people_by_id([one.person_id for one in deciders if one.person_id is not None])
    mine = next((one for one in deciders if one.person_id == actor.person_id), None)
    agreed = deciding.agreed_on(deciders)
    return {
        "deciders": deciders,
        "people": people,
        "where": names_of([one.organisation_id for one in deciders]),
        "mine": mine,
        "answered": sum(bool(one.opinion) for one in deciders),
        "agreed": [local(word) for key, word in DECISIONS.items() if key in agreed],
        "stamp": _stamp(found, named),
    }


# --- who decides --------------------------------------------------------------------------------


@blueprint.route("/gates/<key>/deciders", methods=["GET", "POST"])
@access(OWN, rate="write")
def gate_deciders(key: str) -> Response:
    """Who decides: people of at least two organisations, nobody from a company."""
    actor = current_actor()
    found, challenge = held_gate(key, actor)
    form = DeciderForm()

    def act() -> None:
        current, about = held_gate(key, actor)
        may = deciding_organisations(about.id, about.organisation_id)
        person_id = colleague_at(email_key(form.mail.data or "") or "", may)
        if person_id is None:
            raise gates.nobody_there()
        gates.add_decider(current, about, person_id, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("They will find it on their own page."))
        return _to("gate_deciders", key)
    may = deciding_organisations(challenge.id, challenge.organisation_id)
    return page(
        "challenges/deciders.html",
        422 if form.submitted else 200,
        found=found,
        challenge=challenge,
        form=form,
        decisions=DECISIONS,
        organisations=sorted(names_of(sorted(may)).values()),
        **_deciding(found, challenge, actor),
    )


@blueprint.post("/gates/<key>/deciders/<int:decider_id>/drop")
@access(OWN, rate="write")
def drop_decider(key: str, decider_id: int) -> Response:
    """Take somebody off the list who has not said anything yet."""
    actor = current_actor()
    found, _challenge = held_gate(key, actor)
    if decider_id not in {one.id for one in deciders_of(found.id)}:
        not_found()
    pressed(lambda: gates.drop_decider(held_gate(key, actor)[0], decider_id, actor))
    return _to("gate_deciders", key)


def _my_part(key: str, actor: Actor) -> tuple[GateFacts, ChallengeFacts, DeciderFacts]:
    found, challenge = seen_gate(key, actor)
    mine = next((d for d in deciders_of(found.id) if d.person_id == actor.person_id), None)
    if mine is None:
        not_found()
    return found, challenge, mine


@blueprint.route("/gates/<key>/opinion", methods=["GET", "POST"])
@access(rate="write")
def gate_opinion(key: str) -> Response:
    """One of those who decide says what they want, on their own device."""
    actor = current_actor()
    found, challenge, mine = _my_part(key, actor)
    form = OpinionForm()
    form.offer()
    if not form.submitted:
        form.opinion.data, form.remark.data = mine.opinion or None, mine.remark

    def act() -> None:
        current, _challenge, _mine = _my_part(key, actor)
        deciding.give_opinion(current, actor, str(form.opinion.data), form.remark.data or "")

    if form.validate_on_submit() and done(form, act):
        tell(_("Your word is on the screen. You can change it until the meeting decides."))
        return _to("gate_opinion", key)
    return page(
        "challenges/opinion.html",
        422 if form.submitted else 200,
        found=found,
        challenge=challenge,
        mine=mine,
        form=form,
        scores=SCORES,
        decisions=DECISIONS,
    )


# --- the meeting --------------------------------------------------------------------------------


@blueprint.get("/gates/<key>/meeting")
@access()
def gate_meeting(key: str) -> Response:
    """The gate large, for the screen of a room: the question, the sheet, who has said what."""
    actor = current_actor()
    found, challenge = seen_gate(key, actor)
    return page(
        "challenges/meeting.html",
        found=found,
        challenge=challenge,
        scores=SCORES,
        decisions=DECISIONS,
        **_deciding(found, challenge, actor),
    )


@blueprint.get("/gates/<key>/pulse")
@access()
def gate_pulse(key: str) -> Response:
    """Whether the screen of the room is to be drawn anew."""
    found, _challenge = seen_gate(key, current_actor())
    return jsonify(stamp=_stamp(found, deciders_of(found.id)))


def _stamp(found: GateFacts, deciders: Sequence[DeciderFacts]) -> str:
    """Another one when somebody is named, has answered or has changed their word."""
    said = "".join(f"{one.id}{one.opinion[:1]}" for one in deciders)
    return f"{found.revision}-{said}"


@blueprint.route("/gates/<key>/decide", methods=["GET", "POST"])
@access(OWN, rate="write")
def gate_decide(key: str) -> Response:
    """Write down what the meeting decided."""
    actor = current_actor()
    found, challenge = held_gate(key, actor)
    form = DecideForm()
    form.offer()

    def act() -> None:
        current, about = held_gate(key, actor)
        deciding.decide(current, about, form.values(language()), actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("It is decided. Nothing of the gate changes any more."))
        return _to("gate", key)
    return page(
        "challenges/decide.html",
        422 if form.submitted else 200,
        found=found,
        challenge=challenge,
        form=form,
        decisions=DECISIONS,
        **_deciding(found, challenge, actor),
    )
