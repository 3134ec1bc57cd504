"""The personal calendar: a secret address that a calendar program reads, and its page."""

from __future__ import annotations

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response

from lms.core.messages import calendars, queries, services
from lms.core.messages.letters import address
from lms.core.messages.services.choosing import SEEN_EVERY
from lms.core.messages.views.base import blueprint, person_of
from lms.db import now
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import set_language
from lms.work import unit_of_work


@blueprint.get("/calendar/<token>.ics")
@access(known="link", rate="verify", cache="none", policy="file")
def feed(token: str) -> Response:
    """All course sessions of one person's seats. Whoever knows the address may read it."""
    found = queries.feed_by_token(token)
    if found is None:
        not_found()
    sessions = queries.own_sessions(found.person_id)
    moment = now()
    set_language(found.language)
    text = calendars.written(calendars.of_person(sessions), method="PUBLISH", stamp=moment)
    if found.last_used_at is None or found.last_used_at <= moment - SEEN_EVERY:
        with unit_of_work(harmless=True):
            services.seen(found.id)
    response = make_response(text)
    response.content_type = f"{calendars.MEDIA_TYPE}; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="samspil.ics"'
    return response


@blueprint.route("/account/calendar", methods=["GET", "POST"])
@access(rate="write")
def calendar() -> Response:
    """Make the address, which is shown this once; making it anew ends the old one."""
    actor = current_actor()
    person_id = person_of(actor)
    form, token = Confirm(), None
    if form.validate_on_submit():
        with unit_of_work():
            token = services.make_feed(person_id, actor)
    return page(
        "messages/calendar.html",
        422 if form.submitted and token is None else 200,
        form=form,
        feed=queries.feed_of(person_id),
        url=address("messages.feed", token=token) if token else None,
    )


@blueprint.post("/account/calendar/end")
@access(rate="write")
def end_calendar() -> Response:
    """The address works no more."""
    actor = current_actor()
    if Confirm().validate_on_submit():
        with unit_of_work():
            ended = services.end_feed(person_of(actor), actor)
        if ended:
            tell(gettext("The calendar address does not work any more."))
    return redirect(url_for("messages.calendar"), 303)
