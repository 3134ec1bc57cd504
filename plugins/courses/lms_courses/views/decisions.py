"""Decisions on what was tried, and what was born in a run."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    RecordFacts,
    RunFacts,
    access,
    current_actor,
    done,
    local,
    not_found,
    now,
    page,
    record_kind,
    records_as_seen,
    tell,
    way_to_thread,
)
from lms_courses.forms.staff import DecisionForm
from lms_courses.queries.born import born_in
from lms_courses.queries.staff import staff_run
from lms_courses.queries.tryouts import TryoutPlace, decision_places
from lms_courses.services import decisions as services
from lms_courses.staff_states import OUTCOME
from lms_courses.views.base import blueprint
from lms_courses.views.tryouts import check_seen, placed_tryout
from lms_courses.words import _


def _today(run: RunFacts) -> date:
    return now().astimezone(ZoneInfo(run.zone)).date()


@blueprint.route("/tryouts/<key>/decision", methods=["GET", "POST"])
@access(rate="write")
def decide_tryout(key: str) -> Response:
    """Yes, no or later: the manager's counts at once, a participant's once it is signed."""
    actor = current_actor()
    place = placed_tryout(key, actor)
    if not (place.answers or place.works):
        not_found()
    if not services.may_decide_now(place) and request.method == "GET":
        return redirect(url_for("courses.tryout", key=key), 303)
    form = DecisionForm()
    form.today = _today(place.run)
    form.offer()
    if not form.submitted and place.decision is not None:
        form.show(place.decision)
    form.look()
    seen = form.seen.data
    form.seen.data = place.stamp
    made: list[str] = []

    def act() -> None:
        check_seen(place, seen)
        made.append(services.decide(place, form.values(), actor))

    if form.validate_on_submit() and done(form, act):
        tell(
            _("The decision is written down and counts now.")
            if place.answers
            else _("Written down. It counts when your manager has signed it.")
        )
        return redirect(url_for("courses.decision", key=made[-1]), 303)
    return page(
        "courses/decision_edit.html",
        status=422 if form.submitted else 200,
        form=form,
        place=place,
        tryout=place.tryout,
        other=form.submitted and place.decision is not None and seen != place.stamp,
    )


def _placed(key: str, actor: Actor) -> TryoutPlace:
    place = decision_places([key], actor).get(key)
    if place is None:
        not_found()
    return place


@blueprint.get("/decisions/<key>")
@access()
def decision(key: str) -> Response:
    """What was decided on what was tried."""
    place = _placed(key, current_actor())
    found = place.decision
    woken = (
        found is not None
        and found.outcome == "later"
        and found.wake_on is not None
        and found.wake_on <= _today(place.run)
    )
    return page(
        "courses/decision.html",
        place=place,
        decision=found,
        tryout=place.tryout,
        outcomes=OUTCOME,
        woken=woken,
        may_decide=services.may_decide_now(place),
        button=Confirm(),
        thread=way_to_thread("decision", key),
    )


@blueprint.post("/decisions/<key>/sign")
@access(rate="write")
def sign_decision(key: str) -> Response:
    """The manager signs what a participant wrote down."""
    actor = current_actor()
    place = _placed(key, actor)
    if not place.answers:
        not_found()
    form = Confirm()

    def act() -> None:
        check_seen(place, request.form.get("seen"))
        services.sign(place, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Signed. It counts now."))
    for _field, sentence in form.error_list():
        tell(sentence, "wait")
    return redirect(url_for("courses.decision", key=key), 303)


# --- what was born in a run -----------------------------------------------------------------------


@blueprint.get("/runs/<key>/born")
@access()
def born(key: str) -> Response:
    """What came of a run, one kind at a time, each with its way to the thread (CT2-4)."""
    actor = current_actor()
    met = staff_run(key, actor)
    if met is None:
        not_found()
    all_ = born_in(met.run.id)
    asked = request.args.get("kind", "")
    kind = asked if asked in all_ else next(iter(all_), "")
    seen: dict[str, RecordFacts] = {}
    if kind:
        found = records_as_seen([(kind, one.key) for one in all_[kind]], actor)
        seen = {record_key: facts for (_kind, record_key), (_type, facts) in found.items()}
    rows = [
        (one, seen.get(one.key)) for one in all_.get(kind, ()) if met.teaches or one.key in seen
    ]
    return page(
        "courses/born.html",
        run=met.run,
        teaches=met.teaches,
        kind=kind,
        words={name: _word(name) for name in all_},
        counts={name: len(records) for name, records in all_.items()},
        rows=rows,
        page_of=_page_of(kind),
    )


def _word(kind: str) -> str:
    known = record_kind(kind)
    return local(known.title) if known is not None else kind


def _page_of(kind: str) -> str:
    """The endpoint that shows records of a kind, "" where nobody does."""
    known = record_kind(kind)
    return known.page if known is not None else ""
