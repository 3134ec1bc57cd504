"""What of tenders waits for a procurement officer."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import LocalisedText, TodoItem
from lms_fairplay.queries.waiting import TenderWaits

DECIDE, PUBLISH = 9, 14
"""Order among the things that wait."""


def tender_items(tenders: Sequence[TenderWaits]) -> Sequence[TodoItem]:
    """What runs and waits for a word, and packs that are ready to be published."""
    items = []
    if undecided := [one for one in tenders if one.undecided]:
        n = sum(one.undecided for one in undecided)
        items.append(
            TodoItem(
                key="fairplay.decide",
                title=LocalisedText(
                    da=f"Tag stilling til kontakter før et udbud: {n}",
                    sv=f"Ta ställning till kontakter före en upphandling: {n}",
                    en=f"Decide on contacts before a tender: {n}",
                ),
                url=url_for("fairplay.tender", key=undecided[0].key),
                label=LocalisedText(
                    da="Se, hvad der kører", sv="Se vad som pågår", en="See what is running"
                ),
                minutes=3 * min(n, 10),
                order=DECIDE,
            )
        )
    if made := [one for one in tenders if one.packs]:
        items.append(
            TodoItem(
                key="fairplay.publish",
                title=LocalisedText(
                    da="Offentliggør en informationspakke",
                    sv="Offentliggör ett informationspaket",
                    en="Publish an information pack",
                ),
                url=url_for("fairplay.tender", key=made[0].key),
                label=LocalisedText(da="Se pakken", sv="Se paketet", en="See the pack"),
                minutes=10,
                order=PUBLISH,
            )
        )
    return items
