"""What must be there before an authority and a company have to do with each other.

A company that teaches, presents, has something tried or is told about its product has a signed
declaration that holds on that day (I-17). A company's place stands on an aid line for the run, or
on a written reason why the measure is none (I-24).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lms.api import ContactFacts, LocalisedText, OrganisationFacts, Refusal, organisations_by_id
from lms_fairplay.days import day_of
from lms_fairplay.queries.declarations import declarations_of
from lms_fairplay.queries.families import families
from lms_fairplay.queries.grounds import grounds_in

ASKS_FOR_DECLARATION = frozenset({"teach", "present", "test", "feedback"})
ASKS_FOR_AID = "place"
PUBLIC_KINDS = frozenset({"municipality", "region", "institution"})
"""Kinds of organisations that are public authorities towards companies."""


def contact_refusals(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """What is missing for these contacts, each with who can supply it. At most four queries,
    whatever the number of contacts."""
    asking = [
        (index, contact)
        for index, contact in enumerate(contacts)
        if contact.kind == ASKS_FOR_AID or contact.kind in ASKS_FOR_DECLARATION
    ]
    if not asking:
        return ()
    parts = families(contact.company_id for _index, contact in asking)
    missing = sorted(
        [*_without_declaration(asking, parts), *_without_aid(asking, parts)],
        key=lambda refusal: refusal.index,
    )
    if not missing:
        return ()
    names = organisations_by_id(contacts[refusal.index].company_id for refusal in missing)
    return [_named(refusal, contacts, names) for refusal in missing]


def _without_declaration(
    asking: Sequence[tuple[int, ContactFacts]], parts: Mapping[int, frozenset[int]]
) -> Iterator[Refusal]:
    asked = [(i, contact) for i, contact in asking if contact.kind in ASKS_FOR_DECLARATION]
    signed = declarations_of(id_ for _i, contact in asked for id_ in parts[contact.company_id])
    for index, contact in asked:
        day = day_of(contact.at)
        if not any(
            one.holds_on(day) for id_ in parts[contact.company_id] for one in signed.get(id_, ())
        ):
            yield Refusal(code="declaration", message=NO_DECLARATION, index=index)


def _without_aid(
    asking: Sequence[tuple[int, ContactFacts]], parts: Mapping[int, frozenset[int]]
) -> Iterator[Refusal]:
    asked = [(i, contact) for i, contact in asking if contact.kind == ASKS_FOR_AID]
    grounds = grounds_in(contact.run_id for _i, contact in asked)
    for index, contact in asked:
        there = set(grounds.get(contact.run_id, ()))
        if not there & {None, *parts[contact.company_id]}:
            yield Refusal(code="aid", message=NO_AID, index=index)


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
    refusal: Refusal,
    contacts: Sequence[ContactFacts],
    names: Mapping[int, OrganisationFacts],
) -> Refusal:
    contact = contacts[refusal.index]
    company = names.get(contact.company_id)
    day = day_of(contact.at)
    values = {
        "company": company.name if company else "?",
        "day": f"{day.day}.{day.month}.{day.year}",
    }
    texts = refusal.message.as_dict()
    message = LocalisedText(**{code: text % values for code, text in texts.items()})
    return Refusal(code=refusal.code, message=message, index=refusal.index)
