"""Every word in Danish and Swedish: catalogues whole, placeholders kept, sentences easy to read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Message
from flask import Flask

from lms.web.i18n import core_domain, set_language
from scripts.translations import KEYWORDS, LANGUAGES, ROOT, extracted, lacking, owners, read, texts

pytestmark = pytest.mark.once

OWNERS = {owner.domain: owner for owner in owners()}
PAIRS = [(domain, language) for domain in OWNERS for language in LANGUAGES]
each = pytest.mark.parametrize(("domain", "language"), PAIRS)

COUNTING = {name for name, places in KEYWORDS.items() if places == (1, 2)} | {"form_for"}

MOST_LIX = 45
LONG_WORD = 6
"""LIX counts words of more letters than this (C.-H. Björnsson, Läsbarhet, 1968)."""
FEWEST_WORDS = 9
"""Shorter texts have no readability to measure."""

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%")
FULL_STOP = re.compile(r"[.:?;](?:\s|$)")
WORD = re.compile(r"[^\W\d_][\w’-]*")
ENGLISH = re.compile(
    r"\b(?:the|of|your|with|this|which|who|what|when|they|from|been|are|is)\b", re.IGNORECASE
)

SPELT_ALIKE = {
    "da": {
        "administration",
        "e-mail",
        "links",
        "browser",
        "cookies",
        "for",
        "job",
        "journal",
        "log",
        "mail",
        "mails",
        "material",
        "ms",
        "note",
        "organisation",
        "person",
        "plugin",
        "plugins",
        "position",
        "problem",
        "workshops",
        "finland",
        "åland",
        "version",
    },
    "sv": {
        "administration",
        "journal",
        "material",
        "ms",
        "organisation",
        "person",
        "position",
        "problem",
        "finland",
        "åland",
        "version",
    },
}
"""Words that are the same word in English."""


@cache
def holes(domain: str, language: str) -> tuple[str, ...]:
    owner = OWNERS[domain]
    return tuple(lacking(owner, language, extracted(owner)))


def said(message: Message) -> tuple[str, ...]:
    """The English forms: one, or two."""
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


@cache
def pairs(domain: str, language: str) -> tuple[tuple[str, str], ...]:
    """Each form of each message, in English and as translated."""
    catalogue = read(OWNERS[domain], language)
    return tuple(
        pair
        for message in catalogue
        if message.id
        for pair in zip(said(message), texts(message), strict=True)
    )


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def plain(text: str) -> str:
    return PLACEHOLDER.sub(" ", text)


def alike_in(language: str, text: str) -> bool:
    """Is this the right word although English has the same?"""
    return {word.casefold() for word in WORD.findall(plain(text))} <= SPELT_ALIKE[language]


def lix(text: str) -> float:
    """Words to a sentence, and the share of long words in percent, added."""
    words = WORD.findall(plain(text))
    sentences = max(1, len(FULL_STOP.findall(text)))
    return len(words) / sentences + 100 * sum(len(w) > LONG_WORD for w in words) / len(words)


@each
def test_the_catalogue_holds_what_is_said_and_nothing_else(domain: str, language: str) -> None:
    assert not holes(domain, language), "make messages, then translate what is empty"


@each
def test_placeholders_are_the_same(domain: str, language: str) -> None:
    wrong = [
        (english, text)
        for english, text in pairs(domain, language)
        if placeholders(english) != placeholders(text)
    ]
    assert not wrong


@each
def test_spaces_at_the_ends_are_kept(domain: str, language: str) -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert not [pair for pair in pairs(domain, language) if ends(pair[0]) != ends(pair[1])]


@each
def test_no_english_is_left(domain: str, language: str) -> None:
    alike = [
        text
        for english, text in pairs(domain, language)
        if english == text and not alike_in(language, text)
    ]
    assert not alike
    assert not [text for _, text in pairs(domain, language) if ENGLISH.search(plain(text))]


@each
def test_the_tone_is_calm(domain: str, language: str) -> None:
    loud = re.compile(r"!|desværre|tyvärr", re.IGNORECASE)
    assert not [text for _, text in pairs(domain, language) if loud.search(text)]


@pytest.mark.parametrize("domain", OWNERS)
def test_danish_is_easy_to_read(domain: str) -> None:
    hard = [
        (round(lix(text)), text)
        for _, text in pairs(domain, "da")
        if len(WORD.findall(plain(text))) >= FEWEST_WORDS and lix(text) > MOST_LIX
    ]
    assert not hard


def test_counted_messages_stand_where_they_are_counted() -> None:
    """A form that is marked elsewhere is extracted alone, and its plural is never found."""
    wrong = []
    for owner in OWNERS.values():
        for path in owner.package.rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            wrong += [f"{path.relative_to(ROOT)}:{line}" for line in loose_counts(tree)]
    assert not wrong


def loose_counts(node: ast.AST) -> Iterator[int]:
    """Lines that count with forms the reader of the code cannot see."""
    if isinstance(node, ast.FunctionDef) and node.name.endswith(tuple(COUNTING)):
        return
    if isinstance(node, ast.Call) and not all(
        isinstance(form, ast.Constant) for form in counted(node)
    ):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from loose_counts(child)


def counted(call: ast.Call) -> list[ast.expr]:
    """The two forms a call counts with; none when it does not count."""
    return call.args[:2] if name_of(call.func) in COUNTING else []


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_english_counts_without_a_catalogue() -> None:
    app = Flask(__name__)
    app.config["LANGUAGE"] = "da"
    with app.app_context():
        set_language("en")
        one, many = "%(n)d seat of %(all)d", "%(n)d seats of %(all)d"
        assert core_domain.ngettext(one, many, 1, all=2) == "1 seat of 2"
        assert core_domain.ngettext(one, many, 0, all=2) == "0 seats of 2"
        assert core_domain.form_for(one, many, 5) == many
