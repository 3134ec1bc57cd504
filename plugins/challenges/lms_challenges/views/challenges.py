"""Looking after challenges: write one, frame it anew, say whom it concerns, note, move it."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from lms.api import (
    access,
    asked_page,
    current_actor,
    done,
    language,
    local,
    not_found,
    organisations_to_choose,
    page,
    pager,
    pressed,
    tell,
)
from lms_challenges.forms.challenge import (
    FramingForm,
    MoveForm,
    NewForm,
    PublicForm,
    ReframeForm,
)
from lms_challenges.queries.challenges import (
    OWN,
    READ,
    ChallengeFacts,
    ours,
)
from lms_challenges.queries.seeing import COMPANIES
from lms_challenges.services import framing, maturing
from lms_challenges.states import CHALLENGE
from lms_challenges.views.acting import Group, names_of, owned_challenge, write_page
from lms_challenges.views.base import blueprint
from lms_challenges.views.public import asked_words
from lms_challenges.words import _


def to_challenge(key: str) -> Response:
    """To the page of a challenge."""
    return redirect(url_for("challenges.challenge", key=key), 303)


def back_to(challenge: ChallengeFacts) -> tuple[str, str]:
    """The way back from a form: the challenge's name and address."""
    return local(challenge.title), url_for("challenges.challenge", key=challenge.key)


@blueprint.get("/ours")
@access(READ, rate="search")
def our_challenges() -> Response:
    """The challenges of which the reader may see everything."""
    actor = current_actor()
    state = request.args.get("state", "")
    state = state if state in CHALLENGE else ""
    words = asked_words()
    found = ours(actor, words, state, asked_page())
    return page(
        "challenges/ours.html",
        found=found,
        words=words,
        state=state,
        states=CHALLENGE,
        names=names_of([card.organisation_id for card in found.items]),
        pager=pager(found.number, found.pages),
        may_own=actor.may_anywhere(OWN),
    )


# --- what it is ---------------------------------------------------------------------------------


def _framing_groups(form: FramingForm) -> list[Group]:
    return [
        Group(
            legend=_("What is it called?"),
            hint=_("A few words that people would use themselves, without a solution in them."),
            fields=form.in_all("title"),
        ),
        Group(
            legend=_("What does it ask?"),
            hint=_("Begin with “How might we”. The question may have several answers."),
            fields=form.in_all("question"),
        ),
        Group(
            legend=_("What do you think it is about?"),
            hint=_("Who meets it, when, and what it does to them. No names."),
            fields=form.in_all("understood"),
        ),
    ]


@blueprint.route("/new", methods=["GET", "POST"])
@access(OWN, rate="write")
def new_challenge() -> Response:
    """Write down a challenge that an organisation owns."""
    actor = current_actor()
    owners = [one for one in organisations_to_choose(actor, OWN) if one.kind not in COMPANIES]
    form = NewForm()
    form.organisation.choices = [(one.key, one.name) for one in owners]
    made: list[str] = []
    if form.validate_on_submit():
        owner_id = next(one.id for one in owners if one.key == form.organisation.data)
        if done(form, lambda: made.append(framing.frame(form.values(), owner_id, actor))):
            tell(_("The challenge is there."))
            return to_challenge(made[0])
    return write_page(
        form,
        _("A new challenge"),
        [Group(fields=[form.organisation]), *_framing_groups(form)],
        _("Write it down"),
        action=url_for("challenges.new_challenge"),
        back=(_("Challenges"), url_for("challenges.our_challenges")),
        lead=_("A challenge gathers problems that have something in common."),
    )


@blueprint.route("/<key>/reframe", methods=["GET", "POST"])
@access(OWN, rate="write")
def reframe(key: str) -> Response:
    """Another name or another understanding: the former one stays, with why it was left."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    form = ReframeForm()
    if not form.submitted:
        form.put("title", found.title)
        form.put("question", found.question)
        form.put("understood", found.understood)
        form.revision.data = str(found.revision)

    def act() -> None:
        current = owned_challenge(key, actor)
        framing.reframe(
            current.id, form.values(), form.text("because"), actor, revision=form.seen_revision
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("The challenge has a new framing. The former one stays to be read and found."))
        return to_challenge(key)
    groups = [
        *_framing_groups(form),
        Group(
            legend=_("Why do you see it otherwise now?"),
            hint=_("What did you see or hear that you did not know before?"),
            fields=form.in_all("because"),
        ),
    ]
    return write_page(
        form,
        _("What was it after all?"),
        groups,
        _("Frame it anew"),
        action=url_for("challenges.reframe", key=key),
        back=back_to(found),
        lead=_("People who know the former name will still find it."),
        others=_others(form, found),
    )


def _others(form: ReframeForm | PublicForm, found: ChallengeFacts) -> list[tuple[str, str]]:
    """What stands there now, when somebody else saved while this page was open."""
    if not form.submitted or form.seen_revision == found.revision:
        return []
    form.revision.data = str(found.revision)
    if isinstance(form, PublicForm):
        return [
            (_("What everybody may read"), local(found.public_text)),
            (_("What is part of it?"), found.scope_in),
            (_("What is not?"), found.scope_out),
        ]
    return [
        (_("What is it called?"), local(found.title)),
        (_("What does it ask?"), local(found.question)),
        (_("What do you think it is about?"), local(found.understood)),
    ]


@blueprint.route("/<key>/texts", methods=["GET", "POST"])
@access(OWN, rate="write")
def texts(key: str) -> Response:
    """What everybody may read, and what is in scope."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    form = PublicForm()
    if not form.submitted:
        form.put("public_text", found.public_text)
        form.scope_in.data, form.scope_out.data = found.scope_in, found.scope_out
        form.revision.data = str(found.revision)

    def act() -> None:
        current = owned_challenge(key, actor)
        framing.save_texts(current.id, form.values(), actor, revision=form.seen_revision)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return to_challenge(key)
    return write_page(
        form,
        _("What others read"),
        [
            Group(
                legend=_("What may everybody read?"),
                hint=_("Companies and neighbours read this. No names and nothing about citizens."),
                fields=form.in_all("public_text"),
            ),
            Group(fields=[form.scope_in, form.scope_out]),
        ],
        _("Save"),
        action=url_for("challenges.texts", key=key),
        back=back_to(found),
        others=_others(form, found),
    )


@blueprint.post("/<key>/publish")
@access(OWN, rate="write")
def publish(key: str) -> Response:
    """From now on everybody may read the public form."""
    actor = current_actor()
    owned_challenge(key, actor)
    if pressed(lambda: framing.publish(owned_challenge(key, actor).id, actor)):
        tell(_("Everybody can read it now."))
    return to_challenge(key)


@blueprint.post("/<key>/take-down")
@access(OWN, rate="write")
def take_down(key: str) -> Response:
    """Only those it concerns may read it."""
    actor = current_actor()
    owned_challenge(key, actor)
    if pressed(lambda: framing.take_down(owned_challenge(key, actor).id, actor)):
        tell(_("Only those it concerns can read it now."))
    return to_challenge(key)


@blueprint.post("/<key>/look-after")
@access(OWN, rate="write")
def look_after(key: str) -> Response:
    """Look after a challenge that nobody does any more."""
    actor = current_actor()
    owned_challenge(key, actor)
    if pressed(lambda: framing.look_after(owned_challenge(key, actor).id, actor)):
        tell(_("You look after it now."))
    return to_challenge(key)


# --- its way ------------------------------------------------------------------------------------


@blueprint.route("/<key>/to/<state>", methods=["GET", "POST"])
@access(OWN, rate="write")
def move(key: str, state: str) -> Response:
    """To another state, with what that state asks for."""
    actor = current_actor()
    found = owned_challenge(key, actor)
    if state not in maturing.ways_on(found):
        not_found()
    form = MoveForm()
    form.of(state)

    def act() -> None:
        maturing.move(
            owned_challenge(key, actor),
            state,
            actor,
            reason=form.reason.data or "" if "reason" in form else "",
            wake_on=form.wake_on.data if "wake_on" in form else None,
            note=form.learned(language()) if "note_text" in form else None,
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("The challenge is: %(state)s", state=local(CHALLENGE[state])))
        return to_challenge(key)
    lacking = None if form.submitted else maturing.lacking(found, state)
    return write_page(
        form,
        _("From “%(old)s” to “%(new)s”", old=_word(found.state), new=_word(state)),
        [Group(fields=_shown(form))],
        _("Stop the challenge") if state == "stopped" else _("Move it"),
        action=url_for("challenges.move", key=key, state=state),
        back=back_to(found),
        kind="stop" if state == "stopped" else "",
        lead=_("What you write stays for others to learn from.") if state == "stopped" else "",
        lacking=[local(one.message) for one in lacking.refusals] if lacking else [],
    )


def _word(state: str) -> str:
    return local(CHALLENGE[state])


def _shown(form: MoveForm) -> list[Field]:
    wanted = ("reason", "wake_on", "note_title", "note_text")
    return [form[name] for name in wanted if name in form]
