"""The code printed on a certificate: 128 random bits a person can read out on the telephone.

Twenty-six characters of Crockford's base 32 (no I, L, O, U), printed in groups of four. Reading is
forgiving, because the code is typed from paper: case, spaces and dashes do not matter, O is read as
0, I and L as 1. The canonical form, the one to store and compare, has no dashes.
Source of the alphabet: Douglas Crockford, "Base 32".
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 128
LENGTH = 26
GROUP = 4

# More than any honest spelling of a code needs, little enough to cost nothing.
_LONGEST_INPUT = 200
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_VALUES |= {sign.lower(): value for sign, value in _VALUES.items()}
_VALUES |= dict.fromkeys("oO", 0) | dict.fromkeys("iIlL", 1)
# Word processors and mail programs put these where a plain dash or space was.
_SEPARATORS = frozenset("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u2060\ufeff")


def new() -> str:
    """A fresh canonical code from the system's random source."""
    return _spell(secrets.randbits(BITS))


def parse(text: object) -> str | None:
    """The canonical code meant by `text`, or None when it is not a code. Never raises."""
    if not isinstance(text, str) or len(text) > _LONGEST_INPUT:
        return None
    number = length = 0
    for sign in text:
        if sign in _SEPARATORS or sign.isspace():
            continue
        value = _VALUES.get(sign)
        if value is None:
            return None
        number = number * 32 + value
        length += 1
    if length != LENGTH or number >> BITS:
        return None
    return _spell(number)


def signs_in(text: str) -> int:
    """How many letters and digits were typed, separators not counted: to say what is missing."""
    return sum(sign not in _SEPARATORS and not sign.isspace() for sign in text)


def grouped(code: str) -> str:
    """A canonical code as it is printed: groups of four with dashes between."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _spell(number: int) -> str:
    signs = []
    for _ in range(LENGTH):
        number, value = divmod(number, 32)
        signs.append(ALPHABET[value])
    return "".join(reversed(signs))
