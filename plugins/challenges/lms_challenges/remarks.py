"""What to look at once more in a text before it is sent: whatever may tell who somebody is."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence

from lms.api import Remark, contains_identity_number, marked, passages
from lms_challenges.words import _

MOST_SHOWN = 5
LONGEST = 4000
"""Letters of a text that are looked at; no field takes more."""
_SENTENCES: Mapping[str, str] = {
    "name": marked("This may be somebody's name: %(words)s. Write what they are instead."),
    "address": marked("This may be an address: %(words)s. Leave it out."),
    "phone": marked("This may be a telephone number: %(words)s. Leave it out."),
    "mail": marked("This is a mail address: %(words)s. Leave it out."),
    "number": marked("This may be somebody's number: %(words)s. Leave it out."),
    "room": marked("This may tell whose room or bed it is: %(words)s. Leave it out."),
    "date": marked("This may be a date of birth: %(words)s. Leave it out."),
}
_STOPPED = marked("This looks like an identity number. It cannot be sent: leave it out.")


def remarks(texts: Sequence[str], known: Collection[str] = ()) -> Sequence[Remark]:
    """One remark for each kind of thing that these texts may give away. `known` are names that may
    stand: of organisations and units. An identity number is a "stop", everything else a "wait"."""
    found: dict[str, dict[str, None]] = {}
    for text in (whole[:LONGEST] for whole in texts):
        for passage in passages(text, known):
            found.setdefault(passage.kind, {})[passage.text] = None
        for word in other_scripts(text):
            found.setdefault("name", {})[word] = None
    said = [
        Remark(kind="wait", sentence=_(_SENTENCES[kind], words=_listed(list(words))))
        for kind, words in found.items()
    ]
    if any(contains_identity_number(text) for text in texts):
        said.insert(0, Remark(kind="stop", sentence=_(_STOPPED)))
    return said


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word[:40]}”" for word in words[:MOST_SHOWN])
    return f"{shown} …" if len(words) > MOST_SHOWN else shown


def other_scripts(text: str) -> Sequence[str]:
    """Words that are not in Latin letters: in a Danish or Swedish text most likely a name."""
    return [
        word.strip(".,;:!?()\"'“”»«")
        for word in text.split()
        if any(sign.isalpha() and not _latin(sign) for sign in word)
    ]


def _latin(sign: str) -> bool:
    return sign.isascii() or unicodedata.name(sign, "").startswith(("LATIN", "MICRO", "GREEK MU"))
