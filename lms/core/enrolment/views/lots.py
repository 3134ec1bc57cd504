"""What is decided about a run by whoever leads it: lots, too few people, and moved sessions."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, CourseSessionFacts, Refusal, RunFacts
from lms.core.acting import done
from lms.core.catalogue.moving import cancel_session, may_change, move_session
from lms.core.catalogue.queries import may_in_run, run_by_key, runs_by_id, sessions_of
from lms.core.catalogue.services import run_state_refusals
from lms.core.enrolment import presenting_terms as words
from lms.core.enrolment import services
from lms.core.enrolment.forms_terms import MergeForm, ReasonForm, SessionForm
from lms.core.enrolment.queries import LOTTERY, TermsFacts, counts_in_run, terms_of
from lms.core.enrolment.queries.desk import (
    BEFORE_IT_BEGINS,
    is_in_run,
    lots_of,
    lots_of_person,
    runs_to_merge_into,
)
from lms.core.enrolment.states import LIVE
from lms.core.enrolment.views.base import MANAGE, blueprint
from lms.core.enrolment.views.terms import back, changeable, led_run
from lms.core.local_times import moment_at
from lms.core.refused import Refused
from lms.web import Confirm, Form, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local, period
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager

PAGE_SIZE = 100
CHOICES = ("anyway", "merge", "cancel")
LEADS_SESSIONS = "catalogue.manage"


# --- lots ---------------------------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/draw", methods=["GET", "POST"])
@access(rate="write")
def draw(key: str) -> Response:
    """The draw of a run, for everybody in it: before, how it is done; after, how to check it.
    Names are for those who lead the run."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    leads = may_in_run(actor, run, MANAGE)
    terms = terms_of([run.id])[run.id]
    inside = leads or is_in_run(actor.person_id, run.id)
    if not inside or (terms.waiting_rule != LOTTERY and terms.drawn_at is None):
        not_found()
    form = Confirm()
    may_draw = leads and terms.waits_for_draw and run.state in BEFORE_IT_BEGINS
    if form.submitted:
        if not leads:
            not_found()
        number: list[int] = []
        good = form.validate_on_submit()
        if good and may_draw and not counts_in_run(run.id).get("waitlisted"):
            # It can be done once only: whoever comes after an empty draw would have no lot.
            form.form_errors.append(gettext(_("Nobody waits yet, so there is nothing to draw.")))
            good = False
        if good and done(form, lambda: number.append(services.draw(run.id, actor))):
            told = ngettext("One lot was drawn.", "%(n)d lots were drawn.", sum(number))
            tell(told)
            return redirect(url_for("enrolment.draw", key=key), 303)
    return _draw_page(run, terms, actor, form, leads=leads, may_draw=may_draw)


def _draw_page(
    run: RunFacts, terms: TermsFacts, actor: Actor, form: Form, *, leads: bool, may_draw: bool
) -> Response:
    number = max(asked_page(), 1)
    lots = (
        lots_of(run.id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE) if terms.drawn_at else []
    )
    total = lots[0].of if lots else 0
    return page(
        "enrolment/draw.html",
        422 if form.submitted else 200,
        run=run,
        terms=terms,
        form=form,
        leads=leads,
        may_draw=may_draw,
        when=words.draw_in_words(run, terms),
        lots=[(lot, words.code_of(lot.key), lot.person_id == actor.person_id) for lot in lots],
        own=next(iter(lots_of_person(run.id, actor.person_id)), None) if terms.drawn_at else None,
        waiting=counts_in_run(run.id).get("waitlisted", 0) if may_draw else 0,
        pager=pager(number, max(number, -(-total // PAGE_SIZE))),
    )


# --- too few ------------------------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/seats/too-few/<choice>", methods=["GET", "POST"])
@access(rate="write")
def seats_too_few(key: str, choice: str) -> Response:
    """A run under its minimum: it runs anyway, goes into another one, or is cancelled. The page
    says who hears of it."""
    actor = current_actor()
    run = changeable(key, actor)
    if choice not in CHOICES:
        not_found()
    terms = terms_of([run.id])[run.id]
    if not words.is_short(run, terms):
        tell(gettext(_("There is nothing to decide here any more.")), "info")
        return back(key)
    if choice == "anyway":
        return _anyway(run, terms, actor)
    if choice == "merge":
        return _merge(run, terms, actor)
    return _cancel(run, terms, actor)


def _anyway(run: RunFacts, terms: TermsFacts, actor: Actor) -> Response:
    form = Confirm()
    if form.validate_on_submit() and done(form, lambda: services.run_anyway(run.id, actor)):
        tell(gettext(_("It is decided: the run takes place.")))
        return back(run.key)
    return _decide_page(run, terms, form, "anyway")


def _merge(run: RunFacts, terms: TermsFacts, actor: Actor) -> Response:
    ids = runs_to_merge_into(run.course_id, run.id, actor)
    others = runs_by_id(ids)
    form = MergeForm()
    form.into.choices = [(others[id_].key, _in_words(others[id_])) for id_ in ids]

    def merge() -> None:
        into = next(other.id for other in others.values() if other.key == form.into.data)
        moved.append(services.merge_runs(run.id, into, actor, form.reason.data or ""))

    moved: list[int] = []
    if form.validate_on_submit() and _may_cancel(run, form) and done(form, merge):
        words_for = ngettext(
            "%(n)d person went into the other run.",
            "%(n)d people went into the other run.",
            sum(moved),
        )
        tell(words_for)
        return back(str(form.into.data))
    return _decide_page(run, terms, form, "merge", others=len(ids))


def _cancel(run: RunFacts, terms: TermsFacts, actor: Actor) -> Response:
    form = ReasonForm()

    def cancel() -> None:
        services.cancel_too_few(run.id, actor, form.reason.data or "")

    if form.validate_on_submit() and _may_cancel(run, form) and done(form, cancel):
        tell(gettext(_("The run is cancelled.")), "info")
        return redirect(url_for("catalogue.run", key=run.key), 303)
    return _decide_page(run, terms, form, "cancel")


def _may_cancel(run: RunFacts, form: ReasonForm) -> bool:
    """Does nothing stand against cancelling the run? Asked before any lock is taken."""
    reasons = run_state_refusals(run, "cancelled", form.reason.data or "")
    form.form_errors.extend(local(reason.message) for reason in reasons)
    return not reasons


def _in_words(run: RunFacts) -> str:
    free = ngettext("%(n)d seat is free", "%(n)d seats are free", run.free)
    return f"{local(run.title)}, {period(run.starts_at, run.ends_at, run.zone)}. {free}."


def _decide_page(
    run: RunFacts, terms: TermsFacts, form: Form, choice: str, *, others: int = 0
) -> Response:
    counts = counts_in_run(run.id)
    return page(
        "enrolment/terms_too_few.html",
        422 if form.submitted else 200,
        run=run,
        terms=terms,
        form=form,
        choice=choice,
        others=others,
        seated=words.told(counts, ("seated", "active", "offered")),
        concerned=words.told(counts, sorted(LIVE)),
    )


# --- the days -----------------------------------------------------------------------------------


def _with_days(key: str, actor: Actor) -> RunFacts:
    run = led_run(key, actor)
    if not may_in_run(actor, run, LEADS_SESSIONS):
        not_found()
    return run


def _session(run: RunFacts, session_key: str) -> CourseSessionFacts:
    found = next((s for s in sessions_of([run.id])[run.id] if s.key == session_key), None)
    if found is None:
        not_found()
    return found


@blueprint.get("/catalogue/<key>/seats/days")
@access()
def seats_days(key: str) -> Response:
    """The course sessions of a run, with a way to move or cancel those that can be."""
    run = _with_days(key, current_actor())
    sessions = sessions_of([run.id])[run.id]
    return page(
        "enrolment/terms_days.html",
        run=run,
        sessions=[(session, may_change(session, run.state)) for session in sessions],
    )


@blueprint.route("/catalogue/<key>/seats/days/<session_key>", methods=["GET", "POST"])
@access(rate="write")
def seats_day(key: str, session_key: str) -> Response:
    """Give a course session another day, time or place."""
    actor = current_actor()
    run = _with_days(key, actor)
    session = _session(run, session_key)
    form = SessionForm(
        day=words.local_day(session.starts_at, run.zone),
        begins=words.local_clock(session.starts_at, run.zone),
        ends=words.local_clock(session.ends_at, run.zone),
        venue=session.venue,
    )

    def save() -> None:
        day, begins, ends = form.day.data, form.begins.data, form.ends.data
        if day is None or begins is None or ends is None:
            raise ValueError("the form lets nobody through without a day and two times")
        starts_at = moment_at(day, begins, run.zone, field="begins")
        ends_at = moment_at(day, ends, run.zone, field="ends")
        venue = form.venue.data or ""
        changed = venue if venue != session.venue else None
        try:
            move_session(session.id, starts_at, ends_at, actor, venue=changed)
        except Refused as error:
            # Which day it is, is what a reader changes first.
            raise Refused(
                *(at_field(reason, "starts_at", "day") for reason in error.refusals)
            ) from error

    if form.validate_on_submit() and done(form, save):
        tell(gettext(_("Moved. Who has a seat gets a mail with the new time.")))
        for clock in (form.begins.data, form.ends.data):
            if form.day.data and clock and words.comes_twice(form.day.data, clock, run.zone):
                tell(words.twice_in_words(clock), "info")
        return redirect(url_for("enrolment.seats_days", key=key), 303)
    return _day_page(run, session, form, cancels=False)


@blueprint.route("/catalogue/<key>/seats/days/<session_key>/cancel", methods=["GET", "POST"])
@access(rate="write")
def seats_day_cancel(key: str, session_key: str) -> Response:
    """A course session does not take place; everybody reads why."""
    actor = current_actor()
    run = _with_days(key, actor)
    session = _session(run, session_key)
    form = ReasonForm()
    if form.validate_on_submit() and done(
        form, lambda: cancel_session(session.id, actor, form.reason.data or "")
    ):
        tell(gettext(_("Cancelled. Who has a seat gets a mail that says why.")), "info")
        return redirect(url_for("enrolment.seats_days", key=key), 303)
    return _day_page(run, session, form, cancels=True)


def at_field(reason: Refusal, name: str, field: str) -> Refusal:
    """The same reason at the field by which this form asks for `name`."""
    if reason.code.partition(".")[0] != name:
        return reason
    return replace(reason, code=reason.code.replace(name, field, 1))


def _day_page(run: RunFacts, session: CourseSessionFacts, form: Form, *, cancels: bool) -> Response:
    return page(
        "enrolment/terms_day.html",
        422 if form.submitted else 200,
        run=run,
        session=session,
        form=form,
        cancels=cancels,
        may_change=may_change(session, run.state),
        concerned=words.told(counts_in_run(run.id), ("seated", "active")),
    )
