"""The shape of what is chosen and written about mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from lms.core.fields import PickField
from lms.core.messages.own_words import problems
from lms.core.messages.topics import HOW_WORDS, TOPICS
from lms.web import Form, gettext
from lms.web.i18n import marked as _


def hows() -> list[tuple[str, str]]:
    """How mails may come, in the reader's language."""
    return [(key, gettext(words)) for key, words in HOW_WORDS.items()]


class Preferences(Form):
    """How the mails about each topic come; `preferences_form` has a field for each."""

    def choices(self) -> Mapping[str, str]:
        """The way chosen for each topic."""
        return {topic: str(self[topic].data) for topic in TOPICS}


def preferences_form(**chosen: str) -> Preferences:
    """The form with what is chosen now."""
    fields = {
        key: PickField(topic.title, hows, description=topic.hint) for key, topic in TOPICS.items()
    }
    form: Preferences = type("PreferencesHere", (Preferences,), fields)(**chosen)
    return form


class TextForm(Form):
    """An organisation's own words for one kind of mail in one language."""

    subject = StringField(
        _("Subject"),
        [
            DataRequired(_("Write the subject.")),
            Length(max=200, message=_("Write at most 200 characters.")),
        ],
    )
    body = TextAreaField(
        _("Text"),
        [
            DataRequired(_("Write what the mail says.")),
            Length(max=4000, message=_("Write at most 4,000 characters.")),
        ],
        description=_("Each line becomes a paragraph."),
    )

    def __init__(self, *args: Any, words: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def validate_subject(self, field: StringField) -> None:
        """Only known words stand in braces."""
        self._check(field)

    def validate_body(self, field: TextAreaField) -> None:
        """Only known words stand in braces."""
        self._check(field)

    def _check(self, field: StringField) -> None:
        if found := problems(field.data or "", self.words):
            raise ValidationError(" ".join(found))
