"""The kinds of files people may send, told by their first bytes, their name and their sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["pdf", "office", "text", "picture", "sound"]

UNKNOWN_TYPES = ("", "application/octet-stream", "binary/octet-stream")
"""What a browser says that does not know."""

_ZIPPED = ("application/zip", "application/x-zip-compressed")
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of file: its endings, the type it is served as, and what browsers call it.

    `heart` is the entry that an office file of this kind must have.
    """

    key: str
    family: Family
    endings: tuple[str, ...]
    media_type: str
    also_called: tuple[str, ...] = ()
    heart: str = ""

    def is_called(self, declared: str) -> bool:
        """May a browser call a file of this kind so?"""
        name = declared.partition(";")[0].strip().lower()
        return name in (self.media_type, *self.also_called, *UNKNOWN_TYPES)


def _office(key: str, media_type: str, heart: str) -> Kind:
    return Kind(
        key=key,
        family="office",
        endings=(key,),
        media_type=media_type,
        also_called=_ZIPPED,
        heart=heart,
    )


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            key="pdf",
            family="pdf",
            endings=("pdf",),
            media_type="application/pdf",
            also_called=("application/x-pdf",),
        ),
        _office("docx", f"{_OPEN_XML}wordprocessingml.document", "word/document.xml"),
        _office("xlsx", f"{_OPEN_XML}spreadsheetml.sheet", "xl/workbook.xml"),
        _office("pptx", f"{_OPEN_XML}presentationml.presentation", "ppt/presentation.xml"),
        _office("odt", f"{_ODF}text", "content.xml"),
        _office("ods", f"{_ODF}spreadsheet", "content.xml"),
        _office("odp", f"{_ODF}presentation", "content.xml"),
        Kind(key="txt", family="text", endings=("txt",), media_type="text/plain"),
        Kind(
            key="csv",
            family="text",
            endings=("csv",),
            media_type="text/csv",
            also_called=("text/plain", "application/csv", "application/vnd.ms-excel"),
        ),
        Kind(
            key="md",
            family="text",
            endings=("md", "markdown"),
            media_type="text/markdown",
            also_called=("text/plain", "text/x-markdown"),
        ),
        Kind(
            key="png",
            family="picture",
            endings=("png",),
            media_type="image/png",
            also_called=("image/x-png",),
        ),
        Kind(
            key="jpeg",
            family="picture",
            endings=("jpg", "jpeg", "jpe", "jfif"),
            media_type="image/jpeg",
            also_called=("image/jpg", "image/pjpeg"),
        ),
        Kind(key="webp", family="picture", endings=("webp",), media_type="image/webp"),
        Kind(key="gif", family="picture", endings=("gif",), media_type="image/gif"),
        Kind(
            key="mp3",
            family="sound",
            endings=("mp3",),
            media_type="audio/mpeg",
            also_called=("audio/mp3", "audio/x-mp3", "audio/x-mpeg"),
        ),
        Kind(
            key="m4a",
            family="sound",
            endings=("m4a",),
            media_type="audio/mp4",
            also_called=("audio/x-m4a", "audio/m4a", "audio/aac", "video/mp4"),
        ),
        Kind(
            key="mp4",
            family="sound",
            endings=("mp4", "m4v"),
            media_type="video/mp4",
            also_called=("video/x-m4v", "audio/mp4", "application/mp4"),
        ),
        Kind(
            key="webm",
            family="sound",
            endings=("webm",),
            media_type="video/webm",
            also_called=("audio/webm",),
        ),
    )
}
"""Every kind that is taken, by key."""

ENDINGS: Mapping[str, Kind] = {e: kind for kind in KINDS.values() for e in kind.endings}

PICTURES = frozenset(key for key, kind in KINDS.items() if kind.family == "picture")
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
"""Types of pictures that we have written ourselves, and that a page may show."""

_RUNS = """
    app bat cmd com cpl dll docm dotm exe hta htm html jar js jse lnk
    mjs msi msix php pif potm ppam ppsm pptm ps1 py reg scr sh
    shtml svg svgz swf url vb vbe vbs wsf wsh xhtml xlam xlsm xltm xml xsl
"""
RUNS = frozenset(_RUNS.split())
"""Endings of what runs or can hold something that runs, wherever in a name they stand."""

MACROS = frozenset(
    ("docm", "dotm", "potm", "ppam", "ppsm", "pptm", "xlam", "xlsm", "xltm"),
)
_MP4_BRANDS = frozenset(
    b"3gp4 3gp5 3gp6 avc1 dash iso2 iso3 iso4 iso5 iso6 isom mmp4 mp41 mp42 MSNV".split()
) | {b"M4V "}
_M4A_BRANDS = frozenset({b"M4A ", b"M4B "})
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)

_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<script", b"<?php", b"<!--", b"<iframe")

Foreign = Literal["heic", "svg", "old_office", "archive", "program", "html"]


def foreign(data: bytes) -> Foreign | None:
    """What is known and not taken, told by the first bytes; None for anything else."""
    head = data[:512]
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "svg"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old_office"
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        return "archive"
    if head.startswith((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")):
        return "program"
    if text.startswith(
        (b"<!doctype", b"<html", b"<?xml", b"<script", b"<?php", b"<!--", b"<iframe")
    ):
        return "html"
    return None


def looks_like(kind: Kind, data: bytes) -> bool:
    """Do the first bytes belong to a file of this kind? Text has none of its own."""
    head = data[:4096]
    if kind.family == "office":
        return head.startswith(b"PK\x03\x04")
    match kind.key:
        case "pdf":
            return head.startswith(b"%PDF-")
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        case "gif":
            return head.startswith((b"GIF87a", b"GIF89a"))
        case "mp3":
            return head.startswith(b"ID3") or (
                len(head) > 2 and head[0] == 0xFF and head[1] in (0xFA, 0xFB, 0xF2, 0xF3)
            )
        case "m4a":
            return head[4:8] == b"ftyp" and head[8:12] in _M4A_BRANDS | _MP4_BRANDS
        case "mp4":
            return head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS
        case "webm":
            return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]
        case _:
            return kind.family == "text"
