"""The register of one course session, and the teacher's word on each one's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from lms.core.enrolment.forms import PickOneField
from lms.core.enrolment.queries import Row
from lms.core.learning.queries import Mark, Progress
from lms.core.learning.services import Presence
from lms.web.forms import Form
from lms.web.i18n import gettext, ngettext
from lms.web.i18n import marked as _

NOTE_LIMIT = 500

MODE_WORDS: Mapping[str, str] = {
    "present": _("Here"),
    "partial": _("Partly"),
    "excused": _("Excused"),
    "absent": _("Missing"),
}


class RegisterForm(Form):
    """One row for each participant: how they were there, and the minutes where it was partly.

    Made by `register_form`; fields are named by the enrolment's key.
    """

    length = 0
    keys: Mapping[str, int] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Minutes are looked at where somebody was there partly, and nowhere else."""
        fine = super().validate(extra_validators)
        for key in self.keys:
            if self[f"mode-{key}"].data != "partial":
                continue
            field = self[f"minutes-{key}"]
            if self._minutes(key) is None and not field.errors:
                sentence = ngettext(
                    "Write whole minutes from 0 to %(n)d, such as 1.",
                    "Write whole minutes from 0 to %(n)d, such as 45.",
                    self.length,
                )
                field.errors = [sentence]
                fine = False
        return fine

    def lines(self) -> list[Presence]:
        """The rows that are set, of a form that is valid."""
        return [
            Presence(
                enrolment_id=enrolment_id,
                mode=self[f"mode-{key}"].data,
                minutes=self._minutes(key) or 0,
            )
            for key, enrolment_id in self.keys.items()
            if self[f"mode-{key}"].data
        ]

    def set_the_rest(self, mode: str) -> None:
        """Everybody who is not marked is marked so."""
        for key in self.keys:
            if not self[f"mode-{key}"].data:
                self[f"mode-{key}"].data = mode

    def count(self) -> int:
        """How many rows are set."""
        return sum(bool(self[f"mode-{key}"].data) for key in self.keys)

    def _minutes(self, key: str) -> int | None:
        text = self[f"minutes-{key}"].data or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 5):
            return None
        return int(text) if int(text) <= self.length else None


def register_form(rows: Sequence[Row], marks: Mapping[int, Mark], length: int) -> RegisterForm:
    """The register of a session of `length` minutes, filled with the marks by enrolment id."""
    choices = [(mode, gettext(words)) for mode, words in MODE_WORDS.items()]
    fields: dict[str, Any] = {"length": length, "keys": _keys(rows)}
    values = {}
    for row in rows:
        key = row.enrolment.key
        fields[f"mode-{key}"] = PickOneField(row.person_name, choices=choices)
        fields[f"minutes-{key}"] = StringField(gettext(_("Minutes, if partly")))
        mark = marks.get(row.enrolment.id)
        values[f"mode-{key}"] = mark.mode if mark else None
        values[f"minutes-{key}"] = str(mark.minutes) if mark and mark.mode == "partial" else ""
    form: RegisterForm = type("RegisterFormHere", (RegisterForm,), fields)(**values)
    return form


class DeclareForm(Form):
    """A teacher's word for each participant. Made by `declare_form`."""

    keys: Mapping[str, int] = {}

    def words(self) -> list[tuple[int, bool, str]]:
        """(enrolment id, accepted, note) of the rows that are set."""
        return [
            (enrolment_id, self[f"word-{key}"].data == "yes", self[f"note-{key}"].data or "")
            for key, enrolment_id in self.keys.items()
            if self[f"word-{key}"].data
        ]


def declare_form(rows: Sequence[Row], works: Mapping[int, Progress]) -> DeclareForm:
    """The form for these participants, filled with what was said before, by enrolment id."""
    choices = [("yes", gettext(_("Accepted"))), ("no", gettext(_("Not yet")))]
    too_long = _("Write at most %(max)d characters.")
    fields: dict[str, Any] = {"keys": _keys(rows)}
    values = {}
    for row in rows:
        key = row.enrolment.key
        fields[f"word-{key}"] = PickOneField(row.person_name, choices=choices)
        fields[f"note-{key}"] = TextAreaField(
            gettext(_("Note")), [Length(max=NOTE_LIMIT, message=too_long)]
        )
        word = works.get(row.enrolment.id, Progress()).word
        values[f"word-{key}"] = None if word is None else ("yes" if word.accepted else "no")
        values[f"note-{key}"] = word.note if word else ""
    form: DeclareForm = type("DeclareFormHere", (DeclareForm,), fields)(**values)
    return form


def _keys(rows: Sequence[Row]) -> dict[str, int]:
    return {row.enrolment.key: row.enrolment.id for row in rows}
