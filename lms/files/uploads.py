"""Files that people send: taken when bytes, name and declared type agree and nothing in them does
harm; pictures are written anew. What is not taken is refused with a sentence that says what to do.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection
from dataclasses import dataclass

from lms.files import apart, names, office
from lms.files import upload_words as words
from lms.files.kinds import (
    ENDINGS,
    KINDS,
    MACROS,
    PICTURES,
    RUNS,
    Foreign,
    Kind,
    foreign,
    looks_like,
)
from lms.files.upload_words import UploadRefused

__all__ = [
    "MOST_BYTES",
    "MOST_PIXELS",
    "PICTURES",
    "Accepted",
    "UploadRefused",
    "accept",
]

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_PIXELS = 40_000_000
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_NO_TEXT = [chr(code) for code in (*range(9), 11, *range(14, 27), *range(28, 32))]
_WRITTEN_AS = {
    "png": ("PNG", "PNG", "png", "image/png"),
    "jpeg": ("JPEG", "JPEG", "jpg", "image/jpeg"),
    "webp": ("WEBP", "WEBP", "webp", "image/webp"),
    "gif": ("GIF", "PNG", "png", "image/png"),
}
"""By kind: how it is read, how it is written, and the ending and type it has then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A file as it may be stored: bytes, the type it is served as, and a name that harms nobody.

    `kind` is a key of `lms.files.kinds.KINDS`. Pictures are in pixels `width` by `height`; other
    files have 0. A video or sound is kept as it came, with whatever its maker wrote into it.
    """

    data: bytes
    media_type: str
    file_name: str
    kind: str
    width: int = 0
    height: int = 0


def accept(
    data: bytes,
    file_name: str,
    declared_type: str = "",
    *,
    kinds: Collection[str] = tuple(KINDS),
    longest_side: int = 0,
) -> Accepted:
    """The file as it may be stored; raises `UploadRefused` when it may not.

    `declared_type` is what the browser calls it. `kinds` are those taken here; a picture larger
    than `longest_side` pixels (0: any) is made smaller. Takes some tenths of a second for a
    picture, up to 20 s for one that was made to be heavy: call it outside any transaction.
    """
    if not data:
        raise words.empty()
    if len(data) > MOST_BYTES:
        raise words.too_large(MOST_BYTES // MEGABYTE)
    name = names.clean(file_name)
    if not name:
        raise words.no_name()
    kind = _kind_of(data, name, kinds)
    if not kind.is_called(declared_type) or not looks_like(kind, data):
        raise words.not_what_it_says()
    if data.lstrip()[: len(_EICAR)] == _EICAR:
        raise words.virus()
    match kind.family:
        case "office":
            office.look_into(kind, data)
        case "pdf":
            _check_pdf(data)
        case "text":
            data = _checked_text(data, kind)
        case "picture":
            return _picture(data, name, kind, longest_side)
        case "sound":
            _check_sound(data)
    return Accepted(data=data, media_type=kind.media_type, file_name=name, kind=kind.key)


def endings_of(kinds: Collection[str]) -> list[str]:
    """The endings of these kinds with their dots, for a sentence and for a file field."""
    return [f".{ending}" for ending, kind in ENDINGS.items() if kind.key in kinds]


def _kind_of(data: bytes, name: str, kinds: Collection[str]) -> Kind:
    found = names.endings(name)
    last = found[-1] if found else ""
    what = foreign(data)
    if last in MACROS:
        raise words.macros()
    if what is not None:
        raise _refusal_of(what)
    kind = ENDINGS.get(last)
    if kind is None or kind.key not in kinds:
        if last in ("zip", "rar", "7z", "gz", "tar"):
            raise words.archive()
        raise words.other_kind(", ".join(endings_of(kinds)))
    if RUNS.intersection(found[:-1]):
        raise words.two_endings()
    return kind


def _refusal_of(what: Foreign) -> UploadRefused:
    return {
        "heic": words.heic,
        "svg": words.svg,
        "old_office": words.old_office,
        "archive": words.archive,
        "program": words.not_what_it_says,
        "html": words.not_what_it_says,
    }[what]()


def _check_pdf(data: bytes) -> None:
    """Is the end there? Whether each page can be drawn is found out in a job."""
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        raise words.broken()


def _checked_text(data: bytes, kind: Kind) -> bytes:
    """The text in UTF-8; a table from elsewhere gets the mark that spreadsheet programs look
    for."""
    if any(looks_like(other, data) for other in KINDS.values() if other.family != "text"):
        raise words.not_what_it_says()
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise words.not_what_it_says() from None
    if any(sign in text for sign in _NO_TEXT):
        raise words.not_what_it_says()
    written = text.encode()
    return written if written == data or kind.key != "csv" else text.encode("utf-8-sig")


def _check_sound(data: bytes) -> None:
    if len(data) < 128:
        raise words.broken()


def _picture(data: bytes, name: str, kind: Kind, longest_side: int) -> Accepted:
    read_as, write_as, ending, media_type = _WRITTEN_AS[kind.key]
    wishes = {"format": read_as, "as": write_as, "pixels": MOST_PIXELS, "side": longest_side}
    try:
        ((facts, body),) = apart.look("picture", data, wishes)
    except apart.TooHeavy as error:
        raise words.too_heavy() from error
    except apart.Unreadable as error:
        raise {
            "pixels": words.too_many_pixels(MOST_PIXELS // 1_000_000),
            "moving": words.moving(),
            "memory": words.too_heavy(),
        }.get(error.code, words.broken()) from error
    kept = name if name.rpartition(".")[2] in KINDS[kind.key].endings else ""
    if kind.key == "gif" or not kept:
        name = names.with_ending(name, ending)
    return Accepted(
        data=body,
        media_type=media_type,
        file_name=name,
        kind=kind.key,
        width=facts["width"],
        height=facts["height"],
    )
