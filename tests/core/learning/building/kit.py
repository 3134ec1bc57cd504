"""What the tests of building courses share: who builds, what a form holds, and how it is sent."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from lms.contracts import Actor

FIELD = re.compile(
    r"<(?P<one>input)\b(?P<alone>[^>]*)>"
    r"|<(?P<two>textarea|select)\b(?P<opening>[^>]*)>(?P<inside>.*?)</(?P=two)>",
    re.DOTALL,
)


def actor_of(person, *organisations, permissions=("catalogue.build", "catalogue.manage")) -> Actor:
    """Somebody who builds and approves in these organisations."""
    held = frozenset(organisation.id for organisation in organisations)
    return Actor(
        person_id=person.id,
        person_key=person.key,
        name=person.name,
        permissions=dict.fromkeys(permissions, held),
    )


def attribute(text: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', text)
    return html.unescape(found.group(1)) if found else None


def fields_of(page: str, action: str = "") -> dict[str, Any]:
    """What the form of a page would send as it stands; lists for what is ticked."""
    start = page.index('<main id="main"')
    forms = re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", page[start:], re.DOTALL)
    form = next(text for text in forms if action in text[: text.index(">")])
    found: dict[str, Any] = {}
    for match in FIELD.finditer(form):
        tag, inside = match["one"] or match["two"], match["inside"] or ""
        attributes = match["alone"] or match["opening"] or ""
        name, kind = attribute(attributes, "name"), attribute(attributes, "type")
        if not name:
            continue
        if tag == "textarea":
            found[name] = html.unescape(inside).removeprefix("\r\n").removeprefix("\n")
        elif tag == "select":
            every = re.findall(r"<option\b[^>]*>", inside)
            chosen = next((o for o in every if " selected" in o), every[0] if every else "")
            found[name] = attribute(chosen, "value") or ""
        elif kind == "radio":
            if " checked" in attributes:
                found[name] = attribute(attributes, "value")
        elif kind == "checkbox":
            if " checked" in attributes:
                found.setdefault(name, []).append(attribute(attributes, "value"))
        else:
            found[name] = attribute(attributes, "value") or ""
    return found


def send(client, url: str, values: Mapping[str, Any] | None = None, /, **changes: Any) -> Any:
    """Open a page, fill in some fields of its form, and send it."""
    if values is None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        values = fields_of(answer.get_data(as_text=True))
    filled = {**values, **changes}
    return client.post(url, data={k: v for k, v in filled.items() if v is not None})


def text_of(answer: Any) -> str:
    """A page as text."""
    text: str = answer.get_data(as_text=True)
    return text
