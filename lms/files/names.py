"""Names of files as people write them: kept in any script, and cleaned of what does harm."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Characters of a name with its ending; no name has more than 200 bytes either."""
LONGEST_BYTES = 200
_JOINERS = "\u200c\u200d"  # Persian, Hindi and signs of several parts are not spelt without
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_NO_NAME = str.maketrans(dict.fromkeys('<>:"|?*/\\', "-"))


def clean(name: str) -> str:
    """The last part of a path without control signs, signs that turn the direction of writing,
    and what some system keeps for itself; at most 120 characters and 200 bytes. "" when nothing
    is left before the ending.
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if _stays(sign)).translate(_NO_NAME)
    name = " ".join(name.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem.strip(". ")
    if not any(sign.isalnum() for sign in stem):
        return ""
    if _RESERVED.fullmatch(name) or _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    ending = f".{ending.lower()}" if ending else ""
    return _cut(stem, LONGEST - len(ending), LONGEST_BYTES - len(ending.encode())) + ending


def endings(name: str) -> list[str]:
    """Every ending of a name in lower case, the last one last: "a.tar.gz" has tar and gz."""
    return [part.strip().lower() for part in name.split(".")[1:]]


def with_ending(name: str, ending: str) -> str:
    """The name with another ending."""
    return f"{name.rpartition('.')[0] or name}.{ending}"


def _stays(sign: str) -> bool:
    if sign in _JOINERS or sign.isspace():
        return True
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _cut(stem: str, characters: int, size: int) -> str:
    stem = stem[: max(characters, 1)]
    while len(stem.encode()) > size:
        stem = stem[:-1]
    return stem.rstrip(". ")
