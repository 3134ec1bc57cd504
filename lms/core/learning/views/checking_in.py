"""The code on the screen, and checking in with it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from flask import current_app, jsonify, redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.acting import done
from lms.core.learning.forms_check_in import CodeForm, OpenForm
from lms.core.learning.queries.checking_in import (
    CheckInFacts,
    Place,
    check_in_of,
    counted_in,
    place_with_key,
    places_now,
)
from lms.core.learning.services import checking_in
from lms.core.learning.services.checking_in import Arrival, begin_of, code_at, may_open, step_at
from lms.core.learning.views.base import blueprint, run_of
from lms.core.learning.views.register import session_of
from lms.core.refused import Refused, show_in
from lms.db import now
from lms.web import Confirm, Form, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.limits import count_and_check, give_back
from lms.work import unit_of_work

LIMIT = "check_in:person"


# --- the screen ---------------------------------------------------------------------------------


@blueprint.route("/teach/<key>/check-in/<session_key>", methods=["GET", "POST"])
@access(rate="write")
def check_in_screen(key: str, session_key: str) -> Response:
    """The code, large, for everybody to see; a post puts it there."""
    actor, moment = current_actor(), now()
    run = run_of(key, actor)
    session = session_of(run, session_key)
    form = OpenForm()
    if form.validate_on_submit() and done(
        form,
        lambda: checking_in.open_check_in(session, actor, late_after=form.minutes()),
    ):
        return redirect(url_for("learning.check_in_screen", key=key, session_key=session_key), 303)
    found = check_in_of(session.id)
    shown = found is not None and found.closed_at is None and may_open(session, moment)
    here, of = counted_in(session.id, run.id)
    return page(
        "learning/check_in_screen.html",
        422 if form.submitted else 200,
        run=run,
        session=session,
        form=form,
        may_open=may_open(session, moment),
        opened_before=found is not None,
        here=here,
        of=of,
        shown=_shown(run, session_key, found) if found is not None and shown else None,
    )


def _shown(run: RunFacts, session_key: str, check_in: CheckInFacts) -> dict[str, object]:
    """What the screen shows in this half minute."""
    moment = now()
    step = step_at(moment)
    left = (begin_of(step + 1) - moment).total_seconds()
    return {
        "code": code_at(check_in, step),
        "seconds": math.ceil(left),
        "typed_at": _public(url_for("learning.check_in_typed")).partition("://")[2],
        "picture": url_for(
            "learning.check_in_picture", key=run.key, session_key=session_key, step=step
        ),
    }


@blueprint.get("/teach/<key>/check-in/<session_key>/now")
@access()
def check_in_now(key: str, session_key: str) -> Response:
    """What the screen shows now, for its script: JSON, empty once the check-in is closed."""
    run = run_of(key, current_actor())
    session = session_of(run, session_key)
    found = check_in_of(session.id)
    if found is None or found.closed_at is not None or not may_open(session, now()):
        return jsonify({})
    here, of = counted_in(session.id, run.id)
    return jsonify(_shown(run, session_key, found) | {"counted": counted_in_words(here, of)})


@blueprint.get("/teach/<key>/check-in/<session_key>/code.svg")
@access(policy="file")
def check_in_picture(key: str, session_key: str) -> Response:
    """The address with the code of this half minute, as a picture that phones read."""
    run = run_of(key, current_actor())
    session = session_of(run, session_key)
    found = check_in_of(session.id)
    if found is None or found.closed_at is not None or not may_open(session, now()):
        not_found()
    code = code_at(found, step_at(now()))
    # Not needed by any other page, so not loaded with the app.
    import segno

    drawn = io.BytesIO()
    segno.make(
        _public(url_for("learning.check_in", key=found.key, code=code)), error="m", micro=False
    ).save(drawn, kind="svg", border=3, light="#fff", dark="#000", omitsize=True, xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/teach/<key>/check-in/<session_key>/close")
@access(rate="write")
def check_in_close(key: str, session_key: str) -> Response:
    """Take the code off the screen, and go on to the register."""
    actor = current_actor()
    run = run_of(key, actor)
    session = session_of(run, session_key)
    if Confirm().validate_on_submit():
        found = check_in_of(session.id)
        if found is not None:
            with unit_of_work():
                checking_in.close_check_in(found, actor)
            here, of = counted_in(session.id, run.id)
            tell(counted_in_words(here, of), "info")
    return redirect(url_for("learning.register", key=key, session=session_key), 303)


def counted_in_words(here: int, of: int) -> str:
    """How many have checked in."""
    return gettext(_("%(n)s of %(all)s have checked in."), n=here, all=of)


def _public(path: str) -> str:
    return f"{str(current_app.config['PUBLIC_URL']).rstrip('/')}{path}"


# --- checking in --------------------------------------------------------------------------------


@blueprint.route("/check-in/<key>/<code>", methods=["GET", "POST"])
@access(rate="write")
def check_in(key: str, code: str) -> Response:
    """One button: I am here. Opening the page tells nothing about the code."""
    actor = current_actor()
    found = place_with_key(key, actor)
    if found is None:
        not_found()
    place, run = found
    form = Confirm()
    status = 422 if form.submitted else 200
    if form.validate_on_submit():
        arrival, status = _arrive(form, [place], code, actor)
        if arrival is not None:
            return _said(place, arrival)
    return page("learning/check_in.html", status, form=form, run=run, session=place[2], code=code)


@blueprint.route("/check-in", methods=["GET", "POST"])
@access(rate="write")
def check_in_typed() -> Response:
    """The code of the screen, typed in."""
    actor, moment = current_actor(), now()
    form = CodeForm()
    status = 422 if form.submitted else 200
    if form.validate_on_submit():
        code = form.code.data or ""
        until = moment + checking_in.OPENS_BEFORE
        places = places_now(actor, moment - checking_in.TYPED_LATER, until)
        place = checking_in.find_by_code(places, code)
        arrival, status = _arrive(form, [place] if place else [], code, actor)
        if place is not None and arrival is not None:
            return _said(place, arrival)
    return page("learning/check_in_typed.html", status, form=form)


def _arrive(
    form: Form, places: Sequence[Place], code: str, actor: Actor
) -> tuple[Arrival | None, int]:
    """Check in at the place, if there is one; else the reason is in the form. Tries that fail are
    counted, so that nobody finds a code by trying."""
    if not count_and_check(LIMIT, str(actor.person_id)):
        form.form_errors.append(
            gettext(
                _("Too many tries. Wait a quarter of an hour, or ask your teacher to mark you.")
            )
        )
        return None, 429
    try:
        if not places:
            raise checking_in.not_shown()
        enrolment, found, session = places[0]
        with unit_of_work():
            arrival = checking_in.check_in(enrolment, found, session, code, actor)
    except Refused as refused:
        show_in(form, refused)
        return None, 422
    give_back(LIMIT, str(actor.person_id))
    return arrival, 303


def _said(place: Place, arrival: Arrival) -> Response:
    if arrival.outcome == "here":
        tell(gettext(_("You are marked as here.")))
    elif arrival.outcome == "partly":
        tell(
            ngettext(
                "You are marked as here for %(n)d minute, from when you came.",
                "You are marked as here for %(n)d minutes, from when you came.",
                arrival.minutes,
            )
        )
    elif arrival.outcome == "waits":
        tell(gettext(_("It is sent. It came late, so your teacher looks at it.")), "wait")
    else:
        tell(gettext(_("You are marked already.")), "info")
    return redirect(url_for("enrolment.show", key=place[0].key), 303)
