"""Shapes of input: levels and steps of a version, a new version, rounds in which it is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from lms.api import (
    LANGUAGES,
    CountField,
    DayField,
    Form,
    LocalisedText,
    PickField,
    TickField,
    clean_text,
    local,
    marked,
    required,
)
from lms_challenges.documents import (
    MOST_CRITERIA,
    MOST_DAYS,
    Level,
    Step,
    criteria_of,
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
from lms_challenges.scales import CHANNELS
from lms_challenges.words import _, domain

_LINE = [Length(max=LINE, message=TOO_LONG)]
_SHORT = [Length(max=SHORT, message=TOO_LONG)]
_LONG = [Length(max=LONG, message=TOO_LONG)]


class LevelForm(TextsForm):
    """A level of the maturation method; criteria one on each line."""

    title_da = StringField(IN_DANISH, _LINE)
    title_sv = StringField(IN_SWEDISH, _LINE)
    title_en = StringField(IN_ENGLISH, _LINE)
    question_da = StringField(IN_DANISH, _SHORT)
    question_sv = StringField(IN_SWEDISH, _SHORT)
    question_en = StringField(IN_ENGLISH, _SHORT)
    evidence_da = TextAreaField(IN_DANISH, _LONG)
    evidence_sv = TextAreaField(IN_SWEDISH, _LONG)
    evidence_en = TextAreaField(IN_ENGLISH, _LONG)
    criteria_da = TextAreaField(IN_DANISH, _LONG)
    criteria_sv = TextAreaField(IN_SWEDISH, _LONG)
    criteria_en = TextAreaField(IN_ENGLISH, _LONG)

    def fill(self, level: Level) -> None:
        """What is there."""
        self.put("title", level.title)
        self.put("question", level.question)
        self.put("evidence", level.evidence)
        for code in LANGUAGES:
            lines = [getattr(one.text, code) for one in level.criteria]
            self[f"criteria_{code}"].data = "\n".join(line for line in lines if line)

    def validate_question_da(self, field: Field) -> None:
        """A level asks something."""
        if not self.text("question").everything().strip():
            raise ValidationError(_("Write the question in at least one language."))

    def validate_criteria_da(self, field: Field) -> None:
        """At least one criterion, and as many in each language that has any."""
        counts = {len(lines) for lines in self._lines().values() if lines}
        if not counts:
            raise ValidationError(_("Write at least one criterion."))
        if len(counts) > 1:
            raise ValidationError(_("Write as many lines in each language, in the same order."))
        if max(counts) > MOST_CRITERIA:
            raise ValidationError(_("Write at most %(n)d criteria.", n=MOST_CRITERIA))

    def level(self, number: int) -> Level:
        """What is written."""
        lines = self._lines()
        texts = [
            LocalisedText(**{code: lines[code][n] if lines[code] else "" for code in LANGUAGES})
            for n in range(max(len(found) for found in lines.values()))
        ]
        return Level(
            number=number,
            title=self.text("title"),
            question=self.text("question"),
            evidence=self.text("evidence"),
            criteria=criteria_of(number, texts),
        )

    def _lines(self) -> Mapping[str, Sequence[str]]:
        return {
            code: [
                text
                for line in (self[f"criteria_{code}"].data or "").splitlines()
                if (text := clean_text(line))
            ]
            for code in LANGUAGES
        }


class StepForm(TextsForm):
    """A step of the model: where, what is said, who answers, and how soon."""

    channel = PickField(
        marked("Channel"),
        choices=lambda: [(key, local(title)) for key, title in CHANNELS.items()],
    )
    days = CountField(marked("Working days until somebody has answered"), 1, MOST_DAYS)
    title_da = StringField(IN_DANISH, _LINE)
    title_sv = StringField(IN_SWEDISH, _LINE)
    title_en = StringField(IN_ENGLISH, _LINE)
    message_da = TextAreaField(IN_DANISH, _SHORT)
    message_sv = TextAreaField(IN_SWEDISH, _SHORT)
    message_en = TextAreaField(IN_ENGLISH, _SHORT)
    answers_da = StringField(IN_DANISH, _LINE)
    answers_sv = StringField(IN_SWEDISH, _LINE)
    answers_en = StringField(IN_ENGLISH, _LINE)

    def fill(self, step: Step) -> None:
        """What is there."""
        self.channel.data, self.days.data = step.channel, str(step.days)
        self.put("title", step.title)
        self.put("message", step.message)
        self.put("answers", step.answers)

    def validate_title_da(self, field: Field) -> None:
        """A step has a name."""
        if not self.text("title").everything().strip():
            raise ValidationError(_("Write a name in at least one language."))

    def validate_message_da(self, field: Field) -> None:
        """Both countries are spoken to."""
        text = self.text("message")
        if not text.da or not text.sv:
            raise ValidationError(_("Write the message in Danish and in Swedish."))

    def step(self, key: str) -> Step:
        """What is written."""
        return Step(
            key=key,
            channel=str(self.channel.data),
            title=self.text("title"),
            message=self.text("message"),
            answers=self.text("answers"),
            days=self.days.number or 1,
        )


class VersionForm(Form):
    """What a new version does otherwise, and what it rests on."""

    domain = domain

    because = TextAreaField(
        marked("What is to be otherwise, and why?"),
        [*required(marked("Write what is to be otherwise.")), *_LONG],
    )
    cites = TickField(marked("What did you learn that it rests on?"), choices=tuple)


class RoundForm(Form):
    """Where and when a version is tried."""

    domain = domain

    place = PickField(marked("Where is it tried?"))
    from_day = DayField(marked("From which day?"), required(marked("Choose the first day.")))
    to_day = DayField(marked("Until which day?"), [Optional()])


class EvaluateForm(Form):
    """What a round showed."""

    domain = domain

    title = StringField(
        marked("What did you learn, in one line?"), [*required(marked("Write one line.")), *_LINE]
    )
    findings = TextAreaField(
        marked("What did you find?"), [*required(marked("Write what you found.")), *_LONG]
    )
    change = TextAreaField(marked("What should the next version do otherwise?"), _LONG)
