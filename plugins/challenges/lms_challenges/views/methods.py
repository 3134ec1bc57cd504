"""The maturation method and the model for early detection: versions, writing, trying, learning."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    access,
    current_actor,
    done,
    is_key,
    language,
    local,
    new_key,
    not_found,
    organisations_to_choose,
    page,
    pressed,
    tell,
    units_in,
)
from lms_challenges.documents import (
    DETECTION,
    KINDS,
    LEVELS,
    MATURATION,
    MOST_STEPS,
    STATES,
    complete,
)
from lms_challenges.forms.method import (
    EvaluateForm,
    LevelForm,
    RoundForm,
    StepForm,
    VersionForm,
)
from lms_challenges.queries.challenges import READ
from lms_challenges.queries.methods import (
    METHOD,
    MethodFacts,
    RoundFacts,
    method_by_key,
    methods,
    notes_to_cite,
    round_by_key,
    rounds_of,
)
from lms_challenges.queries.notes import learning_with_keys
from lms_challenges.scales import CHANNELS
from lms_challenges.services import methods as services
from lms_challenges.services.notes import LearningValues
from lms_challenges.views.acting import Group, names_of, write_page
from lms_challenges.views.base import blueprint
from lms_challenges.words import _


def _version(key: str) -> MethodFacts:
    found = method_by_key(key) if is_key(key) else None
    if found is None:
        not_found()
    return found


def _draft(key: str, kind: str) -> MethodFacts:
    found = _version(key)
    if found.kind != kind or found.state != "draft":
        not_found()
    return found


def _name(version: MethodFacts) -> str:
    return _("%(what)s, version %(n)d", what=local(KINDS[version.kind]), n=version.number)


def _to_version(key: str) -> Response:
    return redirect(url_for("challenges.method", key=key), 303)


@blueprint.get("/methods")
@access(READ)
def method_versions() -> Response:
    """All versions of the method and of the model."""
    found = methods()
    return page(
        "challenges/methods.html",
        versions={kind: [one for one in found if one.kind == kind] for kind in KINDS},
        kinds=KINDS,
        states=STATES,
    )


@blueprint.get("/methods/<key>")
@access(READ)
def method(key: str) -> Response:
    """One version: what it says, what its changes rest on, where it was tried."""
    found = _version(key)
    rounds = rounds_of(found.id)
    cited = learning_with_keys(found.document.cites)
    return page(
        "challenges/method.html",
        found=found,
        heading=_name(found),
        states=STATES,
        channels=CHANNELS,
        rounds=rounds,
        names=names_of([one.organisation_id for one in rounds]),
        cited=list(cited.values()),
        whole=complete(found.kind, found.document),
        may_change=current_actor().may_anywhere(METHOD),
    )


# --- writing a draft ----------------------------------------------------------------------------


@blueprint.route("/methods/<key>/levels/<int:number>", methods=["GET", "POST"])
@access(METHOD, rate="write")
def level(key: str, number: int) -> Response:
    """A level of a draft of the method."""
    actor = current_actor()
    found = _draft(key, MATURATION)
    if number >= LEVELS:
        not_found()
    there = found.document.level(number)
    form = LevelForm()
    if not form.submitted:
        form.fill(there)
        form.revision.data = str(found.revision)

    def act() -> None:
        current = _draft(key, MATURATION)
        levels = list(current.document.levels)
        levels[number] = form.level(number)
        written = replace(current.document, levels=tuple(levels))
        services.write_document(current, written, actor, revision=form.seen_revision)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return _to_version(key)
    others = [
        (_("The question"), local(there.question)),
        (_("What shows it"), local(there.evidence)),
        *((_("Criterion"), local(one.text)) for one in there.criteria),
    ]
    return write_page(
        form,
        f"{there.name} {local(there.title)}",
        [
            Group(legend=_("What is the level called?"), fields=form.in_all("title")),
            Group(legend=_("The question"), fields=form.in_all("question")),
            Group(legend=_("What shows it"), fields=form.in_all("evidence")),
            Group(
                legend=_("Criteria"),
                hint=_("One on each line, in the same order in each language."),
                fields=form.in_all("criteria"),
            ),
        ],
        _("Save"),
        action=url_for("challenges.level", key=key, number=number),
        back=(_name(found), url_for("challenges.method", key=key)),
        others=_meanwhile(form, found, others),
    )


def _meanwhile(
    form: LevelForm | StepForm, found: MethodFacts, others: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What stands there now, when somebody else saved while this page was open."""
    if not form.submitted or form.seen_revision == found.revision:
        return []
    form.revision.data = str(found.revision)
    return others


@blueprint.route("/methods/<key>/steps/<step>", methods=["GET", "POST"])
@access(METHOD, rate="write")
def step(key: str, step: str) -> Response:
    """A step of a draft of the model; "new" adds one."""
    actor = current_actor()
    found = _draft(key, DETECTION)
    there = next((one for one in found.document.steps if one.key == step), None)
    if (there is None and step != "new") or (
        there is None and len(found.document.steps) >= MOST_STEPS
    ):
        not_found()
    form = StepForm()
    if not form.submitted:
        form.revision.data = str(found.revision)
        if there is not None:
            form.fill(there)

    def act() -> None:
        current = _draft(key, DETECTION)
        written = form.step(step if there is not None else new_key())
        steps = [written if one.key == step else one for one in current.document.steps]
        if there is None:
            steps.append(written)
        document = replace(current.document, steps=tuple(steps))
        services.write_document(current, document, actor, revision=form.seen_revision)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return _to_version(key)
    others = [(local(one.title), local(one.message)) for one in found.document.steps]
    return write_page(
        form,
        local(there.title) if there is not None else _("A new step"),
        [
            Group(fields=[form.channel, form.days]),
            Group(legend=_("What is the step called?"), fields=form.in_all("title")),
            Group(legend=_("What is said?"), fields=form.in_all("message")),
            Group(legend=_("Who answers?"), fields=form.in_all("answers")),
        ],
        _("Save"),
        action=url_for("challenges.step", key=key, step=step),
        back=(_name(found), url_for("challenges.method", key=key)),
        others=_meanwhile(form, found, others),
    )


@blueprint.post("/methods/<key>/steps/<step>/drop")
@access(METHOD, rate="write")
def drop_step(key: str, step: str) -> Response:
    """Take a step out of a draft."""
    actor = current_actor()
    found = _draft(key, DETECTION)
    if step not in {one.key for one in found.document.steps}:
        not_found()

    def act() -> None:
        current = _draft(key, DETECTION)
        rest = tuple(one for one in current.document.steps if one.key != step)
        document = replace(current.document, steps=rest)
        services.write_document(current, document, actor, revision=current.revision)

    if pressed(act):
        tell(_("The step is gone."))
    return _to_version(key)


# --- from version to version --------------------------------------------------------------------


@blueprint.route("/methods/<key>/next", methods=["GET", "POST"])
@access(METHOD, rate="write")
def next_method(key: str) -> Response:
    """A draft of the next version: what is to be otherwise, and what one learned."""
    actor = current_actor()
    found = _version(key)
    known = notes_to_cite([one.id for one in methods(found.kind)])
    form = VersionForm()
    form.cites.choices = list(known)
    made: list[str] = []

    def act() -> None:
        base = _version(key)
        because = form.because.data or ""
        made.append(services.new_version(base, because, form.cites.data or (), actor))

    if form.validate_on_submit() and done(form, act):
        tell(_("The draft is there. Write it, then try it."))
        return _to_version(made[0])
    return write_page(
        form,
        _("The next version"),
        [Group(fields=[form.because, form.cites] if known else [form.because])],
        _("Begin the draft"),
        action=url_for("challenges.next_method", key=key),
        back=(_name(found), url_for("challenges.method", key=key)),
        lead=_("A change rests on something that you learned in a round."),
        lacking=[] if known else [_("Nothing was learned yet. Evaluate a round first.")],
    )


@blueprint.post("/methods/<key>/in-force")
@access(METHOD, rate="write")
def method_in_force(key: str) -> Response:
    """From now on gates go by this version."""
    actor = current_actor()
    _version(key)
    if pressed(lambda: services.put_in_force(_version(key), actor)):
        tell(_("This version is in force."))
    return _to_version(key)


# --- rounds -------------------------------------------------------------------------------------


@blueprint.route("/methods/<key>/rounds", methods=["GET", "POST"])
@access(METHOD, rate="write")
def new_round(key: str) -> Response:
    """Try a version in a named place for a time."""
    actor = current_actor()
    found = _version(key)
    places = _places(actor)
    form = RoundForm()
    form.place.choices = [(value, words) for value, (words, _ids) in places.items()]

    def act() -> None:
        organisation_id, unit_id = places[str(form.place.data)][1]
        first = form.from_day.data
        if first is None:
            not_found()
        services.start_round(
            _version(key), organisation_id, unit_id, first, form.to_day.data, actor
        )

    if form.validate_on_submit() and done(form, act):
        tell(_("The round is there."))
        return _to_version(key)
    return write_page(
        form,
        _("Try it somewhere"),
        [Group(fields=[form.place, form.from_day, form.to_day])],
        _("Begin the round"),
        action=url_for("challenges.new_round", key=key),
        back=(_name(found), url_for("challenges.method", key=key)),
        lead=_("A version comes into force when it was tried and you have written what you saw."),
    )


def _places(actor: Actor) -> dict[str, tuple[str, tuple[int, int | None]]]:
    """Where the actor may try a version: their organisations, each with its units."""
    organisations = organisations_to_choose(actor, METHOD)
    units = units_in([one.id for one in organisations])
    found: dict[str, tuple[str, tuple[int, int | None]]] = {}
    for one in organisations:
        found[one.key] = (one.name, (one.id, None))
        for unit in units.get(one.id, ()):
            found[unit.key] = (f"{one.name}: {unit.name}", (one.id, unit.id))
    return found


def _round(key: str) -> tuple[RoundFacts, MethodFacts]:
    found = round_by_key(key) if is_key(key) else None
    version = next((one for one in methods() if found and one.id == found.method_id), None)
    if found is None or version is None:
        not_found()
    return found, version


@blueprint.route("/methods/rounds/<key>", methods=["GET", "POST"])
@access(METHOD, rate="write")
def evaluate(key: str) -> Response:
    """Write what a round showed."""
    actor = current_actor()
    tried, version = _round(key)
    if tried.evaluated_at is not None or not actor.may(METHOD, tried.organisation_id):
        not_found()
    form = EvaluateForm()

    def act() -> None:
        current, about = _round(key)
        note = LearningValues(
            title=form.title.data or "", text=form.findings.data or "", language=language()
        )
        services.evaluate_round(about, current, note, form.change.data or "", actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("What you learned is kept. The next version may rest on it."))
        return _to_version(version.key)
    return write_page(
        form,
        _("What did the round show?"),
        [Group(fields=[form.title, form.findings, form.change])],
        _("Keep it"),
        action=url_for("challenges.evaluate", key=key),
        back=(_name(version), url_for("challenges.method", key=version.key)),
        lead=names_of([tried.organisation_id]).get(tried.organisation_id, ""),
    )
