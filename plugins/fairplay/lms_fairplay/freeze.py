"""What an upcoming tender stops (I-21).

From the moment an authority registers a tender, companies neither teach nor show nor test with it
in the category, and get nothing for themselves alone, until the information pack is public or the
tender is over. What ran then goes on only by the word of the procurement officer, and what they
stopped is over in every respect.
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
            return Refusal(code="stopped", message=_said(STOPPED, tender), index=index)
        if decision == "goes_on" or not is_frozen(contact):
            continue
        about_it = there.categories[contact.company_id] | ({contact.category} - {""})
        if not tender.category or not about_it or tender.category in about_it:
            return Refusal(code="frozen", message=_said(FROZEN, tender), index=index)
    return None


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
STOPPED = LocalisedText(
    da="Den indkøbsansvarlige har stoppet dette, fordi %(authority)s snart skal i udbud: "
    "%(category)s. Det kan gå videre, når informationspakken er offentlig.",
    sv="Den upphandlingsansvariga har stoppat detta eftersom %(authority)s snart ska upphandla: "
    "%(category)s. Det kan fortsätta när informationspaketet är offentligt.",
    en="The procurement officer has stopped this, because %(authority)s will soon invite tenders: "
    "%(category)s. It can go on once the information pack is public.",
)


def _said(message: LocalisedText, tender: Freezing) -> LocalisedText:
    title = titled(tender.category)
    texts = message.as_dict()
    return LocalisedText(
        **{
            code: text % {"authority": tender.authority, "category": title.in_language(code)}
            for code, text in texts.items()
        }
    )
