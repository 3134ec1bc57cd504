"""What people type about certificates."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from lms.api import Confirm, Form, required
from lms.api import marked as _
from lms_certificates.words import domain


class CodeForm(Form):
    """The code on a certificate."""

    domain = domain

    code = StringField(
        _("Code on the certificate"),
        description=_(
            "26 letters and digits, such as 4KQ7-M2XD-9RTE-… Capital and small letters are the "
            "same."
        ),
        validators=required(_("Write the code that stands on the certificate.")),
    )


class NameForm(Form):
    """The name that somebody says is on a certificate."""

    domain = domain

    name = StringField(
        _("Name on the certificate"),
        description=_("Write the name you were given. We only say whether it is the same."),
        validators=required(_("Write the name you were given.")),
    )


class RevokeForm(Form):
    """Why a certificate is revoked."""

    domain = domain

    reason = TextAreaField(
        _("Reason"),
        description=_("Everybody who checks the certificate can read this. Name nobody."),
        validators=[
            *required(_("Write why, in a sentence that may be read by everybody.")),
            Length(max=500, message=_("Write at most 500 characters.")),
        ],
    )


class ReplaceForm(Confirm):
    """A certificate is to be issued anew."""

    domain = domain
