"""Whom a challenge concerns, and what they note on it: themes, dilemmas, open questions."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    SYSTEM,
    Actor,
    OrganisationFacts,
    access,
    closed_among,
    current_actor,
    done,
    is_key,
    not_found,
    organisations_by_id,
    organisations_to_choose,
    page,
    pressed,
    tell,
)
from lms_challenges.forms.challenge import CollaboratorForm, HandOverForm, JudgeForm, NoteForm
from lms_challenges.queries.challenges import (
    COMPANY,
    OWN,
    READ,
    ChallengeFacts,
    collaborators_of,
)
from lms_challenges.queries.notes import NoteFacts, note_by_key, notes_of
from lms_challenges.services import framing
from lms_challenges.services.notes import KINDS, STATES, add_note, judge_note
from lms_challenges.views.acting import Group, owned_challenge, whole_challenge, write_page
from lms_challenges.views.base import blueprint
from lms_challenges.views.challenges import back_to, to_challenge
from lms_challenges.views.public import partners_for
from lms_challenges.words import _

# --- whom it concerns ---------------------------------------------------------------------------


@blueprint.route("/<key>/organisations", methods=["GET", "POST"])
@access(OWN, rate="write")
def organisations(key: str) -> Response:
    """The organisations that a challenge concerns."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    there = collaborators_of(found.id)
    known = {found.organisation_id, *(one.organisation_id for one in there)}
    offered = _everywhere(known)
    form = CollaboratorForm()
    form.organisation.choices = [(one.key, one.name) for one in offered]

    def act() -> None:
        current = owned_challenge(key, actor)
        chosen = next(one.id for one in offered if one.key == form.organisation.data)
        framing.add_collaborator(current.id, chosen, actor, form.product.data or "")

    if form.validate_on_submit() and done(form, act):
        tell(_("The organisation takes part."))
        return redirect(url_for("challenges.organisations", key=key), 303)
    return page(
        "challenges/organisations.html",
        422 if form.submitted else 200,
        found=found,
        collaborators=there,
        organisations=organisations_by_id(known),
        form=form,
    )


@blueprint.post("/<key>/organisations/<organisation>/drop")
@access(OWN, rate="write")
def drop_organisation(key: str, organisation: str) -> Response:
    """The challenge does not concern that organisation any more."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    there = organisations_by_id(one.organisation_id for one in collaborators_of(found.id))
    gone = next((one.id for one in there.values() if one.key == organisation), None)
    if gone is None:
        not_found()
    pressed(lambda: framing.drop_collaborator(owned_challenge(key, actor).id, gone, actor))
    return redirect(url_for("challenges.organisations", key=key), 303)


@blueprint.route("/<key>/hand-over", methods=["GET", "POST"])
@access(OWN, rate="write")
def hand_over(key: str) -> Response:
    """A partner owns the challenge from now on: said by the owner, or by the partner once the
    owner organisation is closed."""
    actor = current_actor()
    found = whole_challenge(key, actor)
    partners = _takers(found, actor)
    facts = organisations_by_id(partners)
    form = HandOverForm()
    form.organisation.choices = [(one.key, one.name) for one in facts.values()]

    def act() -> None:
        current = whole_challenge(key, actor)
        may = organisations_by_id(_takers(current, actor))
        chosen = next(one.id for one in may.values() if one.key == form.organisation.data)
        framing.hand_over(current.id, chosen, actor, form.reason.data or "")

    if form.validate_on_submit() and done(form, act):
        tell(_("The challenge has a new owner."))
        return to_challenge(key)
    return write_page(
        form,
        _("Hand the challenge over"),
        [Group(fields=[form.organisation, form.reason])],
        _("Hand it over"),
        action=url_for("challenges.hand_over", key=key),
        back=back_to(found),
        lead=_("Only a co-owner can take it over, never a company."),
        lacking=[] if partners else [_("Nobody owns it together with you yet. Add them first.")],
    )


def _takers(found: ChallengeFacts, actor: Actor) -> list[int]:
    there = collaborators_of(found.id)
    if found.may_own:
        return [one.organisation_id for one in there if one.role != COMPANY]
    takers = partners_for(there, actor) if closed_among([found.organisation_id]) else []
    if not takers:
        not_found()
    return takers


# --- notes --------------------------------------------------------------------------------------


@blueprint.route("/<key>/notes", methods=["GET", "POST"])
@access(READ, rate="write")
def notes(key: str) -> Response:
    """Themes, dilemmas and open questions: anybody whom the challenge concerns may add one."""
    actor = current_actor()
    found = whole_challenge(key, actor)
    form = NoteForm()
    form.offer()

    def act() -> None:
        current = whole_challenge(key, actor)
        add_note(current.id, str(form.kind.data), form.text("text"), actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Written down."))
        return redirect(url_for("challenges.notes", key=key), 303)
    there = notes_of(found.id)
    return page(
        "challenges/notes.html",
        422 if form.submitted else 200,
        found=found,
        notes={kind: [note for note in there if note.kind == kind] for kind in KINDS},
        kinds=KINDS,
        note_states=STATES,
        form=form,
    )


def _owned_note(key: str, note_key: str, actor: Actor) -> tuple[ChallengeFacts, NoteFacts]:
    found = owned_challenge(key, actor)
    note = note_by_key(note_key) if is_key(note_key) else None
    if note is None or note.challenge_id != found.id:
        not_found()
    return found, note


@blueprint.route("/<key>/notes/<note_key>", methods=["GET", "POST"])
@access(OWN, rate="write")
def note(key: str, note_key: str) -> Response:
    """Keep a note, or drop it with a reason."""
    actor = current_actor()
    found, current = _owned_note(key, note_key, actor)
    form = JudgeForm()
    state = request.form.get("state", "")
    state = state if state in ("kept", "dropped") else "kept"

    def act() -> None:
        _found, judged = _owned_note(key, note_key, actor)
        judge_note(judged, state, actor, form.reason.data or "")

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return redirect(url_for("challenges.notes", key=key), 303)
    return page(
        "challenges/note.html",
        422 if form.submitted else 200,
        found=found,
        note=current,
        kinds=KINDS,
        note_states=STATES,
        form=form,
    )


def _everywhere(known: set[int]) -> list[OrganisationFacts]:
    """Every open organisation that is not there yet: their names are no secret."""
    everybody = organisations_to_choose(SYSTEM, OWN)
    return [one for one in everybody if one.id not in known]
