"""Sentences of letters in every language, with what they tell filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.api import LocalisedText
from lms_courses.words import domain

Told = Mapping[str, LocalisedText | str]
"""What stands in the sentences, by name: in each language, or the same in all."""


def filled(message: str, told: Told) -> LocalisedText:
    """A marked sentence in every language, with `%(name)s` filled in."""
    return LocalisedText(
        **{
            code: words
            % {
                name: text if isinstance(text, str) else text.in_language(code)
                for name, text in told.items()
            }
            for code, words in domain.localised(message).as_dict().items()
        }
    )


def day_in(moment: datetime, zone: str) -> str:
    """The day it is then in a zone (an IANA name), as a run's pages write it too."""
    day = moment.astimezone(ZoneInfo(zone))
    return f"{day.day}.{day.month}.{day.year}"
