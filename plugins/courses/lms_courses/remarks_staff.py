"""What to look at once more in a text about work with citizens, before others read it."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Remark, contains_identity_number, passages
from lms_courses.words import _

MOST_SHOWN = 5
LONGEST = 4000
"""Letters of a text that are looked at; no field takes more."""


def private_remarks(texts: Sequence[str]) -> Sequence[Remark]:
    """A "stop" for an identity number; a "wait" for what looks like names, addresses, telephone
    numbers and such, all in one sentence."""
    found = dict.fromkeys(passage.text for text in texts for passage in passages(text[:LONGEST]))
    said = []
    if any(contains_identity_number(text) for text in texts):
        said.append(
            Remark(kind="stop", sentence=_("This looks like an identity number: leave it out."))
        )
    if found:
        words = ", ".join(f"“{one[:40]}”" for one in list(found)[:MOST_SHOWN])
        said.append(
            Remark(
                kind="wait",
                sentence=_(
                    "This may tell who somebody is: %(words)s. Write what they are instead.",
                    words=words,
                ),
            )
        )
    return said
