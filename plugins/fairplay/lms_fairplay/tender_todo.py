"""What of tenders waits for a procurement officer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, TodoItem
from lms_fairplay.queries.desk import waiting_at_desk

DECIDE, PUBLISH = 9, 14
"""Order among the things that wait."""


def tender_items(actor: Actor) -> Sequence[TodoItem]:
    """What runs and waits for a word, and packs that are ready to be published. One query."""
    if not actor.signed_in:
        return ()
    waiting = waiting_at_desk(actor)
    items = []
    if waiting.undecided:
        n = waiting.undecided
        items.append(
            TodoItem(
                key="fairplay.decide",
                title=LocalisedText(
                    da=f"Tag stilling til kontakter før et udbud: {n}",
                    sv=f"Ta ställning till kontakter före en upphandling: {n}",
                    en=f"Decide on contacts before a tender: {n}",
                ),
                url=url_for("fairplay.tender", key=waiting.undecided_tender),
                label=LocalisedText(
                    da="Se, hvad der kører", sv="Se vad som pågår", en="See what is running"
                ),
                minutes=3 * min(n, 10),
                order=DECIDE,
            )
        )
    if waiting.to_publish:
        items.append(
            TodoItem(
                key="fairplay.publish",
                title=LocalisedText(
                    da="Offentliggør en informationspakke",
                    sv="Offentliggör ett informationspaket",
                    en="Publish an information pack",
                ),
                url=url_for("fairplay.tender", key=waiting.pack_tender),
                label=LocalisedText(da="Se pakken", sv="Se paketet", en="See the pack"),
                minutes=10,
                order=PUBLISH,
            )
        )
    return items
