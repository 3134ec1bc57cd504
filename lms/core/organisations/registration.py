"""Registration numbers of organisations: written one way, and checked where a check exists.

Denmark: CVR, eight digits with weights 2 7 6 5 4 3 2 1 and modulus 11. Sweden:
organisationsnummer, ten digits with a Luhn check digit whose third digit is at least 2; a lower
one is the number of a person, which is never kept. Other countries: as given.
"""

from __future__ import annotations

import re

from lms.contracts import LocalisedText, Refusal
from lms.db import clean_text

LONGEST = 20


def normalised(country: str, text: str) -> str | None:
    """The number as it is stored, None for nothing; `ValueError` when it cannot be right.

    `country` is an ISO 3166 code of two capitals. Call `problem_with` for the sentence.
    """
    number = re.sub(r"[\s.\-/\u2010-\u2015]", "", clean_text(text)).upper()
    if not number:
        return None
    if country == "DK":
        number = number.removeprefix("DK")
        right = re.fullmatch(r"[0-9]{8}", number) is not None and _cvr_fits(number)
    elif country == "SE":
        number = number.removeprefix("SE")
        if len(number) == 12:  # with the century mark 16, or as a VAT number ending in 01
            number = number[2:] if number.startswith("16") else number.removesuffix("01")
        right = re.fullmatch(r"[0-9]{2}[2-9][0-9]{7}", number) is not None and _luhn_fits(number)
    else:
        right = re.fullmatch(r"[0-9A-Z]{1,20}", number) is not None
    if not right:
        raise ValueError(f"not a registration number of {country}")
    return number


def written(country: str, number: str | None) -> str:
    """The number as people write it: "12 34 56 78" (DK), "556016-0680" (SE); empty for None."""
    if number is None:
        return ""
    if country == "DK" and len(number) == 8:
        return " ".join(number[place : place + 2] for place in range(0, 8, 2))
    if country == "SE" and len(number) == 10:
        return f"{number[:6]}-{number[6:]}"
    return number


def problem_with(country: str) -> Refusal:
    """What to say when a number of this country cannot be right."""
    if country == "DK":
        message = LocalisedText(
            da="Skriv CVR-nummeret med otte cifre, for eksempel 12 34 56 74. Et af cifrene passer "
            "ikke med de andre.",
            sv="Skriv CVR-numret med åtta siffror, till exempel 12 34 56 74. En av siffrorna "
            "stämmer inte med de andra.",
            en="Write the CVR number with its eight digits, such as 12 34 56 74. One of the "
            "digits does not fit the others.",
        )
    elif country == "SE":
        message = LocalisedText(
            da="Skriv organisationsnummeret med ti cifre, for eksempel 556016-0680. Et "
            "personnummer kan vi ikke bruge.",
            sv="Skriv organisationsnumret med tio siffror, till exempel 556016-0680. Ett "
            "personnummer kan vi inte använda.",
            en="Write the organisation number with its ten digits, such as 556016-0680. We "
            "cannot use the number of a person.",
        )
    else:
        message = LocalisedText(
            da="Skriv registreringsnummeret med højst 20 bogstaver og tal.",
            sv="Skriv registreringsnumret med högst 20 bokstäver och siffror.",
            en="Write the registration number with at most 20 letters and digits.",
        )
    return Refusal(code="registration_number.wrong", message=message)


def _cvr_fits(number: str) -> bool:
    return sum(int(d) * w for d, w in zip(number, (2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def _luhn_fits(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
