"""The talk beside an activity: say something, and take it back."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from lms.core.acting import done
from lms.core.learning import services
from lms.core.learning.forms_talk import TalkForm
from lms.core.learning.places import activity_place
from lms.core.learning.presenting_outline import around, page_url
from lms.core.learning.presenting_talk import talk_of
from lms.core.learning.queries import activities_by_id, group_of
from lms.core.learning.queries.talk import comment_by_key, talk_kind
from lms.core.learning.views.base import blueprint
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _


@blueprint.post("/learn/activity/<key>/talk")
@access(rate="write")
def say(key: str) -> Response:
    """Say something to everybody, or to one's group."""
    actor = current_actor()
    place = activity_place(key, actor)
    if place is None:
        not_found()
    form = TalkForm()
    talk = talk_of(place, form)
    if talk is None or talk.form is None:
        not_found()
    if form.validate_on_submit():
        group_id = None
        if "talk_group" in form:
            group_id = int(form.talk_group.data)
        elif talk_kind(place.activity) == "group" and place.enrolment is not None:
            own = group_of(place.enrolment.id)
            group_id = own[0] if own else None
        text, by_team = form.talk_text.data or "", place.enrolment is None
        if done(
            form,
            lambda: services.say(place.activity, text, actor, by_team=by_team, group_id=group_id),
        ):
            return redirect(f"{page_url(place.activity)}#talk", 303)
    return page(
        "learning/talk_again.html",
        422,
        place=place,
        around=around(place),
        talk=talk,
        back=page_url(place.activity),
    )


@blueprint.post("/learn/comment/<key>/withdraw")
@access(rate="write")
def unsay(key: str) -> Response:
    """Take one's own words back, or, for the team, anybody's away."""
    actor = current_actor()
    comment = comment_by_key(key)
    if comment is None:
        not_found()
    activity = activities_by_id([comment.activity_id])[comment.activity_id]
    place = activity_place(activity.key, actor)
    if place is None or not (place.enrolment is None or comment.author_id == actor.person_id):
        not_found()
    form = Confirm()
    if form.validate_on_submit() and done(form, lambda: services.unsay(comment, actor)):
        tell(gettext(_("It is withdrawn.")))
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(f"{page_url(activity)}#talk", 303)
