"""What is said beside an activity, to a class, and often."""

from __future__ import annotations

from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.enrolment.forms_terms import OneOfField
from lms.core.fields import PickField
from lms.web.forms import Form
from lms.web.i18n import gettext
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


class MessageForm(Form):
    """A message to everybody in a run, to a group, or to those chosen. The view fills in whom."""

    to = OneOfField(_("To whom?"))
    people = SelectMultipleField(
        _("Those I choose"),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    subject = StringField(
        _("Subject"),
        [
            DataRequired(_("Write in a few words what it is about.")),
            Length(max=LONGEST_SUBJECT, message=_TOO_LONG),
        ],
    )
    text = TextAreaField(
        _("Message"),
        [
            DataRequired(_("Write the message.")),
            Length(max=LONGEST_MESSAGE, message=_TOO_LONG),
        ],
        description=_(
            "Write it in the language of the class; what stands around it is in each "
            "reader's own. Nobody reads answers to the mail."
        ),
    )

    def validate_people(self, field: Field) -> None:
        """Who chooses must choose somebody."""
        if self.to.data == "chosen" and not field.data:
            raise ValidationError(gettext(_("Choose at least one.")))


class SnippetForm(Form):
    """A piece of feedback to use again."""

    snippet_text = TextAreaField(
        _("A piece of feedback you write often"),
        [
            DataRequired(_("Write the words you want to use again.")),
            Length(max=LONGEST_SNIPPET, message=_TOO_LONG),
        ],
    )
