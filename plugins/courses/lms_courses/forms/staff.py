"""Shapes of input in a staff track: a journey, a try-out, the manager's answer, a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from lms.api import (
    DayField,
    Form,
    OneOfField,
    PickField,
    RecordFacts,
    Remark,
    choice_required,
    language,
    local,
    marked,
    required,
)
from lms_courses.queries.journeys import JourneyFacts
from lms_courses.queries.tryouts import DecisionFacts, TryoutFacts
from lms_courses.remarks_staff import private_remarks
from lms_courses.services.decisions import DecisionValues
from lms_courses.services.journeys import LONGEST_TITLE, MOST_STEPS, PARTS, JourneyValues
from lms_courses.services.tryouts import Note, Plan
from lms_courses.staff_states import OUTCOME
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LONGEST = 2000
FIRST_STEPS = 3
IDEA = "idea"
NO_IDEA = ""
MOST_AHEAD = timedelta(days=366 * 3)


def revision_of(form: Any) -> int:
    """The revision that a form was printed with; -1 for junk, which is nobody's."""
    text = str(form.revision.data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class LookedThrough(Form):
    """Texts about work with citizens: what may tell who somebody is, is pointed at once, and sent
    when its writer has looked at it again."""

    domain = domain

    no_names = BooleanField(marked("I have looked: nobody can be known from it"))

    remarks: Sequence[Remark] = ()

    def texts(self) -> Sequence[str]:
        """All that was written."""
        return [
            field.data
            for field in self
            if isinstance(field, StringField) and not isinstance(field, HiddenField) and field.data
        ]

    def look(self) -> None:
        """Point at what should be looked at."""
        self.remarks = private_remarks(self.texts())

    def validate_no_names(self, field: BooleanField) -> None:
        """Whoever was warned has looked once more."""
        if any(one.kind == "wait" for one in self.remarks) and not field.data:
            raise ValidationError(
                _("Look at your text once more. It may tell who somebody is: see above.")
            )


# --- journeys -------------------------------------------------------------------------------------


class JourneyFields(LookedThrough):
    """A journey without its steps."""

    title = StringField(
        marked("What is the journey about?"),
        [
            *required(marked("Write in a few words what it is about.")),
            Length(max=LONGEST_TITLE, message=TOO_LONG),
        ],
        description=marked("For instance: home from hospital on a Friday."),
    )
    checked_with = StringField(
        marked("With whom did you check it?"),
        [Length(max=500, message=TOO_LONG)],
        description=marked(
            "Functions, never names: two colleagues and, if you can, somebody who speaks for the "
            "citizens."
        ),
    )
    rows = HiddenField()
    revision = HiddenField()

    def steps(self) -> list[Mapping[str, str]]:
        """The steps that say something, in their order."""
        found = [
            {part: self[f"{part}_{n}"].data or "" for part in PARTS} for n in range(self.number)
        ]
        return [step for step in found if any(step.values())]

    @property
    def number(self) -> int:
        """How many rows there are."""
        return sum(1 for field in self if field.short_name.startswith("step_"))

    @property
    def may_add(self) -> bool:
        """Is there room for one more?"""
        return self.number < MOST_STEPS

    def validate_title(self, field: StringField) -> None:
        """A journey has a step."""
        if not self.steps():
            self.form_errors.append(_("Write at least one step."))

    def validate(self, extra_validators: Any = None) -> bool:
        """As the form says, and with a step."""
        return super().validate(extra_validators) and bool(self.steps())

    def values(self) -> JourneyValues:
        """What was written."""
        return JourneyValues(
            title=self.title.data or "",
            steps=self.steps(),
            checked_with=self.checked_with.data or "",
            language=language(),
        )

    def calm(self) -> None:
        """A row more was asked for: nothing is wrong yet."""
        self.validate_on_submit()
        for field in self:
            field.errors = []
        if not self.stale:
            self.form_errors = []


ROW = {
    "step": marked("What happens?"),
    "touchpoint": marked("Whom or what do they meet?"),
    "citizen": marked("What is it like for the citizen?"),
    "risk": marked("What can go wrong for who works there?"),
}


def journey_form(journey: JourneyFacts | None = None) -> Any:
    """The form with a row for each step, as they were sent or as they are kept; one more when that
    was pressed."""
    kept = list(journey.steps) if journey else []
    sent = request.form.get("rows", "") if request.method == "POST" else ""
    if sent.isascii() and sent.isdecimal() and len(sent) < 4:
        number = int(sent) + int("add" in request.form)
    else:
        number = max(len(kept), FIRST_STEPS)
    number = min(max(number, 1), MOST_STEPS)
    fields = {
        f"{part}_{n}": TextAreaField(
            label, [Length(max=500, message=TOO_LONG)], render_kw={"rows": 2}
        )
        for n in range(number)
        for part, label in ROW.items()
    }
    form: Any = type("JourneyForm", (JourneyFields,), fields)()
    form.rows.data = str(number)
    if not form.submitted and journey is not None:
        form.title.data, form.checked_with.data = journey.title, journey.checked_with
        form.revision.data = str(journey.revision)
        for n, step in enumerate(kept[:number]):
            for part in PARTS:
                form[f"{part}_{n}"].data = step.get(part, "")
    return form


# --- try-outs -------------------------------------------------------------------------------------


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
