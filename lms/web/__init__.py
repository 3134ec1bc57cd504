"""What rooms and plugins use to make pages."""

from lms.web.access import access
from lms.web.forms import Confirm, Form
from lms.web.i18n import gettext, ngettext
from lms.web.identity import current_actor
from lms.web.pages import not_found, page, tell

__all__ = [
    "Confirm",
    "Form",
    "access",
    "current_actor",
    "gettext",
    "ngettext",
    "not_found",
    "page",
    "tell",
]
