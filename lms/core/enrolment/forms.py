"""What people write about seats: the request, the answer to it, and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from lms.contracts import Question
from lms.web.forms import Form
from lms.web.i18n import gettext, local
from lms.web.i18n import marked as _

GOAL_LIMIT = 500
REASON_LIMIT = 1000
ANSWER_LIMIT = 500
KEY_LIMIT = 60
MAIL_LIMIT = 254
KEY, PAIR = "entry_key", "pair_with"
"""Names of fields that only some runs have."""

_TOO_LONG = _("Write at most %(max)d characters.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question of a plugin's, and the field that takes its answer."""

    plugin: str
    question: Question

    @property
    def field(self) -> str:
        """Name of the field."""
        return f"q-{self.plugin}-{self.question.key}"

    @property
    def name(self) -> str:
        """Under which name the answer is kept with the enrolment."""
        return f"{self.plugin}.{self.question.key}"


class PickOneField(RadioField):
    """Radio buttons of which none need be chosen, unless a validator says so.

    `choices` are (value, words in the reader's language).
    """

    def __init__(
        self,
        label: str,
        validators: list[Any] | None = None,
        *,
        choices: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=lambda: list(choices), **kwargs)

    def pre_validate(self, form: Any) -> None:
        """What came must be among the choices."""
        if self.data and self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(gettext(_("Choose one of the answers.")))


class AskForm(Form):
    """A request for a seat. Plugins' questions are added by `ask_form`."""

    goal = TextAreaField(
        _("What would you like to be able to change at work?"),
        [Length(max=GOAL_LIMIT, message=_TOO_LONG)],
        description=_(
            "One sentence is enough. Your manager and the teachers read it. "
            "Do not write about particular people in care."
        ),
    )


class AskManagerForm(AskForm):
    """The same where a manager decides: without a goal there is nothing to decide on."""

    goal = TextAreaField(
        _("What would you like to be able to change at work?"),
        [
            DataRequired(_("Write in one sentence what you would like to be able to change.")),
            Length(max=GOAL_LIMIT, message=_TOO_LONG),
        ],
        description=_(
            "One sentence is enough. Your manager reads it. "
            "Do not write about particular people in care."
        ),
    )


def ask_form(
    asked: Sequence[Asked],
    *,
    manager_decides: bool,
    wants_key: bool = False,
    in_pairs: bool = False,
    formdata: Any = None,
) -> tuple[AskForm, Sequence[Asked]]:
    """The form with a field for every question that the run and plugins ask, and these questions
    in order; with the run's key where one must know it, and a colleague's mail where two may go
    together."""
    base = AskManagerForm if manager_decides else AskForm
    fields: dict[str, Any] = {item.field: _field_for(item.question) for item in asked}
    if wants_key:
        fields[KEY] = StringField(
            _("The key of the run"),
            [
                DataRequired(_("Write the key. It stands in the invitation.")),
                Length(max=KEY_LIMIT, message=_TOO_LONG),
            ],
            description=_("It stands in the invitation. Capital letters do not matter."),
        )
    if in_pairs:
        fields[PAIR] = StringField(
            _("Go together with a colleague"),
            [Length(max=MAIL_LIMIT, message=_TOO_LONG)],
            description=_(
                "Write your colleague's work mail, and you get two seats or none. "
                "Your colleague says yes before anything happens. Leave it empty to come alone."
            ),
        )
    form = type("AskFormHere", (base,), fields)(formdata)
    return form, asked


def together_form(
    asked: Sequence[Asked], *, manager_decides: bool, formdata: Any = None
) -> tuple[TogetherForm, Sequence[Asked]]:
    """The form of the colleague who was named: the same goal and questions, and two buttons."""
    fields: dict[str, Any] = {item.field: _field_for(item.question) for item in asked}
    form = type("TogetherFormHere", (TogetherForm,), fields)(formdata)
    form.goal_needed = manager_decides
    if manager_decides:
        form.goal.flags.required = True
    return form, asked


def questions_form(
    asked: Sequence[Asked], *, formdata: Any = None
) -> tuple[OwnWordForm, Sequence[Asked]]:
    """The form of somebody who was nominated: the run's questions, and two buttons."""
    fields: dict[str, Any] = {item.field: _field_for(item.question) for item in asked}
    return type("QuestionsFormHere", (OwnWordForm,), fields)(formdata), asked


class OwnWordForm(Form):
    """One's own yes or no to what somebody else has asked for one; `answer` is the button that was
    pressed. What is missing matters for a yes only."""

    answer = StringField("")

    def validate(self, extra_validators: Any = None) -> bool:
        """A no needs nothing but the button."""
        fine = super().validate(extra_validators)
        if self.answer.data == "no" and not fine:
            for field in self:
                field.errors = []
            return True
        return fine

    def validate_answer(self, field: Field) -> None:
        """One of the two buttons."""
        if field.data not in ("yes", "no"):
            raise ValidationError(gettext(_("Press yes or no.")))


class TogetherForm(OwnWordForm):
    """Going with the colleague who asked for both."""

    goal = TextAreaField(
        _("What would you like to be able to change at work?"),
        [Length(max=GOAL_LIMIT, message=_TOO_LONG)],
        description=_(
            "One sentence is enough. Your manager reads it. "
            "Do not write about particular people in care."
        ),
    )

    goal_needed = False
    """Does a manager decide, who must have something to decide on?"""

    def validate_goal(self, field: Field) -> None:
        """As for everybody who asks."""
        if self.answer.data == "yes" and self.goal_needed and not field.data:
            raise ValidationError(
                gettext(_("Write in one sentence what you would like to be able to change."))
            )


def answers_in(form: Form, asked: Sequence[Asked]) -> Mapping[str, str]:
    """The answers given, by the name under which they are kept; empty ones are left out."""
    given = {item.name: str(form[item.field].data or "") for item in asked}
    return {name: answer for name, answer in given.items() if answer}


def _field_for(question: Question) -> Any:
    label, hint = local(question.label), local(question.hint)
    if question.kind == "text":
        checks: list[Any] = [Length(max=ANSWER_LIMIT, message=_TOO_LONG)]
        if question.required:
            checks.insert(0, DataRequired(_("Write an answer.")))
        return StringField(label, checks, description=hint)
    choices = [(value, local(words)) for value, words in question.choices]
    if question.kind == "yesno":
        choices = [("yes", gettext(_("Yes"))), ("no", gettext(_("No")))]
    checks = [InputRequired(_("Choose one of the answers."))] if question.required else []
    return PickOneField(label, checks, choices=choices, description=hint)


def text_form(limits: Mapping[str, int], formdata: Any) -> Form:
    """A form of texts with their longest lengths, for what comes over the API."""
    fields: dict[str, Any] = {
        name: TextAreaField("", [Length(max=limit, message=_TOO_LONG)])
        for name, limit in limits.items()
    }
    form: Form = type("TextForm", (Form,), fields)(formdata)
    return form


class DecisionForm(Form):
    """A manager's yes or no. `answer` is the button that was pressed."""

    answer = StringField("")
    goal = TextAreaField(
        _("The goal you agree on"),
        [Length(max=GOAL_LIMIT, message=_TOO_LONG)],
        description=_("The one who asked sees it."),
    )
    reason = TextAreaField(
        _("Why not now?"),
        [Length(max=REASON_LIMIT, message=_TOO_LONG)],
        description=_("The one who asked reads your answer."),
    )

    def validate_answer(self, field: Field) -> None:
        """One of the two buttons."""
        if field.data not in ("yes", "no"):
            raise ValidationError(gettext(_("Press yes or no.")))

    def validate_reason(self, field: Field) -> None:
        """A no is explained."""
        if self.answer.data == "no" and not field.data:
            raise ValidationError(gettext(_("Write why not now, so that it can be understood.")))

    def validate_goal(self, field: Field) -> None:
        """A goal can be changed, not emptied."""
        if self.answer.data == "yes" and self.goal_asked and not field.data:
            raise ValidationError(gettext(_("Write the goal you agree on, or leave it as it was.")))

    goal_asked = False
    """Was there a goal to begin with?"""


class OfferForm(Form):
    """The answer to an offered seat; `answer` is the button that was pressed."""

    answer = StringField("")

    def validate_answer(self, field: Field) -> None:
        """One of the two buttons."""
        if field.data not in ("yes", "no"):
            raise ValidationError(gettext(_("Press yes or no.")))


class WithdrawForm(Form):
    """Leaving, with a reason if one likes to give it, or must because it is late."""

    reason = TextAreaField(
        _("Why are you leaving?"),
        [Length(max=REASON_LIMIT, message=_TOO_LONG)],
        description=_("Only your manager and those who run it can read this."),
    )

    def ask_why(self) -> None:
        """It is late: a reason is needed."""
        self.reason.flags.required = True

    def speak_of_another(self) -> None:
        """Ask those who withdraw somebody else."""
        self.reason.label.text = gettext(_("Why?"))
        self.reason.description = gettext(_("The participant and the manager can read this."))
