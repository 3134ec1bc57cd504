"""Letters about ways in: an invitation, a new password, the end."""

from __future__ import annotations

from flask import current_app

from lms.core.messages.letters.shapes import About, Letter, address
from lms.core.users.services.links import INVITATION_LIFETIME, RESET_LIFETIME, mint
from lms.web.i18n import gettext as _


def invitation(about: About) -> Letter:
    """A way in for somebody new."""
    token = mint("invitation", about.person_id, None, INVITATION_LIFETIME)
    return Letter(
        subject=_("You are invited to %(site)s", site=current_app.config["SITE_NAME"]),
        paragraphs=(
            _("Choose a password, and you can see your courses, your seats and your certificates."),
        ),
        press=(_("Choose a password"), address("users.invitation", token=token)),
        small=_("The link works once and for seven days."),
        why=_("You get this mail because your organisation has invited you."),
    )


def reset(about: About) -> Letter:
    """A new password."""
    token = mint("reset", about.person_id, None, RESET_LIFETIME)
    return Letter(
        subject=_("Choose a new password"),
        paragraphs=(_("You, or somebody who wrote your address, asked for a new password."),),
        press=(_("Choose a new password"), address("users.reset_link", token=token)),
        small=_("The link works once and for one hour. If it was not you, you need do nothing."),
        why=_("You get this mail because a new password was asked for."),
    )


def left(_about: About) -> Letter:
    """Somebody's way in is closed; what they have earned stays theirs."""
    return Letter(
        subject=_("Your access to %(site)s has ended", site=current_app.config["SITE_NAME"]),
        paragraphs=(
            _("Your employer has told us that you have left. You cannot sign in any more."),
            _("Your certificates stay valid. Anybody can still check them by their code."),
        ),
        why=_("You get this mail because you had an account here."),
    )
