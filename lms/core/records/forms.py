"""Forms of the thread."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from lms.core.fields import PickField
from lms.web import Form
from lms.web.forms import required
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

LED_HERE, CAME_OF_IT = "led_here", "came_of_it"


class FindForm(Form):
    """What is looked for, to be linked; asked with GET."""

    what = PickField(_("Kind"))
    q = StringField(_("Words in its title"), validators=[Length(max=100)])


class LinkForm(Form):
    """One record, and on which side of this one it stands."""

    other_kind = HiddenField()
    other_key = HiddenField()
    side = PickField(
        _("What has the one to do with the other?"),
        choices=lambda: [
            (LED_HERE, gettext(_("It led to this"))),
            (CAME_OF_IT, gettext(_("It came of this"))),
        ],
    )


class UnlinkForm(Form):
    """Why a link is taken back."""

    reason = StringField(
        _("Why is it wrong?"),
        validators=[*required(_("Write in short why the link is wrong.")), Length(max=500)],
    )
