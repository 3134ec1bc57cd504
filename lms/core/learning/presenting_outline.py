"""How activities are said: their state, when they are due, why they are closed, their page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from werkzeug.wrappers import Response

from lms.contracts import ActivityFacts, ActivityType, Badge, LocalisedText, WorkFacts
from lms.core.learning.places import ActivityPlace
from lms.core.learning.presenting_talk import talk_of
from lms.core.learning.queries.outline import activities_in_runs
from lms.db import now
from lms.host import current_host
from lms.web import gettext, page
from lms.web.i18n import core_domain, date, local
from lms.web.i18n import marked as _

HIDDEN_WHILE = ("not_yet", "after_other")
"""Why-closed words under which the work itself is not shown."""

STATE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "started": (_("Begun"), "info", "clock"),
    "submitted": (_("Handed in"), "info", "mail"),
    "returned": (_("Look at it again"), "wait", "undo-2"),
    "accepted": (_("Accepted"), "ok", "check"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An activity beside the one shown."""

    title: LocalisedText
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What stands around the work on an activity's page."""

    activity_type: ActivityType | None
    badge: Badge | None
    due: str
    overdue: bool
    closed: str
    shows_work: bool
    outcomes: tuple[LocalisedText, ...]
    outline_url: str
    edit_url: str
    marking_url: str
    before: Step | None
    after: Step | None


def type_of(activity: ActivityFacts) -> ActivityType | None:
    """What kind of activity it is; None while nobody knows the type."""
    owned = current_host().activity_types().get(activity.activity_type)
    return owned.item if owned else None


def page_url(activity: ActivityFacts) -> str:
    """Where the participants of a run do it; "" for what is not done on the site, or not now."""
    kind = type_of(activity)
    return _address(kind.page if kind else "", activity)


def editor_url(activity: ActivityFacts) -> str:
    """Where it is changed; "" when its type is not there."""
    kind = type_of(activity)
    return _address(kind.editor if kind else "", activity)


def marking_url(activity: ActivityFacts) -> str:
    """Where what was handed in is looked at; "" when nobody has to, or not now."""
    kind = type_of(activity)
    return _address(kind.marking if kind else "", activity)


def _address(endpoint: str, activity: ActivityFacts) -> str:
    # A type names its pages; that they are there as well is its plugin's word, and no page of ours
    # breaks when it is not kept.
    return url_for(endpoint, key=activity.key) if endpoint in current_app.view_functions else ""


def state_badge(work: WorkFacts | None, kind: ActivityType | None) -> Badge | None:
    """How far somebody has come with it; None before they began."""
    if work is None:
        return None
    words, colour, icon = STATE_WORDS[work.state]
    if work.state == "accepted" and (kind is None or not kind.marking):
        words = _("Done")
    return Badge(text=core_domain.localised(words), icon=icon, kind=colour)  # type: ignore[arg-type]


def is_overdue(activity: ActivityFacts, work: WorkFacts | None, moment: datetime) -> bool:
    """Was it due before now, and is it not handed in?"""
    late = activity.due_at is not None and activity.due_at < moment
    return late and (work is None or work.state in ("started", "returned"))


def due_words(activity: ActivityFacts, zone: str) -> str:
    """ "By Tuesday 14 April 2026"; "" without a date."""
    return gettext(_("By %(day)s"), day=date(activity.due_at, zone)) if activity.due_at else ""


def closed_words(
    closed: str, activity: ActivityFacts, after: ActivityFacts | None, zone: str
) -> str:
    """Why an activity is closed to somebody, and what opens it; "" when it is open."""
    if closed == "not_yet":
        return gettext(_("Opens %(day)s."), day=date(activity.opens_at, zone))
    if closed == "after_other":
        if after is None:
            return gettext(_("It opens when you have done the one before it."))
        return gettext(_("First do “%(title)s”."), title=local(after.title))
    if closed == "withdrawn":
        return gettext(_("It was taken out of the course. What you have done stays with you."))
    if closed == "run_over":
        return gettext(_("You can read what you have done; nothing more can be handed in here."))
    return ""


def activity_page(
    template: str, place: ActivityPlace, status: int = 200, **values: Any
) -> Response:
    """The page of an activity in a run; the type's template extends `learning/activity.html` and
    fills its blocks `work` and `aside`. One query beside those of the talk."""
    return page(template, status, place=place, around=around(place), talk=talk_of(place), **values)


def around(place: ActivityPlace) -> Around:
    """What stands around the work."""
    activity, run = place.activity, place.run
    kind = type_of(activity)
    others = [a for a in activities_in_runs([run.id], light=True)[run.id] if page_url(a)]
    index = next((n for n, one in enumerate(others) if one.id == activity.id), None)
    outline = (
        url_for("learning.run_outline", key=run.key)
        if place.enrolment is None
        else url_for("learning.outline", key=place.enrolment.key)
    )
    return Around(
        activity_type=kind,
        badge=state_badge(place.work, kind),
        due=due_words(activity, run.zone),
        overdue=place.enrolment is not None and is_overdue(activity, place.work, now()),
        closed=closed_words(place.closed, activity, place.after, run.zone),
        shows_work=place.closed not in HIDDEN_WHILE,
        outcomes=tuple(place.outcomes[n] for n in activity.outcomes if n < len(place.outcomes)),
        outline_url=outline,
        edit_url=editor_url(activity) if place.teaches else "",
        marking_url=marking_url(activity) if place.teaches else "",
        before=_step(others[index - 1]) if index else None,
        after=_step(others[index + 1]) if index is not None and index + 1 < len(others) else None,
    )


def _step(activity: ActivityFacts) -> Step:
    return Step(title=activity.title, url=page_url(activity))
