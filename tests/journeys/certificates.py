"""Reading a certificate as somebody does who was handed the PDF."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}\b")


def text_of(pdf: Path) -> str:
    """What stands in a PDF, in one line. Fails when the file is none."""
    assert pdf.read_bytes().startswith(b"%PDF")
    done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def code_in(text: str) -> str:
    """The code printed on a certificate, as somebody would copy it."""
    found = CODE.search(text)
    assert found, text
    return found.group()
