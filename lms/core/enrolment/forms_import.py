"""What somebody sends who enrols many at once."""

from __future__ import annotations

from typing import Any

from wtforms import Field, FileField
from wtforms.widgets import TextArea

from lms.web.forms import Form
from lms.web.i18n import marked as _


class CellsField(Field):
    """Cells pasted from a spreadsheet, as they are: tabs stay, and each row is looked at by
    itself, so that one that is wrong does not stand in the way of the others."""

    widget: Any = TextArea()
    data: str | None

    def _value(self) -> str:
        return self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The text as it was sent."""
        self.data = valuelist[0] if valuelist else ""


class EnrolManyForm(Form):
    """A list of people: a file, or pasted cells."""

    file = FileField(_("A file"), description=_("Excel (.xlsx) or CSV, at most 20,000 rows."))
    pasted = CellsField(
        _("Or paste the cells"), description=_("With the heading, straight from the spreadsheet.")
    )
