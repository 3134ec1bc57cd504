"""Shapes of input: a challenge's name and understanding, texts, organisations, notes and moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.api import (
    CountField,
    DayField,
    Form,
    PickField,
    choice_required,
    local,
    marked,
    required,
)
from lms_challenges.forms.texts import (
    IN_DANISH,
    IN_ENGLISH,
    IN_SWEDISH,
    LINE,
    LONG,
    SHORT,
    TOO_LONG,
    TextsForm,
)
from lms_challenges.profile import MOST
from lms_challenges.scales import READINESS
from lms_challenges.services.framing import FramingValues, TextValues
from lms_challenges.services.notes import KINDS, LearningValues
from lms_challenges.words import _, domain

_LINE = [Length(max=LINE, message=TOO_LONG)]
_SHORT = [Length(max=SHORT, message=TOO_LONG)]
_LONG = [Length(max=LONG, message=TOO_LONG)]

OPTION_KINDS: Mapping[str, str] = {
    "existing": marked("Something that exists already"),
    "nothing": marked("Do nothing"),
    "new": marked("Something new"),
}


class FramingForm(TextsForm):
    """What a challenge is called, what it asks, and what we think it is about."""

    title_da = StringField(IN_DANISH, _LINE)
    title_sv = StringField(IN_SWEDISH, _LINE)
    title_en = StringField(IN_ENGLISH, _LINE)
    question_da = StringField(IN_DANISH, _SHORT)
    question_sv = StringField(IN_SWEDISH, _SHORT)
    question_en = StringField(IN_ENGLISH, _SHORT)
    understood_da = TextAreaField(IN_DANISH, _LONG)
    understood_sv = TextAreaField(IN_SWEDISH, _LONG)
    understood_en = TextAreaField(IN_ENGLISH, _LONG)

    def validate_title_da(self, field: Field) -> None:
        """A challenge has a name in some language."""
        if not self.text("title").everything().strip():
            raise ValidationError(_("Write a name in at least one language."))

    def values(self) -> FramingValues:
        """What is written."""
        return FramingValues(
            title=self.text("title"),
            question=self.text("question"),
            understood=self.text("understood"),
        )


class NewForm(FramingForm):
    """A challenge that an organisation owns."""

    organisation = PickField(marked("Which organisation owns it?"))


class ReframeForm(FramingForm):
    """Another name or another understanding, and why."""

    because_da = TextAreaField(IN_DANISH, _LONG)
    because_sv = TextAreaField(IN_SWEDISH, _LONG)
    because_en = TextAreaField(IN_ENGLISH, _LONG)

    def validate_because_da(self, field: Field) -> None:
        """A new framing has a reason."""
        if not self.text("because").everything().strip():
            raise ValidationError(_("Write why you see it otherwise now."))


class PublicForm(TextsForm):
    """What everybody may read, and what is in scope."""

    public_text_da = TextAreaField(IN_DANISH, _LONG)
    public_text_sv = TextAreaField(IN_SWEDISH, _LONG)
    public_text_en = TextAreaField(IN_ENGLISH, _LONG)
    scope_in = TextAreaField(marked("What is part of it?"), _LONG)
    scope_out = TextAreaField(marked("What is not?"), _LONG)

    def values(self) -> TextValues:
        """What is written."""
        return TextValues(
            public_text=self.text("public_text"),
            scope_in=self.scope_in.data or "",
            scope_out=self.scope_out.data or "",
        )


class CollaboratorForm(Form):
    """An organisation that the challenge concerns."""

    domain = domain

    organisation = PickField(marked("Which organisation?"))
    product = StringField(
        marked("What does it bring?"),
        [Length(max=200, message=TOO_LONG)],
        description=marked("Only for a company: the product it comes with, if any."),
    )


class HandOverForm(Form):
    """Which partner owns the challenge from now on."""

    domain = domain

    organisation = PickField(marked("Which organisation takes over?"))
    reason = TextAreaField(marked("Why?"), [*required(marked("Write why.")), *_SHORT])


class NoteForm(TextsForm):
    """A theme, a dilemma or an open question."""

    kind = RadioField(marked("What is it?"), choice_required(marked("Choose one.")))
    text_da = TextAreaField(IN_DANISH, _SHORT)
    text_sv = TextAreaField(IN_SWEDISH, _SHORT)
    text_en = TextAreaField(IN_ENGLISH, _SHORT)

    def offer(self) -> None:
        """The three kinds in the reader's language."""
        self.kind.choices = [(key, local(title)) for key, title in KINDS.items()]

    def validate_text_da(self, field: Field) -> None:
        """It says something."""
        if not self.text("text").everything().strip():
            raise ValidationError(_("Write it in at least one language."))


class JudgeForm(Form):
    """Why a note is dropped."""

    domain = domain

    reason = StringField(marked("Why is it dropped?"), [Length(max=SHORT, message=TOO_LONG)])


class LearningForm(Form):
    """What was learned."""

    domain = domain

    note_title = StringField(marked("What did you learn, in one line?"), _LINE)
    note_text = TextAreaField(
        marked("Tell others what you learned"),
        _LONG,
        description=marked("What did you think, what was it, and what would you do next time?"),
    )

    def learned(self, language: str) -> LearningValues | None:
        """What is written; None when nothing is."""
        title, text = self.note_title.data or "", self.note_text.data or ""
        if not title or not text:
            return None
        return LearningValues(title=title, text=text, language=language)


class MoveForm(LearningForm):
    """To another state: why, until when, and what was learned. Its fields depend on the state."""

    reason = TextAreaField(marked("Why?"), _LONG)
    wake_on = DayField(marked("When do you look at it again?"))

    def of(self, to: str) -> None:
        """Only the fields that this state asks for."""
        if to != "stopped":
            del self.note_title
            del self.note_text
        if to != "paused":
            del self.wake_on
        if to not in ("paused", "stopped"):
            del self.reason


class ProfileForm(TextsForm):
    """How ready each side is. Made by `profile_form`."""

    def profile(self) -> dict[str, int]:
        """The sides that are known."""
        found = {key: cast("CountField", self[key]).number for key in READINESS}
        return {key: number for key, number in found.items() if number is not None}

    def sides(self) -> list[Field]:
        """The fields in their order."""
        return [self[key] for key in READINESS]


def profile_form(profile: Mapping[str, int]) -> ProfileForm:
    """The form with what is known."""
    fields: dict[str, Any] = {
        key: CountField(local(title), 0, MOST, optional=True) for key, title in READINESS.items()
    }
    form: ProfileForm = type("ProfileFormHere", (ProfileForm,), fields)()
    if not form.submitted:
        for key, number in profile.items():
            if key in READINESS:
                form[key].data = str(number)
    return form


class OptionForm(Form):
    """A way to meet the challenge."""

    domain = domain

    kind = RadioField(marked("What is it?"), [InputRequired(marked("Choose one."))])
    title = StringField(
        marked("Name it"), [*required(marked("Give it a name in a few words.")), *_LINE]
    )
    gains = TextAreaField(marked("What speaks for it?"), _LONG)
    drawbacks = TextAreaField(marked("What speaks against it?"), _LONG)

    def offer(self) -> None:
        """The three kinds in the reader's language."""
        self.kind.choices = [(key, _(words)) for key, words in OPTION_KINDS.items()]
