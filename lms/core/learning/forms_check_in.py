"""Putting a code on the screen, typing it in, and sending the list of a meeting."""

from __future__ import annotations

from wtforms import FileField, HiddenField, RadioField, StringField
from wtforms.validators import Length, Regexp

from lms.web.forms import Form, required
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

LATE: dict[str, int] = {"exact": 0, "ten": 10, "never": 24 * 60}
"""Minutes somebody may come late and still be there for the whole day."""

LATE_WORDS: dict[str, str] = {
    "ten": _("Up to ten minutes late counts as the whole day"),
    "exact": _("Counts from the minute they come"),
    "never": _("Always counts as the whole day"),
}


class OpenForm(Form):
    """How latecomers are counted."""

    late = RadioField(
        _("Who comes late?"),
        choices=lambda: [(value, gettext(words)) for value, words in LATE_WORDS.items()],
        default="ten",
    )

    def minutes(self) -> int:
        """The minutes of grace that were chosen."""
        return LATE.get(self.late.data or "ten", 10)


class CodeForm(Form):
    """The code on the screen."""

    code = StringField(
        _("The code on the screen"),
        [
            *required(_("Write the code that is on the screen.")),
            Length(max=20, message=_("The code has six signs. Write them as they are.")),
        ],
        description=_("Six letters and figures. They change every half minute."),
    )


class ListForm(Form):
    """The participant list of a meeting."""

    file = FileField(
        _("The file"),
        description=_("The participant list from Teams or Zoom: CSV or Excel, as it was written."),
    )
    grace = StringField(
        _("Minutes that may be missing"),
        [
            Regexp(
                r"(?a:[0-9]{1,2}|1[0-9]{2}|2[0-3][0-9]|240)\Z",
                message=_("Write a number from 0 to 240."),
            )
        ],
        default="10",
        description=_("Who misses no more than this counts as there for the whole day."),
    )

    def minutes(self) -> int:
        """The minutes that may be missing, of a form that is valid."""
        return int(self.grace.data or 0)


class WriteListForm(Form):
    """What was looked through is written."""

    kept = HiddenField()
