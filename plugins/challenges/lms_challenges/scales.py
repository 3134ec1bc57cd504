"""What is chosen from when a problem is told, and what each choice weighs: data and words."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

AFFECTED: Mapping[str, LocalisedText] = {
    "citizen": LocalisedText(da="Borgeren", sv="Brukaren", en="The citizen"),
    "relative": LocalisedText(da="Pårørende", sv="Anhöriga", en="Relatives"),
    "staff": LocalisedText(da="Os på arbejdet", sv="Vi på jobbet", en="Us at work"),
    "others": LocalisedText(da="Andre", sv="Andra", en="Others"),
}

FREQUENCIES: Mapping[str, LocalisedText] = {
    "daily": LocalisedText(da="Hver dag", sv="Varje dag", en="Every day"),
    "weekly": LocalisedText(da="Hver uge", sv="Varje vecka", en="Every week"),
    "monthly": LocalisedText(da="Hver måned", sv="Varje månad", en="Every month"),
    "rarely": LocalisedText(da="Sjældnere", sv="Mer sällan", en="Less often"),
}

FREQUENCY_WEIGHTS: Mapping[str, int] = {"daily": 20, "weekly": 8, "monthly": 3, "rarely": 1}
"""About how often in a month, a day's several times counted once."""

SEVERITIES: Mapping[int, LocalisedText] = {
    1: LocalisedText(da="Generer", sv="Stör", en="A nuisance"),
    2: LocalisedText(da="Koster tid eller kræfter", sv="Kostar tid eller kraft", en="Costs effort"),
    3: LocalisedText(da="Gør skade over tid", sv="Skadar med tiden", en="Does harm over time"),
    4: LocalisedText(da="Er farligt", sv="Är farligt", en="Is dangerous"),
}

CONSEQUENCES: Mapping[str, LocalisedText] = {
    "safety": LocalisedText(da="Borgerens sikkerhed", sv="Brukarens säkerhet", en="Safety"),
    "dignity": LocalisedText(
        da="Borgerens hverdag og værdighed",
        sv="Brukarens vardag och värdighet",
        en="Everyday life and dignity",
    ),
    "working_environment": LocalisedText(
        da="Vores arbejdsmiljø", sv="Vår arbetsmiljö", en="Our working environment"
    ),
    "time": LocalisedText(da="Vores tid", sv="Vår tid", en="Our time"),
    "money": LocalisedText(da="Udgifter", sv="Kostnader", en="Expenses"),
}

SHOWN: Mapping[str, LocalisedText] = {
    "visible": LocalisedText(da="Mit navn", sv="Mitt namn", en="My name"),
    "function": LocalisedText(da="Kun min funktion", sv="Bara min funktion", en="My function only"),
    "hidden": LocalisedText(
        da="Ingen af delene (kun dem, der svarer, ved, hvem jeg er)",
        sv="Inget av det (bara de som svarar vet vem jag är)",
        en="Neither (only those who answer know who I am)",
    ),
}

CHANNELS: Mapping[str, LocalisedText] = {
    "form": LocalisedText(da="Skrevet her", sv="Skrivet här", en="Written here"),
    "shift_meeting": LocalisedText(da="Tavlemøde", sv="Tavelmöte", en="Meeting at the board"),
    "assignment": LocalisedText(
        da="Opgave på et forløb", sv="Uppgift i en kurs", en="Task of a course"
    ),
    "apv": LocalisedText(da="APV-runde", sv="Skyddsrond", en="Round on the working environment"),
    "student_visit": LocalisedText(
        da="Elev eller studerende i praktik",
        sv="Elev eller student på praktik",
        en="Student on placement",
    ),
}

READINESS: Mapping[str, LocalisedText] = {
    "need": LocalisedText(da="Behov", sv="Behov", en="Need"),
    "technology": LocalisedText(da="Teknologi", sv="Teknik", en="Technology"),
    "organisation": LocalisedText(da="Organisation", sv="Organisation", en="Organisation"),
    "law": LocalisedText(da="Jura", sv="Juridik", en="Law"),
    "business": LocalisedText(da="Økonomi", sv="Ekonomi", en="Business"),
    "team": LocalisedText(da="Hold", sv="Team", en="Team"),
}
"""The sides of a readiness profile, each 0 to 9."""
