"""Shapes of input of a student module at work: a group, a question, an answer, a result."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import Form, OneOfField, PickField, TickField, local, marked, required
from lms_courses.queries.results import ResultFacts
from lms_courses.queries.students import GroupAt
from lms_courses.result_states import RESPONSES
from lms_courses.services.results import ResultValues
from lms_courses.services.students import NEW_GROUP
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LINE, SHORT, LONG = 160, 1_000, 4_000


class ChooseGroupForm(Form):
    """A group without the agreement, one that is there or a new one."""

    domain = domain

    group = PickField(marked("Which group?"))

    def offer(self, groups: Sequence[GroupAt]) -> None:
        """Fill in the choices."""
        self.group.choices = [
            *((one.key, one.name) for one in groups),
            (NEW_GROUP, _("A new group")),
        ]


class QuestionForm(Form):
    """What a group asks the company."""

    domain = domain

    text = TextAreaField(
        marked("What do you ask?"),
        [
            *required(marked("Write what you ask.")),
            Length(max=SHORT, message=TOO_LONG),
        ],
    )
    personal = BooleanField(
        marked("It is personal"),
        description=marked("Then only you, your teachers and the company read it."),
    )


class AnswerForm(Form):
    """What the company answers."""

    domain = domain

    seen = HiddenField()
    answer = TextAreaField(
        marked("Your answer"),
        [
            *required(marked("Write an answer, if only when you can give one.")),
            Length(max=LONG, message=TOO_LONG),
        ],
    )


class ResultForm(Form):
    """What a group hands over, in short."""

    domain = domain

    revision = HiddenField(default="0")
    title = StringField(
        marked("Name it in a few words"),
        [*required(marked("Give the result a name.")), Length(max=LINE, message=TOO_LONG)],
    )
    text = TextAreaField(
        marked("What have you found, and what can practice do with it?"),
        [*required(marked("Write your result.")), Length(max=LONG, message=TOO_LONG)],
        description=marked("Half a page is plenty. Name no citizens."),
    )

    def show(self, found: ResultFacts) -> None:
        """Fill in what stands."""
        self.title.data, self.text.data = found.title, found.text
        self.revision.data = str(found.revision)

    @property
    def seen_revision(self) -> int:
        """The revision that the page had; -1 for what is no number, which nothing has."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def values(self, language: str) -> ResultValues:
        """What is written."""
        return ResultValues(
            title=self.title.data or "", text=self.text.data or "", language=language
        )


class SendForm(Form):
    """Which results go back to practice."""

    domain = domain

    results = TickField(marked("Which results go to practice?"), choices=tuple)
    looked = BooleanField(
        marked("I have looked: nothing secret stands in them"),
        description=marked("Only for groups that work with the agreement."),
    )

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Fill in the choices as (key, words)."""
        self.results.choices = list(choices)


class ResponseForm(Form):
    """What practice made of a result."""

    domain = domain

    seen = HiddenField()
    response = OneOfField(marked("What became of it?"))
    reason = TextAreaField(
        marked("Why, or what now? The group reads it."),
        [Length(max=SHORT, message=TOO_LONG)],
        description=marked("Needed when you store it or cannot use it."),
    )

    def offer(self) -> None:
        """Fill in the choices."""
        self.response.choices = [(key, local(words)) for key, words in RESPONSES.items()]
