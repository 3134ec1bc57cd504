"""What nobody should send: strings for every field, parameter and part of an address."""

from __future__ import annotations

import os
from collections.abc import Iterable
from urllib.parse import quote_from_bytes, unquote

from hypothesis import settings
from hypothesis import strategies as st

PROVE = os.environ.get("LMS_PROVE") == "1"
MARK = "xqcanary"
PRODUCT = "62615533"  # what the sum in the template payloads would come to

MARKUP = (
    f"<{MARK}>",
    f'"><{MARK} a="',
    f"'><{MARK} a='",
    f'" on{MARK}="1',
    f"' on{MARK}='1",
    f"</textarea><{MARK}>",
    f"</title><{MARK}>",
    f"</script><{MARK}>",
    f"<!--><{MARK}>-->",
    f"<svg><style><!--</style><{MARK}></svg>",
    f"&lt;{MARK}&gt;",
    f"<img src=x on{MARK}=1>",
    f"<a href=javascript:{MARK}()>x</a>",
    f"\u2028<{MARK}>",
    f"<{MARK}\x00>",
    f"<\x00{MARK}>",
)

HOSTILE = (
    *MARKUP,
    f"javascript:{MARK}()",
    "' OR 1=1 --",
    "'; DROP TABLE users_person; --",
    '" UNION SELECT password_hash FROM users_person --',
    "%' ESCAPE '\\",
    "\\",
    "%",
    "_%_",
    "{{ 7919*7907 }}",
    "{% for x in (1,) %}{{ 7919*7907 }}{% endfor %}",
    "${7919*7907}",
    "#{7919*7907}",
    "{0.__class__}",
    "%(n)d %s %n",
    "x\r\nX-Injected: 1",
    "x\r\nSet-Cookie: a=1",
    "x\nX-Injected: 1",
    "%0d%0aX-Injected:%201",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\x00.html",
    "file:///etc/passwd",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
)

STRANGE = (
    "",
    " ",
    "\t\n",
    "\x00",
    "a\x00b",
    "\x1b[31mred",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u202eabc",
    "مرحبا بالعالم",
    "שלום",
    "👩🏽‍⚕️👨‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301" * 50,
    "\u0344" * 200,
    "ẞßſK",
    "İıΣς",
    "\u200b\u200d\u2060",
    "ÅÄÖ æøå",
    "０１２３",
    "²",
    "٣",
    "None",
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "NaN",
    "Infinity",
    "-1",
    "0",
    "1.5",
    "1e309",
    "0x10",
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 400,
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "10000-01-01",
    "1-1-1",
    "25:61",
    "a" * 201,
    "a" * 501,
    "å" * 10_001,
    "x" * 70_000,
    "a@b",
    "a@" + "b" * 300 + ".example",
    '"@"@example.com',
    "a2a2a2a2a2a2a2a2",
    "131180-1234",
)

CORPUS = HOSTILE + STRANGE

# Each example is a whole request and there are some six hundred tests, on each database: to see
# that all is well a few do, for `make prove` there are many.
sparing = settings(max_examples=settings().max_examples // (3 if PROVE else 6))

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(STRANGE),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.integers().map(str),
)


def as_sent(text: str) -> str:
    """The text as the other side reads it: bytes that are no Unicode stay percent-encoded."""
    return unquote(quoted(text), errors="werkzeug.url_quote")


def quoted(text: str) -> str:
    """Percent-encoded to the last sign, surrogates as the bytes they would be."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """A form's body or a query string, as raw as one can send it."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
