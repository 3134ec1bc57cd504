"""Try-outs: planned, asked about, noted on a phone, confirmed by the other of a pair."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    RecordFacts,
    access,
    current_actor,
    done,
    not_found,
    page,
    record_as_seen,
    tell,
    way_to_thread,
)
from lms_courses.forms.looking import revision_of
from lms_courses.forms.staff import AnswerForm, NoteForm, PlanForm
from lms_courses.queries.ideas import ideas_of
from lms_courses.queries.staff import Seat, seat_of, staff_run
from lms_courses.queries.tryouts import TryoutPlace, tryout_of, tryout_place
from lms_courses.refusing import changed_meanwhile
from lms_courses.services import tryouts as services
from lms_courses.services.decisions import may_decide_now
from lms_courses.staff_states import OUTCOME, PLANNING, TRYOUT, TRYOUT_LOOKS
from lms_courses.views.base import blueprint
from lms_courses.words import _


def placed_tryout(key: str, actor: Actor) -> TryoutPlace:
    """The try-out as the reader meets it, or 404."""
    place = tryout_place(key, actor)
    if place is None:
        not_found()
    return place


def check_seen(place: TryoutPlace, seen: str | None) -> None:
    """Raises `Refused` when the reader's page showed something else than there is now: nobody says
    yes to what they have not read."""
    if seen != place.stamp:
        raise changed_meanwhile()


def _own(key: str, actor: Actor) -> tuple[TryoutPlace, Seat]:
    """The try-out with the reader's seat, when it is theirs and they still take part; else 404."""
    place = placed_tryout(key, actor)
    if not place.works:
        not_found()
    tryout = place.tryout
    mine = tryout.enrolment_id if place.first else tryout.partner_id
    return place, seat_of(mine or tryout.enrolment_id)


def _ideas(seat: Seat, actor: Actor, named: bool) -> Sequence[RecordFacts]:
    words = (request.form.get("words", "") if request.method == "POST" else "")[:100]
    return () if named else ideas_of(seat.ids, words, actor)


def _found(form: PlanForm) -> bool:
    """Was only an idea looked for? Then nothing is checked or kept yet."""
    if not form.submitted or "find" not in request.form:
        return False
    form.validate_on_submit()
    for field in form:
        field.errors = []
    if not form.stale:
        form.form_errors = []
    return not form.stale


@blueprint.route("/runs/<key>/tryout", methods=["GET", "POST"])
@access(rate="write")
def plan_tryout(key: str) -> Response:
    """Plan what one tries; leads to it when it is there already."""
    actor = current_actor()
    met = staff_run(key, actor)
    if met is None or not met.at_work or met.part is None or met.part.enrolment_id is None:
        not_found()
    seat = seat_of(met.part.enrolment_id)
    there = tryout_of(seat)
    if there is not None and request.method == "GET":
        return redirect(url_for("courses.tryout", key=there.key), 303)
    form = PlanForm()
    form.offer(_ideas(seat, actor, named=False), named=False)
    made: list[str] = []
    looking = _found(form)
    form.look()
    if (
        not looking
        and form.validate_on_submit()
        and done(form, lambda: made.append(services.plan_tryout(seat, form.plan(), actor)))
    ):
        tell(_("The plan is kept. Ask your manager before you begin."))
        return redirect(url_for("courses.tryout", key=made[-1]), 303)
    return page(
        "courses/tryout_plan.html",
        status=422 if form.submitted and not looking else 200,
        form=form,
        run=met.run,
        place=None,
        there=there,
        seat=seat,
    )


@blueprint.get("/tryouts/<key>")
@access()
def tryout(key: str) -> Response:
    """A try-out: the plan, the yes, the note, the decision, and what comes next for the reader."""
    actor = current_actor()
    place = placed_tryout(key, actor)
    found = place.tryout
    return page(
        "courses/tryout.html",
        place=place,
        tryout=found,
        decision=place.decision,
        states=TRYOUT,
        looks=TRYOUT_LOOKS,
        outcomes=OUTCOME,
        planning=found.state in PLANNING,
        may_decide=may_decide_now(place),
        button=Confirm(),
        thread=way_to_thread("tryout", key),
    )


@blueprint.route("/tryouts/<key>/plan", methods=["GET", "POST"])
@access(rate="write")
def change_tryout(key: str) -> Response:
    """Plan it differently; the manager is asked anew."""
    actor = current_actor()
    place, seat = _own(key, actor)
    found = place.tryout
    if found.state not in PLANNING and request.method == "GET":
        not_found()
    form = PlanForm()
    form.offer(_ideas(seat, actor, bool(found.idea_key)), named=bool(found.idea_key))
    if not form.submitted:
        form.show(found)
    looking = _found(form)
    form.look()
    if (
        not looking
        and form.validate_on_submit()
        and done(
            form,
            lambda: services.change_plan(found, form.plan(), actor, revision=revision_of(form)),
        )
    ):
        tell(_("The plan is kept. Ask your manager before you begin."))
        return redirect(url_for("courses.tryout", key=key), 303)
    idea = record_as_seen(found.idea_kind, found.idea_key, actor) if found.idea_key else None
    return page(
        "courses/tryout_plan.html",
        status=422 if form.submitted and not looking else 200,
        form=form,
        run=place.run,
        place=place,
        there=None,
        seat=seat,
        idea=idea[1] if idea else None,
    )


@blueprint.post("/tryouts/<key>/ask")
@access(rate="write")
def ask_tryout(key: str) -> Response:
    """Ask the manager for a yes."""
    actor = current_actor()
    place, seat = _own(key, actor)
    form = Confirm()
    if form.validate_on_submit() and done(
        form, lambda: services.ask_manager(place.tryout, seat, actor)
    ):
        tell(_("Your manager gets a letter."))
    for _field, sentence in form.error_list():
        tell(sentence, "wait")
    return redirect(url_for("courses.tryout", key=key), 303)


@blueprint.route("/tryouts/<key>/answer", methods=["GET", "POST"])
@access(rate="write")
def answer_tryout(key: str) -> Response:
    """The manager's yes or no. One who was there already sees what was said."""
    actor = current_actor()
    place = placed_tryout(key, actor)
    if not place.answers:
        not_found()
    if place.tryout.state != "asked" and request.method == "GET":
        return redirect(url_for("courses.tryout", key=key), 303)
    form = AnswerForm()
    form.offer()
    seen = form.seen.data
    form.seen.data = place.stamp

    def act() -> None:
        check_seen(place, seen)
        services.answer(place.tryout, form.answer.data == "yes", form.reason.data or "", actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Thank you. They get a letter."))
        return redirect(url_for("courses.tryout", key=key), 303)
    return page(
        "courses/tryout_answer.html",
        status=422 if form.submitted else 200,
        form=form,
        place=place,
        tryout=place.tryout,
    )


@blueprint.route("/tryouts/<key>/note", methods=["GET", "POST"])
@access(rate="write")
def tryout_note(key: str) -> Response:
    """Before and after: saved as often as one likes, handed in once."""
    actor = current_actor()
    place, seat = _own(key, actor)
    found = place.tryout
    if found.state not in PLANNING and request.method == "GET":
        return redirect(url_for("courses.tryout", key=key), 303)
    form = NoteForm()
    form.offer(whole=found.state == "allowed")
    if not form.submitted:
        form.show(found)
    form.look()
    said: list[str] = []

    def keep() -> None:
        revision = revision_of(form)
        if form.whole:
            said.append(services.hand_in(found, seat, form.note(), actor, revision=revision))
        else:
            services.save_note(found, form.note(), actor, revision=revision)
            said.append("saved")

    if form.validate_on_submit() and done(form, keep):
        tell(
            {
                "saved": _("Saved. You can write more another day."),
                "tried": _("Handed in. It counts for both when your colleague says yes."),
                "confirmed": _("Handed in. It counts now."),
            }[said[-1]]
        )
        where = "courses.tryout_note" if said[-1] == "saved" else "courses.tryout"
        return redirect(url_for(where, key=key), 303)
    return page(
        "courses/tryout_note.html",
        status=422 if form.submitted else 200,
        form=form,
        place=place,
        tryout=found,
        allowed=found.state == "allowed",
    )


@blueprint.post("/tryouts/<key>/confirm")
@access(rate="write")
def confirm_tryout(key: str) -> Response:
    """The other of a pair says yes, or one of them says not yet."""
    actor = current_actor()
    place, _seat = _own(key, actor)
    form, not_yet = Confirm(), request.form.get("to") == "not_yet"

    def act() -> None:
        if not_yet:
            services.take_back(place.tryout, actor)
            return
        check_seen(place, request.form.get("seen"))
        services.confirm(place, actor)

    if form.validate_on_submit() and done(form, act):
        tell(
            _("The note is open to both of you again.")
            if not_yet
            else _("Thank you. It counts for both of you now.")
        )
    for _field, sentence in form.error_list():
        tell(sentence, "wait")
    return redirect(url_for("courses.tryout", key=key), 303)
