"""The pager under a long list: addresses of the pages before and after this one."""

from __future__ import annotations

from dataclasses import dataclass

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
    kept = {name: request.args.getlist(name) for name in request.args if name != "page"}
    values = kept | {"page": [str(number)]} | (request.view_args or {})
    return url_for(str(request.endpoint), _external=False, **values)
