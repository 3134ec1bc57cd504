"""The teacher's word on each one's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length

from lms.core.enrolment.forms import PickOneField
from lms.core.enrolment.queries import Row
from lms.core.learning.queries import Progress
from lms.web.forms import Form
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

NOTE_LIMIT = 500


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
