"""Shapes of input in the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import EmailField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from lms.core.catalogue.states import MOVES, STATES
from lms.core.catalogue.words import MOVE_WORDS
from lms.core.fields import PickField
from lms.web import Form
from lms.web.forms import choice_required, required
from lms.web.i18n import gettext
from lms.web.i18n import marked as _


class RunStateForm(Form):
    """Where a run goes next, and why."""

    state = RadioField(
        _("What happens now?"), validators=choice_required(_("Choose what happens now."))
    )
    reason = TextAreaField(
        _("Why?"),
        description=_("Needed when you cancel or put on hold. Everybody with a seat reads it."),
        validators=[Length(max=1000, message=_("Write at most 1000 characters."))],
    )

    def offer(self, present: str) -> Sequence[str]:
        """Let the reader choose among the states that may follow `present`; returns them."""
        following = [state for state in STATES if state in MOVES[present]]
        self.state.choices = [
            (state, f"{gettext(MOVE_WORDS[state][0])}. {gettext(MOVE_WORDS[state][1])}")
            for state in following
        ]
        return following


class TeamForm(Form):
    """Who is named for what."""

    role = PickField(_("For what?"))
    email = EmailField(
        _("Whose email address?"),
        [
            *required(_("Write the email address they use at work.")),
            Length(max=254, message=_("Write at most %(max)d characters.")),
        ],
    )


class OffTeamForm(Form):
    """Who is taken off the team, as what."""

    person = HiddenField()
    role = HiddenField()
