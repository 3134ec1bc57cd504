"""Tables of the fair play plugin."""

from lms_fairplay.models.base import Base
from lms_fairplay.models.companies import AidLine, Declaration, Merger
from lms_fairplay.models.contacts import ContactLine, Correction
from lms_fairplay.models.tenders import Authority, Pack, RunningContact, Tender

__all__ = [
    "AidLine",
    "Authority",
    "Base",
    "ContactLine",
    "Correction",
    "Declaration",
    "Merger",
    "Pack",
    "RunningContact",
    "Tender",
]
