"""The pager under a long list: addresses of the pages before and after this one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for


@dataclass(frozen=True, slots=True)
class Pager:
    """What the part `pager` draws."""

    number: int
    pages: int
    previous_url: str | None
    next_url: str | None


def asked_page() -> int:
    """The page asked for as `?page=`, 1 when it is missing or no sensible number."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def pager(number: int, pages: int) -> Pager:
    """The pager of the page being drawn; everything else in its address is kept."""
    return Pager(
        number,
        pages,
        _url(number - 1) if number > 1 else None,
        _url(number + 1) if number < pages else None,
    )


def _url(number: int) -> str:
    return here_with(page=str(number))


def here_with(**changed: str) -> str:
    """The address of the page being drawn, with some arguments changed and all others kept.

    Arguments are quoted here and not handed to `url_for`, where some names mean something else.
    """
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{path}?{urlencode([*kept, *changed.items()])}"
