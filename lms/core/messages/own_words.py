"""Words of an organisation's own: text with `{word}` from a closed list, and nothing else.

There is no template language: a brace that is not part of a known word is a mistake, told as such.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from lms.web.i18n import gettext as _

_BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
_NEAR = 12


def problems(text: str, words: Collection[str]) -> Sequence[str]:
    """What is wrong with the braces in `text`, as sentences; each mistake once."""
    found: dict[str, None] = {}
    known = ", ".join(f"{{{word}}}" for word in words)
    for match in _BRACES.finditer(text):
        word = match[1]
        if word is None:
            near = text[max(match.start() - _NEAR, 0) : match.end() + _NEAR].strip()
            sentence = _(
                "A brace stands alone near “%(near)s”. Write {word} with both braces.", near=near
            )
        elif word not in words:
            sentence = _(
                "This mail does not know %(word)s. It knows %(known)s.",
                word=f"{{{word}}}",
                known=known,
            )
        else:
            continue
        found.setdefault(sentence)
    return tuple(found)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its words filled in, once: what a value says is never read again."""
    return _BRACES.sub(
        lambda match: values.get(match[1], match[0]) if match[1] is not None else match[0], text
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def uses(text: str, word: str) -> bool:
    """Does the text hold this word in braces?"""
    return any(match[1] == word for match in _BRACES.finditer(text))
