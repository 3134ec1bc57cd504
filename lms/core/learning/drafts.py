"""Two people (or two tabs) write one draft: what each changed, and what both changed.

A form remembers what it showed, as a fingerprint of each field. When the draft was saved by
somebody else meanwhile, a field that only they changed takes their text, a field that only the
reader changed keeps the reader's, and where both wrote, both texts are shown with the difference.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wtforms import Field, HiddenField

from lms.web.forms import Form

Part = tuple[Literal["same", "gone", "new"], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """A field that both wrote: their text, the reader's, and the way from the one to the other."""

    field: str
    label: str
    theirs: str
    yours: str
    parts: Sequence[Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meanwhile:
    """What somebody else saved while the form was open: the fields that took their text, as (id,
    name), and those where both wrote."""

    taken: Sequence[tuple[str, str]]
    clashes: Sequence[Clash]


class DraftForm(Form):
    """Base of the forms that write a part of a draft. Fill it with `shown(values, revision)`."""

    revision = HiddenField()
    seen = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision that the page showed; 0 when the page does not say, which fits none."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def meet(self, current: Mapping[str, Any], revision: int) -> Meanwhile:
        """Bring in what the draft holds now (`current`, by field name), and go on from there:
        sending the form once more saves it as it then stands."""
        seen = self._seen()
        taken, clashes = [], []
        for name, value in current.items():
            if name not in self or seen.get(name, "") == fingerprint(value):
                continue
            field = self[name]
            if fingerprint(field.data) == fingerprint(value):
                continue
            if fingerprint(field.data) == seen.get(name, ""):
                field.data = value
                taken.append((field.id, self.name_of(field)))
            else:
                clashes.append(_clash(field, self.name_of(field), value))
        self.revision.data = str(revision)
        self.seen.data = fingerprints(current)
        return Meanwhile(taken=taken, clashes=clashes)

    def others_changed(self, current: Mapping[str, Any]) -> bool:
        """Has somebody else changed what this form writes?"""
        seen = self._seen()
        return any(seen.get(name, "") != fingerprint(value) for name, value in current.items())

    def name_of(self, field: Field) -> str:
        """What a field is called where it stands alone."""
        return str(field.label.text)

    def _seen(self) -> Mapping[str, str]:
        try:
            found = json.loads(self.seen.data or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def shown(values: Mapping[str, Any], revision: int) -> dict[str, Any]:
    """What a `DraftForm` is made with."""
    return {**values, "revision": str(revision), "seen": fingerprints(values)}


def fingerprints(values: Mapping[str, Any]) -> str:
    """The hidden field that remembers what was shown."""
    return json.dumps({name: fingerprint(value) for name, value in values.items()})


def fingerprint(value: Any) -> str:
    """A few letters that differ when the text does; nothing and the empty text are the same."""
    plain = _plain(value)
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if plain else ""


def difference(old: str, new: str) -> list[Part]:
    """How `new` differs from `old`, word by word, in reading order."""
    before, after = _words(old), _words(new)
    parts: list[Part] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(before[i:j])))
            continue
        if i < j:
            parts.append(("gone", "".join(before[i:j])))
        if k < m:
            parts.append(("new", "".join(after[k:m])))
    return parts


MOST_WORDS = 4000


def _words(text: str) -> list[str]:
    words = re.findall(r"\s+|\S+", text)
    # A very long text is compared line by line, so that nobody waits for it.
    return words if len(words) <= MOST_WORDS else text.splitlines(keepends=True)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(sorted(str(each) for each in value))
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def _clash(field: Field, name: str, value: Any) -> Clash:
    theirs, yours = in_words(field, value), in_words(field, field.data)
    return Clash(
        field=field.id,
        label=name,
        theirs=theirs,
        yours=yours,
        parts=difference(theirs, yours),
    )


def in_words(field: Field, value: Any) -> str:
    """A value as the field's choices call it."""
    if hasattr(field, "iter_choices"):
        chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(
            str(label) for key, label, *_rest in field.iter_choices() if str(key) in chosen
        )
    return _plain(value)
