"""Shapes of input: the points of a check-list, and what is ticked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField
from wtforms import Form as Rows

from lms.api import (
    LANGUAGES,
    ActivityChoices,
    ActivityFacts,
    Form,
    MarkdownField,
    clean_text,
    contains_identity_number,
    marked,
    new_key,
)
from lms_activities.forms.material import TOO_LONG, TextsForm
from lms_activities.material import points_of
from lms_activities.words import domain

MOST_POINTS = 40
EMPTY_ROWS = 3


class PointRow(Rows):
    """One point of a check-list. An empty row is left out."""

    key = HiddenField()
    text_da = StringField(marked("Point in Danish"))
    text_sv = StringField(marked("Point in Swedish"))
    text_en = StringField(marked("Point in English"))
    required = BooleanField(marked("It must be ticked"), default=True)

    def text(self, code: str) -> str:
        """What is written in one language."""
        name = f"text_{code}"
        return clean_text(str(self[name].data or "")) if name in self else ""

    @property
    def is_empty(self) -> bool:
        """Is nothing written in any language?"""
        return not any(self.text(code) for code in LANGUAGES)


class CheckListForm(TextsForm):
    """Points to tick."""

    LOCALISED = ("note",)

    note_da = MarkdownField(marked("Before the list, in Danish"), render_kw={"rows": 4})
    note_sv = MarkdownField(marked("Before the list, in Swedish"), render_kw={"rows": 4})
    note_en = MarkdownField(marked("Before the list, in English"), render_kw={"rows": 4})
    points = FieldList(FormField(PointRow), marked("Points"))

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form with rows in the languages of the course."""
        form = super().fill(activity, choices, **own)
        form.ready_rows()
        return form

    @property
    def rows(self) -> list[PointRow]:
        """The rows that are there."""
        return [entry.form for entry in self.points.entries]

    def ready_rows(self) -> None:
        """Take away languages the course has not, and say the labels in the reader's language."""
        for row in self.rows:
            for code in LANGUAGES:
                if code not in self.languages and f"text_{code}" in row:
                    del row[f"text_{code}"]
            for field in row:
                field.flags.required = True  # of a row that is used
                field.label.text = domain.gettext(field.label.text) if field.label.text else ""

    def add_empty_rows(self) -> None:
        """Empty rows at the end, as far as there is room."""
        for _row in range(min(EMPTY_ROWS, MOST_POINTS - len(self.points.entries))):
            self.points.append_entry({"required": True})
        self.ready_rows()

    def more_rows(self) -> None:
        """Three rows more; nothing is checked or kept yet."""
        self.validate_on_submit()
        for field in self:
            field.errors = []
        self.form_errors = []
        self.add_empty_rows()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The points of what is stored."""
        rows = [
            {
                "key": point.key,
                "required": point.required,
                **{f"text_{code}": getattr(point.text, code) for code in LANGUAGES},
            }
            for point in points_of(content)
        ]
        return {**super().from_content(content), "points": rows}

    def content(self) -> dict[str, Any]:
        """The points as they are stored; a point keeps its key, and so its ticks."""
        stored = {point.key: point.text for point in points_of(self.activity.content)}
        points = []
        for row in (row for row in self.rows if not row.is_empty):
            key = str(row.key.data or "")
            before = stored.get(key)
            points.append(
                {
                    "key": key if before is not None else new_key()[:8],
                    "text": {
                        code: row.text(code)
                        if code in self.languages or before is None
                        else getattr(before, code)
                        for code in LANGUAGES
                    },
                    "required": bool(row.required.data),
                }
            )
        return {**super().content(), "points": points}

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one point; none too long, none with a number that is nobody's business."""
        fine = super().validate(extra_validators)
        rows = [row for row in self.rows if not row.is_empty]
        if not rows:
            self.form_errors.append(domain.gettext(marked("Write at least one point.")))
            fine = False
        if len(rows) > MOST_POINTS:
            self.form_errors.append(domain.gettext(marked("Write at most 40 points.")))
            fine = False
        for row in rows:
            for code in self.languages:
                field = row[f"text_{code}"]
                if len(field.data or "") > 300:
                    field.errors = [domain.gettext(TOO_LONG) % {"max": 300}]
                elif contains_identity_number(field.data or ""):
                    field.errors = [
                        domain.gettext(
                            marked("This looks like a personal identity number. Leave it out.")
                        )
                    ]
                else:
                    continue
                fine = False
        return fine


class TicksForm(Form):
    """What is ticked; the boxes are read from the request by their points' keys."""

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision the page showed; 0 before anything was kept."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
