"""Shapes of input: when a panel is held, its one form, a summary, and the release."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from lms.api import ClockField, DayField, Form, OneOfField, local, marked, required
from lms_courses.panel_kinds import COMPANY_ROLE, HIGHEST, LOWEST, ROLES, SCALES, TEXTS
from lms_courses.queries.panels import FormFacts, PanelFacts
from lms_courses.services.panels import FormValues
from lms_courses.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")


class PanelForm(Form):
    """When a panel is held."""

    domain = domain

    day = DayField(marked("Which day is it held?"), required(marked("Choose a day.")))
    clock = ClockField(marked("When does it begin?"), required(marked("Write a time.")))

    def fill(self, panel: PanelFacts, zone: str) -> None:
        """The day that is set."""
        there = panel.held_at.astimezone(ZoneInfo(zone))
        self.day.data, self.clock.data = there.date(), there.time()

    def held_at(self, zone: str) -> datetime:
        """The moment, in the zone of the run."""
        at = datetime.combine(cast("Any", self.day.data), cast("Any", self.clock.data))
        return at.replace(tzinfo=ZoneInfo(zone))


class FeedbackForm(Form):
    """The form of every panel; `seen` says which of one's own forms the page had shown."""

    domain = domain

    seen = HiddenField()

    def fill(self, before: FormFacts | None, role: str) -> None:
        """What is written already; else only as whom one speaks."""
        self.seen.data = before.written_at.isoformat() if before is not None else ""
        if "role" in self:
            self["role"].data = before.role if before is not None else role
        if before is None:
            return
        for scale in SCALES:
            self[scale].data = str(getattr(before, scale))
        for text in TEXTS:
            self[text].data = getattr(before, text)

    def values(self) -> FormValues:
        """What is written."""
        return FormValues(
            role=self["role"].data if "role" in self else COMPANY_ROLE,
            understood=int(self["understood"].data),
            useful=int(self["useful"].data),
            safe=int(self["safe"].data),
            good=self["good"].data or "",
            better=self["better"].data or "",
            ask=self["ask"].data or "",
        )


def feedback_form(*, of_company: bool) -> FeedbackForm:
    """The form in the reader's language; who works for a company is not asked as whom."""
    fields: dict[str, Any] = {}
    if not of_company:
        fields["role"] = OneOfField(marked("As whom do you speak?"))
    fields |= {key: OneOfField(local(words[0])) for key, words in SCALES.items()}
    fields |= {
        key: TextAreaField(local(title), [Length(max=2000, message=TOO_LONG)])
        for key, title in TEXTS.items()
    }
    form: FeedbackForm = type("FeedbackFormHere", (FeedbackForm,), fields)()
    for key, (_title, lowest, highest) in SCALES.items():
        ends = {LOWEST: f"{LOWEST}: {local(lowest)}", HIGHEST: f"{HIGHEST}: {local(highest)}"}
        steps = range(LOWEST, HIGHEST + 1)
        cast("OneOfField", form[key]).choices = [(str(n), ends.get(n, str(n))) for n in steps]
    if "role" in form:
        cast("OneOfField", form["role"]).choices = [
            (key, local(title)) for key, title in ROLES.items() if key != COMPANY_ROLE
        ]
    return form


class SummaryForm(Form):
    """What a company or a group is told. `seen` is the stamp of what the page had
    shown."""

    domain = domain

    seen = HiddenField()
    summary = TextAreaField(
        marked("What they are told"),
        [*required(marked("Write the summary.")), Length(max=6000, message=TOO_LONG)],
        description=marked("They read it beside the answers of the panel, which carry no names."),
    )


class ReleaseForm(Form):
    """A button that sends what the page shows."""

    domain = domain

    seen = HiddenField()
