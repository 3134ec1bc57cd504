"""WeasyPrint, set up once per process. Importing this module imports WeasyPrint.

The press takes nothing from the outside: its fetcher knows the bundled files by name and `data:`,
and refuses every other address, so that no text in a certificate can make it open a file or a
connection. One font configuration and one parsed style sheet are shared, which keeps memory flat.
"""

from __future__ import annotations

import threading
import warnings
from functools import cache
from pathlib import Path
from typing import Any, Final

with warnings.catch_warnings():
    # Without Debian's libharfbuzz-subset0 fontTools cuts the fonts: as small, but slower.
    warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from lms_certificates.sheets import guilloche

SCHEME: Final = "sheet:"
_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "fonts"
_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".css": "text/css"}
# Pango's font map may be used by one thread at a time.
_one_at_a_time = threading.Lock()


class RefusedAddress(ValueError):
    """The sheet asked for something that is not part of it."""


class SheetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves the bundled files as `sheet:name`, and `data:`; nothing else."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The file behind an address. Raises `RefusedAddress` for any that is not ours."""
        if url.startswith(SCHEME):
            name = url.removeprefix(SCHEME)
            content = self._files.get(name)
            if content is None:
                raise RefusedAddress(url)
            media_type = _TYPES[Path(name).suffix]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise RefusedAddress(url)


@cache
def fetcher() -> SheetFetcher:
    """The fetcher with every bundled file in memory."""
    files = {path.name: path.read_bytes() for path in sorted(_FONTS.glob("*.woff2"))}
    files |= {path.name: path.read_bytes() for path in sorted(_HERE.glob("*.svg"))}
    return SheetFetcher(files | guilloche.drawings())


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style() -> weasyprint.CSS:
    return weasyprint.CSS(
        string=(_HERE / "sheet.css").read_text(encoding="utf-8"),
        font_config=_fonts(),
        url_fetcher=fetcher(),
    )


def lay_out(html: str) -> weasyprint.Document:
    """The pages of a sheet, not yet written. Raises `RefusedAddress` for a stranger's address."""
    with _one_at_a_time:
        try:
            return weasyprint.HTML(string=html, url_fetcher=fetcher()).render(
                font_config=_fonts(), stylesheets=[_style()], pdf_variant="pdf/ua-1"
            )
        except FatalURLFetchingError as error:
            # WeasyPrint's is a BaseException: it would pass every handler and end the worker.
            raise RefusedAddress(str(error)) from error


def write(pages: weasyprint.Document, identifier: bytes) -> bytes:
    """A laid-out sheet as PDF/UA-1. The identifier stands in the file and makes it its own."""
    with _one_at_a_time:
        content: bytes = pages.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
        return content
