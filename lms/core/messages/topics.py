"""What mails are about, so that a reader can say how each kind is to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.web.i18n import marked as _

AT_ONCE, DAILY, WEEKLY, NEVER = HOWS = ("at_once", "daily", "weekly", "never")

HOW_WORDS: Mapping[str, str] = {
    AT_ONCE: _("At once"),
    DAILY: _("Once a day"),
    WEEKLY: _("Once a week"),
    NEVER: _("Never"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """Mails that a reader takes together; `usual` is how they come until the reader chooses."""

    title: str
    hint: str
    usual: str
    kinds: frozenset[str]


TOPICS: Mapping[str, Topic] = {
    "seats": Topic(
        title=_("My seats"),
        hint=_("What you have asked for, and how it goes."),
        usual=AT_ONCE,
        kinds=frozenset(
            {
                "active",
                "completed",
                "declined",
                "drawn_place",
                "handed_over",
                "lapsed",
                "no_show",
                "nominated",
                "not_completed",
                "seated",
                "waitlisted",
                "withdrawn",
            }
        ),
    ),
    "requests": Topic(
        title=_("Requests that wait for my yes"),
        hint=_("A reminder comes at once, whatever you choose here."),
        usual=AT_ONCE,
        kinds=frozenset({"answered", "asked", "lapsed_for_manager"}),
    ),
    "people": Topic(
        title=_("News of people I lead or have nominated"),
        hint=_("Who has a seat, who completes, who withdraws."),
        usual=DAILY,
        kinds=frozenset({"news"}),
    ),
    "runs": Topic(
        title=_("Runs I am responsible for"),
        hint=_("Late withdrawals, draws, kept seats that are free again."),
        usual=AT_ONCE,
        kinds=frozenset({"drawn", "late_withdrawal", "seats_released"}),
    ),
    "classes": Topic(
        title=_("Messages from my teachers"),
        hint=_("What a teacher writes to the class, to your group or to you."),
        usual=AT_ONCE,
        kinds=frozenset({"class_message"}),
    ),
    "talks": Topic(
        title=_("Talks beside activities"),
        hint=_("When somebody says more where you have said something, or where you teach."),
        usual=DAILY,
        kinds=frozenset({"talk"}),
    ),
    "other": Topic(
        title=_("Other news"),
        hint=_("For example that a certificate is ready."),
        usual=AT_ONCE,
        kinds=frozenset({"note"}),
    ),
}
"""Kinds that stand in no topic come at once: what lets somebody in, what has to be answered in
time, and what changes when or whether one has to be somewhere."""

TOPIC_OF: Mapping[str, str] = {kind: key for key, t in TOPICS.items() for kind in t.kinds}


def how_for(kind: str, chosen: Mapping[str, str]) -> str:
    """How a mail of this kind comes to somebody who has chosen so for some topics."""
    topic = TOPIC_OF.get(kind)
    return AT_ONCE if topic is None else chosen.get(topic, TOPICS[topic].usual)
