"""Letters that plugins ask for."""

from __future__ import annotations

from lms.contracts import LocalisedText
from lms.core.messages.letters.shapes import About, Letter
from lms.web.i18n import local


def note(about: About) -> Letter:
    """A mail that a plugin asked for: localised subject and text, one link."""
    words = {
        name: local(LocalisedText.from_dict(about.values[name]))
        for name in ("subject", "text", "label", "why")
    }
    link = about.values.get("url", "")
    return Letter(
        subject=words["subject"],
        paragraphs=(words["text"],),
        press=(words["label"], link) if link else None,
        why=words["why"],
    )
