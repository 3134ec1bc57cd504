"""Shapes of input about being seen by somebody at work."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.api import Form, OneOfField, email_key, marked, required
from lms_activities.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")


class AskForm(Form):
    """Who is asked to see it."""

    domain = domain

    way = OneOfField(marked("Who shall see it?"))
    email = StringField(
        marked("Their e-mail address"),
        [
            Optional(),
            Length(max=254, message=TOO_LONG),
        ],
        description=marked("Your own mail program opens with the letter written."),
    )
    with_files = BooleanField(marked("They may open the files too"))

    def offer(self, manager: str) -> None:
        """The ways there are; `manager` is the name of who is known, "" for nobody."""
        ways = [("mail", marked("A colleague, by e-mail")), ("copy", marked("I pass on a link"))]
        self.way.choices = [(value, domain.gettext(words)) for value, words in ways]
        if manager:
            said = domain.gettext(marked("My manager, %(name)s"), name=manager)
            self.way.choices.insert(0, ("manager", said))

    def validate(self, extra_validators: object = None) -> bool:
        """An address where one is needed."""
        fine = super().validate(extra_validators)
        if self.way.data == "mail" and not email_key(self.email.data or ""):
            sentence = marked("Write their address, such as name@example.org.")
            self.email.errors = [domain.gettext(sentence)]
            fine = False
        return fine


class SeenForm(Form):
    """What somebody at work says who has seen it."""

    domain = domain

    function = StringField(
        marked("What are you at work?"),
        [
            *required(marked("Write what you are at work, such as nurse or team leader.")),
            Length(max=200, message=TOO_LONG),
        ],
        description=marked("Such as nurse, care worker or team leader. No name is needed."),
    )
    note = TextAreaField(
        marked("Something you would like to say"),
        [Optional(), Length(max=1000, message=TOO_LONG)],
        description=marked("The participant and those who teach read it."),
    )
