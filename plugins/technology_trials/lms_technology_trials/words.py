"""The plugin's words: its catalogues, counted things in words, and the field's own vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lms.api import Domain, LocalisedText, marked

domain = Domain("technology_trials", Path(__file__).parent / "translations")
_ = domain.gettext
ngettext = domain.ngettext

WORKSHOP_TYPES: Mapping[str, LocalisedText] = {
    "kick-off": LocalisedText(da="Kick-off", sv="Kickoff", en="Kick-off"),
    "expert": LocalisedText(da="Ekspert", sv="Expert", en="Expert"),
    "match-making": LocalisedText(da="Match-making", sv="Matchning", en="Match-making"),
    "start-up": LocalisedText(da="Start-up", sv="Start-up", en="Start-up"),
    "onboarding": LocalisedText(da="Onboarding", sv="Onboarding", en="Onboarding"),
    "start-up-mapping": LocalisedText(da="Opstart", sv="Uppstart", en="Opening"),
}
"""Kinds of workshops in one word, for drawings; others are drawn with their title."""

MATERIAL_KINDS: Mapping[str, str] = {
    "slides": marked("slides"),
    "mapping": marked("mapping"),
    "summary": marked("summary"),
    "exercise": marked("exercise"),
    "minutes": marked("minutes"),
    "poster": marked("poster"),
    "citizen_journey": marked("citizen journeys"),
    "requirements_spec": marked("requirements"),
    "test_report": marked("test report"),
}

_NUMBERS = (
    marked("two"),
    marked("three"),
    marked("four"),
    marked("five"),
    marked("six"),
    marked("seven"),
    marked("eight"),
    marked("nine"),
    marked("ten"),
    marked("eleven"),
    marked("twelve"),
)


def number_word(number: int) -> str:
    """A number from 2 to 12 as a word; others in figures."""
    return _(_NUMBERS[number - 2]) if 2 <= number <= 12 else str(number)


def counted(one: str, many: str, number: int) -> str:
    """ "one workshop", "six workshops": `many` holds %(number)s."""
    return ngettext(one, many, number, number=number_word(number))


def what_happened(workshops: int, trials: int, silences: int) -> str:
    """ "Six workshops, six test dates, two silent periods"; what there is none of is left out."""
    parts = [
        counted("one workshop", "%(number)s workshops", workshops) if workshops else "",
        counted("one test date", "%(number)s test dates", trials) if trials else "",
        counted("one silent period", "%(number)s silent periods", silences) if silences else "",
    ]
    sentence = ", ".join(filter(None, parts)) or _("Nothing is dated yet")
    return sentence[0].upper() + sentence[1:]
