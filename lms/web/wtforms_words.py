"""Messages that WTForms brings in English, marked so that our catalogues hold them.

WTForms ships no Danish, and its own sentences tell what is wrong more than what to do.
"""

from __future__ import annotations

from lms.web.i18n import marked as _
from lms.web.i18n import marked_plural

MESSAGES = (
    _("This field is required."),
    _("Not a valid choice."),
    _("Not a valid choice"),
    _("Invalid Choice: could not coerce."),
    _("Not a valid integer value."),
    _("Not a valid decimal value."),
    _("Not a valid float value."),
    _("Not a valid date value."),
    _("Not a valid datetime value."),
    _("Not a valid time value."),
    _("Invalid input."),
    _("Invalid email address."),
    _("Field must be between %(min)d and %(max)d characters long."),
    _("Number must be at least %(min)s."),
    _("Number must be at most %(max)s."),
    _("Number must be between %(min)s and %(max)s."),
)

COUNTED = (
    marked_plural(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
    ),
    marked_plural(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
    ),
    marked_plural(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
    ),
)
