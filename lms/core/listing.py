"""Long lists come in pages: one count, one select, whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from lms.db import db, search_key

Item = TypeVar("Item")

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing(Generic[Item]):
    """One page of a list: page `number` of `pages`, counted from 1; `total` rows in all."""

    items: tuple[Item, ...]
    total: int
    number: int
    pages: int


def listed(
    statement: Select[*tuple[Any, ...]], number: int, *, size: int = PAGE_SIZE
) -> tuple[list[Any], int, int, int]:
    """Rows of one page of `statement`, the total, the page's number and the number of pages.

    A page after the last one is the last one. Two queries.
    """
    total: int = db.session.execute(
        select(func.count()).select_from(statement.order_by(None).subquery())
    ).scalar_one()
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    rows = db.session.execute(statement.limit(size).offset((number - 1) * size)).all()
    return list(rows), total, number, pages


def all_words_in(column: ColumnElement[str] | Any, text: str) -> ColumnElement[bool]:
    """Every word of `text` occurs in a column of search keys; nothing asked matches all. A NUL,
    which PostgreSQL does not take, ends a word."""
    words = search_key(text.replace("\0", " ")).split()[:8]
    return and_(true(), *(column.contains(word, autoescape=True) for word in words))
