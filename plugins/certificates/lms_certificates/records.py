"""A certificate as a record on the thread of its course; its holder and its issuer see it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lms.api import Actor, LocalisedText, RecordFacts, RecordType
from lms_certificates.queries import with_keys

CERTIFICATE: Final = "certificate"

STATES: Mapping[str, LocalisedText] = {
    "issued": LocalisedText(da="Gælder", sv="Gäller", en="In force"),
    "superseded": LocalisedText(da="Erstattet", sv="Ersatt", en="Replaced"),
    "revoked": LocalisedText(da="Tilbagekaldt", sv="Återkallat", en="Revoked"),
}


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """The certificates among these that the actor may see: one query."""
    return {
        one.key: RecordFacts(
            key=one.key,
            title=LocalisedText(
                da=f"{one.document.title}, {one.document.holder_name}",
            ),
            state=STATES.get(one.state, LocalisedText()),
            at=one.issued_at,
        )
        for one in with_keys(keys, actor)
    }


RECORD_TYPE = RecordType(
    key=CERTIFICATE,
    title=LocalisedText(da="Bevis", sv="Intyg", en="Certificate"),
    icon="award",
    page="certificates.show",
    stage=80,
    describe=describe,
)
