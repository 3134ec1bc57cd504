"""Heavy looks at strangers' files happen in a process of their own, with little time, little memory
and nothing of ours in its environment. If it dies, nothing but the look is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; a picture of 40 megapixels needs a third of it."""


Part = tuple[dict[str, Any], bytes]


class TooHeavy(Exception):
    """The look took longer, or more memory, than it may."""


class Unreadable(Exception):
    """What the look could not read; `code` says why in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look(what: str, data: bytes, wishes: Mapping[str, Any]) -> Sequence[Part]:
    """Run `apart_main.py` on these bytes; returns what it wrote, as (facts, bytes).

    `what` is "picture" or "pdf", `wishes` are its plain values. Raises `TooHeavy` and
    `Unreadable`. The script limits itself before it reads a byte; the clock here is the second
    line.
    """
    place = Path(__file__).with_name("apart_main.py")
    told = json.dumps({"what": what, "memory": MEMORY, "seconds": SECONDS, **wishes})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(place), told],
            input=data,
            capture_output=True,
            timeout=SECONDS + 5,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooHeavy from error
    if done.returncode == 3:
        raise Unreadable(done.stdout.decode("ascii", "replace")[-40:])
    if done.returncode != 0:
        raise TooHeavy
    return _parts(done.stdout)


def _parts(written: bytes) -> Sequence[Part]:
    """A line of facts that ends in the number of bytes that follow it, again and again."""
    found, place = [], 0
    while place < len(written):
        end = written.index(b"\n", place)
        facts = json.loads(written[place:end])
        size = facts.pop("size")
        found.append((facts, written[end + 1 : end + 1 + size]))
        place = end + 1 + size
    return found
