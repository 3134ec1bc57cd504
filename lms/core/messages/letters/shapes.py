"""A letter as plain values, and the addresses in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from lms.contracts import CourseSessionFacts
from lms.core.enrolment.queries import Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a digest: what happened, a word beside it, and where it leads."""

    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Lines under a heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What to put into the reader's calendar (`method` REQUEST) or take out of it (CANCEL)."""

    method: str
    row: Row
    sessions: Sequence[CourseSessionFacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail: `press` and `other` are (label, address) and lead to pages that ask first.

    `own_words` names the organisation that may have words of its own for this kind, and
    `placeholders` what its words may be filled with.
    """

    subject: str
    paragraphs: tuple[str, ...] = ()
    warm: str = ""
    facts: tuple[tuple[str, str | None], ...] = ()
    sections: tuple[Section, ...] = ()
    press: tuple[str, str] | None = None
    other: tuple[str, str] | None = None
    small: str = ""
    why: str = ""
    entry: Entry | None = None
    own_words: int | None = None
    placeholders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """Whom a letter goes to and what it is about."""

    person_id: int
    subject_id: int | None
    values: Mapping[str, Any]
    mail_id: int = 0
    name: str = ""
    since: datetime | None = None


def address(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, from the public address alone: no header can bend it."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(public.netloc, public.path or "/", url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True)


def in_language(url: str, code: str) -> str:
    """An address of this site that opens in the reader's language; others stay as they are."""
    public, parts = urlsplit(current_app.config["PUBLIC_URL"]), urlsplit(url)
    if (parts.scheme, parts.netloc) != (public.scheme, public.netloc) or "lang=" in parts.query:
        return url
    query = f"{parts.query}&lang={code}" if parts.query else f"lang={code}"
    return parts._replace(query=query).geturl()
