"""What people write."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from lms.api import Form, required
from lms.api import marked as _
from lms_shadowing.words import domain


class NoteForm(Form):
    """What somebody saw."""

    domain = domain

    text = TextAreaField(
        _("What did you see?"),
        description=_("Write so that no citizen can be recognised."),
        validators=[
            *required(_("Write at least one thing you saw.")),
            Length(max=2000, message=_("Write at most %(max)d characters.")),
        ],
    )
