"""What somebody sends who enrols many at once."""

from __future__ import annotations

from wtforms import FileField

from lms.web.forms import Form, PastedField
from lms.web.i18n import marked as _


class EnrolManyForm(Form):
    """A list of people: a file, or pasted cells."""

    file = FileField(_("A file"), description=_("Excel (.xlsx) or CSV, at most 20,000 rows."))
    pasted = PastedField(
        _("Or paste the cells"), description=_("With the heading, straight from the spreadsheet.")
    )
