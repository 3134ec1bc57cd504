"""Text that people format themselves: Markdown becomes HTML that can do nothing but be read.

This is the one place where text is marked as safe HTML. It goes through two filters: Markdown is
read without any HTML of its own, and what comes out keeps only the elements, attributes and
addresses in the lists below. Pictures are documents of ours, `![words](file:KEY)`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    # Both filters are loaded by the first text there is to show, not with the app.
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAGS = """
    a blockquote br code em h2 h3 h4 hr img li ol p pre s strong
    table tbody td th thead tr ul
"""
TAGS = frozenset(_TAGS.split())
_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "table": {"class"},
}
_OWN = re.compile(r"/files/[a-z2-7]{16}(?:\?in=[a-z2-7]{16})?")
_FAR = re.compile(r"https?://[^\s/]|mailto:[^\s]", re.IGNORECASE)
_DOCUMENT = re.compile(r"file:([a-z2-7]{16})")
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}


def may_link(address: str) -> bool:
    """Is this an address that a text may lead to: https, http, mailto, or a document of ours?"""
    return bool(_FAR.match(address) or _DOCUMENT.fullmatch(address))


def reader() -> MarkdownIt:
    """A reader of Markdown that knows no HTML. Line breaks are kept as they are written."""
    from markdown_it import MarkdownIt

    read = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 30})
    read.enable(["table", "strikethrough"])
    read.validateLink = may_link  # type: ignore[assignment, method-assign]
    return read


@cache
def _shared_reader() -> MarkdownIt:
    return reader()


def render(text: str, place: str = "") -> Markup:
    """The text as HTML. `place` is the key of what it stands on (an activity), so that whoever may
    open that may see its pictures. Takes text of any kind; raises nothing."""
    read = _shared_reader()
    tokens = read.parse(text.replace("\0", ""))
    for token in tokens:
        _settle(token, place)
    return Markup(clean(read.renderer.render(tokens, read.options, {})))  # noqa: S704


def clean(html: str) -> str:
    """HTML with what a text may have, and nothing else. Doing it twice changes nothing."""
    import nh3

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def document_keys(text: str) -> Sequence[str]:
    """The keys of our documents that the text shows or links to, in order, each once."""
    return tuple(dict.fromkeys(_DOCUMENT.findall(text)))


def own_key(address: str) -> str | None:
    """The key in `file:KEY`; None for any other address."""
    found = _DOCUMENT.fullmatch(address)
    return found[1] if found else None


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Addresses: pictures are ours, links are far or ours. Other values: only those we write."""
    match tag, name:
        case "img", "src":
            fits = _OWN.fullmatch(value) is not None
        case "a", "href":
            fits = _OWN.fullmatch(value) is not None or _FAR.match(value) is not None
        case "table", "class":
            fits = value == "table tight"
        case "img", "loading":
            fits = value == "lazy"
        case "ol", "start":
            fits = value.isascii() and value.isdigit() and len(value) < 6
        case _:
            fits = True
    return value if fits else None


def _settle(token: Token, place: str) -> None:
    """Our own addresses, headings below that of the page, and the look of tables."""
    token.tag = _HEADINGS.get(token.tag, token.tag)
    if token.type == "table_open":
        token.attrSet("class", "table tight")
    for name in ("src", "href"):
        key = own_key(str(token.attrGet(name) or ""))
        if key is not None:
            token.attrSet(name, f"/files/{key}?in={place}" if place else f"/files/{key}")
    if token.type == "image":
        token.attrSet("loading", "lazy")
        if not str(token.attrGet("src")).startswith("/files/"):
            # A picture on another site is not fetched by our readers: its words stand for it.
            token.type, token.content = "text", plain(token.children)
    for inner in token.children or ():
        _settle(inner, place)


def install(app: Flask) -> None:
    """The filter of templates: `text|markdown(activity.key)`."""
    app.jinja_env.filters["markdown"] = render


def plain(tokens: Sequence[Token] | None) -> str:
    """The words of inline tokens, without what is around them."""
    return "".join(_words(token) for token in tokens or ())


def _words(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return plain(token.children)
    return str(token.content) if token.type in ("text", "code_inline", "text_special") else ""
