"""Gather messages and bring the catalogues up to date: ``python scripts/translations.py``.

Reads the code and templates of the core and of every bundled plugin, as ``babel.cfg`` says, and
rewrites each ``translations/<language>/LC_MESSAGES/<domain>.po``: new messages come in empty, those
that nobody says any more go. Then translate what is empty and run ``compile_translations.py``.
``--check`` writes nothing and says what is missing; the exit code is 1 when anything is.
English needs no catalogue, for the messages are English.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("da", "sv")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "marked": None,
    "marked_plural": (1, 2),
    "counted": (1, 2),
    "DataPolicy": (2,),
}
"""What gettext knows, and our own: each takes a message, or the two forms of a counted one. A data
policy says its table first and then its purpose, which stands on the page of personal data."""

HEADERS_THAT_CHURN = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Whose messages: a domain and the package they are said in."""

    domain: str
    package: Path

    def po(self, language: str) -> Path:
        """The catalogue of one language."""
        return self.package / "translations" / language / "LC_MESSAGES" / f"{self.domain}.po"


def owners(root: Path = ROOT) -> list[Owner]:
    """The core first, then the bundled plugins by name."""
    plugins = sorted(path for path in root.glob("plugins/*/lms_*") if path.is_dir())
    return [
        Owner(domain="lms", package=root / "lms"),
        *(Owner(domain=path.parent.name, package=path) for path in plugins),
    ]


def extracted(owner: Owner, root: Path = ROOT) -> Catalog:
    """Every message the owner's code and templates say, with the files that say it.

    Raises what the reader of a file raises when the file cannot be read as code or template.
    """
    with (root / "babel.cfg").open(encoding="utf-8") as source:
        method_map, options_map = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    template = Catalog(domain=owner.domain, charset="utf-8")
    found = extract_from_dir(
        owner.package, method_map=method_map, options_map=options_map, keywords=KEYWORDS
    )
    # In an order of their own: that of a folder is another one on each machine.
    for name, line, message, comments, context in sorted(found, key=_place):
        template.add(
            message,
            None,
            [(name.replace("\\", "/"), line)],
            auto_comments=comments,
            context=context,
        )
    return template


def _place(one: tuple[Any, ...]) -> tuple[str, int, str]:
    name, line, message, *_more = one
    return name.replace("\\", "/"), line, str(message)


def read(owner: Owner, language: str) -> Catalog:
    """The catalogue as it lies there; an empty one when there is none yet."""
    po = owner.po(language)
    if not po.exists():
        return Catalog(locale=language, domain=owner.domain, charset="utf-8")
    with po.open("rb") as source:
        return read_po(source, locale=language, domain=owner.domain, abort_invalid=True)


def texts(message: Message) -> tuple[str, ...]:
    """The translation's forms: one, or one for each plural form."""
    found = message.string
    return tuple(found) if isinstance(found, (list, tuple)) else (found or "",)


def is_open(message: Message) -> bool:
    """Is anything of it empty or only guessed at?"""
    return message.fuzzy or not all(texts(message))


def lacking(owner: Owner, language: str, template: Catalog) -> list[str]:
    """What keeps a catalogue from being whole, a line each."""
    catalogue = read(owner, language)
    said = {message.id for message in template if message.id}
    held = {message.id: message for message in catalogue if message.id}
    where = f"{owner.domain} {language}"
    return [
        *(f"{where}: not in the catalogue: {id_!r}" for id_ in said if id_ not in held),
        *(f"{where}: nobody says it any more: {id_!r}" for id_ in held if id_ not in said),
        *(f"{where}: not translated: {id_!r}" for id_, m in held.items() if is_open(m)),
    ]


def written(catalogue: Catalog) -> bytes:
    """The file's content: steady from run to run, so that a difference is a difference in words."""
    for message in catalogue:
        message.locations.sort()  # else in the order in which folders happen to be walked
    target = io.BytesIO()
    write_po(
        target, catalogue, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    lines = target.getvalue().decode("utf-8").splitlines(keepends=True)
    kept = [
        line for line in lines if not line.startswith(tuple(f'"{h}' for h in HEADERS_THAT_CHURN))
    ]
    return "".join(kept).encode("utf-8")


def update(owner: Owner, language: str, template: Catalog) -> int:
    """Rewrite one catalogue; returns how many messages wait for a translation."""
    catalogue = read(owner, language)
    catalogue.project, catalogue.version = "samspil", "1"
    catalogue.header_comment = f"# {owner.domain}: {language}"
    catalogue.fuzzy = False
    catalogue.update(template, no_fuzzy_matching=True)
    po = owner.po(language)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(written(catalogue))
    return sum(is_open(message) for message in catalogue if message.id)


def main(arguments: list[str]) -> int:
    """Update every catalogue, or say what they lack."""
    problems = []
    for owner in owners():
        template = extracted(owner)
        for language in LANGUAGES:
            if "--check" in arguments:
                problems += lacking(owner, language, template)
            else:
                waiting = update(owner, language, template)
                print(
                    f"{owner.domain} {language}: {len(template)} messages, {waiting} to translate."
                )
    print("\n".join(problems) or "Catalogues read.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
