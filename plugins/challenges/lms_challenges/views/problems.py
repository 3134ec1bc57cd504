"""Telling of a problem, one's own list, and the page of a problem."""

from __future__ import annotations

from collections.abc import Sequence

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    Refused,
    access,
    asked_page,
    current_actor,
    documents_about,
    keep_upload,
    language,
    local,
    new_key,
    not_found,
    page,
    pager,
    tell,
    unit_of_work,
    way_to_thread,
)
from lms_challenges import presenting_problems as presenting
from lms_challenges.clock import zone_of
from lms_challenges.forms.report import LookForm, ReportForm, VoiceForm
from lms_challenges.queries.problems import (
    PICTURES,
    ProblemFacts,
    own_problems,
    own_voice,
    problem_by_key,
    problem_with_root,
    steps_of,
    told_of,
)
from lms_challenges.queries.seeing import REPORT, Reader, may_triage, reader_of
from lms_challenges.queries.similar import SimilarFacts, similar_to
from lms_challenges.remarks import remarks
from lms_challenges.scales import AFFECTED, CONSEQUENCES, SHOWN
from lms_challenges.services import reporting
from lms_challenges.services.reporting import LONGEST_LOOKED
from lms_challenges.states import PROBLEM_MOVES
from lms_challenges.views.base import blueprint
from lms_challenges.views.tabs import problem_tabs
from lms_challenges.words import _

SHORTEST = 12
"""Letters of a text that can be compared with others."""


# --- telling ------------------------------------------------------------------------------------


@blueprint.route("/report", methods=["GET", "POST"])
@access(REPORT, rate="write", uploads=True)
def report() -> Response:
    """Tell of a problem. The same form asks for similar ones and adds a voice to one of them."""
    actor = current_actor()
    reader = reader_of(actor)
    if reader.of_a_company or not reader.workplaces:
        if request.method == "POST":
            not_found()
        return page("challenges/report_elsewhere.html", reader=reader)
    form = ReportForm()
    form.offer(reader.workplaces)
    if not form.submitted:
        form.once_key.data = new_key()
        form.channel.data = request.args.get("from", "")
        return _report_page(form, ())
    form.remarks = remarks(form.texts, _known(reader))
    fine = form.validate_on_submit()
    act = request.form.get("act", "send")
    if act.startswith("voice:"):
        return _voice_instead(act.removeprefix("voice:"), form, actor, reader)
    if act == "look":
        for field in form:
            field.errors = ()
    elif fine:
        return _sent(form, actor)
    return _report_page(form, _similar(form, actor, reader))


def _sent(form: ReportForm, actor: Actor) -> Response:
    with unit_of_work():
        problem = reporting.report(form.values(language()), actor)
        if form.photo.data and not documents_about(PICTURES, [problem.id]):
            keep_upload(
                form.photo.data[0],
                subject=(PICTURES, problem.id),
                actor=actor,
                language=language(),
                title=form.alt_text.data or "",
                alt_text=form.alt_text.data or "",
            )
    return redirect(url_for("challenges.sent", key=problem.key), 303)


def _report_page(form: ReportForm, similar: Sequence[SimilarFacts]) -> Response:
    return page(
        "challenges/report.html",
        422 if form.submitted else 200,
        form=form,
        similar=similar,
        looked=form.submitted,
        words=presenting,
        tabs=problem_tabs(current_actor(), "report"),
    )


def _similar(form: ReportForm | LookForm, actor: Actor, reader: Reader) -> Sequence[SimilarFacts]:
    text = " ".join(filter(None, (form.what.data, form.today.data)))[:LONGEST_LOOKED]
    title = (form.title.data or "")[:LONGEST_LOOKED]
    if len(text) + len(title) < SHORTEST:
        return ()
    return similar_to(text, actor, language(), title=title, reader=reader)


def _known(reader: Reader) -> Sequence[str]:
    return [
        name for place in reader.workplaces for name in (place.organisation, place.unit) if name
    ]


@blueprint.post("/similar")
@access(REPORT)
def similar() -> Response:
    """What is told already, and what to look at once more, while somebody writes."""
    actor = current_actor()
    reader = reader_of(actor)
    form = LookForm()
    fresh = form.validate_on_submit() or not form.stale
    said = remarks([text[:LONGEST_LOOKED] for text in form.texts], _known(reader)) if fresh else ()
    found = _similar(form, actor, reader) if fresh else ()
    answer = jsonify(
        similar=[
            {
                "key": one.key,
                "title": one.title,
                "language": one.language,
                "url": url_for("challenges.problem", key=one.key),
                "spread": presenting.spread_words(one.voices, one.units, one.countries),
            }
            for one in found
        ],
        remarks=[{"kind": one.kind, "text": one.sentence} for one in said],
    )
    answer.status_code = 200 if fresh else 422
    return answer


@blueprint.get("/problems/<key>/sent")
@access(REPORT)
def sent(key: str) -> Response:
    """What happens now, and whether others tell of something like it."""
    actor = current_actor()
    reader = reader_of(actor)
    found = problem_by_key(key, actor, reader)
    if found is None or found.sender_id is None or found.sender_id != actor.person_id:
        not_found()
    alike = similar_to(
        f"{found.what} {found.today}",
        actor,
        found.language,
        title=found.title,
        without=[found.id],
        reader=reader,
    )
    country = next(
        (one.country for one in reader.workplaces if one.organisation_id == found.organisation_id),
        "",
    )
    return page(
        "challenges/sent.html",
        problem=found,
        similar=alike,
        zone=zone_of(country),
        words=presenting,
        tabs=problem_tabs(actor, "report"),
    )


# --- this happens here too ----------------------------------------------------------------------


@blueprint.route("/problems/<key>/voice", methods=["GET", "POST"])
@access(REPORT, rate="write")
def voice(key: str) -> Response:
    """Say how often it happens where the reader is; said again, it says what holds now."""
    actor = current_actor()
    reader = reader_of(actor)
    problem = _to_voice(key, actor, reader)
    form = VoiceForm()
    form.offer(reader.workplaces)
    if not form.submitted and (given := own_voice(problem.id, actor.person_id)) is not None:
        form.frequency.data, form.severity.data = given.frequency, str(given.severity)
        form.place_kind.data, form.text.data = given.place_kind, given.text
    if form.validate_on_submit() and _voiced(problem, form, actor):
        return redirect(url_for("challenges.problem", key=key), 303)
    return page("challenges/voice.html", 422 if form.submitted else 200, problem=problem, form=form)


def _voice_instead(key: str, report: ReportForm, actor: Actor, reader: Reader) -> Response:
    """What was being told turned out to be told already: what is chosen goes with the voice."""
    problem = _to_voice(key, actor, reader)
    form = VoiceForm()
    form.offer(reader.workplaces)
    form.text.data = (report.what.data or "")[:1000]
    if form.said and form.validate_on_submit() and _voiced(problem, form, actor):
        return redirect(url_for("challenges.problem", key=key), 303)
    for field in form:
        field.errors = ()
    return page("challenges/voice.html", 422, problem=problem, form=form)


def _to_voice(key: str, actor: Actor, reader: Reader) -> ProblemFacts:
    problem = problem_by_key(key, actor, reader)
    if problem is None or not reader.workplaces:
        not_found()
    return problem


def _voiced(problem: ProblemFacts, form: VoiceForm, actor: Actor) -> bool:
    try:
        with unit_of_work():
            reporting.add_voice(problem.id, form.voice(form.text.data or ""), actor)
    except Refused as refused:
        form.form_errors.append(local(refused.refusals[0].message))
        return False
    tell(_("Thank you. It counts from now on."))
    return True


@blueprint.post("/problems/<key>/voice/take-back")
@access(REPORT, rate="write")
def take_back_voice(key: str) -> Response:
    """Take one's voice back."""
    actor = current_actor()
    problem = problem_by_key(key, actor)
    if problem is None or own_voice(problem.id, actor.person_id) is None:
        not_found()
    if Confirm().validate_on_submit():
        try:
            with unit_of_work():
                reporting.withdraw_voice(problem.id, actor)
            tell(_("Your voice is taken back."))
        except Refused as refused:
            tell(local(refused.refusals[0].message), "wait")
    return redirect(url_for("challenges.problem", key=key), 303)


# --- reading ------------------------------------------------------------------------------------


@blueprint.get("/mine")
@access(REPORT)
def mine() -> Response:
    """What the reader told of and gave a voice to, with what came of each."""
    actor = current_actor()
    found = own_problems(actor, asked_page())
    return page(
        "challenges/mine.html",
        found=found,
        pager=pager(found.number, found.pages),
        zone=zone_of(""),
        words=presenting,
        tabs=problem_tabs(actor, "mine"),
    )


@blueprint.get("/problems/<key>")
@access()
def problem(key: str) -> Response:
    """A problem with its way, and where else it happens."""
    actor = current_actor()
    reader = reader_of(actor)
    found, root = problem_with_root(key, actor, reader)
    if found is None:
        not_found()
    teller, voices = told_of(found, actor, reader)
    own = next((one for one in voices if one.mine and one.problem_id == found.id), None)
    is_mine = found.sender_id is not None and found.sender_id == actor.person_id
    steps = steps_of(found.id)
    return page(
        "challenges/problem.html",
        problem=found,
        root=root,
        teller=teller,
        voices=voices,
        own_voice=own,
        mine=is_mine,
        may_voice=bool(reader.workplaces) and found.state not in reporting.NO_VOICES,
        may_withdraw=is_mine and "withdrawn" in PROBLEM_MOVES[found.state],
        desk=may_triage(actor, found.organisation_id, reader),
        way=presenting.way(found, steps, is_mine),
        question=next((one.text for one in reversed(steps) if one.kind == "question"), ""),
        pictures=documents_about(PICTURES, [found.id]),
        zone=zone_of(teller.country),
        affected=presenting.listed(AFFECTED, found.affected),
        costs=presenting.listed(CONSEQUENCES, found.consequences),
        shown=SHOWN[found.shown],
        words=presenting,
        thread=way_to_thread("problem", found.key),
    )


@blueprint.post("/problems/<key>/take-back")
@access(REPORT, rate="write")
def take_back(key: str) -> Response:
    """Take one's problem back, before anything came of it."""
    actor = current_actor()
    found = problem_by_key(key, actor)
    if found is None or found.sender_id is None or found.sender_id != actor.person_id:
        not_found()
    if Confirm().validate_on_submit():
        try:
            with unit_of_work():
                reporting.withdraw(found, actor)
            tell(_("It is taken back. The desk sees that it was you who did."))
        except Refused as refused:
            tell(local(refused.refusals[0].message), "wait")
    return redirect(url_for("challenges.problem", key=key), 303)
