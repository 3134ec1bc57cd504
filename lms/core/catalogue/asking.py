"""What a reader of the catalogue asked for, read from the address with care.

Addresses are typed, cut and guessed: whatever cannot be meant is left out, nothing is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from flask import request, url_for

from lms.contracts import LANGUAGES
from lms.core.catalogue import words
from lms.core.catalogue.queries import Facet, Filters
from lms.db import clean_text
from lms.web.i18n import gettext as _

LONGEST = 200
MOST_CHOICES = 20
_CODE = re.compile(r"[a-z0-9_.-]{1,40}")


def asked_filters() -> Filters:
    """The filters in the address of this page."""
    return Filters(
        words=plain(request.args.get("q", "")),
        course_types=_codes("type"),
        hosts=_codes("host"),
        languages=tuple(code for code in _codes("spoken") if code in LANGUAGES),
        free_only=request.args.get("free", "") == "1",
    )


def plain(text: str) -> str:
    """One line of at most 200 characters without control characters."""
    kept = "".join(mark for mark in text[: 4 * LONGEST] if unicodedata.category(mark)[0] != "C")
    return clean_text(kept)[:LONGEST]


def _codes(name: str) -> tuple[str, ...]:
    values = request.args.getlist(name)[:MOST_CHOICES]
    return tuple(dict.fromkeys(value for value in values if _CODE.fullmatch(value)))


def as_arguments(filters: Filters) -> dict[str, list[str]]:
    """The filters as the address has them."""
    pairs = {
        "q": [filters.words] if filters.words else [],
        "type": list(filters.course_types),
        "host": list(filters.hosts),
        "spoken": list(filters.languages),
        "free": ["1"] if filters.free_only else [],
    }
    return {name: values for name, values in pairs.items() if values}


def address(arguments: dict[str, list[str]]) -> str:
    """The catalogue with these filters."""
    return url_for("catalogue.index", **arguments)  # type: ignore[arg-type]


def chips(filters: Filters, hosts: Sequence[Facet]) -> list[tuple[str, str]]:
    """The filters that are on as (word, address without it)."""
    names = {host.value: host.label for host in hosts}
    arguments = as_arguments(filters)
    found = []
    for name, values in arguments.items():
        for value in values:
            left = {**arguments, name: [other for other in values if other != value]}
            found.append((_word_for(name, value, names), address(left)))
    return found


def _word_for(name: str, value: str, hosts: dict[str, str]) -> str:
    if name == "type":
        return words.type_word(value)
    if name == "host":
        return hosts.get(value, _("A host"))
    if name == "spoken":
        return words.language_words([value])
    return _("With free seats") if name == "free" else value
