"""What must be there before an authority and a company have to do with each other.

A company that teaches, presents, has something tried or is told about its product has a signed
declaration that holds on that day (I-17). A company's place stands on an aid line for the run, or
on a written reason why the measure is none (I-24).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.api import ContactFacts, LocalisedText, Refusal
from lms_fairplay.days import day_of
from lms_fairplay.queries.standing import Standing

ASKS_FOR_DECLARATION = frozenset({"teach", "present", "test", "feedback"})
ASKS_FOR_AID = "place"
PUBLIC_KINDS = frozenset({"municipality", "region", "institution"})
"""Kinds of organisations that are public authorities towards companies."""


def missing(contacts: Sequence[ContactFacts], there: Standing) -> Iterator[Refusal]:
    """What is missing for these contacts, each with who can supply it."""
    for index, contact in enumerate(contacts):
        company, day = contact.company_id, day_of(contact.at)
        if contact.kind in ASKS_FOR_DECLARATION and not there.may_speak(company, day):
            yield _named("declaration", NO_DECLARATION, index, contact, there)
        if contact.kind == ASKS_FOR_AID and not there.has_ground(company, contact.run_id):
            yield _named("aid", NO_AID, index, contact, there)


NO_DECLARATION = LocalisedText(
    da="%(company)s mangler en neutralitetserklæring, der gælder den %(day)s. En fra virksomheden "
    "skriver under på siden “Vores kontakter”.",
    sv="%(company)s saknar en neutralitetsförklaring som gäller den %(day)s. Någon från företaget "
    "skriver under på sidan ”Våra kontakter”.",
    en="%(company)s has no declaration of neutrality that holds on %(day)s. Somebody from the "
    "company signs it on the page “Our contacts”.",
)
NO_AID = LocalisedText(
    da="%(company)s har ingen støttelinje for holdet, og der står ikke, at holdet er åbent for "
    "alle på lige vilkår. Den forløbsansvarlige eller den indkøbsansvarlige skriver det under "
    "“Virksomheder”.",
    sv="%(company)s har ingen stödrad för omgången, och det står inte att omgången är öppen för "
    "alla på lika villkor. Den programansvariga eller den upphandlingsansvariga skriver det under "
    "”Företag”.",
    en="%(company)s has no aid line for the run, and nobody has written that the run is open to "
    "all on equal terms. The programme lead or the procurement officer writes it under "
    "“Companies”.",
)


def _named(
    code: str, message: LocalisedText, index: int, contact: ContactFacts, there: Standing
) -> Refusal:
    day = day_of(contact.at)
    values = {
        "company": there.names.get(contact.company_id, ""),
        "day": f"{day.day}.{day.month}.{day.year}",
    }
    texts = {language: text % values for language, text in message.as_dict().items()}
    return Refusal(code=code, message=LocalisedText(**texts), index=index)
