"""What an upcoming tender stops (I-21).

From the moment an authority registers a tender, companies neither teach nor show nor test with it
in the category, and get nothing for themselves alone, until the information pack is public or the
tender is over. What ran then goes on only by the word of the procurement officer, and what they
stopped is over in every respect. A refusal does not say why: companies read it too.
"""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import ContactFacts, LocalisedText, Refusal, in_unit_of_work
from lms_fairplay.locking import hold
from lms_fairplay.queries.standing import Standing
from lms_fairplay.queries.tenders import Freezing, titled

TAUGHT = frozenset({"teach", "present", "test"})
FOR_ITSELF = frozenset({"feedback", "share", "meet"})
"""Kinds of contacts that are frozen, and those that are where others do not get the same."""


def hold_still(contacts: Sequence[ContactFacts]) -> None:
    """Inside a unit of work hold the authorities of these contacts, so that no tender is registered
    before what is being done is done."""
    authority_ids = {id_ for contact in contacts for id_ in contact.authority_ids}
    if authority_ids and in_unit_of_work():
        hold(authority_ids)


def freeze_refusals(contacts: Sequence[ContactFacts], there: Standing) -> Sequence[Refusal]:
    """Why these contacts wait for a tender; `Refusal.index` points into `contacts`."""
    found = (_refusal(index, contact, there) for index, contact in enumerate(contacts))
    return [refusal for refusal in found if refusal is not None]


def is_frozen(contact: ContactFacts) -> bool:
    """Is this what a tender stops?"""
    return contact.kind in TAUGHT or (contact.private and contact.kind in FOR_ITSELF)


def _refusal(index: int, contact: ContactFacts, there: Standing) -> Refusal | None:
    for tender in there.tenders:
        if tender.authority_id not in contact.authority_ids:
            continue
        about = (tender.id, contact.subject_kind, contact.subject_id, contact.company_id)
        decision = there.decided.get(about, "") if contact.subject_kind else ""
        if decision == "stops":
            return _waits(tender, index)
        if decision == "goes_on" or not is_frozen(contact):
            continue
        about_it = there.categories[contact.company_id] | ({contact.category} - {""})
        if not tender.category or not about_it or tender.category in about_it:
            return _waits(tender, index)
    return None


def why(tender: Freezing) -> LocalisedText:
    """What a tender stops and until when, for those who look after its authority's contacts."""
    category = titled(tender.category)
    texts = FROZEN.as_dict()
    return LocalisedText(
        **{
            code: text % {"authority": tender.authority, "category": category.in_language(code)}
            for code, text in texts.items()
        }
    )


def _waits(tender: Freezing, index: int) -> Refusal:
    """The refusal, whoever reads it: companies do too, and one of them alone would know of a tender
    before all others."""
    texts = {code: text % {"authority": tender.authority} for code, text in WAITS.as_dict().items()}
    return Refusal(code="waits", message=LocalisedText(**texts), index=index)


WAITS = LocalisedText(
    da="Dette venter på %(authority)s lige nu. Spørg dem, hvornår det kan gå videre.",
    sv="Det här väntar på %(authority)s just nu. Fråga dem när det kan gå vidare.",
    en="This waits for %(authority)s just now. Ask them when it can go on.",
)


FROZEN = LocalisedText(
    da="%(authority)s skal snart i udbud: %(category)s. Indtil informationspakken er offentlig, "
    "kan virksomheder ikke undervise, vise frem, teste eller få svar alene her. Tal med den "
    "indkøbsansvarlige.",
    sv="%(authority)s ska snart upphandla: %(category)s. Tills informationspaketet är offentligt "
    "kan företag inte undervisa, visa upp, testa eller få svar ensamma här. Tala med den "
    "upphandlingsansvariga.",
    en="%(authority)s will soon invite tenders: %(category)s. Until the information pack is "
    "public, companies cannot teach, present, test or get answers alone here. Talk to the "
    "procurement officer.",
)
