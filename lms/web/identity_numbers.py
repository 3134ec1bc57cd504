"""National identity numbers of Denmark and Sweden: found in text, so that they can be refused.

Layouts: the Danish CPR number is DDMMYY-SSSS; its modulus check no longer holds for people born
from 2007 on, so the date alone tells. The Swedish personnummer is YYMMDD-NNNC or YYYYMMDD-NNNC
with a Luhn check digit; a samordningsnummer has 60 added to its day. Numbers that cannot be told
apart are refused: ten digits in a row may be a telephone number (write it with + and the country)
or a Danish production unit that happens to begin with a date.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from lms.db import now

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))

# 010190-1234, 19900101-1239, 900101+1239, also 01.01.90-1234 and 1990 01 01-1239. A dashed number
# may stand against letters (cpr010190-1234), but not inside a longer row of figures.
_DASHED = re.compile(
    r"(?<![0-9+])(?<![0-9][-./])([0-9]{2}(?:[0-9]{2})?)([ ./-]?)([0-9]{2})\2([0-9]{2})"
    r" ?[-+] ?([0-9]{4})(?![0-9])(?![-/][0-9])"
)
# 0101901234, 010190 1234, 199001011239: bare figures must stand alone, or after a word that tells.
_BARE = re.compile(
    r"(?:(?<![^\W_])(?<![0-9][-.,/:])|(?<=cpr)|(?<=nr)|(?<=nummer))(?<!\+)"
    r"([0-9]{2}(?:[0-9]{2})?)([0-9]{2})([0-9]{2})( ?)([0-9]{4})(?![^\W_])(?![-.,/:][0-9])"
)
_COUNTRY_CODE = re.compile(r"\+[0-9]{1,3}[ -]?(?:\(0\) ?)?$")


def contains_identity_number(text: str) -> bool:
    """Does this text hold what reads as a Danish or Swedish national identity number?"""
    text = _plain(text)
    for found in _DASHED.finditer(text):
        first, _, second, third, last = found.groups()
        if _is_number(first, second, third, last, dashed=True):
            return True
    for found in _BARE.finditer(text):
        first, second, third, space, last = found.groups()
        if _COUNTRY_CODE.search(text, 0, found.start()) or (space and len(first) == 4):
            continue
        if _is_number(first, second, third, last, dashed=False):
            return True
    return False


def _plain(text: str) -> str:
    """Figures of every script as 0-9, every dash as "-", nothing invisible, small letters."""
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).translate(_DASHES)
    if not text.isascii():
        text = "".join(
            str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text
        )
    return " ".join(text.casefold().split())


def _is_number(first: str, second: str, third: str, last: str, *, dashed: bool) -> bool:
    if len(first) == 4:
        return _is_swedish(int(first), second, third, last)
    if _is_day(int(third), int(second), int(first), shifted=dashed):
        return True  # Danish: day, month, year
    return any(_is_swedish(century + int(first), second, third, last) for century in (1900, 2000))


def _is_swedish(year: int, month: str, day: str, last: str) -> bool:
    if not 1800 <= year <= now().year or not _luhn(f"{year % 100:02}{month}{day}{last}"):
        return False
    return _is_date(year, int(month), int(day) % 60 if int(day) > 60 else int(day))


def _is_day(year: int, month: int, day: int, *, shifted: bool) -> bool:
    """A day in this year of some century; `shifted` also takes replacement numbers (day + 60)."""
    if shifted and day > 60:
        day -= 60
    return _is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, annex B: doubled from the second last digit leftwards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
