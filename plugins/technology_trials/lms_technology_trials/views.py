"""Pages: published collaborations with their workshops, practice of a participant, what a run
tries."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    EnrolmentFacts,
    LocalisedText,
    RunFacts,
    access,
    current_actor,
    enrolment_by_key,
    is_key,
    local,
    may_in_run,
    not_found,
    page,
    run_by_key,
    runs_by_id,
    tell,
    unit_of_work,
)
from lms_technology_trials import exporting, presenting, reading
from lms_technology_trials.course_type import KEY
from lms_technology_trials.facts import (
    CollaborationFacts,
    PracticeFacts,
    TechnologyFacts,
)
from lms_technology_trials.forms import LogForm, SafeUseForm, TechnologyForm
from lms_technology_trials.queries import (
    practice_of,
    published_cards,
    published_collaboration,
    technology_of,
)
from lms_technology_trials.rules import needed_by
from lms_technology_trials.services import set_safe_use, write_log, write_technology
from lms_technology_trials.words import _

MANAGE = "catalogue.manage"
TEACH = "learning.teach"
SEARCHED_FROM = 6
"""From how many collaborations the list has a search field."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")

blueprint = Blueprint("technology_trials", __name__, url_prefix="/technology_trials")


# --- published collaborations -------------------------------------------------------------------


@blueprint.get("")
@access(known="public")
def index() -> Response:
    """Published collaborations, searched by all names they have had."""
    words = request.args.get("q", "").replace("\x00", "")[:200].strip()
    cards = published_cards(words)
    return page(
        "technology_trials/index.html",
        cards=cards,
        words=words,
        search=bool(words) or len(cards) >= SEARCHED_FROM,
        periods={card.slug: presenting.period_of(card.first_on, card.last_on) for card in cards},
    )


def _published(slug: str) -> CollaborationFacts:
    found = published_collaboration(slug) if _SLUG.fullmatch(slug) else None
    if found is None:
        not_found()
    return found


@blueprint.get("/<slug>")
@access(known="public")
def show(slug: str) -> Response:
    """One collaboration: what was thought, what it was, who was there and what came of it."""
    found = _published(slug)
    return page("technology_trials/show.html", **presenting.collaboration_page(found, local))


@blueprint.get("/<slug>.json")
@access(known="public", cache="public")
def data(slug: str) -> Response:
    """The same as data."""
    found = _published(slug)
    text = json.dumps(exporting.as_data(found), ensure_ascii=False, indent=1)
    return Response(text, mimetype="application/json")


@blueprint.get("/<slug>/<workshop>")
@access(known="public")
def workshop(slug: str, workshop: str) -> Response:
    """One workshop: purpose, what came out, who was there, materials."""
    found = _published(slug)
    here = next((one for one in found.workshops if one.slug == workshop), None)
    if here is None:
        not_found()
    return page(
        "technology_trials/workshop.html",
        found=found,
        here=here,
        before=next((w for w in found.workshops if w.number == here.number - 1), None),
        after=next((w for w in found.workshops if w.number == here.number + 1), None),
        parties=reading.lines_by_party(found, here),
        materials=presenting.materials(reading.materials_of(found, here)),
    )


# --- practice of one participant ----------------------------------------------------------------


def _taking_part(key: str, actor: Actor) -> tuple[EnrolmentFacts, RunFacts, bool]:
    """The enrolment, its run, and whether the actor teaches it (else it is their own)."""
    row = enrolment_by_key(key, actor) if is_key(key) else None
    if row is None or row.enrolment.course_type != KEY:
        not_found()
    facts = row.enrolment
    run = runs_by_id([facts.run_id])[facts.run_id]
    mine = facts.person_id == actor.person_id
    if facts.state != "active" or not (mine or may_in_run(actor, run, TEACH)):
        not_found()
    return facts, run, not mine


def _practice(facts: EnrolmentFacts) -> PracticeFacts:
    return practice_of([facts.id]).get(facts.id, PracticeFacts(enrolment_id=facts.id))


def _practice_page(
    facts: EnrolmentFacts,
    run: RunFacts,
    *,
    teaches: bool,
    log_form: LogForm | None = None,
    safe_use_form: SafeUseForm | None = None,
) -> Response:
    known = _practice(facts)
    return page(
        "technology_trials/practice.html",
        status=422 if log_form or safe_use_form else 200,
        run=run,
        practice=known,
        needed=needed_by(run),
        enrolment_key=facts.key,
        mine=not teaches,
        wrong=log_form or safe_use_form,
        log_form=log_form or LogForm.of(known),
        safe_use_form=(safe_use_form or SafeUseForm.of(known)) if teaches else None,
    )


@blueprint.get("/practice/<key>")
@access()
def practice(key: str) -> Response:
    """The log and the safe-use check on a page of their own."""
    facts, run, teaches = _taking_part(key, current_actor())
    return _practice_page(facts, run, teaches=teaches)


@blueprint.post("/practice/<key>/log")
@access(rate="write")
def log(key: str) -> Response:
    """Write down how often the technology was used, or why not."""
    actor = current_actor()
    facts, run, teaches = _taking_part(key, actor)
    form = LogForm()
    if not form.validate_on_submit():
        return _practice_page(facts, run, teaches=teaches, log_form=form)
    with unit_of_work():
        facts, _run, _teaches = _taking_part(key, actor)
        write_log(facts.id, form.uses.data or 0, form.non_use_reason.data or None, actor)
    tell(_("Written down."))
    return redirect(url_for("enrolment.show", key=key), 303)


@blueprint.post("/practice/<key>/safe-use")
@access(rate="write")
def safe_use(key: str) -> Response:
    """The teacher's safe-use check; nobody checks themselves."""
    actor = current_actor()
    facts, run, teaches = _taking_part(key, actor)
    if not teaches:
        not_found()
    form = SafeUseForm()
    if not form.validate_on_submit():
        return _practice_page(facts, run, teaches=teaches, safe_use_form=form)
    with unit_of_work():
        facts, _run, _teaches = _taking_part(key, actor)
        set_safe_use(facts.id, form.passed, actor)
    tell(_("Written down."))
    return redirect(url_for("enrolment.show", key=key), 303)


# --- what a run tries ---------------------------------------------------------------------------


def _managed(key: str, actor: Actor) -> RunFacts:
    run = run_by_key(key, actor) if is_key(key) else None
    if run is None or run.course_type != KEY or not may_in_run(actor, run, MANAGE):
        not_found()
    return run


@blueprint.route("/runs/<key>", methods=["GET", "POST"])
@access(rate="write")
def technology(key: str) -> Response:
    """Say what a run tries: the category and its solutions."""
    actor = current_actor()
    run = _managed(key, actor)
    known = technology_of([run.id]).get(run.id)
    form = TechnologyForm() if request.method == "POST" else TechnologyForm.of(known)
    if form.validate_on_submit():
        with unit_of_work():
            run = _managed(key, actor)
            known = technology_of([run.id]).get(run.id)
            write_technology(_written(run, known, form), actor)
        tell(_("Written down."))
        return redirect(url_for("catalogue.run", key=key), 303)
    return page(
        "technology_trials/technology.html",
        status=422 if form.submitted else 200,
        run=run,
        form=form,
    )


def _written(run: RunFacts, known: TechnologyFacts | None, form: TechnologyForm) -> TechnologyFacts:
    before = known or TechnologyFacts(run_id=run.id, category=LocalisedText())
    return replace(
        before,
        category=form.category,
        solutions=tuple(form.named),
        only_one_reason=form.only_one_reason.data or None,
    )
