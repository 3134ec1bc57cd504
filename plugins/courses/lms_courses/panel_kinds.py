"""The rounds of feedback that runs have, and the one form in which all of it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import LocalisedText
from lms_courses.types import COMPANY, STUDENT

FEEDBACK_DAY, MID, PITCH = "feedback_day", "mid", "pitch"

KINDS: Mapping[str, LocalisedText] = {
    FEEDBACK_DAY: LocalisedText(da="Feedbackdag", sv="Återkopplingsdag", en="Feedback day"),
    MID: LocalisedText(da="Feedback midtvejs", sv="Återkoppling halvvägs", en="Mid feedback"),
    PITCH: LocalisedText(da="Pitch til sidst", sv="Pitch på slutet", en="Pitch"),
}
KINDS_OF: Mapping[str, Sequence[str]] = {COMPANY: (FEEDBACK_DAY,), STUDENT: (MID, PITCH)}
"""Kinds by course type, in the order in which they are held."""

SCALES: Mapping[str, tuple[LocalisedText, LocalisedText, LocalisedText]] = {
    "understood": (
        LocalisedText(
            da="Jeg forstod, hvad det er værd",
            sv="Jag förstod vad det är värt",
            en="I understood what it is worth",
        ),
        LocalisedText(da="slet ikke", sv="inte alls", en="not at all"),
        LocalisedText(da="helt", sv="helt", en="fully"),
    ),
    "useful": (
        LocalisedText(
            da="Det kan bruges i hverdagen",
            sv="Det går att använda i vardagen",
            en="It is useful in practice",
        ),
        LocalisedText(da="næppe", sv="knappast", en="hardly"),
        LocalisedText(da="i morgen", sv="i morgon", en="tomorrow"),
    ),
    "safe": (
        LocalisedText(
            da="Det er sikkert og kan lade sig gøre",
            sv="Det är säkert och går att genomföra",
            en="It is safe and realistic",
        ),
        LocalisedText(da="jeg tvivler", sv="jag tvivlar", en="I doubt it"),
        LocalisedText(da="jeg tør", sv="jag vågar", en="I dare"),
    ),
}
"""What is said on the scale from 1 to 4, with the words at its two ends."""
LOWEST, HIGHEST = 1, 4
ENOUGH = 3
"""Forms that an average is taken of, at least: of fewer it would tell what one of them said."""

TEXTS: Mapping[str, LocalisedText] = {
    "good": LocalisedText(da="Det er godt", sv="Det här är bra", en="This is good"),
    "better": LocalisedText(
        da="Det kan blive bedre", sv="Det här kan bli bättre", en="This can be better"
    ),
    "ask": LocalisedText(da="Det vil jeg spørge om", sv="Det vill jag fråga om", en="I ask"),
}

COMPANY_ROLE = "company"
ROLES: Mapping[str, LocalisedText] = {
    "citizen": LocalisedText(
        da="Taler for borgere", sv="Talar för brukare", en="Speaks for citizens"
    ),
    "staff": LocalisedText(da="Medarbejder", sv="Medarbetare", en="Staff"),
    "manager": LocalisedText(da="Leder", sv="Chef", en="Manager"),
    "teacher": LocalisedText(da="Underviser", sv="Lärare", en="Teacher"),
    COMPANY_ROLE: LocalisedText(da="Virksomhed", sv="Företag", en="Company"),
}
"""As whom somebody on a panel speaks; for a company only those who work for one, and always."""

WORKING_DAYS = 5
"""From the day a panel is held until all have what it said."""
ON_PANEL = ("panel_member", "teacher")
"""Roles on a run's team that give feedback."""
