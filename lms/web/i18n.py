"""Words in three languages, and dates and numbers as people write them.

Messages are written in English in code and templates and looked up in gettext catalogues: the
core's domain is `lms`, each plugin has its own, named like the plugin, and falls back to the
core's. In a template the domain follows from the template's name (`courses/...`); in Python a
plugin uses `api.domain("courses")`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import current_app, g
from jinja2.runtime import Context
from jinja2.utils import pass_context

from lms.contracts import LANGUAGES, LocalisedText

CORE_DOMAIN = "lms"
CORE_FOLDER = Path(__file__).parent.parent / "translations"
LOCALES = {"da": "da_DK", "sv": "sv_SE", "en": "en_GB"}
LANGUAGE_NAMES = {"da": "Dansk", "sv": "Svenska", "en": "English"}

_PATTERNS = {
    "date": {"da": "EEEE d. MMMM y", "sv": "EEEE d MMMM y", "en": "EEEE d MMMM y"},
    "day": {"da": "d. MMMM y", "sv": "d MMMM y", "en": "d MMMM y"},
    "day_no_year": {"da": "d. MMMM", "sv": "d MMMM", "en": "d MMMM"},
    "short": {"da": "d. MMM", "sv": "d MMM", "en": "d MMM"},
    "time": {"da": "H.mm", "sv": "H.mm", "en": "H:mm"},
}


def language() -> str:
    """The language of the page or mail being written."""
    chosen: str = g.get("lms_language", "")
    return chosen or str(current_app.config["LANGUAGE"])


def set_language(code: str) -> None:
    """Write the rest of this request or job in `code`."""
    g.lms_language = code if code in LANGUAGES else current_app.config["LANGUAGE"]


@cache
def _catalogue(domain: str, folder: str, code: str) -> NullTranslations:
    return Translations.load(folder, [code], domain)


class Domain:
    """The catalogues of one owner. `gettext` fills `%(name)s` placeholders from its keywords."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def _lookup(self, code: str) -> NullTranslations:
        return _catalogue(self.name, str(self.folder), code)

    def gettext(self, message: str, **values: Any) -> str:
        """The message in the reader's language; itself when nobody has translated it."""
        code = language()
        text = self._lookup(code).gettext(message)
        if text == message and self.name != CORE_DOMAIN:
            text = core_domain._lookup(code).gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, n: int, **values: Any) -> str:
        """The singular or plural message for `n`, which is also a placeholder."""
        return self.form_for(one, many, n) % {"n": n, **values}

    def form_for(self, one: str, many: str, n: int) -> str:
        """The singular or plural message for `n`, its placeholders still in it."""
        code = language()
        text = self._lookup(code).ngettext(one, many, n)
        if text in (one, many) and self.name != CORE_DOMAIN:
            text = core_domain._lookup(code).ngettext(one, many, n)
        return text

    def localised(self, message: str) -> LocalisedText:
        """The message in all languages at once, for facts and mails."""
        texts = {}
        for code in LANGUAGES:
            text = self._lookup(code).gettext(message)
            if text == message and self.name != CORE_DOMAIN:
                text = core_domain._lookup(code).gettext(message)
            texts[code] = text
        return LocalisedText(**texts)


core_domain = Domain(CORE_DOMAIN, CORE_FOLDER)


def gettext(message: str, **values: Any) -> str:
    """A message of the core in the reader's language."""
    return core_domain.gettext(message, **values)


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """A counted message of the core in the reader's language."""
    return core_domain.ngettext(one, many, n, **values)


def marked(message: str) -> str:
    """Mark a message for the catalogues without translating it now."""
    return message


def marked_plural(one: str, many: str) -> tuple[str, str]:
    """Mark a counted message for the catalogues without translating it now."""
    return one, many


def domain_of(owner: str) -> Domain:
    """The catalogues of a plugin by its name; the core's for the core's own rooms."""
    domains: dict[str, Domain] = current_app.extensions.get("lms_domains", {})
    return domains.get(owner, core_domain)


def _domain_of(template: str | None) -> Domain:
    return domain_of(template.split("/", 1)[0]) if template else core_domain


@pass_context
def template_gettext(context: Context, message: str, **values: Any) -> str:
    """`_` in templates: the domain follows from the template's name."""
    return _domain_of(context.name).gettext(message, **values)


@pass_context
def template_ngettext(context: Context, one: str, many: str, n: int, **values: Any) -> str:
    """`ngettext` in templates."""
    return _domain_of(context.name).ngettext(one, many, n, **values)


# --- dates, times, numbers ----------------------------------------------------------------------


def local(text: LocalisedText | str | None) -> str:
    """A localised text in the page's language (falls back to one that is written)."""
    if text is None:
        return ""
    return text if isinstance(text, str) else text.in_language(language())


def _format(moment: datetime, pattern: str, zone: str | None) -> str:
    zone = zone or current_app.config["ZONE"]
    return format_datetime(
        moment, pattern, tzinfo=ZoneInfo(zone), locale=LOCALES[language()]
    ).replace(".", "", 1 if pattern.endswith("MMM") and language() != "da" else 0)


def date(moment: datetime | None, zone: str | None = None) -> str:
    """ "tirsdag 14. april 2026"; an unknown date is said to be unknown."""
    if moment is None:
        return gettext("date not stated")
    return _format(moment, _PATTERNS["date"][language()], zone)


def short_date(moment: datetime, zone: str | None = None) -> str:
    """ "14. apr."."""
    return _format(moment, _PATTERNS["short"][language()], zone)


def daynum(moment: datetime, zone: str | None = None) -> str:
    """The day of the month, for the big day."""
    return _format(moment, "d", zone)


def mon(moment: datetime, zone: str | None = None) -> str:
    """The month in short, without a dot: "apr"."""
    return _format(moment, "MMM", zone).rstrip(".")


def time(moment: datetime, zone: str | None = None) -> str:
    """ "9.00" (da, sv) or "9:00" (en)."""
    return _format(moment, _PATTERNS["time"][language()], zone)


def moment(value: datetime, zone: str | None = None) -> str:
    """Date and time in one: "tirsdag 14. april 2026 kl. 9.00"."""
    return gettext("%(date)s at %(time)s", date=date(value, zone), time=time(value, zone))


def period(start: datetime | None, end: datetime | None, zone: str | None = None) -> str:
    """ "14. april – 30. juni 2026"; the year once when it is the same."""
    if start is None:
        return gettext("date not stated")
    last = _format(end or start, _PATTERNS["day"][language()], zone)
    if end is None or _format(start, "yMMdd", zone) == _format(end, "yMMdd", zone):
        return last
    same_year = _format(start, "y", zone) == _format(end, "y", zone)
    first = _PATTERNS["day_no_year" if same_year else "day"][language()]
    return f"{_format(start, first, zone)} – {last}"


def time_span(start: datetime, end: datetime, zone: str | None = None) -> str:
    """ "9.00–12.30"."""
    return f"{time(start, zone)}–{time(end, zone)}"


def hours(minutes: int) -> str:
    """ "17½ timer", "45 minutter", "8 timer og 40 minutter"."""
    whole, rest = divmod(minutes, 60)
    if rest == 30:
        number = f"{whole}½" if whole else "½"
        return gettext("%(number)s hours", number=number) if whole else gettext("half an hour")
    parts = []
    if whole:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", whole))
    if rest or not whole:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest))
    return gettext(" and ").join(parts)


def num(number: float) -> str:
    """A number with the separators of the language."""
    return format_decimal(number, locale=LOCALES[language()])


def shy(text: str) -> str:
    """Soft hyphens at plausible seams of words over 18 letters, for headings on narrow screens."""
    return " ".join(_with_seams(word) if len(word) > 18 else word for word in text.split(" "))


SEAMS = ("forløb", "kompetence", "udvikling", "utveckling", "teknologi", "teknik", "virksomhed")


def _with_seams(word: str) -> str:
    for seam in SEAMS:
        place = word.lower().find(seam, 4)
        if place > 0:
            return f"{word[:place]}\u00ad{word[place:]}"
    return word


FILTERS: dict[str, Callable[..., str]] = {
    "local": local,
    "date": date,
    "short_date": short_date,
    "daynum": daynum,
    "mon": mon,
    "time": time,
    "moment": moment,
    "hours": hours,
    "num": num,
    "shy": shy,
}
