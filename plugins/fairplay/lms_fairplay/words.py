"""The plugin's words: its catalogues."""

from __future__ import annotations

from pathlib import Path

from lms.api import Domain, LocalisedText

domain = Domain("fairplay", Path(__file__).parent / "translations")
_ = domain.gettext
ngettext = domain.ngettext


def filled(message: str, **values: object) -> LocalisedText:
    """A marked message in all languages, with its placeholders filled, each in its language."""
    texts = domain.localised(message).as_dict()
    return LocalisedText(
        **{
            code: text
            % {
                name: one.in_language(code) if isinstance(one, LocalisedText) else one
                for name, one in values.items()
            }
            for code, text in texts.items()
        }
    )
