"""What employee and manager write together, and what they say of it twelve weeks later."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Length, Optional

from lms.core.enrolment.forms_terms import CountField
from lms.core.learning.presenting_standing import USED_WORDS
from lms.core.learning.queries.agreeing import AgreementFacts
from lms.core.learning.services import AgreementWords
from lms.web.forms import Form, choice_required, required
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

GOAL_LIMIT = 500
TASK_LIMIT = 1000
MOST_HOURS = 400

_TOO_LONG = _("Write at most %(max)d characters.")


class AgreementForm(Form):
    """The words of a learning agreement. Made by `agreement_form`."""

    revision = HiddenField()
    goal = TextAreaField(
        _("The goal"),
        [
            *required(_("Write in one sentence what should change at work.")),
            Length(max=GOAL_LIMIT, message=_TOO_LONG),
        ],
        description=_("What should change at work? One sentence is enough."),
    )
    task = TextAreaField(
        _("The task at work"),
        [
            *required(_("Write what is tried out at work.")),
            Length(max=TASK_LIMIT, message=_TOO_LONG),
        ],
        description=_("What is tried out, where and with whom. Not about particular people."),
    )
    hours = CountField(_("Working time promised for it, in hours"), 0, MOST_HOURS)
    until = DateField(
        _("When it should be tried"),
        [Optional()],
        description=_("The last day, as far as you know it now."),
    )

    def words(self) -> AgreementWords:
        """What was written, of a form that is valid."""
        return AgreementWords(
            goal=self.goal.data or "",
            task=self.task.data or "",
            minutes_promised=60 * (self.hours.number or 0),
            task_until=self.until.data,
        )

    def seen(self) -> int:
        """The revision that the page showed; -1 for what cannot be one."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def agreement_form(agreement: AgreementFacts | None, goal: str, practice: int) -> AgreementForm:
    """The form, filled with the agreement as it stands, or with the goal somebody asked for a
    seat with and the minutes of practice that the course counts on."""
    values: dict[str, Any]
    if agreement is None:
        values = {"revision": "0", "goal": goal, "hours": str(-(-practice // 60))}
    else:
        values = {
            "revision": str(agreement.revision),
            "goal": agreement.goal,
            "task": agreement.task,
            "hours": str(agreement.minutes_promised // 60),
            "until": agreement.task_until,
        }
    return AgreementForm(**values)


class SignForm(Form):
    """A signature under the words of one revision."""

    revision = HiddenField(id="signed-revision")

    def seen(self) -> int:
        """The revision that the page showed; -1 for what cannot be one."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class MirrorForm(Form):
    """Two questions twelve weeks later."""

    used = RadioField(
        _("How much of it is used at work now?"),
        choice_required(_("Choose one of the answers.")),
        choices=lambda: [(str(n), gettext(words)) for n, words in enumerate(USED_WORDS)],
    )
    words = TextAreaField(
        _("What is different at work?"),
        [Length(max=TASK_LIMIT, message=_TOO_LONG)],
        description=_("One sentence is enough. Not about particular people."),
    )
