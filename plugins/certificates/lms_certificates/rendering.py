"""A certificate as a PDF: one page, tagged (PDF/UA-1), the same bytes for the same document.

WeasyPrint is imported when the first sheet is drawn and not before, so that web workers, which
import this module but draw nothing, stay small.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lms_certificates.documents import CertificateDocument

if TYPE_CHECKING:
    import weasyprint

_SHARED = (
    "kind",
    "holder_name",
    "minutes_attended",
    "minutes_total",
    "issuer_name",
    "issuer_countries",
    "issued_on",
    "number",
    "code",
    "verify_url",
    "starts_on",
    "ends_on",
    "rule_version",
)


def render(document: CertificateDocument, second: CertificateDocument | None = None) -> bytes:
    """The PDF of a certificate.

    One document gives a landscape A4 sheet. With `second`, the same certificate in another
    language, both stand side by side on a portrait A4 sheet. Text that does not fit at the first
    setting is set closer; what still does not fit runs on to another page and is never cut off.
    Raises `ValueError` when the two are not one certificate, and WeasyPrint's own errors when the
    machine lacks its libraries. Nothing is read but the bundled sheet.
    """
    documents = (document,) if second is None else (document, second)
    if second is not None:
        _refuse_strangers(document, second)

    from lms_certificates.sheets import markup, press

    for density in markup.DENSITIES:
        pages = press.lay_out(markup.sheet(documents, density))
        if _fits(pages, markup.TEXT_END, markup.FACTS):
            break
    identity = hashlib.sha256(b"\n".join(each.to_bytes() for each in documents)).digest()
    return press.write(pages, identity[:16].hex().encode())


def _fits(pages: weasyprint.Document, text_end: str, facts: str) -> bool:
    """Whether the text ends above the facts, which hang from the foot of the only page."""
    places = pages.pages[0].anchors
    if len(pages.pages) != 1 or text_end not in places or facts not in places:
        return False
    return bool(places[text_end][1] <= places[facts][1])


def _refuse_strangers(document: CertificateDocument, second: CertificateDocument) -> None:
    if document.language == second.language:
        raise ValueError("two documents in the same language")
    differing = [name for name in _SHARED if getattr(document, name) != getattr(second, name)]
    if differing:
        raise ValueError(f"not the same certificate: {', '.join(differing)} differ")
