"""How far a challenge has come: its levels, gates, readiness, what was weighed and learned."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    LocalisedText,
    access,
    current_actor,
    done,
    is_key,
    local,
    not_found,
    page,
    pressed,
    tell,
)
from lms_challenges.documents import LEVELS, MATURATION, shipped
from lms_challenges.forms.challenge import OPTION_KINDS, OptionForm, ProfileForm, profile_form
from lms_challenges.profile import Profile, drawn
from lms_challenges.queries.challenges import OWN, READ, ChallengeFacts
from lms_challenges.queries.gates import enough_options, gates_of, options_of
from lms_challenges.queries.methods import method_in_use
from lms_challenges.queries.notes import learning_of
from lms_challenges.scales import READINESS
from lms_challenges.services.framing import set_profile
from lms_challenges.services.maturing import add_option, choose_option, drop_option
from lms_challenges.states import CHALLENGE, CHALLENGE_ACTIVE, DECISIONS
from lms_challenges.views.acting import Group, owned_challenge, whole_challenge, write_page
from lms_challenges.views.base import blueprint
from lms_challenges.words import _


def in_words(profile: Profile) -> str:
    """What the drawing shows, in a sentence."""
    unknown = len(profile.sides) - len(profile.known)
    if not profile.known:
        return _("Nobody has said yet how ready the sides are.")
    if profile.ahead and profile.behind:
        said = _(
            "%(ahead)s: %(n)d steps ahead of %(behind)s. What runs ahead often has to wait.",
            ahead=_listed([side.title for side in profile.ahead]),
            behind=_listed([side.title for side in profile.last]).lower(),
            n=profile.apart,
        )
    else:
        said = _("The sides that are known follow each other.")
    if unknown:
        said += " " + _("Not known: %(n)d of %(all)d.", n=unknown, all=len(profile.sides))
    return said


def _listed(titles: list[LocalisedText]) -> str:
    words = [local(title) for title in titles]
    if len(words) < 2:
        return "".join(words)
    first, last = words[:-1], words[-1].lower()
    return _("%(first)s and %(last)s", first=", ".join(first), last=last)


@blueprint.get("/<key>/maturity")
@access(READ)
def maturity(key: str) -> Response:
    """The levels, the gates, the readiness profile, what was weighed and what was learned."""
    found = whole_challenge(key, current_actor())
    gates = gates_of(found.id)
    options = options_of(found.id)
    method = method_in_use(MATURATION, found.organisation_id)
    profile = drawn(found.profile)
    return page(
        "challenges/maturity.html",
        found=found,
        gates=gates,
        open_gate=next((gate for gate in gates if gate.open), None),
        levels=(method.document if method else shipped(MATURATION)).levels,
        decisions=DECISIONS,
        states=CHALLENGE,
        options=options,
        option_kinds=OPTION_KINDS,
        enough=enough_options(options),
        profile=profile,
        profile_said=in_words(profile),
        learned=learning_of(found.id),
        under_way=found.state in CHALLENGE_ACTIVE and found.level < LEVELS - 1,
    )


def _to_maturity(key: str) -> Response:
    return redirect(url_for("challenges.maturity", key=key), 303)


@blueprint.route("/<key>/profile", methods=["GET", "POST"])
@access(OWN, rate="write")
def profile(key: str) -> Response:
    """Say how ready each side is, 0 to 9; what is left empty is unknown."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    form = profile_form(found.profile)
    if not form.submitted:
        form.revision.data = str(found.revision)

    def act() -> None:
        current = owned_challenge(key, actor)
        set_profile(current.id, form.profile(), actor, revision=form.seen_revision)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return _to_maturity(key)
    return write_page(
        form,
        _("How ready is it?"),
        [Group(fields=form.sides())],
        _("Save"),
        action=url_for("challenges.profile", key=key),
        back=(local(found.title), url_for("challenges.maturity", key=key)),
        lead=_("From 0, nothing yet, to 9, in use everywhere. Leave empty what nobody knows."),
        others=_others(form, found),
    )


def _others(form: ProfileForm, found: ChallengeFacts) -> list[tuple[str, str]]:
    if not form.submitted or form.seen_revision == found.revision:
        return []
    form.revision.data = str(found.revision)
    return [
        (local(title), str(found.profile[key]))
        for key, title in READINESS.items()
        if key in found.profile
    ]


@blueprint.route("/<key>/options", methods=["GET", "POST"])
@access(OWN, rate="write")
def options(key: str) -> Response:
    """The ways to meet a challenge, weighed side by side before a partner is chosen."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    form = OptionForm()
    form.offer()

    def act() -> None:
        current = owned_challenge(key, actor)
        add_option(
            current.id,
            str(form.kind.data),
            form.title.data or "",
            form.gains.data or "",
            form.drawbacks.data or "",
            actor,
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("Written down."))
        return redirect(url_for("challenges.options", key=key), 303)
    there = options_of(found.id)
    return page(
        "challenges/options.html",
        422 if form.submitted else 200,
        found=found,
        options=there,
        option_kinds=OPTION_KINDS,
        enough=enough_options(there),
        form=form,
    )


def _owned_option(key: str, option_key: str, actor: Actor) -> ChallengeFacts:
    found = owned_challenge(key, actor)
    if not is_key(option_key) or option_key not in {one.key for one in options_of(found.id)}:
        not_found()
    return found


@blueprint.post("/<key>/options/<option_key>/choose")
@access(OWN, rate="write")
def choose(key: str, option_key: str) -> Response:
    """This is the way that was taken."""
    actor = current_actor()
    _owned_option(key, option_key, actor)
    if pressed(lambda: choose_option(owned_challenge(key, actor).id, option_key, actor)):
        tell(_("Saved."))
    return redirect(url_for("challenges.options", key=key), 303)


@blueprint.post("/<key>/options/<option_key>/drop")
@access(OWN, rate="write")
def drop(key: str, option_key: str) -> Response:
    """Take an option away, before the choice is made."""
    actor = current_actor()
    _owned_option(key, option_key, actor)
    if pressed(lambda: drop_option(owned_challenge(key, actor), option_key, actor)):
        tell(_("The option is gone."))
    return redirect(url_for("challenges.options", key=key), 303)
