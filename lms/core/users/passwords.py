"""Passwords: hashed slowly and never inside a transaction, and weak ones refused.

Hashing is argon2id with the parameters of the configuration. At most four hashes are worked on at
the same time in a process, so that a rush of sign-ins cannot eat the memory.
"""

from __future__ import annotations

import base64
import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from lms.contracts import LocalisedText, Refusal
from lms.work import in_unit_of_work

SHORTEST, LONGEST = 12, 128
ENOUGH_WITHOUT_NAMES = 8  # characters that must be left when names and the product are taken away
FEWEST_SIGNS = 5

_at_work = threading.BoundedSemaphore(4)
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def hash_password(password: str) -> str:
    """The hash to keep. Raises `RuntimeError` inside a unit of work: hashing takes its time."""
    _outside()
    with _at_work:
        return _hasher().hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Does the password fit? Without a hash the same work is done for nothing, so that the time
    it takes does not tell whether somebody is known."""
    _outside()
    hasher = _hasher()
    with _at_work:
        try:
            hasher.verify(stored or _hash_of_nobody(hasher), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def needs_new_hash(stored: str) -> bool:
    """Was it made with other parameters than the configuration's?"""
    return _hasher().check_needs_rehash(stored)


def problem_with(password: str, *, names: Sequence[str] = ()) -> Refusal | None:
    """Why this password will not do; None when it will.

    12 to 128 characters of any kind; not one of the commonest, and not mostly made of `names`
    (the person's name and mail) or the product's name.
    """
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return _refusal(
            da="Brug mindst 12 tegn. Tre eller fire ord efter hinanden er let at huske.",
            sv="Använd minst 12 tecken. Tre eller fyra ord efter varandra är lätt att minnas.",
            en="Use at least 12 characters. Three or four words in a row are easy to remember.",
        )
    if len(plain) > LONGEST:
        return _refusal(
            da="Brug højst 128 tegn.",
            sv="Använd högst 128 tecken.",
            en="Use at most 128 characters.",
        )
    if _is_common(plain):
        return _refusal(
            da="Den adgangskode bruger mange. Vælg en, ingen andre finder på.",
            sv="Det lösenordet använder många. Välj ett som ingen annan hittar på.",
            en="Many people use that password. Choose one that nobody else would think of.",
        )
    rest = plain.casefold()
    for word in _words([*names, str(current_app.config["SITE_NAME"]), "samspil"]):
        rest = rest.replace(word, "")
    if len(rest) < ENOUGH_WITHOUT_NAMES:
        return _refusal(
            da="Adgangskoden ligner dit navn, din mail eller Samspil. Vælg noget andet.",
            sv="Lösenordet liknar ditt namn, din mejl eller Samspil. Välj något annat.",
            en="The password is like your name, your mail or Samspil. Choose something else.",
        )
    return None


def _refusal(*, da: str, sv: str, en: str) -> Refusal:
    return Refusal(code="new_password.weak", message=LocalisedText(da=da, sv=sv, en=en))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _outside() -> None:
    if in_unit_of_work():
        raise RuntimeError("a password is hashed before the unit of work, never inside")


def _hasher() -> PasswordHasher:
    config = current_app.config
    return _hasher_with(
        config["PASSWORD_TIME_COST"], config["PASSWORD_MEMORY_KIB"], config["PASSWORD_PARALLELISM"]
    )


@cache
def _hasher_with(time_cost: int, memory_kib: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no password fits, with the same cost as a real one."""
    salt, rest = (
        base64.b64encode(bytes(length)).rstrip(b"=").decode()
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${rest}"


def _is_common(password: str) -> bool:
    """Few different signs, a row of keys, or a common word dressed up with figures and signs."""
    plain = password.casefold()
    if len(set(plain)) < FEWEST_SIGNS:
        return True
    if plain in _commonest() or _is_row(plain):
        return True
    trimmed = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    for word in (trimmed, trimmed.translate(_LOOKALIKES)):
        letters = re.sub(r"[\W\d_]+", "", word)
        if _once(word) in _commonest() or _once(letters) in _commonest():
            return True
    return False


def _once(word: str) -> str:
    """ "passwordpassword" is no better than "password"."""
    for length in range(1, len(word) // 2 + 1):
        if len(word) % length == 0 and word[:length] * (len(word) // length) == word:
            return word[:length]
    return word


def _is_row(plain: str) -> bool:
    rows = ("1234567890" * 13, "qwertyuiopåasdfghjklæøzxcvbnm", "abcdefghijklmnopqrstuvwxyzæøå")
    return any(plain in row or plain in row[::-1] for row in rows)


@cache
def _commonest() -> frozenset[str]:
    path = Path(__file__).parent / "common_passwords.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


def _words(texts: Sequence[str]) -> list[str]:
    found = {word for text in texts for word in re.split(r"[\W_]+", text.casefold())}
    return sorted((word for word in found if len(word) >= 4), key=len, reverse=True)
