"""The talk beside an activity as its reader meets it: what is said, and may they say more?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import MultiDict

from lms.core.learning.forms_talk import TalkForm
from lms.core.learning.places import ActivityPlace
from lms.core.learning.queries import group_of, groups_in_run
from lms.core.learning.queries.talk import MOST, CommentFacts, comments_on, talk_kind
from lms.web import current_actor, gettext
from lms.web.i18n import marked as _


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One contribution; `text` "" was withdrawn."""

    key: str
    name: str
    at: datetime
    by_team: bool
    group: str
    text: str
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The talk; `form` None with the reason in `closed`. `full` when older words are left out."""

    said: Sequence[Said]
    form: TalkForm | None
    closed: str
    group: str
    full: bool


def talk_of(place: ActivityPlace, form: TalkForm | None = None) -> Talk | None:
    """The talk that this reader sees; None where there is none. At most two queries."""
    kind = talk_kind(place.activity)
    if kind == "off" or place.closed in ("not_yet", "after_other"):
        return None
    form = form or TalkForm(MultiDict())
    if place.enrolment is None:
        comments = comments_on(place.activity.id, every_group=True)
        if kind == "group":
            offer_groups(form, place)
        else:
            del form.talk_group
        return _talk(comments, form, closed="", group="", teaches=True)
    group_id, group = None, ""
    if kind == "group":
        own = group_of(place.enrolment.id)
        if own is None:
            words = gettext(_("You talk here in groups, and you are not in one yet."))
            return Talk(said=(), form=None, closed=words, group="", full=False)
        group_id, group = own[0], own[1]
    comments = comments_on(place.activity.id, group_id=group_id)
    if not place.may_work:
        if not comments:
            return None
        words = gettext(_("You can read what was said; nothing more can be said here."))
        return _talk(comments, None, closed=words, group=group, teaches=False)
    del form.talk_group
    return _talk(comments, form, closed="", group=group, teaches=False)


def offer_groups(form: TalkForm, place: ActivityPlace) -> None:
    """The groups that the team can write to."""
    groups = groups_in_run(place.run.id)
    form.talk_group.choices = [(str(id_), name) for id_, (_key, name, _ids) in groups.items()]


def _talk(
    comments: Sequence[CommentFacts],
    form: TalkForm | None,
    *,
    closed: str,
    group: str,
    teaches: bool,
) -> Talk:
    reader = current_actor().person_id
    said = [
        Said(
            key=one.key,
            name=one.author_name or gettext(_("Somebody who has left")),
            at=one.at,
            by_team=one.by_team,
            group=(one.group_name or "") if teaches else "",
            text=one.text if one.state == "shown" else "",
            may_withdraw=one.state == "shown" and (teaches or one.author_id == reader),
        )
        for one in comments
    ]
    return Talk(said=said, form=form, closed=closed, group=group, full=len(comments) >= MOST)
