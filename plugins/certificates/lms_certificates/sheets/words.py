"""What stands on a certificate in Danish, Swedish and English, and how dates and hours are written.

A certificate speaks the language it was issued in, not the reader's, so its fixed words are data
beside the sheet and do not come from the translation catalogues.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

DASH = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"
_QUARTERS = {0: "", 15: "¼", 30: "½", 45: "¾"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The fixed words of one language. Texts with `{...}` are filled with `str.format`."""

    kinds: Mapping[str, str]
    statements: Mapping[str, str]
    not_lines: Mapping[str, str]
    outcomes: str
    aims: str
    not_heading: str
    assessment_method: str
    assessed_by: str
    issued_on: str
    period: str
    attended: str
    attended_of: str
    mode: str
    workload: str
    level: str
    quality: str
    number: str
    practised_with: str
    check: str
    qr_title: str
    hour: str
    hours: str
    half_hours: str
    hours_minutes: str
    minutes: str
    date: str
    day_month: str
    day: str
    months: tuple[str, ...]
    countries: Mapping[str, str]
    joiner: str
    separator: str
    quotes: str


WORDS: Mapping[str, Words] = {
    "da": Words(
        kinds={
            "attendance": "Deltagerbevis",
            "course": "Kursusbevis",
            "competence": "Kompetencebevis",
            "micro": "Mikroeksamensbevis",
        },
        statements={
            "attendance": "har deltaget i {attended} af {total} i {title}.",
            "course": "har gennemført {title} ({total}) og løst forløbets opgaver.",
            "competence": "har gennemført {title} ({total}) og bestået bedømmelsen af de mål, "
            "der står her.",
            "micro": "har gennemført {title} ({total}) og bestået bedømmelsen.",
        },
        not_lines={
            "attendance": "Beviset viser, at deltageren var til stede. Ingen har bedømt, "
            "hvad deltageren kan.",
            "course": "Forløbet er gennemført, og opgaverne er løst. Om deltageren mestrer "
            "målene, er ikke bedømt.",
            "competence": "Beviset gælder målene herover og intet andet. Det erstatter hverken "
            "en uddannelse eller ECTS-point.",
            "micro": "Beviset dækker kun det læringsudbytte, der står her. Det er ikke en hel "
            "uddannelse.",
        },
        outcomes="Deltageren kan",
        aims="Forløbets læringsmål",
        not_heading="Det er beviset ikke",
        assessment_method="Bedømt ved",
        assessed_by="Bedømt af",
        issued_on="Udstedt",
        period="Periode",
        attended="Til stede",
        attended_of="{attended} af {total}",
        mode="Form",
        workload="Omfang",
        level="Niveau",
        quality="Kvalitetssikring",
        number="Nummer",
        practised_with="Øvet med: {names}.",
        check="Kontrollér beviset på {address} med koden",
        qr_title="QR-kode til kontrol af beviset",
        hour="{n} time",
        hours="{n} timer",
        half_hours="{n} time",
        hours_minutes="{h} t. {m} min.",
        minutes="{m} min.",
        date="{day}. {month} {year}",
        day_month="{day}. {month}",
        day="{day}.",
        months=(
            "januar", "februar", "marts", "april", "maj", "juni",
            "juli", "august", "september", "oktober", "november", "december",
        ),
        countries={
            "AX": "Åland", "DE": "Tyskland", "DK": "Danmark", "FI": "Finland", "FO": "Færøerne",
            "GL": "Grønland", "IS": "Island", "NO": "Norge", "SE": "Sverige",
        },
        joiner=" og ",
        separator=", ",
        quotes="»{}«",
    ),
    "sv": Words(
        kinds={
            "attendance": "Deltagarintyg",
            "course": "Kursintyg",
            "competence": "Kompetensintyg",
            "micro": "Mikromerit",
        },
        statements={
            "attendance": "har deltagit i {attended} av {total} i {title}.",
            "course": "har genomfört {title} ({total}) och gjort utbildningens uppgifter.",
            "competence": "har genomfört {title} ({total}) och klarat bedömningen av de mål "
            "som står här.",
            "micro": "har genomfört {title} ({total}) och blivit godkänd vid bedömningen.",
        },
        not_lines={
            "attendance": "Intyget visar att deltagaren var närvarande. Ingen har bedömt vad "
            "deltagaren kan.",
            "course": "Utbildningen är genomförd och uppgifterna gjorda. Om deltagaren "
            "behärskar målen har inte bedömts.",
            "competence": "Intyget gäller målen ovan och inget annat. Det ersätter varken en "
            "utbildning eller högskolepoäng.",
            "micro": "Intyget gäller bara de läranderesultat som står här. Det är ingen hel "
            "utbildning.",
        },
        outcomes="Deltagaren kan",
        aims="Utbildningens lärandemål",
        not_heading="Det här är intyget inte",
        assessment_method="Bedömd genom",
        assessed_by="Bedömd av",
        issued_on="Utfärdat",
        period="Period",
        attended="Närvaro",
        attended_of="{attended} av {total}",
        mode="Form",
        workload="Omfattning",
        level="Nivå",
        quality="Kvalitetssäkring",
        number="Nummer",
        practised_with="Övat med: {names}.",
        check="Kontrollera intyget på {address} med koden",
        qr_title="QR-kod för kontroll av intyget",
        hour="{n} timme",
        hours="{n} timmar",
        half_hours="{n} timme",
        hours_minutes="{h} tim {m} min",
        minutes="{m} min",
        date="{day} {month} {year}",
        day_month="{day} {month}",
        day="{day}",
        months=(
            "januari", "februari", "mars", "april", "maj", "juni",
            "juli", "augusti", "september", "oktober", "november", "december",
        ),
        countries={
            "AX": "Åland", "DE": "Tyskland", "DK": "Danmark", "FI": "Finland", "FO": "Färöarna",
            "GL": "Grönland", "IS": "Island", "NO": "Norge", "SE": "Sverige",
        },
        joiner=" och ",
        separator=", ",
        quotes="”{}”",
    ),
    "en": Words(
        kinds={
            "attendance": "Certificate of attendance",
            "course": "Course certificate",
            "competence": "Certificate of competence",
            "micro": "Micro-credential",
        },
        statements={
            "attendance": "has attended {attended} of {total} of {title}.",
            "course": "has completed {title} ({total}) and done its tasks.",
            "competence": "has completed {title} ({total}) and passed the assessment of the aims "
            "stated here.",
            "micro": "has completed {title} ({total}) and passed the assessment.",
        },
        not_lines={
            "attendance": "This certificate shows that the participant was present. Nobody has "
            "assessed what the participant can do.",
            "course": "The course was completed and its tasks were done. Whether the "
            "participant masters the aims was not assessed.",
            "competence": "This certificate covers the aims above and nothing else. It replaces "
            "neither an education nor ECTS credits.",
            "micro": "This credential covers only the learning outcomes stated here. It is no "
            "complete education.",
        },
        outcomes="The participant can",
        aims="Learning aims of the course",
        not_heading="What this is not",
        assessment_method="Assessment",
        assessed_by="Assessed by",
        issued_on="Issued",
        period="Period",
        attended="Attended",
        attended_of="{attended} of {total}",
        mode="Mode",
        workload="Workload",
        level="Level",
        quality="Quality assurance",
        number="Number",
        practised_with="Practised with: {names}.",
        check="Verify this certificate at {address} with the code",
        qr_title="QR code for verifying this certificate",
        hour="{n} hour",
        hours="{n} hours",
        half_hours="{n} hours",
        hours_minutes="{h} h {m} min",
        minutes="{m} min",
        date="{day} {month} {year}",
        day_month="{day} {month}",
        day="{day}",
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        countries={
            "AX": "Åland", "DE": "Germany", "DK": "Denmark", "FI": "Finland",
            "FO": "Faroe Islands", "GL": "Greenland", "IS": "Iceland", "NO": "Norway",
            "SE": "Sweden",
        },
        joiner=" and ",
        separator=", ",
        quotes="“{}”",
    ),
}  # fmt: skip


def default_statement(
    kind: str, language: str, *, title: str, minutes_attended: int, minutes_total: int
) -> str:
    """The sentence that follows the holder's name when a course type has none of its own."""
    words = WORDS[language]
    return words.statements[kind].format(
        title=words.quotes.format(title),
        attended=_amount(minutes_attended, minutes_total, language),
        total=duration(minutes_total, language),
    )


def default_not_line(kind: str, language: str) -> str:
    """What a certificate of this kind is not, in one language."""
    return WORDS[language].not_lines[kind]


def duration(minutes: int, language: str) -> str:
    """Minutes as hours in words: 1050 -> "17½ timer". Odd minutes stay minutes."""
    words = WORDS[language]
    hours, rest = divmod(minutes, 60)
    if rest not in _QUARTERS:
        form = words.hours_minutes if hours else words.minutes
        return form.format(h=hours, m=rest).replace(" ", NBSP)
    if rest:
        # Danish and Swedish count a broken number in the singular: 17½ time.
        text = words.half_hours.format(n=f"{hours or ''}{_QUARTERS[rest]}")
    else:
        text = (words.hour if hours == 1 else words.hours).format(n=hours)
    return text.replace(" ", NBSP)


def attended(minutes_attended: int, minutes_total: int, language: str) -> str:
    """How much of the teaching the holder was present for: "16 af 17½ time"."""
    return WORDS[language].attended_of.format(
        attended=_amount(minutes_attended, minutes_total, language),
        total=duration(minutes_total, language),
    )


def date(iso: str, language: str) -> str:
    """An ISO date written out: "10. juli 2026"."""
    return _fill(WORDS[language].date, dt.date.fromisoformat(iso), language)


def period(starts_on: str, ends_on: str, language: str) -> str:
    """From one ISO date to another; what both share is written once."""
    start, end = dt.date.fromisoformat(starts_on), dt.date.fromisoformat(ends_on)
    if start == end:
        return date(ends_on, language)
    words = WORDS[language]
    form = words.date
    if start.year == end.year:
        form = words.day if start.month == end.month else words.day_month
    first = _fill(form, start, language)
    gap = "" if form == words.day else " "
    return f"{first}{gap}{DASH}{gap}{date(ends_on, language)}"


def listing(items: tuple[str, ...], language: str) -> str:
    """Names in a sentence: "A, B og C"."""
    words = WORDS[language]
    if len(items) < 2:
        return "".join(items)
    return words.separator.join(items[:-1]) + words.joiner + items[-1]


def country(code: str, language: str) -> str:
    """A country's name by its ISO 3166 code; the code itself where we have no name."""
    return WORDS[language].countries.get(code, code)


def _amount(minutes: int, of_minutes: int, language: str) -> str:
    """The first number of "16 of 17½ hours": without its unit where both are plain hours."""
    if minutes % 15 or of_minutes % 15:
        return duration(minutes, language)
    hours, rest = divmod(minutes, 60)
    return f"{hours}{_QUARTERS[rest]}" if hours or not rest else _QUARTERS[rest]


def _fill(form: str, day: dt.date, language: str) -> str:
    month = WORDS[language].months[day.month - 1]
    return form.format(day=day.day, month=month, year=day.year).replace(" ", NBSP)
