"""What waits for whoever looks after an authority's contacts, and for a company's people."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, TodoItem
from lms_fairplay.days import noon
from lms_fairplay.queries.waiting import Waiting, waiting_for
from lms_fairplay.tender_todo import tender_items

SIGN, ANSWER, LAPSE = 12, 13, 18
"""Order among the things that wait."""
SEE = LocalisedText(da="Se virksomhederne", sv="Se företagen", en="See the companies")


def todo_items(actor: Actor) -> Sequence[TodoItem]:
    """Corrections to answer, declarations that end, one's own to sign, what waits for a tender. One
    query."""
    if not actor.signed_in:
        return ()
    waiting = waiting_for(actor)
    return [*_about_contacts(waiting), *tender_items(waiting.tenders)]


def _about_contacts(waiting: Waiting) -> Sequence[TodoItem]:
    items = []
    if waiting.unsigned:
        items.append(
            TodoItem(
                key="fairplay.sign",
                title=LocalisedText(
                    da="Skriv under på, at virksomheden er neutral",
                    sv="Skriv under på att företaget är neutralt",
                    en="Sign that the company stays neutral",
                ),
                url=url_for("fairplay.mine"),
                label=LocalisedText(
                    da="Læs og skriv under", sv="Läs och skriv under", en="Read and sign"
                ),
                due=noon(waiting.last_day),
                minutes=5,
                order=SIGN,
            )
        )
    if waiting.corrections:
        items.append(
            TodoItem(
                key="fairplay.corrections",
                title=_counted(
                    waiting.corrections,
                    da=("Svar på en rettelse", "Svar på {n} rettelser"),
                    sv=("Svara på en rättelse", "Svara på {n} rättelser"),
                    en=("Answer one correction", "Answer {n} corrections"),
                ),
                url=url_for("fairplay.companies"),
                label=SEE,
                minutes=5 * min(waiting.corrections, 6),
                order=ANSWER,
            )
        )
    if waiting.lapsing:
        items.append(
            TodoItem(
                key="fairplay.lapsing",
                title=_counted(
                    waiting.lapsing,
                    da=(
                        "Mind en virksomhed om at skrive under igen",
                        "Mind {n} virksomheder om at skrive under igen",
                    ),
                    sv=(
                        "Påminn ett företag om att skriva under igen",
                        "Påminn {n} företag om att skriva under igen",
                    ),
                    en=(
                        "Remind one company to sign anew",
                        "Remind {n} companies to sign anew",
                    ),
                ),
                url=url_for("fairplay.companies"),
                label=SEE,
                order=LAPSE,
            )
        )
    return items


def _counted(n: int, **words: tuple[str, str]) -> LocalisedText:
    return LocalisedText(
        **{code: (one if n == 1 else many.format(n=n)) for code, (one, many) in words.items()}
    )
