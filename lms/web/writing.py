"""Writing text that everybody can read: what is wrong with a text, said while it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from flask import Flask, Response, jsonify, url_for
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from lms.web.access import access
from lms.web.forms import Form
from lms.web.i18n import gettext
from lms.web.i18n import marked as _
from lms.web.markdown import may_link, own_key, plain, reader, render

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST_TEXT = 40_000
LONGEST_ALT = 300
EMPTY_LINKS = frozenset(
    {
        "click here",
        "here",
        "link",
        "more",
        "read more",
        "see here",
        "this",
        "this link",
        "click",
        "her",
        "klik her",
        "læs mere",
        "se her",
        "se mere",
        "tryk her",
        "dette link",
        "klicka här",
        "här",
        "läs mer",
        "länk",
        "mer",
        "mere",
        "se här",
        "tryck här",
        "den här länken",
    }
)
"""Words that say nothing of where a link leads, in the three languages."""
_BARE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w -]+\.(?:jpe?g|png|webp|gif|heic)", re.IGNORECASE)

Severity = Literal["stop", "wait"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing about a text, as a sentence for who writes it. "stop": it cannot stand so; "wait":
    it can, and would be better otherwise."""

    kind: Severity
    sentence: str


def remarks(text: str, pictures: Mapping[str, str] | None = None) -> Sequence[Remark]:
    """What is wrong with a text, in its order. `pictures` are names of the documents it may show,
    by key; None: any."""
    refused: list[str] = []
    read = reader()

    def watched(address: str) -> bool:
        fine = may_link(address)
        if not fine:
            refused.append(address)
        return fine

    read.validateLink = watched  # type: ignore[assignment, method-assign]
    tokens = read.parse(text.replace("\0", ""))
    found = [*_headings(tokens)]
    for number, picture in enumerate(_images(tokens), start=1):
        found += _of_picture(number, picture, pictures)
    for words, address in _links(tokens):
        found += _of_link(words, address, pictures)
    for address in dict.fromkeys(refused):
        found.append(
            _stop(
                _("A link or picture cannot lead to “%(address)s”. Begin it with https://."),
                address=address[:80],
            )
        )
    return found


def _stop(sentence: str, **values: object) -> Remark:
    return Remark(kind="stop", sentence=gettext(sentence, **values))


def _wait(sentence: str, **values: object) -> Remark:
    return Remark(kind="wait", sentence=gettext(sentence, **values))


def _headings(tokens: Sequence[Token]) -> Iterator[Remark]:
    before = 1
    for token, inner in pairwise(tokens):
        if token.type != "heading_open":
            continue
        level, words = int(token.tag[1:]), plain(inner.children)[:60]
        if not words.strip():
            yield _stop(_("There is a heading without words. Write some, or take it away."))
        elif level == 1:
            yield _stop(
                _(
                    "“%(words)s” is the largest heading, and the page has that already. Begin the "
                    "line with ##."
                ),
                words=words,
            )
        elif level > before + 1:
            yield _stop(
                _("Before “%(words)s” a level of headings is left out. Begin the line with %(n)s."),
                words=words,
                n="#" * (before + 1),
            )
        before = max(level, 2)


def _images(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        yield from _images(token.children or ())


def _of_picture(
    number: int, picture: Token, pictures: Mapping[str, str] | None
) -> Iterator[Remark]:
    key = own_key(str(picture.attrGet("src") or ""))
    words = plain(picture.children).strip()
    name = (pictures or {}).get(key or "", "") or words or "?"
    if key is None:
        yield _stop(
            _("Picture %(n)d (%(name)s) lies on another site. Send it here instead."),
            n=number,
            name=name[:60],
        )
    elif pictures is not None and key not in pictures:
        yield _stop(
            _("Picture %(n)d (%(name)s) is none of the pictures sent here."),
            n=number,
            name=name[:60],
        )
    if not words or _FILE_NAME.fullmatch(words):
        yield _stop(
            _(
                "Picture %(n)d (%(name)s) has no description. Write what it shows between the "
                "square brackets."
            ),
            n=number,
            name=name[:60],
        )
    elif len(words) > LONGEST_ALT:
        yield _wait(
            _("The description of picture %(n)d is long. Say the rest in the text beside it."),
            n=number,
        )


def _links(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for token in tokens:
        inner = token.children or []
        for place, opened in enumerate(inner):
            if opened.type == "link_open":
                ends = (n for n in range(place, len(inner)) if inner[n].type == "link_close")
                yield plain(inner[place + 1 : next(ends, place)]), str(opened.attrGet("href"))


def _of_link(words: str, address: str, pictures: Mapping[str, str] | None) -> Iterator[Remark]:
    said = " ".join(words.split()).strip(" .:!»«”“").casefold()
    key = own_key(address)
    if key is not None and pictures is not None and key not in pictures:
        yield _stop(_("The link “%(words)s” leads to a file that is not here."), words=words[:60])
    if not said:
        yield _stop(
            _("The link to %(address)s has no words. Write what one finds there."),
            address=address[:80],
        )
    elif said in EMPTY_LINKS:
        yield _wait(
            _("“%(words)s” does not say where the link leads. Write what one finds there."),
            words=words[:60],
        )
    elif _BARE.fullmatch(said):
        yield _wait(
            _("The link %(address)s is only an address. Write what one finds there instead."),
            address=words[:80],
        )


# --- in a form ----------------------------------------------------------------------------------


class MarkdownField(TextAreaField):
    """A field for formatted text. What must not stand is an error; `remarks` has the rest as well.

    A view that knows them sets `pictures`, the names of the documents that may be shown, by key.
    """

    pictures: Mapping[str, str] | None = None

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        most = Length(max=LONGEST_TEXT, message=_("Write at most %(max)d characters."))
        super().__init__(label, [*validators, most], **more)
        self.render_kw = {"rows": 16, "data_check": "", **(self.render_kw or {})}

    @property
    def remarks(self) -> Sequence[Remark]:
        """What is to be said of the text as it stands."""
        return remarks(self.data or "", self.pictures)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Every reason why the text cannot stand so."""
        self.errors = [
            *self.errors,
            *(remark.sentence for remark in self.remarks if remark.kind == "stop"),
        ]


class CheckForm(Form):
    """A text on its way, to be looked at and not kept."""

    text = MarkdownField("")
    place = HiddenField()


@access()
def check() -> Response:
    """The text as it would be read, and what is to be said of it, while it is written."""
    form = CheckForm()
    form.validate_on_submit()
    text = form.text.data or ""
    said = [{"kind": remark.kind, "text": remark.sentence} for remark in form.text.remarks]
    known = {remark["text"] for remark in said}
    said += [
        {"kind": "stop", "text": sentence}
        for _field, sentence in form.error_list()
        if sentence not in known
    ]
    place = form.place.data or ""
    shown = "" if form.stale else render(text[:LONGEST_TEXT], place if place.isalnum() else "")
    response = jsonify({"remarks": said, "tree": tree(str(shown))})
    response.status_code = 422 if form.stale else 200
    return response


# --- HTML as a tree, so that a page's script builds elements and never reads HTML -----------------


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Any] = []
        self._open: list[tuple[str, list[Any]]] = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: list[Any] = [tag, {name: value or "" for name, value in attrs}, []]
        self._open[-1][1].append(node)
        if tag not in ("br", "hr", "img"):
            self._open.append((tag, node[2]))

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1][1].append(data)


def tree(html: str) -> Sequence[Any]:
    """Clean HTML as [tag, attributes, children] and texts."""
    parser = _Tree()
    parser.feed(html)
    parser.close()
    return parser.root


def install(app: Flask) -> None:
    """The route that looks at a text while it is written."""
    app.add_url_rule("/writing/check", "web.check_text", check, methods=["POST"])
    app.jinja_env.globals["check_url"] = lambda: url_for("web.check_text")
