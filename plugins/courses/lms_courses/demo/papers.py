"""Papers of the demo: a page each, as small as a file can be that opens everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Accepted

FIRST_LINE, BETWEEN = 780, 22


def page(file_name: str, lines: Sequence[str]) -> Accepted:
    """A PDF of one page with these lines, as if somebody had uploaded it."""
    text = ["BT /F1 13 Tf", f"56 {FIRST_LINE} Td"]
    for line in lines:
        safe = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        text += [f"({safe}) Tj", f"0 -{BETWEEN} Td"]
    content = "\n".join([*text, "ET"]).encode("cp1252")
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    return Accepted(
        data=_file(parts), media_type="application/pdf", file_name=file_name, kind="pdf"
    )


def _file(parts: Sequence[bytes]) -> bytes:
    """The objects with the table of where each begins."""
    found = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(found))
        found += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(found)
    found += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    found += b"".join(b"%010d 00000 n \n" % place for place in places)
    found += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(parts) + 1)
    return bytes(found + b"startxref\n%d\n%%%%EOF\n" % table)
