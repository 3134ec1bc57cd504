"""What a page holds, read as a browser reads it: forms, links, tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

HERE = "http://localhost"

TYPED = frozenset({"text", "email", "search", "tel", "date", "number", "url", "textarea"})
"""Kinds of fields that people write in."""


@dataclass
class Field:
    """One field as the page prints it. `choices` are the values one can pick."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    required: bool = False


@dataclass
class FormOnPage:
    """A form: where it goes, how, and its fields by name."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self) -> dict[str, str]:
        """What the page has in its fields; where one is needed and empty, something that fits."""
        return {
            name: one.value or (_fitting(one) if one.required or one.choices else "")
            for name, one in self.fields.items()
            if name != "csrf_token" and one.kind != "file"
        } | dict(self.buttons[:1])


def _fitting(one: Field) -> str:
    if one.choices:
        return next((choice for choice in one.choices if choice), "")
    samples = {
        "email": "ny.medarbejder@proevelev.example",
        "date": "2030-04-14",
        "number": "1",
        "password": "fire rolige heste løber",
        "checkbox": "y",
        "text": "Noget nyt",
        "textarea": "Noget nyt",
    }
    return samples.get(one.kind, "")


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, html: str, url: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.forms: list[FormOnPage] = []
        self.tags: list[tuple[str, Mapping[str, str]]] = []
        self._form: FormOnPage | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(html)
        self.close()

    @property
    def language(self) -> str:
        """The `lang` of the page."""
        return next(
            (attributes.get("lang", "") for tag, attributes in self.tags if tag == "html"), ""
        )

    def addresses(self) -> list[str]:
        """Whatever the page points at."""
        names = ("href", "src", "srcset", "action", "formaction", "data", "poster")
        return [
            attributes[name]
            for _tag, attributes in self.tags
            for name in names
            if name in attributes
        ]

    def field_named(self, name: str, action: str = "") -> Field | None:
        """The field of this name, in the form with this action when it is given."""
        for form in self.forms:
            if (not action or form.action == action) and name in form.fields:
                return form.fields[name]
        return None

    # --- reading --------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "form":
            action = attributes.get("action") or self.url
            whole = urljoin(f"{HERE}{self.url}", action)
            if not whole.startswith(f"{HERE}//"):
                whole = whole.removeprefix(HERE)
            self._form = FormOnPage(whole, attributes.get("method", "get").upper())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(attributes)
        elif tag == "button" and attributes.get("name"):
            self._form.buttons.append((attributes["name"], attributes.get("value", "")))
        elif tag == "select" and attributes.get("name"):
            self._select = self._add(attributes, "select")
        elif tag == "option" and self._select is not None:
            value = attributes.get("value", "")
            self._select.choices.append(value)
            if "selected" in attributes:
                self._select.value = value
        elif tag == "textarea" and attributes.get("name"):
            self._area = self._add(attributes, "textarea")

    def _input(self, attributes: Mapping[str, str]) -> None:
        kind, name = attributes.get("type", "text"), attributes.get("name", "")
        if not name or kind in ("submit", "button", "image", "reset"):
            if name and self._form:
                self._form.buttons.append((name, attributes.get("value", "")))
            return
        one = self._add(attributes, kind)
        value = attributes.get("value", "")
        if kind in ("radio", "checkbox"):
            one.choices.append(value or "on")
            if "checked" in attributes:
                one.value = value or "on"
        else:
            one.value = value

    def _add(self, attributes: Mapping[str, str], kind: str) -> Field:
        assert self._form is not None
        name = attributes["name"]
        one = self._form.fields.setdefault(name, Field(name, kind))
        one.required = one.required or "required" in attributes
        return one

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            if self._area is not None:
                # A browser drops one line break right after the start tag.
                self._area.value = self._area.value.replace("\r\n", "\n").removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
