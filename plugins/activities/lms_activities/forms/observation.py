"""Shapes of input: what a colleague is asked to look for, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.api import LANGUAGES, ActivityForm, LocalisedText, clean_text, local, marked
from lms_activities.forms.seen import SeenForm
from lms_activities.observation import ANSWER_WORDS, MOST_POINTS, Observation, points_from
from lms_activities.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")


class ObservationForm(ActivityForm):
    """What the participant shows, and the points a colleague looks for."""

    domain = domain

    task_da = TextAreaField(
        marked("What do they show at work? In Danish"), [Length(max=2000, message=TOO_LONG)]
    )
    task_sv = TextAreaField(
        marked("What do they show at work? In Swedish"), [Length(max=2000, message=TOO_LONG)]
    )
    task_en = TextAreaField(
        marked("What do they show at work? In English"), [Length(max=2000, message=TOO_LONG)]
    )
    points_da = TextAreaField(
        marked("What does a colleague look for? In Danish"),
        [Length(max=4000, message=TOO_LONG)],
        description=marked("One point on each line, such as: asks before acting."),
    )
    points_sv = TextAreaField(
        marked("What does a colleague look for? In Swedish"),
        [Length(max=4000, message=TOO_LONG)],
        description=marked("One point on each line, such as: asks before acting."),
    )
    points_en = TextAreaField(
        marked("What does a colleague look for? In English"),
        [Length(max=4000, message=TOO_LONG)],
        description=marked("One point on each line, such as: asks before acting."),
    )

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the own fields."""
        asked = Observation.of(content)
        return {f"task_{code}": getattr(asked.task, code) for code in LANGUAGES} | {
            f"points_{code}": "\n".join(
                text for point in asked.points if (text := getattr(point, code))
            )
            for code in LANGUAGES
        }

    def offer(self, languages: Sequence[str]) -> None:
        """Only the languages of the course."""
        for code in LANGUAGES:
            if code not in languages:
                del self[f"task_{code}"]
                del self[f"points_{code}"]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one point, and as many in each language."""
        fine = super().validate(extra_validators)
        first = next(self[f"points_{code}"] for code in LANGUAGES if f"points_{code}" in self)
        points = points_from(self._lines())
        if points is None:
            first.errors = [_("Write as many points in each language, in the same order.")]
        elif not points:
            first.errors = [_("Write at least one point.")]
        elif len(points) > MOST_POINTS:
            first.errors = [_("Write at most %(n)d points.", n=MOST_POINTS)]
        else:
            return fine
        return False

    def content(self) -> dict[str, Any]:
        """What is stored."""
        stored = Observation.of(self.activity.content).task
        task = {
            code: (self[f"task_{code}"].data or "")
            if f"task_{code}" in self
            else getattr(stored, code)
            for code in LANGUAGES
        }
        return {
            **self.activity.content,
            "task": task,
            "points": points_from(self._lines()) or [],
        }

    def _lines(self) -> dict[str, list[str]]:
        return {
            code: [
                text
                for line in (self[f"points_{code}"].data or "").splitlines()
                if (text := clean_text(line))
            ]
            for code in LANGUAGES
            if f"points_{code}" in self
        }


class SignForm(SeenForm):
    """What a colleague has seen, point by point. Made by `sign_form`."""

    count = 0

    def given(self) -> list[str]:
        """The answers in order."""
        return [str(self[f"point_{n}"].data) for n in range(self.count)]


def sign_form(points: Sequence[LocalisedText]) -> SignForm:
    """The form for these points."""
    fields: dict[str, Any] = {"count": len(points)}
    for number, text in enumerate(points):
        fields[f"point_{number}"] = RadioField(
            local(text), [InputRequired(_("Choose one of the three."))]
        )
    form: SignForm = type("SignFormHere", (SignForm,), fields)()
    for field in form:
        if isinstance(field, RadioField):
            field.choices = [(key, _(said[0])) for key, said in ANSWER_WORDS.items()]
    return form
