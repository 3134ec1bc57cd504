"""Letters from a class: what a teacher writes, and what is said beside an activity."""

from __future__ import annotations

from lms.core.enrolment.queries import row_by_id
from lms.core.learning.queries import activities_by_id
from lms.core.learning.queries.talk import comment_by_id
from lms.core.messages.letters.shapes import About, Letter, address
from lms.core.messages.queries import words_of_entry
from lms.core.users.queries import person_facts
from lms.host import current_host
from lms.web.i18n import gettext as _
from lms.web.i18n import local


def class_message(about: About) -> Letter | None:
    """A teacher's message, in their own words; nothing once those are blanked."""
    row = row_by_id(about.subject_id or 0)
    words = words_of_entry(int(about.values.get("entry") or 0))
    if row is None or not words.get("text"):
        return None
    sender = person_facts([int(about.values.get("by") or 0)])
    name = next((person.name for person in sender.values()), None)
    return Letter(
        subject=_("From your teacher: %(subject)s", subject=words.get("subject", "")),
        paragraphs=tuple(part for part in str(words["text"]).split("\n\n") if part.strip()),
        facts=((_("From"), name), (_("Course"), local(row.run_title))),
        press=(_("See your course"), address("learning.outline", key=row.enrolment.key)),
        small=_("Nobody reads answers to this mail. Answer beside an activity, or in class."),
        why=_("You get this mail because you take part."),
    )


def talk(about: About) -> Letter | None:
    """Somebody has said more beside an activity; nothing once it is withdrawn."""
    comment = comment_by_id(about.subject_id or 0)
    if comment is None or comment.state != "shown":
        return None
    activity = activities_by_id([comment.activity_id])[comment.activity_id]
    owned = current_host().activity_types().get(activity.activity_type)
    if owned is None or not owned.item.page:
        return None
    return Letter(
        subject=_("New in the talk about %(activity)s", activity=local(activity.title)),
        paragraphs=(_("%(name)s writes:", name=comment.author_name or _("Somebody")),),
        warm=comment.text,
        press=(_("Read and answer"), f"{address(owned.item.page, key=activity.key)}#talk"),
        small=_("Nobody reads answers to this mail."),
        why=_("You get this mail because you take part in the talk or teach the run."),
    )
