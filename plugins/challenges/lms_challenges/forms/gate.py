"""Shapes of input at a gate: open it, who decides, the sheet, an opinion, the decision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.api import DayField, Form, OneOfField, PickField, local, marked, required
from lms_challenges.documents import SCORES, Criterion
from lms_challenges.forms.challenge import LearningForm
from lms_challenges.forms.texts import LONG, TOO_LONG, TextsForm
from lms_challenges.queries.gates import GateFacts
from lms_challenges.services.deciding import DecisionValues
from lms_challenges.states import DECISIONS
from lms_challenges.words import _, domain

_LONG = [Length(max=LONG, message=TOO_LONG)]
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
NOT_SAID = ""
SAY_WHICH = marked("Choose one.")


class MeetsForm(TextsForm):
    """When the meeting is; both fields may be empty."""

    meets_on = DayField(marked("Which day do you meet?"), [Optional()])
    meets_clock = StringField(
        marked("When do you begin?"),
        [Length(max=5, message=TOO_LONG)],
        description=marked("Hours and minutes, such as 14:30."),
    )

    def validate_meets_clock(self, field: Field) -> None:
        """A time that can be read, on a day."""
        if field.data and not _CLOCK.fullmatch(field.data):
            raise ValidationError(_("Write the time as hours and minutes, such as 14:30."))
        if field.data and self.meets_on.data is None:
            raise ValidationError(_("Choose the day as well."))

    def meets_at(self, zone: str) -> datetime | None:
        """The moment; at noon where only the day is known, None without a day."""
        day = self.meets_on.data
        if not isinstance(day, date):
            return None
        found = _CLOCK.fullmatch(self.meets_clock.data or "")
        clock = time(int(found[1]), int(found[2])) if found else time(12)
        return datetime.combine(day, clock, tzinfo=ZoneInfo(zone))

    def put_meeting(self, moment: datetime | None, zone: str) -> None:
        """Fill in when it is."""
        if moment is not None:
            there = moment.astimezone(ZoneInfo(zone))
            self.meets_on.data = there.date()
            self.meets_clock.data = f"{there:%H:%M}"


class OpenForm(MeetsForm):
    """To which level, and why when some are left out."""

    to_level = PickField(marked("To which level?"))
    skip_reason = TextAreaField(
        marked("Why do you leave out levels?"),
        _LONG,
        description=marked("Only when you choose a later level than the next."),
    )


class DeciderForm(Form):
    """Somebody who decides."""

    domain = domain

    mail = StringField(
        marked("Their mail address at work"),
        [*required(marked("Write a mail address.")), Length(max=200, message=TOO_LONG)],
    )


class SheetForm(MeetsForm):
    """What is said of each criterion. Made by `sheet_form`."""

    criteria: tuple[Criterion, ...] = ()

    def rows(self) -> list[tuple[Criterion, Any, Any, Any]]:
        """Each criterion with its fields: score, comment, evidence."""
        return [
            (one, self[f"score_{n}"], self[f"comment_{n}"], self[f"evidence_{n}"])
            for n, one in enumerate(self.criteria)
        ]

    def sheet(self) -> dict[str, dict[str, Any]]:
        """What is stored."""
        return {
            one.key: {
                "score": int(score.data) if score.data else None,
                "comment": comment.data or "",
                "evidence": evidence.data or "",
            }
            for one, score, comment, evidence in self.rows()
        }


def sheet_form(gate: GateFacts, zone: str) -> SheetForm:
    """The form of a gate's sheet, with what is there."""
    fields: dict[str, Any] = {"criteria": gate.level.criteria}
    for n, one in enumerate(gate.level.criteria):
        fields[f"score_{n}"] = OneOfField(local(one.text))
        fields[f"comment_{n}"] = TextAreaField(marked("Comment"), _LONG)
        fields[f"evidence_{n}"] = TextAreaField(
            marked("What shows it?"),
            _LONG,
            description=marked("A link, a document, somebody to ask."),
        )
    form: SheetForm = type("SheetFormHere", (SheetForm,), fields)()
    for one, score, comment, evidence in form.rows():
        score.choices = [
            (NOT_SAID, _("Not looked at")),
            *((str(number), local(title)) for number, title in SCORES.items()),
        ]
        if not form.submitted:
            said: Mapping[str, Any] = gate.sheet.get(one.key, {})
            number = said.get("score")
            score.data = NOT_SAID if number is None else str(number)
            comment.data, evidence.data = said.get("comment", ""), said.get("evidence", "")
        elif score.data is None:
            score.data = NOT_SAID
    if not form.submitted:
        form.put_meeting(gate.meets_at, zone)
    return form


class OpinionForm(Form):
    """What one of those who decide wants."""

    domain = domain

    opinion = RadioField(marked("What do you say?"), [InputRequired(SAY_WHICH)])
    remark = TextAreaField(marked("Why?"), _LONG)

    def offer(self) -> None:
        """The four answers in the reader's language."""
        self.opinion.choices = [(key, local(title)) for key, title in DECISIONS.items()]


class DecideForm(LearningForm):
    """What the meeting decided."""

    decision = RadioField(marked("What did you decide?"), [InputRequired(SAY_WHICH)])
    reason = TextAreaField(marked("Why?"), [*required(marked("Write why you decide so.")), *_LONG])
    conditions = TextAreaField(
        marked("On which conditions?"),
        _LONG,
        description=marked("What must be in place, who sees to it, and by when."),
    )
    next_on = DayField(
        marked("When do you look at it again?"),
        [Optional()],
        description=marked("Needed for another round and for waiting."),
    )

    def offer(self) -> None:
        """The four decisions in the reader's language."""
        self.decision.choices = [(key, local(title)) for key, title in DECISIONS.items()]

    def values(self, language: str) -> DecisionValues:
        """What is written."""
        day = self.next_on.data
        return DecisionValues(
            decision=str(self.decision.data),
            reason=self.reason.data or "",
            conditions=self.conditions.data or "",
            next_on=day if isinstance(day, date) else None,
            note=self.learned(language),
        )
