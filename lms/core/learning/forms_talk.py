"""What is said beside an activity, to a class, and often."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.fields import PickField
from lms.web.forms import Form
from lms.web.i18n import marked as _

LONGEST_TALK = 2000
LONGEST_SUBJECT = 120
LONGEST_MESSAGE = 4000
LONGEST_SNIPPET = 500

_TOO_LONG = _("Write at most %(max)d characters.")


class TalkForm(Form):
    """A contribution; the team chooses to which group where each talks by itself."""

    talk_group = PickField(_("To which group?"), lambda: [("", "")])
    talk_text = TextAreaField(
        _("What do you want to say or ask?"),
        [
            DataRequired(_("Write what you want to say.")),
            Length(max=LONGEST_TALK, message=_TOO_LONG),
        ],
    )
