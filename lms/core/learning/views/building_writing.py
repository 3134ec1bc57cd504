"""Writing a draft: its texts, its modules, its rule. What two write at once is brought together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, LocalisedText
from lms.core.acting import done, pressed
from lms.core.catalogue import modules as change
from lms.core.catalogue.queries import VersionCard, course_plan
from lms.core.catalogue.services import DraftChanged, outcomes_as_json, rule_name, write_draft
from lms.core.learning import presenting_building as words
from lms.core.learning.drafts import DraftForm, Meanwhile, shown
from lms.core.learning.forms_building import (
    ModuleForm,
    TextsForm,
    module_values,
    texts_form,
    texts_of,
)
from lms.core.learning.planned import written
from lms.core.learning.queries.outline import activities_in_version
from lms.core.learning.rules import (
    conditions_from,
    rule_section,
    rule_values,
    shown_conditions,
)
from lms.core.learning.services import building as services
from lms.core.learning.views.base import blueprint
from lms.core.learning.views.building import draft_of
from lms.core.refused import Refused, refused, show_in
from lms.core.settings.forms import settings_form, values_from
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.work import unit_of_work

SAVED = _("Saved.")
TRIES = 3

Values = Callable[[VersionCard], Mapping[str, Any]]


def _keep(
    form: DraftForm,
    card: VersionCard,
    actor: Actor,
    values: Values,
    write: Callable[[VersionCard, int], None],
) -> Meanwhile | bool:
    """Write a valid form into a draft: True when it is kept, False when it was refused (the reasons
    are in the form), and what happened meanwhile when others wrote the same part.

    `values` are what the form's fields hold for a version, `write` saves at a revision.
    """
    revision = form.seen_revision
    for _try in range(TRIES):
        if revision != card.revision:
            if form.others_changed(values(card)):
                return form.meet(values(card), card.revision)
            revision = card.revision  # others wrote other parts of it
        now_at, seen_card = revision, card
        try:
            with unit_of_work():
                write(seen_card, now_at)
        except DraftChanged:
            card = draft_of(card.key, actor)
            continue
        except Refused as error:
            show_in(form, error)
            return False
        return True
    return form.meet(values(card), card.revision)


# --- texts --------------------------------------------------------------------------------------


@blueprint.route("/build/version/<key>/texts", methods=["GET", "POST"])
@access(rate="write")
def version_texts(key: str) -> Response:
    """What a version says: title, texts, learning outcomes, minutes, languages."""
    actor = current_actor()
    card = draft_of(key, actor)
    form: TextsForm = texts_form(TextsForm, texts_of(card), card.revision, list(request.form))

    def write(current: VersionCard, revision: int) -> None:
        services.renumber_outcomes(current.id, form.places(len(current.outcomes)))
        write_draft(current.id, _columns(form, current), actor, revision=revision)

    meanwhile: Meanwhile | bool = False
    if form.validate_on_submit():
        kept = _keep(form, card, actor, texts_of, write)
        if kept is True:
            tell(gettext(SAVED))
            return redirect(url_for("learning.version_texts", key=key), 303)
        meanwhile = kept
    return page(
        "learning/build_texts.html",
        _status(form, meanwhile),
        card=card,
        form=form,
        meanwhile=meanwhile,
        state=words.STATE_WORDS[card.state],
    )


def _columns(form: TextsForm, card: VersionCard) -> dict[str, Any]:
    taught, practised = form.minutes.number, form.practice_minutes.number
    return {
        "title": form.text("title"),
        "lead": form.text("lead"),
        "purpose": form.text("purpose"),
        "target_group": form.text("target_group"),
        "outcomes": outcomes_as_json(form.outcomes()),
        "languages": list(form.languages.data or ()),
        "minutes": _together(card, "minutes") if taught is None else taught,
        "practice_minutes": _together(card, "between_minutes") if practised is None else practised,
    }


def _together(card: VersionCard, name: str) -> int:
    return sum(module.get(name) or 0 for module in card.modules)


def _status(form: DraftForm, meanwhile: Meanwhile | bool) -> int:
    if isinstance(meanwhile, Meanwhile):
        return 409
    return 422 if form.submitted else 200


# --- modules ------------------------------------------------------------------------------------


@blueprint.get("/build/version/<key>/modules")
@access()
def version_modules(key: str) -> Response:
    """The modules in order, each with buttons to move it and take it out."""
    card = draft_of(key, current_actor())
    phases, activities = _phases(card), activities_in_version(card.id)
    return page(
        "learning/build_modules.html",
        card=card,
        phases=dict(phases),
        activities=activities,
        kept={one.module for one in written(activities, course_plan(card.course_type))},
        minutes=_together(card, "minutes"),
        state=words.STATE_WORDS[card.state],
    )


@blueprint.route("/build/version/<key>/modules/new", methods=["GET", "POST"])
@access(rate="write")
def version_module_new(key: str) -> Response:
    """One more module at the end."""
    actor = current_actor()
    card = draft_of(key, actor)
    form = ModuleForm()
    form.phase.choices = _phases(card)
    if not form.submitted and card.phases:
        form.phase.data = card.phases[-1]["key"]

    def add() -> None:
        modules = _now(card, actor).modules
        if len(modules) >= change.MOST:
            raise refused(
                "too_many",
                da="Et forløb kan højst have 60 moduler. Tag et ud først.",
                sv="En kurs kan ha högst 60 moduler. Ta ut en först.",
                en="A course can have 60 modules at most. Take one out first.",
            )
        title = form.text("title")
        _write_modules(
            card, actor, lambda there: change.added(there, form.values(), title.in_language("en"))
        )

    if form.validate_on_submit() and done(form, add):
        tell(gettext(SAVED))
        return _to_modules(key)
    return page(
        "learning/build_module.html",
        422 if form.submitted else 200,
        card=card,
        form=form,
        heading=gettext(_("A new module")),
        meanwhile=False,
    )


@blueprint.route("/build/version/<key>/modules/<module>", methods=["GET", "POST"])
@access(rate="write")
def version_module(key: str, module: str) -> Response:
    """One module: its title, phase, minutes, words, and the task after it."""
    actor = current_actor()
    card = draft_of(key, actor)
    there = change.find(card.modules, module)
    if there is None:
        not_found()
    form = ModuleForm(**shown(module_values(there), card.revision))
    form.phase.choices = _phases(card, there["phase"])

    def values(current: VersionCard) -> Mapping[str, Any]:
        found = change.find(current.modules, module)
        if found is None:
            not_found()
        return module_values(found)

    def write(current: VersionCard, revision: int) -> None:
        modules = change.changed(current.modules, module, form.values())
        write_draft(current.id, {"modules": modules}, actor, revision=revision)

    meanwhile: Meanwhile | bool = False
    if form.validate_on_submit():
        kept = _keep(form, card, actor, values, write)
        if kept is True:
            tell(gettext(SAVED))
            return _to_modules(key, module)
        meanwhile = kept
    return page(
        "learning/build_module.html",
        _status(form, meanwhile),
        card=card,
        form=form,
        heading=local(LocalisedText.from_dict(there["title"])),
        meanwhile=meanwhile,
    )


@blueprint.post("/build/version/<key>/modules/<module>/<step>")
@access(rate="write")
def version_module_move(key: str, module: str, step: str) -> Response:
    """Move a module up or down by one, or take it out."""
    actor = current_actor()
    card = draft_of(key, actor)
    if change.find(card.modules, module) is None or step not in ("up", "down", "out"):
        not_found()

    def act() -> None:
        if step == "out":
            services.take_out_module(card.id, module, card.course_type, actor)
            _write_modules(card, actor, lambda there: change.without(there, module))
        else:
            by = -1 if step == "up" else 1
            _write_modules(card, actor, lambda there: change.moved(there, module, by))

    if pressed(act) and step == "out":
        tell(gettext(_("The module is taken out.")))
    return _to_modules(key, module if step != "out" else None)


def _write_modules(
    card: VersionCard, actor: Actor, to: Callable[[Sequence[Any]], Sequence[Any]]
) -> None:
    """Change the modules as they are now, inside a unit of work."""
    current = _now(card, actor)
    try:
        write_draft(
            card.id, {"modules": list(to(current.modules))}, actor, revision=current.revision
        )
    except DraftChanged as error:
        raise refused(
            "changed",
            da="En anden gemte i samme øjeblik. Prøv igen.",
            sv="Någon annan sparade i samma ögonblick. Försök igen.",
            en="Somebody else saved at the same moment. Try again.",
        ) from error


def _now(card: VersionCard, actor: Actor) -> VersionCard:
    return draft_of(card.key, actor)


def _phases(card: VersionCard, present: str = "") -> list[tuple[str, str]]:
    found = [
        (phase["key"], local(LocalisedText.from_dict(phase["title"]))) for phase in card.phases
    ]
    if present and present not in dict(found):
        found.append((present, present))
    return found or [("", gettext(_("No phase")))]


def _to_modules(key: str, module: str | None = None) -> Response:
    anchor = f"m-{module}" if module else None
    return redirect(url_for("learning.version_modules", key=key, _anchor=anchor), 303)


# --- the rule -----------------------------------------------------------------------------------


@blueprint.route("/build/version/<key>/rule", methods=["GET", "POST"])
@access(rate="write")
def version_rule(key: str) -> Response:
    """What it takes to complete: conditions, on or off, with their options."""
    actor = current_actor()
    card = draft_of(key, actor)
    before = card.rule.conditions
    section = rule_section(before)
    own = {name: shown(_fields(card), card.revision)[name] for name in ("revision", "seen")}
    form = settings_form(section, rule_values(before), DraftForm, **own)

    def write(current: VersionCard, revision: int) -> None:
        conditions = conditions_from(values_from(section, form), current.rule.conditions)
        if not conditions:
            raise refused(
                "none",
                da="Vælg mindst én betingelse. Uden dem gennemfører ingen.",
                sv="Välj minst ett villkor. Utan dem fullföljer ingen.",
                en="Choose at least one condition. Without any, nobody completes.",
            )
        if conditions == current.rule.conditions:
            return
        name = rule_name(current.course_key, current.number, revision + 1)
        rule = {"version": name, "conditions": conditions}
        write_draft(current.id, {"rule": rule}, actor, revision=revision)

    meanwhile: Meanwhile | bool = False
    if form.validate_on_submit():
        kept = _keep(form, card, actor, _fields, write)
        if kept is True:
            tell(gettext(SAVED))
            return redirect(url_for("learning.version", key=key), 303)
        meanwhile = kept
    return page(
        "learning/build_rule.html",
        _status(form, meanwhile),
        card=card,
        form=form,
        conditions=shown_conditions(before),
        meanwhile=meanwhile,
    )


def _fields(card: VersionCard) -> dict[str, Any]:
    """The rule as the fields of the form hold it."""
    return {
        f"setting_{name}": value if isinstance(value, bool) else str(value)
        for name, value in rule_values(card.rule.conditions).items()
    }
