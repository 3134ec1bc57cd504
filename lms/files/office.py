"""Looking into office files, which are packed folders: nothing in them is believed before it is
counted, and nothing is written anywhere."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from lms.files import upload_words as words
from lms.files.kinds import Kind

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_TIMES_LARGER = 100
SMALL = 1024 * 1024
"""What unpacks to less than this is no bomb, however well it was packed."""
LONGEST_DIRECTORY = 1024 * 1024
LONGEST_PART = 32 * 1024 * 1024
"""Of a part that is read for what it says."""
CHUNK = 256 * 1024

_END = b"PK\x05\x06"
_PROGRAMS = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|macrosheets/|activeX/|Basic/|Scripts/)", re.IGNORECASE
)
HARMLESS_RELATIONS = frozenset({"hyperlink", "externalLinkPath"})
"""What a document may name outside itself: nothing happens before somebody presses it."""
_FETCHING = frozenset(
    {
        "applet",
        "floating-frame",
        "image",
        "object",
        "object-ole",
        "plugin",
        "section-source",
        "table-source",
    }
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\|/", re.IGNORECASE)
_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def look_into(kind: Kind, data: bytes) -> None:
    """Raise `UploadRefused` unless the bytes are an office file of this kind that is as large as
    it says, holds no program and fetches nothing when it is opened."""
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            _check_entries(entries, len(data))
            if kind.heart not in packed.namelist():
                raise words.not_what_it_says()
            _check_parts(packed, entries, len(data))
            _check_kind(kind, packed)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        expat.ExpatError,
        KeyError,
        NotImplementedError,
        OSError,
        OverflowError,
        RuntimeError,
        UnicodeError,
        ValueError,
        struct.error,
    ) as error:
        raise words.broken() from error


def _check_end(data: bytes) -> None:
    """The directory at the end says how many entries there are: looked at before anybody reads
    them all. Nothing may stand before the first entry or behind the end."""
    place = data.rfind(_END, max(0, len(data) - 22 - 0xFFFF))
    if place < 0 or len(data) < place + 22:
        raise words.broken()
    here, there, count, total, size, offset, comment = struct.unpack(
        "<HHHHIIH", data[place + 4 : place + 22]
    )
    if here or there or count != total or count > MOST_ENTRIES or size > LONGEST_DIRECTORY:
        raise words.odd_entries()
    if offset + size != place or place + 22 + comment != len(data):
        raise words.odd_entries() if offset + size <= place else words.broken()


def _check_entries(entries: list[zipfile.ZipInfo], packed_size: int) -> None:
    if len(entries) > MOST_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise words.odd_entries()
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise words.password()
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise words.odd_entries()
        if _leaves_its_folder(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise words.odd_entries()
        if _PROGRAMS.search(entry.filename):
            raise words.macros()
        unpacked += entry.file_size
    _check_size(unpacked, packed_size)


def _leaves_its_folder(name: str) -> bool:
    parts = name.split("/")
    return (
        "\0" in name
        or "\\" in name
        or name.startswith("/")
        or ":" in parts[0]
        or ".." in parts
        or len(name) > 255
    )


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > MOST_UNPACKED or unpacked > max(SMALL, packed * MOST_TIMES_LARGER):
        raise words.unpacks_too_large()


def _check_parts(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> None:
    """Unpack everything once, for what a directory says of sizes need not be true."""
    unpacked = 0
    for entry in entries:
        reader = _reader_of(entry.filename.lower())
        before = b""
        for chunk in _chunks(packed, entry):
            unpacked += len(chunk)
            _check_size(unpacked, size)
            if _EICAR in before + chunk:
                raise words.virus()
            before = chunk[-len(_EICAR) :]
            if reader is not None:
                reader.read(chunk)
        if reader is not None:
            reader.end()


def _chunks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(entry) as part:
        while chunk := part.read(CHUNK):
            yield chunk


class _Reader:
    """Reads a part as XML, element by element, and builds nothing of it."""

    def __init__(self, look: Callable[[str, Mapping[str, str]], None]) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = look
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._size = 0

    def read(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        self._size += len(chunk)
        if self._size > LONGEST_PART:
            raise words.too_heavy()
        self._parser.Parse(chunk, False)

    def end(self) -> None:
        """There are no more."""
        self._parser.Parse(b"", True)

    @staticmethod
    def _doctype(*_said: object) -> None:
        raise words.odd_entries()


def _reader_of(name: str) -> _Reader | None:
    if name.endswith(".rels"):
        return _Reader(_look_at_relation)
    if name == "[content_types].xml":
        return _Reader(_look_at_type)
    if name in ("content.xml", "styles.xml"):
        return _Reader(_look_at_element)
    return None


def _look_at_relation(name: str, said: Mapping[str, str]) -> None:
    if not name.endswith("Relationship") or said.get("TargetMode", "").lower() != "external":
        return
    if said.get("Type", "").rpartition("/")[2] not in HARMLESS_RELATIONS:
        raise words.fetches()


def _look_at_type(_name: str, said: Mapping[str, str]) -> None:
    kind = said.get("ContentType", "").lower()
    if "macroenabled" in kind or "vbaproject" in kind:
        raise words.macros()


def _look_at_element(name: str, said: Mapping[str, str]) -> None:
    space, _, element = name.rpartition(" ")
    if space.endswith(":script:1.0") and element == "event-listener":
        raise words.macros()
    if element not in _FETCHING:
        return
    target = next((said[key] for key in said if key.endswith("xlink href")), "").strip()
    if _ELSEWHERE.match(target):
        raise words.fetches()


def _check_kind(kind: Kind, packed: zipfile.ZipFile) -> None:
    """An office file says what it is, in a part of its own."""
    if kind.heart == "content.xml":
        said = packed.read("mimetype")[:200].strip().decode("ascii", "replace")
        if said != kind.media_type:
            raise words.not_what_it_says()
    else:
        types = packed.read("[Content_Types].xml").replace(b"\0", b"")
        if f"{kind.media_type}.main+xml".encode() not in types:
            raise words.not_what_it_says()
