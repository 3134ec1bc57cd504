"""The QR code of a verification address, as inline SVG."""

from __future__ import annotations

import segno
from markupsafe import Markup

INK = "#12262c"


def drawing(address: str, title: str) -> Markup:
    """A QR code one user unit per module, without quiet zone, with `title` as its text.

    Medium error correction: a certificate is photographed, folded and stamped. The sheet keeps
    the four clear modules around it that the standard asks for.
    """
    code = segno.make(address, error="m", boost_error=False, micro=False)
    return Markup(  # noqa: S704 - segno escapes the title and writes numbers only beside it
        code.svg_inline(border=0, dark=INK, omitsize=True, title=title, svgclass=None)
    )
