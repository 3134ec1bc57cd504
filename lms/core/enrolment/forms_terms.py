"""What a programme lead writes about a run: how one gets a seat in it, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.contracts import LANGUAGES, LocalisedText, Question
from lms.core.fields import DayField, PickField
from lms.web.forms import Form
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

MOST_CHOICES = 20
MOST_SEATS = 100_000
LONGEST_OFFER = 24 * 60

_TOO_LONG = _("Write at most %(max)d characters.")

Pairs = Callable[[], Sequence[tuple[str, str]]]


class CountField(StringField):
    """A whole number, typed as text, so that what nobody can read comes back as typed."""

    def __init__(
        self, label: str, least: int, most: int, *, optional: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most = least, most
        self.flags.required = not optional

    @property
    def number(self) -> int | None:
        """The number; None when nothing is written."""
        text = "".join((self.data or "").split())
        return int(text) if text else None

    def pre_validate(self, form: Any) -> None:
        """Digits, not too many, and within the bounds."""
        text = "".join((self.data or "").split())
        if not text and not self.flags.required:
            return
        plain = len(text) < 10 and text.isascii() and text.isdigit()
        if not plain or not self.least <= int(text) <= self.most:
            words = _("Write a whole number from %(least)s to %(most)s.")
            raise ValidationError(gettext(words, least=self.least, most=self.most))


class ClockField(TimeField):
    """A time of day, 14:30 or 14.30. What nobody can read stays as it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """`ValueError` with our own sentence for what is no time."""
        typed = [str(value).strip().replace(".", ":") for value in valuelist]
        try:
            super().process_formdata(typed)
        except ValueError as error:
            self.data = None
            raise ValueError(
                gettext(_("Write the time as hours and minutes, such as 14:30."))
            ) from error


class TickField(SelectMultipleField):
    """Any of a few, each a box to tick; `choices` is called for each request."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, choices: Pairs, **kwargs: Any) -> None:
        super().__init__(label, choices=lambda: list(choices()), **kwargs)
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        """What came must be in the list."""
        known = {str(value) for value, *_rest in self.iter_choices()}
        if not set(self.data or ()) <= known:
            raise ValidationError(gettext(_("Choose one from the list.")))


class OneOfField(RadioField):
    """One of a few, with a sentence of our own for what is not among them."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        """What came must be in the list."""
        if self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(gettext(_("Choose one from the list.")))


class WaysForm(Form):
    """Who may ask, and who says yes. The view fills in the choices."""

    ways = TickField(_("Who can ask for a seat?"), choices=tuple)
    entry_key = StringField(
        _("The key"),
        [Length(max=60, message=_TOO_LONG)],
        description=_("A word you tell people, in a mail or at a meeting. Case does not matter."),
    )
    first = PickField(_("Who says yes first?"))
    second = PickField(_("And then?"))
    third = PickField(_("And last?"))
    approval = OneOfField(_("Must all of them say yes?"))

    def validate_ways(self, field: Field) -> None:
        """Without a way in nobody comes in."""
        if not field.data:
            raise ValidationError(gettext(_("Choose at least one way in.")))

    def validate_entry_key(self, field: Field) -> None:
        """The way by key needs one."""
        if "key" in (self.ways.data or ()) and not field.data:
            raise ValidationError(gettext(_("Write the key that people shall use.")))

    def validate_second(self, field: Field) -> None:
        """Nobody is asked twice."""
        if field.data and field.data == self.first.data:
            raise ValidationError(
                gettext(_("This one says yes already. Choose another or nobody."))
            )

    def validate_third(self, field: Field) -> None:
        """Nobody is asked twice."""
        if field.data and field.data in (self.first.data, self.second.data):
            raise ValidationError(
                gettext(_("This one says yes already. Choose another or nobody."))
            )

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who says yes, in order."""
        chosen = (self.first.data, self.second.data, self.third.data)
        return tuple(str(kind) for kind in chosen if kind)


class WaitingForm(Form):
    """What happens when there are more people than seats."""

    waiting_rule = OneOfField(_("Who is next?"))
    draw_day = DayField(
        _("Day of the draw"),
        [Optional()],
        description=_("For lots. Without a day they are drawn when the run closes for requests."),
    )
    draw_clock = ClockField(_("Time of the draw"), [Optional()])
    offer_hours = CountField(
        _("Hours to answer an offered seat"),
        1,
        LONGEST_OFFER,
        description=_("72 is three days. Then the seat goes on to the next by itself."),
    )
    after_no = OneOfField(_("What if somebody says no to an offered seat?"))
    in_pairs = BooleanField(
        _("Two colleagues can ask together"),
        description=_("They get two seats or none while they wait."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A day and a time belong together."""
        fine = super().validate(extra_validators)
        pairs = {
            "draw_day": ("draw_clock", _("Write the time of the draw too.")),
            "draw_clock": ("draw_day", _("Write the day of the draw too.")),
        }
        for there, (missing, words) in pairs.items():
            # Once lots are drawn the form is without these fields.
            if (
                there in self
                and self[there].data
                and not any(map(str.strip, self[missing].raw_data or ()))
            ):
                self[missing].errors = [gettext(words)]
                fine = False
        return fine


class NumbersForm(Form):
    """How many seats there are, how few may be taken, and until when one may leave."""

    capacity = CountField(_("Seats in all"), 1, MOST_SEATS)
    minimum = CountField(
        _("Fewest for it to run"),
        0,
        MOST_SEATS,
        description=_("0 when it runs whatever happens."),
    )
    decide_by = DayField(
        _("Last day to decide when they are too few"),
        [Optional()],
        description=_("You are told a week before. That day counts too."),
    )
    per_employer = CountField(
        _("Most seats for one employer"),
        1,
        MOST_SEATS,
        optional=True,
        description=_("Empty when it does not matter where people work."),
    )
    withdraw_until = DayField(
        _("Last day to withdraw without a reason"),
        [Optional()],
        description=_("After that day whoever has a seat says why they leave."),
    )

    def validate_minimum(self, field: CountField) -> None:
        """Nobody can wait for more than there is room for."""
        if field.errors or self.capacity.errors:
            return
        if (field.number or 0) > (self.capacity.number or 0):
            raise ValidationError(gettext(_("This is more than there are seats. Write fewer.")))


class QuestionForm(Form):
    """One of the run's own questions. One language is enough."""

    kind = OneOfField(_("How is it answered?"))
    label_da = StringField(_("The question in Danish"), [Length(max=200, message=_TOO_LONG)])
    label_sv = StringField(_("The question in Swedish"), [Length(max=200, message=_TOO_LONG)])
    label_en = StringField(_("The question in English"), [Length(max=200, message=_TOO_LONG)])
    choices_da = TextAreaField(
        _("Answers to choose from, in Danish"),
        [Length(max=2000, message=_TOO_LONG)],
        description=_("One on each line, in the same order in all languages."),
    )
    choices_sv = TextAreaField(
        _("Answers to choose from, in Swedish"), [Length(max=2000, message=_TOO_LONG)]
    )
    choices_en = TextAreaField(
        _("Answers to choose from, in English"), [Length(max=2000, message=_TOO_LONG)]
    )
    required = BooleanField(_("It must be answered"))

    def validate_label_da(self, field: Field) -> None:
        """A question is asked in some language."""
        if not any(self[f"label_{code}"].data for code in LANGUAGES):
            raise ValidationError(gettext(_("Write the question in at least one language.")))

    def validate_choices_da(self, field: Field) -> None:
        """Two answers or more, as many in each language that has any."""
        if self.kind.data != "choice":
            return
        numbers = {len(lines) for lines in self._lines().values() if lines}
        if not numbers or max(numbers) < 2:
            raise ValidationError(gettext(_("Write at least two answers, one on each line.")))
        if len(numbers) > 1:
            raise ValidationError(
                gettext(_("Write as many answers in each language, or leave a language out."))
            )
        if max(numbers) > MOST_CHOICES:
            raise ValidationError(gettext(_("Write at most %(n)d answers."), n=MOST_CHOICES))

    def fill(self, question: Question) -> None:
        """Show a question as it is."""
        for code in LANGUAGES:
            self[f"label_{code}"].data = question.label.as_dict().get(code, "")
            lines = [words.as_dict().get(code, "") for _key, words in question.choices]
            self[f"choices_{code}"].data = "\n".join(lines) if any(lines) else ""

    def _lines(self) -> dict[str, list[str]]:
        return {
            code: [
                line.strip()
                for line in (self[f"choices_{code}"].data or "").split("\n")
                if line.strip()
            ]
            for code in LANGUAGES
        }

    def question(self, key: str, before: Question | None = None) -> Question:
        """The question as written. An answer that was there before keeps its key."""
        label = LocalisedText(**{code: self[f"label_{code}"].data or "" for code in LANGUAGES})
        choices: list[tuple[str, LocalisedText]] = []
        if self.kind.data == "choice":
            lines = self._lines()
            known = {words: name for name, words in (before.choices if before else ())}
            used = {int(name) for name in known.values() if name.isdigit()}
            for index in range(max(len(found) for found in lines.values())):
                words = LocalisedText(
                    **{code: found[index] if found else "" for code, found in lines.items()}
                )
                name = known.get(words)
                if name is None:
                    used.add(fresh := max(used, default=0) + 1)
                    name = str(fresh)
                choices.append((name, words))
        return Question(
            key=key,
            kind=self.kind.data,
            label=label,
            hint=before.hint if before else LocalisedText(),
            choices=tuple(choices),
            required=bool(self.required.data),
        )


class RuleForm(Form):
    """Who may ask; everything chosen must fit. The view fills in the choices."""

    unit = PickField(_("Unit"))
    function = PickField(_("Function"))
    role = PickField(_("Access role"))


class KeepForm(Form):
    """Seats kept for the people of one organisation."""

    seats = CountField(_("How many seats?"), 1, MOST_SEATS)
    release_day = DayField(
        _("Last day they are kept"),
        [Optional()],
        description=_("After that day anybody can have them. Empty keeps them until you let go."),
    )


class InviteForm(Form):
    """A link that lets people ask for a seat."""

    label = StringField(
        _("Who is it for?"),
        [
            DataRequired(_("Write who the link is for, so that you know it again.")),
            Length(max=100, message=_TOO_LONG),
        ],
        description=_("Only those who run the course see this."),
    )
    days = CountField(_("Days it works"), 1, 365)
    uses = CountField(
        _("Most people who can use it"),
        1,
        MOST_SEATS,
        optional=True,
        description=_("Empty when it does not matter."),
    )


class ReasonForm(Form):
    """Why something that many count on is changed."""

    reason = TextAreaField(
        _("Why?"),
        [
            DataRequired(_("Write a reason, so that everybody hears it.")),
            Length(max=1000, message=_TOO_LONG),
        ],
        description=_("Everybody whom it concerns reads it."),
    )


class MergeForm(ReasonForm):
    """Into which other run everybody goes."""

    into = OneOfField(_("Into which run?"))


class SessionForm(Form):
    """Another day, time or place for a course session."""

    day = DayField(_("Day"), [InputRequired(_("Write the day."))])
    begins = ClockField(_("Begins"), [InputRequired(_("Write when it begins."))])
    ends = ClockField(_("Ends"), [InputRequired(_("Write when it ends."))])
    venue = StringField(_("Place"), [Length(max=200, message=_TOO_LONG)])
