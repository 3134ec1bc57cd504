"""Compile the translation catalogues: ``python scripts/compile_translations.py``.

Reads ``lms/translations/<language>/LC_MESSAGES/*.po`` and the same below each
``plugins/<name>/lms_<name>/``; writes the ``.mo`` beside each, when it is older.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PATTERNS = (
    "lms/translations/*/LC_MESSAGES/*.po",
    "plugins/*/lms_*/translations/*/LC_MESSAGES/*.po",
)


def catalogues(root: Path) -> list[Path]:
    """Every ``.po`` file of the core and of the bundled plugins, in a steady order."""
    return sorted(path for pattern in PATTERNS for path in root.glob(pattern))


def compile_one(po: Path) -> bool:
    """Write the ``.mo`` of one ``.po``; False when it was up to date already.

    The file is written aside and moved into place, for a running server may be reading the
    old one. Raises ``ValueError`` with the file's name when the catalogue cannot be read.
    """
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
        return False
    language = po.parent.parent.name
    with po.open("rb") as source:
        try:
            catalogue = read_po(source, locale=language, domain=po.stem, abort_invalid=True)
        except Exception as error:
            raise ValueError(f"{po}: {error}") from error
    handle, name = tempfile.mkstemp(dir=po.parent, prefix=f".{po.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as target:
            write_mo(target, catalogue)
        temporary = Path(name)
        temporary.chmod(0o644)
        temporary.replace(mo)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def compile_all(root: Path) -> tuple[int, int]:
    """Compile what is out of date below ``root``; returns (written, found)."""
    found = catalogues(root)
    return sum(compile_one(po) for po in found), len(found)


def main() -> int:
    """Compile below the repository this script lies in."""
    written, found = compile_all(Path(__file__).resolve().parent.parent)
    print(f"Translations: {written} of {found} catalogues compiled.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
