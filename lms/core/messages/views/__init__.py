"""Pages of the messages room."""

from lms.core.messages.views import calendar, mailbox, preferences, texts
from lms.core.messages.views.base import blueprint

blueprints = (blueprint,)

__all__ = ["blueprints", "calendar", "mailbox", "preferences", "texts"]
