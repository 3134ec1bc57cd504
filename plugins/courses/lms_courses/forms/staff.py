"""Shapes of input in a staff track: a try-out, the manager's answer, a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from lms.api import (
    DayField,
    Form,
    OneOfField,
    PickField,
    RecordFacts,
    choice_required,
    local,
    marked,
    required,
)
from lms_courses.forms.looking import TOO_LONG, LookedThrough
from lms_courses.queries.tryouts import DecisionFacts, TryoutFacts
from lms_courses.services.decisions import DecisionValues
from lms_courses.services.tryouts import Note, Plan
from lms_courses.staff_states import OUTCOME
from lms_courses.words import _, domain

LONGEST = 2000
IDEA = "idea"
NO_IDEA = ""
MOST_AHEAD = timedelta(days=366 * 3)


class PlanForm(LookedThrough):
    """What is tried, what is looked at before and after, and in which week."""

    what = TextAreaField(
        marked("What do you try?"),
        [
            *required(marked("Write what you try.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        description=marked("One small thing that can be undone. Never names of citizens."),
        render_kw={"rows": 3},
    )
    measure = StringField(
        marked("What do you count or ask, before and after?"),
        [
            *required(marked("Write what you count or ask.")),
            Length(max=300, message=TOO_LONG),
        ],
        description=marked("For instance: how often we walk back for something."),
    )
    begins_on = DayField(
        marked("On which day do you begin?"),
        [Optional()],
        description=marked("It lasts a week. You can choose the day later."),
    )
    idea = PickField(marked("Which idea is it?"), optional=True)
    words = StringField(
        marked("Another idea: a word from its title"), [Length(max=100, message=TOO_LONG)]
    )
    revision = HiddenField()

    def offer(self, ideas: Sequence[RecordFacts], *, named: bool) -> None:
        """The ideas to choose from; one that is named already is not asked for."""
        if named:
            del self.idea, self.words
            return
        self.idea.choices = [
            (NO_IDEA, domain.gettext(marked("None of these"))),
            *((one.key, local(one.title)) for one in ideas),
        ]
        if not self.submitted:
            self.idea.data = ideas[0].key if len(ideas) == 1 else NO_IDEA
        self.idea.data = self.idea.data or NO_IDEA

    def show(self, tryout: TryoutFacts) -> None:
        """Fill in what is there."""
        self.what.data, self.measure.data = tryout.what, tryout.measure
        self.begins_on.data = tryout.begins_on
        self.revision.data = str(tryout.revision)

    def plan(self) -> Plan:
        """What was written."""
        chosen = self.idea.data if "idea" in self else NO_IDEA
        return Plan(
            what=self.what.data or "",
            measure=self.measure.data or "",
            begins_on=self.begins_on.data,
            idea=(IDEA, chosen) if chosen else None,
        )


class NoteForm(LookedThrough):
    """Before and after, written on a phone: saved half, handed in whole."""

    before = TextAreaField(
        marked("Before: how was it?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"rows": 3},
    )
    after = TextAreaField(
        marked("After: how is it now?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"rows": 3},
    )
    learned = TextAreaField(
        marked("What did you learn?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"rows": 3},
    )
    revision = HiddenField()

    @property
    def whole(self) -> bool:
        """Was it handed in, and not only saved?"""
        return "hand_in" in request.form

    def validate(self, extra_validators: Any = None) -> bool:
        """As the form says; handed in, nothing is left out."""
        fine = super().validate(extra_validators)
        if not self.whole:
            return fine
        for field in (self.before, self.after, self.learned):
            if not field.data:
                field.errors = [*field.errors, _("Write a line before you hand it in.")]
                fine = False
        return fine

    def look(self) -> None:
        """What is only saved nobody else reads yet."""
        if self.whole:
            super().look()

    def show(self, tryout: TryoutFacts) -> None:
        """Fill in what is there."""
        self.before.data, self.after.data = tryout.before, tryout.after
        self.learned.data = tryout.learned
        self.revision.data = str(tryout.revision)

    def offer(self, *, whole: bool) -> None:
        """Can it be handed in? Then no line is left out."""
        for field in (self.before, self.after, self.learned):
            field.flags.required = whole

    def note(self) -> Note:
        """What was written."""
        return Note(
            before=self.before.data or "",
            after=self.after.data or "",
            learned=self.learned.data or "",
        )


class AnswerForm(Form):
    """The manager's yes, or a no with a reason."""

    domain = domain
    seen = HiddenField()

    answer = OneOfField(
        marked("May they try it?"),
        choices=list,
        validators=choice_required(marked("Choose yes or no.")),
    )
    reason = TextAreaField(
        marked("If no: why?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        description=marked("Those who asked read it."),
        render_kw={"rows": 2},
    )

    def offer(self) -> None:
        """The two answers in the reader's language."""
        self.answer.choices = [
            ("yes", domain.gettext(marked("Yes"))),
            ("no", domain.gettext(marked("No"))),
        ]


# --- decisions ------------------------------------------------------------------------------------


class DecisionForm(LookedThrough):
    """Yes, no or later. All three count."""

    seen = HiddenField()

    outcome = OneOfField(
        marked("What is decided?"),
        choices=list,
        validators=choice_required(marked("Choose yes, no or later. All three count.")),
    )
    reason = TextAreaField(
        marked("Why?"),
        [*required(marked("Write in short why.")), Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"rows": 3},
    )
    next_step = TextAreaField(
        marked("What is the next step?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"rows": 2},
    )
    carried_by = StringField(
        marked("Who carries it on?"),
        [Length(max=200, message=TOO_LONG)],
        description=marked("A function, not a name: for instance the night team."),
    )
    wake_on = DayField(
        marked("If later: on which day do you look at it again?"),
        [Optional()],
    )

    def offer(self) -> None:
        """The three outcomes in the reader's language."""
        self.outcome.choices = [(key, local(text)) for key, text in OUTCOME.items()]

    def show(self, decision: DecisionFacts) -> None:
        """Fill in what is there."""
        self.outcome.data, self.reason.data = decision.outcome, decision.reason
        self.next_step.data, self.carried_by.data = decision.next_step, decision.carried_by
        self.wake_on.data = decision.wake_on

    def validate(self, extra_validators: Any = None) -> bool:
        """As the form says; a "later" has a day, and not one in a hundred years."""
        fine = super().validate(extra_validators)
        if self.outcome.data != "later" or self.wake_on.errors:
            return fine
        day = self.wake_on.data
        wrong = ""
        if day is None:
            wrong = _("Choose the day on which you look at it again.")
        elif not self.today < day <= self.today + MOST_AHEAD:
            wrong = _("Choose a day that is to come, within three years.")
        if wrong:
            self.wake_on.errors = [wrong]
        return fine and not wrong

    def validate_carried_by(self, field: StringField) -> None:
        """What goes on has somebody who carries it."""
        if self.outcome.data == "yes" and not field.data:
            raise ValidationError(_("Write which function carries it on."))

    today: date = date.min

    def values(self) -> DecisionValues:
        """What was written; it is decided today."""
        return DecisionValues(
            outcome=self.outcome.data,
            reason=self.reason.data or "",
            next_step=self.next_step.data or "",
            carried_by=self.carried_by.data or "",
            wake_on=self.wake_on.data,
            decided_on=self.today,
        )
