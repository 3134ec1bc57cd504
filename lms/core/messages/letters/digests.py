"""One mail that tells of many: what waits, and what happened since the last time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from lms.core.enrolment import presenting
from lms.core.enrolment.queries import waiting_for
from lms.core.messages.letters.approvals import question
from lms.core.messages.letters.shapes import About, Letter, Line, Section, address
from lms.core.messages.queries import gathered
from lms.core.messages.topics import TOPIC_OF, TOPICS
from lms.core.users.queries import actor_for_person
from lms.db import now
from lms.web.i18n import gettext as _
from lms.web.i18n import local, ngettext


def digest(about: About, write: Callable[[str, About], Letter | None]) -> Letter | None:
    """A line for each mail that was held back; None when none of them matters any more.

    Requests are told as they wait now, with the days left, so that those answered meanwhile are
    gone and those asked before are there.
    """
    by_topic: dict[str, list[Line]] = defaultdict(list)
    for held in gathered(about.mail_id):
        topic = TOPIC_OF.get(held.kind, "other")
        if held.kind == "asked":
            by_topic.setdefault("requests", [])
            continue
        letter = write(
            held.kind,
            About(person_id=about.person_id, subject_id=held.subject_id, values=held.values),
        )
        if letter is not None:
            by_topic[topic].append(
                Line(text=letter.subject, url=letter.press[1] if letter.press else "")
            )
    if "requests" in by_topic:
        by_topic["requests"] = [*_waiting(about.person_id), *by_topic["requests"]]
    lines = sum(map(len, by_topic.values()))
    if not lines:
        return None
    return Letter(
        subject=ngettext("%(n)d piece of news for you", "%(n)d pieces of news for you", lines),
        sections=tuple(
            Section(title=_(topic.title), lines=tuple(by_topic[key]))
            for key, topic in TOPICS.items()
            if by_topic.get(key)
        ),
        other=(_("How you hear from us"), address("messages.preferences")),
        why=_("You get this mail because you have chosen to hear about these things together."),
    )


def _waiting(person_id: int) -> list[Line]:
    """Requests that wait for this person's yes now, the most urgent first."""
    moment = now()
    return [
        Line(
            text=f"{row.person_name}: {local(row.run_title)}",
            note=presenting.due_in_words(row.answer_due, moment, row.run_zone),
            url=question(row, person_id),
        )
        for row in waiting_for(actor_for_person(person_id))
    ]
